// What a chart says, point by point, in its own words: for the crosshair and for who reads it by keys. Knows no DOM and no Plotly.
import { EXACT, numberOf } from "./numbers.js";
import { lastAtMost } from "./timeline.js";

const bare = (text) => (text ?? "").replaceAll("<br>", " ").replaceAll(/<[^>]*>/gu, "");
const finite = (value) => typeof value === "number" && Number.isFinite(value);

/** Whether a trace is a line with a name: of these a chart of lines is made, those of compared runs among them. */
export const isLine = (trace) => Boolean(trace.name && trace.mode?.includes("lines") && !trace.z);

/** Whether a trace is the live run's own, or a reference that no run changes, and not a compared run's. */
export const isOwn = (trace) => trace.showlegend !== false;

/** Whether a figure is a chart of lines over one axis, rather than of places on a plane: then all can be read at once along it. */
export function isAlong({ data, layout }) {
  const others = data.some((trace) => trace.type !== "scatter" || trace.mode.includes("text"));
  return !others && !layout.yaxis?.scaleanchor && data.some(isLine);
}

/** A place on an axis as it is labelled there, or as a number. */
export function placeOn(axis, value) {
  const labelled = axis.tickvals?.indexOf(value) ?? -1;
  if (labelled >= 0) return bare(axis.ticktext[labelled]);
  return typeof value === "number" ? numberOf(value, Number.isInteger(value) ? EXACT : undefined) : bare(String(value));
}

/** "step 40": where a reading is, in the words of the chart. */
export const headOf = (layout, x) => `${bare(layout.xaxis?.title?.text)} ${placeOn(layout.xaxis ?? {}, x)}`.trim();

/** What the upright axis measures, with its unit. */
export const measureOf = (layout) => bare(layout.yaxis?.title?.text);

/** Where the chart's own lines have points, ascending, each place once; those of references only where there is nothing else. */
export function placesOf(traces) {
  const lines = traces.filter((trace) => isLine(trace) && isOwn(trace));
  const grown = lines.filter((trace) => trace.uid && trace.x.length);
  const places = new Set((grown.length ? grown : lines).flatMap((trace) => Array.from(trace.x)));
  return [...places].filter(finite).toSorted((one, other) => one - other);
}

/** What a line has at `x`: its own point, or where there is none a number between two of them, as it is drawn there; else null. */
function valueAt({ x, y }, at) {
  const before = lastAtMost(x, at);
  if (before < 0 || !finite(y[before])) return null;
  if (x[before] === at) return { value: y[before], exact: true };
  if (!finite(y[before + 1])) return null;
  const share = (at - x[before]) / (x[before + 1] - x[before]);
  const value = y[before] + share * (y[before + 1] - y[before]);
  return { value, exact: y[before] === y[before + 1] };
}

/** Every line at `x`: name, colour and value, the chart's own first. `said` is the value as it is read. */
export function readingAt(traces, x) {
  const lines = traces.filter(isLine).toSorted((one, other) => isOwn(other) - isOwn(one));
  return lines.flatMap((trace) => {
    const found = valueAt(trace, x);
    if (!found) return [];
    return [{ name: bare(trace.name), colour: trace.line?.color, own: isOwn(trace), said: `${found.exact ? "" : "≈ "}${numberOf(found.value)}`, value: found.value }];
  });
}

/** The points of one trace that stand somewhere: places on both axes, and what is said of each. */
function pointsOf({ x, y, text, hovertext }, layout) {
  const words = hovertext ?? text;
  return Array.from(x ?? []).flatMap((place, at) => {
    const value = y?.[at];
    if (value === undefined || value === null || Number.isNaN(value)) return [];
    const said = Array.isArray(words) && words[at] ? bare(String(words[at])) : placeOn(layout.yaxis ?? {}, value);
    return [{ x: place, y: value, said }];
  });
}

const spots = (values, count) => (values?.length ? Array.from(values) : Array.from({ length: count }, (_, place) => place));

/** The rows of a picture of numbers, the first on top. */
function rowsOf({ x, y, z }, layout) {
  const across = spots(x, z[0]?.length ?? 0);
  return spots(y, z.length).map((place, row) => ({
    name: `${bare(layout.yaxis?.title?.text)} ${placeOn(layout.yaxis ?? {}, place)}`.trim(),
    points: across.map((one, column) => ({ x: one, y: place, said: numberOf(z[row][column]) })),
  }));
}

/** A drawn chart as series of points, to be walked: lines, bars and points first, then pictures row by row. */
export function seriesOf(traces, layout) {
  const told = traces.filter((trace) => !trace.z && (trace.name || trace.text || trace.hovertext));
  const series = told.map((trace) => ({ name: bare(trace.name), points: pointsOf(trace, layout) }));
  const pictures = traces.filter((trace) => trace.z?.length).flatMap((trace) => rowsOf(trace, layout));
  return [...series, ...pictures].filter(({ points }) => points.length);
}

/** The place in `points` that stands nearest to an `x` on the axis; where it is no number, the one that is the same, or the first. */
export function nearestPoint(points, x) {
  if (typeof x !== "number") return Math.max(0, points.findIndex((point) => point.x === x));
  const apart = points.map((point) => Math.abs(point.x - x));
  return Math.max(0, apart.indexOf(Math.min(...apart)));
}
