// Writes the names of a chart's lines at their ends where they fit, and takes those out of the legend, whose place stays.
import { legible } from "./contrast.js";
import { placed } from "./labels.js";
import { inLegend } from "./legend.js";
import { isLine } from "./readings.js";

const pen = document.createElement("canvas").getContext("2d");

/** The pixels through which a trace is drawn; null where it is missing or far off. */
function pathOf({ left, top, xaxis, yaxis }, { x = [], y = [] }) {
  return Array.from(x, (place, at) => {
    const [across, down] = [left + xaxis.d2p(place), top + yaxis.d2p(y[at])];
    return y[at] !== null && Number.isFinite(across) && Number.isFinite(down) ? [across, down] : null;
  });
}

/** What the theme says of letters in charts. */
function styleOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return { letters: Number(read("--letters")) - 1, font: read("--sans"), paper: read("--raised"), ink: read("--ink") };
}

/** The names that fit at the ends of the lines wanted, by trace. */
function labelsFor(overlay, traces, wanted, { letters, font, paper, ink }) {
  const { frame } = overlay;
  if (!frame || !wanted.length) return new Map();
  const lines = traces.filter((trace) => trace.mode?.includes("lines")).map((trace) => ({ trace, name: wanted.includes(trace) && trace.name, path: pathOf(frame, trace) }));
  const room = { left: frame.left, top: frame.top, right: frame.left + frame.width, bottom: frame.top + frame.height };
  pen.font = `500 ${letters}px ${font}`;
  const fit = placed(lines, room, letters, (name) => Math.ceil(pen.measureText(name).width) + 2);
  return new Map(fit.map(({ line, box }) => [line.trace, { name: line.name, colour: legible(line.trace.line.color, paper, ink), x: box.left, y: (box.top + box.bottom) / 2 }]));
}

/** Names the lines that the legend names with no other words; without traces, none: while lines move the legend has all. */
export function nameEnds(overlay, traces, list) {
  const style = styleOf(overlay.element);
  const items = [...list.querySelectorAll("li:not(.compared)")];
  const itemOf = (trace) => items.find((item) => item.textContent === trace.name);
  const labels = labelsFor(overlay, traces, inLegend(traces).filter((trace) => isLine(trace) && itemOf(trace)), style);
  overlay.name([...labels.values()], style.letters);
  const named = new Set([...labels.keys()].map(itemOf));
  for (const item of items) item.toggleAttribute("data-at-end", named.has(item));
}
