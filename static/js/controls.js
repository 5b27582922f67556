// The controls: each slider moves through a few stops and writes the number beside it, which is what the form sends.
// The first change starts a run at once; while more come, at most one every THROTTLE ms, and the last always.

import { withPoint } from "./decimals.js";
import { addressOf, stopsOf } from "./forms.js";
import { watchHands } from "./hands.js";

export const THROTTLE = 120;
const LONGEST_WAIT = 300; // milliseconds for a run's first frame, before what stands around it is asked for all the same

/** Calls `act` at once, then at most once in `wait` ms while calls go on, and once more after the last. */
export function throttled(act, wait) {
  let timer = 0;
  let again = false;
  const pass = () => {
    timer = 0;
    if (again) run();
  };
  const run = () => {
    again = false;
    timer = setTimeout(pass, wait);
    act();
  };
  return () => {
    if (timer) again = true;
    else run();
  };
}

/** The stop nearest to a number, on a log scale where all stops are positive. */
export function nearestStop(stops, value) {
  const scale = stops.every((stop) => stop > 0) ? Math.log : Number;
  const distance = (stop) => Math.abs(scale(stop) - scale(value));
  const places = stops.map((_, place) => place);
  return places.reduce((best, place) => (distance(stops[place]) < distance(stops[best]) ? place : best), 0);
}

const field = (range) => range.form.elements[range.dataset.for];

/** Puts the slider where the number is. */
function follow(range) {
  const value = Number(field(range).value);
  if (Number.isFinite(value)) range.value = nearestStop(stopsOf(range).map(Number), value);
  range.setAttribute("aria-valuetext", field(range).value);
  const most = Number(range.max);
  range.style.setProperty("--share", `${most > 0 ? (100 * range.value) / most : 0}%`);
}

let sent = ""; // what was last asked for, as the form said it

/**
 * The run is asked for at once, by the address its stream will have, while htmx fetches what goes around it (titles, links, the
 * URL); that answer says the same address again, which starts nothing twice.
 */
function tweak(form) {
  const src = addressOf(form);
  const run = document.getElementById("run");
  sent = src;
  if (run?.getAttribute("src") === src) return; // Enter says both "changed" and "submit"
  form.dispatchEvent(new CustomEvent("htmx:abort")); // an answer that is under way would put the run before this one back
  run?.setAttribute("src", src);
  askForTheRest(form);
}

let asked = 0;

/** What stands around the run comes once its first frame is on the screen, so that the two do not compete; of several calls the last. */
function askForTheRest(form) {
  const mine = (asked += 1);
  const ask = () => {
    if (mine !== asked) return;
    asked += 1;
    form.dispatchEvent(new CustomEvent("tweak", { bubbles: false }));
  };
  document.addEventListener("run:drawn", () => requestAnimationFrame(() => setTimeout(ask)), { once: true });
  setTimeout(ask, LONGEST_WAIT);
}

/** Another experiment is asked for, or shown again: what was still to come for the values before it does not. */
function giveUp() {
  asked += 1;
  document.getElementById("controls")?.dispatchEvent(new CustomEvent("htmx:abort"));
}

/** Adds a run to those pinned, or takes it away: a hidden field of the form, and so part of the address. */
export function pin(value, wanted) {
  const form = document.getElementById("controls");
  const all = [...form.querySelectorAll("input[name=pin]")];
  const known = all.find((input) => input.value === value);
  if (wanted && !known) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: "pin", value });
    if (all.length) all.at(-1).after(input);
    else form.prepend(input);
  } else if (!wanted) known?.remove();
  form.dispatchEvent(new CustomEvent("tweak", { bubbles: false }));
}

const tweaks = new WeakMap();

let touched = false;

function changed(form) {
  touched = true;
  if (!tweaks.has(form)) tweaks.set(form, throttled(() => tweak(form), THROTTLE));
  tweaks.get(form)();
}

