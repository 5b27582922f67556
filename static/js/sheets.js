// The numbers of a chart at a moment, as sheets: a head a column, then rows, whose first cell says what the row is about. Knows no DOM.
import { inputsOf, joined, stateOf } from "./walk.js";

const axisOf = (figure, which) => figure.layout[`${which}axis`]?.title?.text ?? which;

/** A data-flow graph: what each node reads, and its value. */
function graphSheet(caption, { data, layout }, traces) {
  const [graph, { values }] = [joined(layout.meta), stateOf(data, traces)];
  const rows = layout.meta.nodes.map(({ key, label, kind, detail }) => [label, kind, detail, inputsOf(graph, key).join(", "), values[key] ?? ""]);
  return { caption, heads: ["node", "kind", "detail", "reads", "value"], rows };
}

/** Where the rows or columns of a picture stand: at its own places, or at 0, 1, 2, ... */
const places = (values, count) => (values?.length ? [...values] : Array.from({ length: count }, (_, place) => place));

/** A picture of numbers, row by row from the first. */
function matrixSheet(caption, figure, { x, y, z, name }) {
  const heads = [`${axisOf(figure, "y")} \\ ${axisOf(figure, "x")}`, ...places(x, z[0]?.length ?? 0)];
  const rows = places(y, z.length).map((place, row) => [place, ...z[row]]);
  return { caption: name ? `${caption}: ${name}` : caption, heads, rows };
}

const ascending = (values) => values.every((value, place) => typeof value === "number" && (place === 0 || value > values[place - 1]));
const inWords = (values) => values.every((value) => typeof value === "string") && new Set(values).size === values.length;

/** Series along one axis side by side: a row a place on it, empty where a series has nothing. */
function sideBySide(caption, figure, traces) {
  const rows = new Map();
  traces.forEach(({ x, y }, column) =>
    Array.from(x).forEach((place, at) => {
      if (at >= y.length) return;
      if (!rows.has(place)) rows.set(place, [place, ...traces.map(() => null)]);
      rows.get(place)[column + 1] = y[at];
    }),
  );
  const sorted = [...rows.values()];
  if (traces.every(({ x }) => ascending(Array.from(x)))) sorted.sort(([one], [other]) => one - other);
  return { caption, heads: [axisOf(figure, "x"), ...traces.map((trace) => trace.name ?? axisOf(figure, "y"))], rows: sorted };
}

/** A sheet without the columns in which nothing stands. */
function filled({ caption, heads, rows }) {
  const told = heads.map((_, column) => rows.some((cells) => cells[column] !== null && cells[column] !== ""));
  const kept = (cells) => cells.filter((_, column) => told[column]);
  return { caption, heads: kept(heads), rows: rows.map(kept) };
}

/** Points and texts one below the other. */
function points(caption, figure, traces) {
  const rows = traces.flatMap((trace) => {
    const said = trace.text ?? [];
    const count = trace.y.length || said.length;
    return Array.from({ length: count }, (_, at) => [trace.name ?? trace.said, trace.x[at] ?? null, trace.y[at] ?? null, said[at] ?? null]);
  });
  return filled({ caption, heads: ["series", axisOf(figure, "x"), axisOf(figure, "y"), "text"], rows });
}

/** The sheets of a chart called `caption`: one for each picture, one for all that stands at places. */
export function sheetsOf(caption, figure, traces) {
  if (figure.layout.meta?.kind === "graph") return [graphSheet(caption, figure, traces)];
  const named = traces.map((trace, place) => ({ ...trace, said: figure.data[place].uid }));
  const pictures = named.filter((trace) => trace.z?.length);
  const told = named.filter((trace) => trace.uid && !trace.z && (trace.y?.length || trace.text?.length));
  const along = told.every(({ x, type, mode, text }) => (type === "bar" || mode.includes("lines")) && !text && (ascending(Array.from(x)) || inWords(Array.from(x))));
  const sheets = pictures.map((trace) => matrixSheet(caption, figure, trace));
  if (told.length) sheets.push((along ? sideBySide : points)(pictures.length ? `${caption}: points` : caption, figure, told));
  return sheets;
}

const cell = (value) => {
  const said = value === null || Number.isNaN(value) ? "" : String(value);
  return /[",\n\r]/u.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
};

/** A sheet as comma-separated values (RFC 4180), numbers in full. */
export const csvOf = ({ heads, rows }) => [heads, ...rows].map((one) => `${one.map(cell).join(",")}\r\n`).join("");
