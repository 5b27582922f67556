// In front of a class: one chart fills the screen, and keys change the chart, the preset and the moment. "?" lists the keys on any page.

const presenting = () => document.body.classList.contains("present");
const IN_FIELDS = "input, select, textarea, [contenteditable]";
let place = 0; // of the chart shown

/** Shows one chart; the swaps of htmx bring the charts as the server has them, so it is said again after each. */
function show(next = place) {
  const charts = [...document.querySelectorAll("body.present .chart")];
  if (!charts.length) return;
  place = (next + charts.length) % charts.length;
  charts.forEach((chart, at) => chart.classList.toggle("shown", at === place));
}

/** Shows the chart that a guess is drawn into. */
export function bring(chart) {
  const found = [...document.querySelectorAll("body.present .chart")].indexOf(chart);
  if (found >= 0) show(found);
}

function preset(by) {
  const all = [...document.querySelectorAll(".presets a:not(.reset)")];
  const here = all.findIndex((one) => one.matches("[aria-current]"));
  const from = here < 0 && by < 0 ? 0 : here;
  all[(from + by + all.length) % all.length]?.click();
}

function wholeScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function list() {
  const dialog = document.getElementById("keys");
  if (dialog?.open) dialog.close();
  else dialog?.showModal();
}

const details = () => document.body.classList.toggle("asked");

const ACTIONS = {
  ArrowDown: () => show(place + 1),
  ArrowUp: () => show(place - 1),
  "]": () => preset(1),
  "[": () => preset(-1),
  d: details,
  f: wholeScreen,
  g: () => document.querySelector("[data-guess]")?.click(),
};

function pressed(event) {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.(IN_FIELDS)) return;
  const act = event.key === "?" ? list : presenting() && (ACTIONS[event.key] ?? numbered(event.key));
  if (!act) return;
  event.preventDefault();
  act();
}

const numbered = (key) => /^[1-9]$/u.test(key) && document.querySelectorAll(".chart").length >= Number(key) && (() => show(Number(key) - 1));

export function watchPresent(document) {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-action=keys]")) list();
    if (event.target.closest("[data-action=details]")) details();
  });
  document.addEventListener("htmx:after:swap", () => show());
  show();
}