function onInput(event) {
  const form = event.target.closest("form.controls");
  if (!form) return;
  if (event.target.matches(".stops")) {
    field(event.target).value = stopsOf(event.target)[event.target.value];
    follow(event.target);
    changed(form);
  } else if (event.target.matches("select, [type=radio]")) changed(form);
}

/** A decimal comma becomes a point, and the field says so. */
function readNumber(input) {
  for (const note of input.form.querySelectorAll(".note")) note.textContent = "";
  const read = input.matches("[inputmode]") ? withPoint(input.value) : input.value;
  if (read === input.value) return;
  input.closest(".control").querySelector(".note").textContent = `Read ${input.value.trim()} as ${read}.`;
  input.value = read;
}

/** A number typed in counts when the visitor leaves the field or presses Enter: half a number is not a value. */
function onChange(event) {
  const form = event.target.closest("form.controls");
  if (!form || !event.target.matches(".typed :is(input, textarea)")) return;
  readNumber(event.target);
  for (const range of form.querySelectorAll(".stops")) if (field(range) === event.target) follow(range);
  changed(form);
}

function onClick(event) {
  const dice = event.target.closest("[data-action=dice]");
  if (!dice) return;
  const input = dice.form.elements[dice.dataset.for];
  input.value = String(Math.floor(Math.random() * 1000) % (Number(dice.dataset.most) + 1));
  changed(dice.form);
}

/** An editor's text runs when the visitor leaves it, and without leaving it by Control or Command with Enter. */
function onKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches(".editor textarea")) return;
  event.preventDefault();
  changed(event.target.form);
}

function onSubmit(event) {
  if (!event.target.matches("form.controls")) return;
  event.preventDefault();
  changed(event.target);
}

/** A run was accepted: what was said about bad values no longer holds. */
function forgive(event) {
  const form = document.getElementById("controls");
  if (!form || event.detail?.ctx?.response?.status !== 200) return;
  for (const error of form.querySelectorAll(".error")) error.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** A browser that puts old values back into the fields of a page that it asked for anew contradicts the run: what the page said counts. */
function asSent({ persisted }) {
  if (persisted || touched) return;
  document.querySelector("form.controls")?.reset();
}

/** An address that is there already is no step in the history: a double click on a tab, a preset that is chosen. */
function noStepInPlace({ detail: { history: step } }) {
  if (step.path === location.pathname + location.search) step.type = "replace";
}

/** Entries as the address has them, in their canonical form: clicks that added up do not pile up. Not when the form has changed since. */
function settle(form) {
  const src = document.getElementById("run")?.getAttribute("src");
  if (!form || !src || addressOf(form) !== sent) return;
  const values = new URL(src, location.href).searchParams;
  for (const input of form.querySelectorAll(":is(.entry, .editor) .typed > *")) {
    const said = values.get(input.name) ?? input.value;
    if (input.value !== said) input.value = said; // which would put the caret at its end
  }
}

/** The preset that the run is, by its address, is the current one; once a control has moved on, none is. */
function choosePreset() {
  const address = document.getElementById("run")?.dataset.address;
  for (const preset of document.querySelectorAll(".presets a:not(.reset)")) {
    if (preset.getAttribute("href") === address) preset.setAttribute("aria-current", "true");
    else preset.removeAttribute("aria-current");
  }
}

const followAll = () => document.querySelectorAll("form.controls .stops").forEach(follow);

function shown(event) {
  asSent(event);
  followAll();
}

/** Listens on the document, so that swapped-in forms work as the first. */
export function watchControls(document) {
  document.addEventListener("input", onInput);
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:after:swap", (event) => {
    forgive(event);
    settle(document.getElementById("controls"));
    choosePreset();
    followAll();
  });
  document.addEventListener("htmx:before:history:update", noStepInPlace);
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.target?.id === "experiment") giveUp();
  });
  watchHands(document);
  addEventListener("popstate", giveUp);
  addEventListener("pageshow", shown);
  shown({ persisted: false }); // on a phone this script may begin after the page was shown
}
