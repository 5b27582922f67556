// The site's script: wires up what every page has. The live part of a topic is the custom element in live-run.js.
import "./live-run.js";
import { watchControls } from "./controls.js";
import { watchCatalogue } from "./catalogue.js";
import { watchClicks } from "./clicks.js";
import { watchFolds } from "./folds.js";
import { watchGlimpse } from "./glimpse.js";
import { watchGuesses } from "./guess.js";
import { watchLinks } from "./links.js";
import { watchMenus } from "./menus.js";
import { watchPatience } from "./patience.js";
import { watchPresent } from "./present.js";

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function changeTheme() {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // not remembered then
  }
  document.dispatchEvent(new Event("theme"));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-action=theme]")) changeTheme();
  const answer = event.target.closest("[data-action=answer]");
  if (answer) answer.setAttribute("aria-expanded", String(answer.getAttribute("aria-expanded") !== "true"));
});
/** A page that comes back as it was left has the theme of then. */
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen) document.documentElement.dataset.theme = chosen;
  } catch {
    // as it was, then
  }
  document.dispatchEvent(new Event("theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("theme")));
watchControls(document);
watchClicks(document);
watchCatalogue(document);
watchFolds(document);
watchGlimpse(document);
watchGuesses(document);
watchLinks(document);
watchMenus(document);
watchPatience(document);
watchPresent(document);
// A page that follows a class, or where one begins, has modules that no other page loads.
if (document.querySelector(".in-room, [data-room]")) import("./room/main.js");
