// Guess, then see: a question about a run before it is seen. While it is asked, the run stands at its first frame; once it is answered the
// run plays, and at its end says what was right, with what it measured (`guesses` in its last message) and the moment that shows why.
//
// A guess that is made is told by a `guess` event, which bubbles: { demo, name, option, sketch }, the place of the option chosen, or the
// points of the line. Whoever prevents it decides when the run plays: `playGuess()`.
import { numberOf } from "./numbers.js";
import { bring } from "./present.js";
import { fills } from "./sight.js";
import { Sketch } from "./sketch.js";
import { element } from "./tables.js";

const [VERY_CLOSE, CLOSE] = [0.05, 0.12]; // areas between line and curve, as shares of the chart
let open = null; // the guess that is asked for or was made: { form, there, option, sketch, chart, told }

const run = () => document.querySelector("live-run");
const isThere = (form) => run()?.getAttribute("src") === form.dataset.src;
const chipOf = (form) => document.querySelector(`[data-guess="${form.dataset.name}"]`);
const verdictOf = (form) => form.querySelector(".verdict");

/** What the stylesheet knows of a guess: asking, made, playing, told, or nothing. */
function mark(form, state) {
  if (state) form.dataset.state = state;
  else delete form.dataset.state;
  chipOf(form)?.setAttribute("aria-expanded", String(Boolean(state)));
}

function ask(form) {
  leave();
  open = { form, there: false, option: null, sketch: form.dataset.chart ? new Sketch(form.dataset) : null, chart: null, told: null };
  form.reset();
  verdictOf(form).replaceChildren();
  mark(form, "asking");
  run().hold(true);
  form.querySelector("input, [type=submit]").focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
  arrive();
}

/** The run that the guess is about is on the page, from now on at the latest. */
function arrive() {
  if (!isThere(open.form)) return;
  open.there = true;
  if (open.form.dataset.state === "asking") history.replaceState(history.state, "", `${location.pathname}${location.search}#guess=${open.form.dataset.name}`);
  mount();
}

/** Puts the line on its chart, which is drawn once it is in sight. */
function mount() {
  if (!open?.there || !open.sketch) return;
  const chart = document.getElementById(`chart-${open.sketch.chart}`);
  if (chart !== open.chart) {
    open.chart = chart;
    bring(chart);
    showCharts();
  }
  if (open.sketch.mount(run().timeline)) showCharts(); // with the question above it
}

/** Leaves the guess; a run that waited for it plays. */
function leave() {
  if (!open) return;
  const { form, sketch } = open;
  const waited = ["asking", "made"].includes(form.dataset.state);
  const focused = form.contains(document.activeElement);
  open = null;
  sketch?.remove();
  mark(form, null);
  if (focused) chipOf(form)?.focus();
  if (waited) run()?.hold(false);
}

function submitted(event) {
  if (!event.target.matches("form.guess")) return;
  event.preventDefault();
  const form = event.target;
  if (open?.form !== form || form.dataset.state !== "asking") return;
  const option = new FormData(form).get("option");
  open.option = option === null ? null : Number(option);
  mark(form, "made");
  open.sketch?.freeze();
  const { demo, name } = form.dataset;
  const detail = { demo, name, option: open.option, sketch: open.sketch?.points ?? null };
  if (form.dispatchEvent(new CustomEvent("guess", { bubbles: true, cancelable: true, detail }))) playGuess();
}

function button(text, what) {
  const made = element("button", text);
  Object.assign(made, { type: "button", className: "quiet" });
  made.dataset.guessDo = what;
  return made;
}

/** Plays the run of the guess that was made. */
export function playGuess() {
  if (open?.form.dataset.state !== "made") return;
  mark(open.form, "playing");
  verdictOf(open.form).replaceChildren(element("p", "The run is playing. "));
  verdictOf(open.form).firstChild.append(button("Go to its end", "end"));
  run().hold(false);
  showCharts();
}

