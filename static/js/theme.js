// Light or dark: applied before the first paint, which is why this is a classic script in the head. The button is wired in main.js.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // storage is forbidden here: the system's theme it is
  }
})();
