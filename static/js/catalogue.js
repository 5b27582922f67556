// The catalogue and its search: what is searched for is in the address, "/" focuses the field unless that is switched off (a shortcut of
// one character, WCAG 2.1.4), opened topics are marked, and the last one is offered. All that is remembered stays in this browser.
import { at } from "./address.js";

const KEY = "opened topics";
const LEFT = "left off";
const OFF = "no shortcut";

function opened() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
}

function remember(slug) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...opened().add(slug)]));
  } catch {
    // not remembered then
  }
}

/** Where the visitor is, so that the first page can lead back here. */
function leave() {
  if (document.body.matches(".embed")) return;
  const values = new URLSearchParams(location.search);
  values.delete("present");
  try {
    localStorage.setItem(LEFT, location.pathname + (values.size ? `?${values}` : ""));
  } catch {
    // not remembered then
  }
}

function leftOff() {
  try {
    return new URL(localStorage.getItem(LEFT) ?? "/", location.origin);
  } catch {
    return new URL("/", location.origin);
  }
}

/** "Continue with: " and the question of the page that was open last, a link to it as it was left. */
function offerToGoOn() {
  const place = document.querySelector(".go-on");
  const { pathname, search } = leftOff();
  const topic = [...document.querySelectorAll(".menu-panel a")].find((one) => one.pathname === pathname);
  if (!place || !topic) return;
  const link = Object.assign(document.createElement("a"), { href: pathname + search, textContent: topic.lastChild.textContent.trim() });
  place.replaceChildren("Continue with: ", link);
}

function mark() {
  const seen = opened();
  for (const card of document.querySelectorAll(".card[data-slug]")) card.classList.toggle("opened", seen.has(card.dataset.slug));
}

function focusSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  event.preventDefault();
  document.getElementById("search").focus();
}

/** The checkbox says whether "/" is a shortcut; it is as it was left. */
function watchShortcut(search, box) {
  const follow = () => {
    if (box.checked) search.setAttribute("aria-keyshortcuts", "/");
    else search.removeAttribute("aria-keyshortcuts");
    document[box.checked ? "addEventListener" : "removeEventListener"]("keydown", focusSearch);
  };
  try {
    box.checked = !localStorage.getItem(OFF);
  } catch {
    // as the page came, then
  }
  box.addEventListener("change", () => {
    follow();
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // for this visit only, then
    }
  });
  follow();
}

/** What is typed is in the address at once, so that Back, a reload and a bookmark find the same topics; the server reads it too. */
function remembersSearch({ target: { value } }) {
  history.replaceState(history.state, "", at("/") + (value.trim() ? `?q=${encodeURIComponent(value)}` : ""));
}

/** Marks what was opened, now and after each search; remembers the topic this page is. */
export function watchCatalogue(document) {
  const topic = document.querySelector("article.topic[data-slug]");
  if (topic) {
    remember(topic.dataset.slug);
    leave();
    addEventListener("pagehide", leave);
  }
  const search = document.getElementById("search");
  if (search) {
    search.addEventListener("input", remembersSearch);
    watchShortcut(search, document.querySelector(".shortcut input"));
  }
  document.addEventListener("htmx:after:swap", mark);
  const follow = () => {
    mark();
    offerToGoOn();
  };
  addEventListener("pageshow", follow); // also a page that comes back as it was left
  follow();
}
