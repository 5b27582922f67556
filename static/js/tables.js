// Tables, and the one that holds the numbers of every chart at the moment shown.
import { numberOf } from "./numbers.js";
import { inputsOf, joined, stateOf } from "./walk.js";
import { titleOf } from "./words.js";

/** An element with text and attributes. */
export function element(name, text = "", attributes = {}) {
  const made = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A row: its head, then a cell a text. */
export function row(head, cells) {
  const made = element("tr");
  made.append(element("th", head, { scope: "row" }), ...cells.map((text) => element("td", text)));
  return made;
}

/** A table with a head a column; rows may be put in later, by section. */
export function table(caption, heads, rows = []) {
  const made = element("table");
  const head = element("thead");
  const top = element("tr");
  top.append(...heads.map((text) => (text ? element("th", text, { scope: "col" }) : element("td"))));
  head.append(top);
  made.append(element("caption", caption), head);
  if (rows.length) made.append(section(rows));
  return made;
}

/** Rows that belong together. */
export function section(rows) {
  const made = element("tbody");
  made.append(...rows);
  return made;
}

const LONGEST = 12; // points of a series: the newest

/** Every chart's traces at a moment, in numbers. */
export function data(place, timeline, frame) {
  const tables = timeline.charts.map((chart) => {
    const [figure, traces] = [timeline.start.charts[chart], timeline.traces(chart, frame)];
    return figure.layout.meta?.kind === "graph" ? graphTable(titleOf(chart), figure, traces) : chartTable(titleOf(chart), traces);
  });
  place.replaceChildren(...tables);
}

/** A data-flow graph: what each node reads, and its value. */
function graphTable(title, { data: said, layout }, traces) {
  const [graph, { values }] = [joined(layout.meta), stateOf(said, traces)];
  const rows = layout.meta.nodes.map(({ key, label, kind, detail }) => row(label, [kind, detail, inputsOf(graph, key).join(", "), values[key] ?? ""]));
  return table(title, ["node", "kind", "detail", "reads", "value"], rows);
}

function chartTable(title, traces) {
  const told = traces.filter((trace) => trace.uid && trace.y?.length && !trace.z && trace.mode !== "text");
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
  for (const value of rows.flatMap((values) => [...values]).filter(Number.isFinite)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return `from ${numberOf(low)} to ${numberOf(high)}`;
}
