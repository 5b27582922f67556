// Tables beside the charts: what pinned runs measured next to this one, and the numbers of every chart at the moment shown.
import { numberOf } from "./plot.js";

function element(name, text = "", attributes = {}) {
  const made = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function row(head, cells) {
  const made = element("tr");
  made.append(element("th", head, { scope: "row" }), ...cells.map((text) => element("td", text)));
  return made;
}

function table(caption, heads, rows) {
  const made = element("table");
  const head = element("thead");
  const top = element("tr");
  top.append(...heads.map((text) => element("th", text, { scope: "col" })));
  head.append(top);
  const body = element("tbody");
  body.append(...rows);
  made.append(element("caption", caption), head, body);
  return made;
}

const measured = (claim) => (claim === undefined ? "…" : claim.measured === null ? "no finite number" : numberOf(claim.measured));

/** Claim by claim, what this run and each pinned run measured; nothing when none is pinned. */
export function comparison(place, live, pinned) {
  place.replaceChildren();
  if (!pinned.length || !live?.done) return;
  const runs = [live, ...pinned.map((run) => run.timeline)];
  const rows = live.done.claims.map((claim, index) => row(claim.text, runs.map((run) => measured(run.done.claims[index]))));
  rows.push(row("steps", runs.map((run) => String(run.done.steps))), row("outcome", runs.map((run) => run.done.outcome)));
  place.append(table("Side by side", ["", "this run", ...pinned.map((run) => run.label)], rows));
}

/** Every chart's traces at a moment, in numbers: at most `LONGEST` points of each, from its end. */
const LONGEST = 12;

export function data(place, timeline, frame, titleOf) {
  place.replaceChildren(...timeline.charts.map((chart) => chartTable(titleOf(chart), timeline.traces(chart, frame))));
}

function chartTable(title, traces) {
  const told = traces.filter((trace) => trace.uid && trace.y?.length && !trace.z);
  const rows = told.map((trace) => row(trace.name ?? trace.uid, [pointsOf(trace), String(trace.y.length)]));
  for (const trace of traces.filter((one) => one.z)) rows.push(row(trace.name ?? "field", [rangeOf(trace.z), `${trace.z.length} × ${trace.z[0].length}`]));
  return table(title, ["series", `newest points (x: y), at most ${LONGEST}`, "points"], rows);
}

function pointsOf(trace) {
  const first = Math.max(0, trace.y.length - LONGEST);
  const places = Array.from({ length: trace.y.length - first }, (_, place) => first + place);
  return places.map((at) => `${typeof trace.x[at] === "number" ? numberOf(trace.x[at]) : trace.x[at]}: ${numberOf(trace.y[at])}`).join("  ");
}

function rangeOf(rows) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of rows) for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return `from ${numberOf(low)} to ${numberOf(high)}`;
}
