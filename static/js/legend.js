// A chart's legend, in HTML rather than in Plotly: it wraps as text does, takes no room from the picture, and costs no redraw.

const BORDERS = { solid: "solid", dot: "dotted", dash: "dashed" };

/** The traces that a legend names, in its order. */
export const inLegend = (traces) => traces.filter((trace) => trace.name && trace.showlegend !== false && !trace.z);

/**
 * Fills the list, where there is one, with a mark and a name for each trace that has one; a chart of one thing needs no legend. `keys`
 * say whose the faint lines of compared runs are: dashes, and a label. Where one is `lit`, the others are faint.
 */
export function fillLegend(list, traces, keys = [], lit = "") {
  if (!list) return;
  const named = inLegend(traces);
  list.replaceChildren(...(named.length > 1 ? named.map((trace) => item(trace, named.some(({ name }) => name === lit) && trace.name !== lit)) : []), ...keys.map(keyItem));
}

const SVG = "http://www.w3.org/2000/svg";

/** A piece of the line that a compared run has, in dashes that no border can have. */
export function lineSample({ pattern }) {
  const [sample, line] = ["svg", "path"].map((name) => document.createElementNS(SVG, name));
  for (const [name, value] of Object.entries({ width: 26, height: 4, viewBox: "0 0 26 4", "aria-hidden": "true" })) sample.setAttribute(name, value);
  for (const [name, value] of Object.entries({ d: "M0 2H26", fill: "none", stroke: "currentColor", "stroke-width": 2 })) line.setAttribute(name, value);
  if (pattern) line.setAttribute("stroke-dasharray", pattern);
  sample.append(line);
  return sample;
}

function keyItem(key) {
  const made = document.createElement("li");
  made.className = "compared";
  made.append(lineSample(key), key.label);
  return made;
}

function lineMark({ line }) {
  const made = document.createElement("span");
  made.className = "line";
  made.style.borderTop = `${Math.min(4, line?.width ?? 2)}px ${BORDERS[line?.dash ?? "solid"] ?? "dashed"} ${line?.color}`;
  return made;
}

function filledMark({ type, marker }) {
  const made = document.createElement("span");
  made.className = type === "bar" ? "square" : "dot";
  made.style.background = Array.isArray(marker?.color) ? marker.color[0] : (marker?.color ?? "currentColor");
  return made;
}

function item(trace, faint) {
  const made = document.createElement("li");
  made.classList.toggle("faint", faint);
  made.append(trace.mode?.includes("lines") ? lineMark(trace) : filledMark(trace), trace.name);
  return made;
}
