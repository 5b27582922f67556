// Menus that open over the page, each a <details class="menu">: of one at a time, a click elsewhere or the escape key closes it.

function close(menu) {
  menu.open = false;
  return menu;
}

const opened = (document) => [...document.querySelectorAll("details.menu[open]")];

export function watchMenus(document) {
  document.addEventListener("click", (event) => {
    for (const menu of opened(document)) if (!menu.contains(event.target) || event.target.closest("[data-closes]")) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened(document)) close(menu).querySelector("summary").focus();
  });
}
