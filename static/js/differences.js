// The table of a comparison: what was changed, the numbers at the end, and what each run measured, this run first.
import { EXACT, numberOf } from "./numbers.js";
import { element, row, section, table } from "./tables.js";
import { measuredText, titleOf } from "./words.js";

const UNKNOWN = "…";

/** What a form calls a parameter: the words of its label. */
export function labelOf(name) {
  const label = document.querySelector(`#controls label[for="${name}"], #controls fieldset:has([name="${name}"]) legend`);
  return label?.textContent.trim() ?? name.replaceAll("_", " ");
}

/** A parameter's value as the form says it: an option by its words, a number whole, a text as it is. */
export function valueOf(name, value) {
  const option = document.querySelector(`#controls [name="${name}"][value="${CSS.escape(value)}"], #controls select[name="${name}"] [value="${CSS.escape(value)}"]`);
  const words = option?.matches("option, [type=radio]") && (option.closest("label") ?? option).textContent.trim();
  return words || (typeof value === "number" ? numberOf(value, EXACT) : String(value));
}

/** The names of the parameters in which any run differs from the first. */
export function changed([first, ...others]) {
  return Object.keys(first).filter((name) => others.some((other) => other[name] !== first[name]));
}

function changes(runs) {
  const params = runs.map((run) => run.start.params);
  return changed(params).map((name) => row(labelOf(name), params.map((each) => valueOf(name, each[name]))));
}

/** A run's newest number of a series; none while the run goes on. */
function lastOf(run, chart, uid) {
  if (!run.done) return UNKNOWN;
  const found = chart in run.start.charts && run.newest(chart).find((series) => series.uid === uid);
  return found ? numberOf(found.value) : "";
}

/** A row for each series of a chart, as the first pinned run has them: it is here whole. */
function finals(runs, chart) {
  return runs[1].newest(chart).map(({ uid, name }) => row(name, runs.map((run) => lastOf(run, chart, uid))));
}

const MARKS = { true: " ✓", false: " ✗" };

/** What a run measured for a claim, and whether it holds: "0.0256 ✓". */
export function verdict(claim) {
  if (!claim) return UNKNOWN;
  return measuredText(claim) + (claim.applies ? MARKS[claim.holds] : " (does not apply)");
}

function claims(runs) {
  return runs[1].done.claims.map(({ text }, place) => row(text, runs.map((run) => verdict(run.done?.claims[place]))));
}

function endings(runs) {
  const said = (wording) => runs.map((run) => (run.done ? wording(run.done) : UNKNOWN));
  return [row("steps", said((done) => numberOf(done.steps, EXACT))), row("outcome", said((done) => done.outcome))];
}

/** Rows under a title of their own, that goes across. */
function titled(title, rows, across) {
  const head = element("tr");
  head.append(element("th", title, { scope: "rowgroup", colspan: across }));
  return section([head, ...rows]);
}

/** Puts the table in its place; nothing when no run is pinned. */
export function differences(place, live, pinned) {
  place.replaceChildren();
  if (!pinned.length) return;
  const runs = [live, ...pinned.map((run) => run.timeline)];
  const made = table("Side by side", ["", "this run", ...pinned.map((run) => run.label)]);
  const put = (title, rows) => rows.length && made.append(titled(title, rows, runs.length + 1));
  put("What was changed", changes(runs));
  put("Measured", claims(runs));
  for (const chart of runs[1].charts) put(`At the end: ${titleOf(chart)}`, finals(runs, chart));
  put("How it ended", endings(runs));
  place.append(made);
}