/** On a small screen the question and the charts do not fit beside each other, and a line is drawn into one chart of several. */
function showCharts() {
  const charts = run().querySelector(".charts");
  if (open.chart) open.chart.scrollIntoView({ block: "nearest" });
  else if (!fills(charts)) charts.scrollIntoView({ block: "start" });
}

/** Opens a guess of the demo on the page by its name, as its link does. */
export function askGuess(name) {
  if (open?.form.dataset.name !== name) document.querySelector(`[data-guess="${CSS.escape(name)}"]`)?.click();
}

const optionText = (form, place) => form.querySelector(`[value="${place}"]`).parentNode.textContent.trim();
const perCent = (share) => `${numberOf(100 * share, 2)} %`;

/** Whether the line was close, and how close, in words. */
function lineSaid(distance) {
  if (distance === null) return [false, "The run has no curve here.", ""];
  const word = distance <= VERY_CLOSE ? "Very close." : "Close.";
  return [distance <= CLOSE, distance <= CLOSE ? word : "Some way off.", `The area between your line and the curve is ${perCent(distance)} of the chart.`];
}

/** Whether the option was right, and what was, in words. */
function optionSaid(form, { right, said, measured }) {
  const numbers = `Measured: ${said}: ${measured.map((one) => numberOf(one)).join(", ")}.`;
  if (right === null) return [false, "None of these, in this run.", numbers];
  return [right === open.option, right === open.option ? "Right." : `Not so. It is: ${optionText(form, right)}.`, numbers];
}

/** Leads the player to the moment at which the answer is seen. */
function lead() {
  const bar = run().querySelector(".moment");
  bar.value = open.told.frame;
  bar.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The run has come to its end: the verdict, and for a wrong guess the moment that shows why. */
function tell(timeline) {
  const { form, sketch } = open;
  open.told = (timeline.done.guesses ?? []).find(({ name }) => name === form.dataset.name);
  if (!open.told) return leave();
  const [right, head, numbers] = sketch ? lineSaid(sketch.distance(timeline)) : optionSaid(form, open.told);
  const moment = element("p", "");
  moment.append(button("See the moment", "look"), ` ${open.told.seen}`);
  const first = element("p", "");
  first.append(element("strong", head), ` ${numbers}`);
  first.dataset.right = String(right);
  verdictOf(form).replaceChildren(first, element("p", open.told.why), moment);
  mark(form, "told");
  if (!right) lead();
  form.scrollIntoView({ block: "nearest" });
}

function look() {
  lead();
  showCharts();
}

const ACTIONS = { leave, look, end: () => run().querySelector("[data-do=last]").click() };

/** Before htmx hears of it: a link whose run is here needs no other page. */
function clicked(event) {
  const chip = event.target.closest("a[data-guess]");
  if (!chip) return ACTIONS[event.target.closest("[data-guess-do]")?.dataset.guessDo]?.();
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const form = document.getElementById(`guess-${chip.dataset.guess}`);
  const again = open?.form === form;
  if (again) leave();
  else ask(form);
  if (!again && !open.there) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Another run began: the guess's own, or one to which the visitor went instead. */
function begun() {
  if (!open) return;
  if (isThere(open.form)) arrive();
  else if (open.there) leave();
}

function swapped() {
  if (open && !open.form.isConnected) open = null;
  mount();
}

/** The guess that the address names. */
const asked = () => location.hash.startsWith("#guess=") && askGuess(location.hash.slice("#guess=".length));

export function watchGuesses(document) {
  document.addEventListener("click", clicked, { capture: true });
  document.addEventListener("submit", submitted);
  document.addEventListener("keydown", (event) => event.key === "Escape" && event.target.closest?.("form.guess") && leave());
  document.addEventListener("run:start", begun);
  for (const type of ["run:drawn", "chart:drawn"]) document.addEventListener(type, mount);
  document.addEventListener("run:rests", () => open?.there && open.form.dataset.state === "playing" && tell(run().timeline));
  document.addEventListener("htmx:after:swap", swapped);
  addEventListener("hashchange", asked);
  asked();
}
