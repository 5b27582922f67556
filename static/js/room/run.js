// The run on this page as a room speaks of it: which experiment, and which moment; and how the page is brought to another.
import { fills } from "../sight.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const REST = 300; // milliseconds in which another experiment may follow, before what stands around the run is asked for

const run = () => document.getElementById("run");
const demoOf = (address) => new URL(address, location.origin).searchParams.get("demo");
const pathOf = (address) => new URL(address, location.origin).pathname;

/** The page's experiment and moment, as the teacher's page tells them; null on a page without a run. `begun`: the run has been drawn. */
export function shownHere(begun) {
  const src = run()?.getAttribute("src");
  if (!src) return null;
  const address = new URL(src, location.origin);
  for (const { value } of document.querySelectorAll("#controls input[name=pin]")) address.searchParams.append("pin", value);
  const playing = "playing" in run().dataset;
  const frame = begun || !playing ? Number(run().dataset.frame ?? 0) : 0;
  const path = address.pathname.replace(/\/stream$/u, "");
  return { address: path + address.search, frame, playing, speed: Number(run().querySelector(".speed select").value) };
}

let rest = 0;

/** What stands around the run comes once the teacher's hand is still, unless the whole page has to change. */
function askForTheRest(page, swap, wait) {
  clearTimeout(rest);
  rest = setTimeout(() => globalThis.htmx.ajax("GET", page, { target: "#experiment", swap, replace: "true", headers: { "HX-Target": "section#experiment" } }), wait);
}

const pageHere = () => document.querySelector("#experiment [data-do=copy]")?.dataset.url;

let going = ""; // the page that is on its way

/** Brings this page to the experiment: another topic's page is opened, another run of the same demo begins at once in its plots. */
export function goTo({ page, stream }) {
  if (page === (going || pageHere())) return;
  going = page;
  if (pathOf(page) !== location.pathname || !run()) location.replace(page);
  else if (demoOf(stream) === demoOf(run().getAttribute("src") ?? page)) {
    run().setAttribute("src", stream);
    askForTheRest(page, "outerMorph", REST);
  } else askForTheRest(page, "outerHTML", 0);
}

/** After a visit elsewhere on the page nothing is on its way. */
export function letGo() {
  clearTimeout(rest);
  going = "";
}

/** Holds the run where it is, or plays on, from the beginning where it has come to its end. */
export function play(playing) {
  const here = run();
  if (!here) return;
  const frame = Number(here.dataset.frame ?? 0);
  here.showMoment(playing && frame >= Number(here.querySelector(".moment").max) ? 0 : frame, playing);
}

/** The guesses of the demo on this page that have answers to choose: each its name, question and address. */
export function guessesHere() {
  const forms = [...document.querySelectorAll("form.guess:not([data-chart])")];
  return forms.map(({ dataset: { name } }) => {
    const link = document.querySelector(`[data-guess="${name}"]`);
    return { name, text: link.textContent, address: link.getAttribute("href") };
  });
}

/** Brings the charts of the run into view, where a screen is too small for all. */
export function bringCharts() {
  const charts = run()?.querySelector(".charts");
  if (charts && !fills(charts)) charts.scrollIntoView({ block: "start" });
}

/** Closes the guess that is open on this page; a run that waited for it plays. */
export const closeGuess = () => document.querySelector("form.guess[data-state] [data-guess-do=leave]")?.click();

/** Shows the moment, if the run here is the one that it is a moment of. */
export function showMoment({ stream, frame, playing, speed }) {
  const here = run();
  if (here?.getAttribute("src") !== stream || (playing && still.matches)) return;
  here.querySelector(".speed select").value = String(speed);
  here.showMoment(frame, playing);
}
