// A chart's legend, in HTML rather than in Plotly: it wraps as text does, takes no room from the picture, and costs no redraw.

const BORDERS = { solid: "solid", dot: "dotted", dash: "dashed" };

/** The traces that a legend names, in its order. */
export const inLegend = (traces) => traces.filter((trace) => trace.name && trace.showlegend !== false && !trace.z);

/** Whether a trace is one of the further ones, which a chart shows when it is asked for more. */
const waits = (trace) => trace.visible === "legendonly";

const moreIn = (list) => list?.querySelector(".more");

/** Whether a chart shows all that it has, which its legend's button says; it stays so from run to run. */
export const showsAll = (list) => moreIn(list)?.getAttribute("aria-expanded") === "true";

/** What of a chart's traces is to be seen: all, or all but the further ones. */
export const seenOf = (traces, all) => (all ? traces.map((trace) => ({ ...trace, visible: true })) : traces.filter((trace) => !waits(trace)));

document.addEventListener("click", ({ target }) => {
  if (!target.matches(".more")) return;
  target.setAttribute("aria-expanded", String(!showsAll(target.closest(".legend"))));
  target.dispatchEvent(new CustomEvent("more", { bubbles: true })); // to its chart
});

/**
 * Fills the list, where there is one, with a mark and a name for each trace that is seen and has one; a chart of one thing needs no
 * legend. A button says how many more there are. `keys` say whose the faint lines of compared runs are: dashes, and a label. Where one
 * is `lit`, the others are faint.
 */
export function fillLegend(list, traces, keys = [], lit = "") {
  if (!list) return;
  const named = inLegend(traces);
  const litHere = named.some(({ name }) => name === lit);
  const held = document.activeElement;
  const all = showsAll(list);
  const shown = [...named.filter((trace) => !waits(trace)), ...(all ? named.filter(waits) : [])];
  const more = moreItem(list, named.filter(waits).length, all);
  list.replaceChildren(...(named.length > 1 ? shown.map((trace) => item(trace, litHere && trace.name !== lit)) : []), ...more, ...keys.map(keyItem));
  if (list.contains(held)) held.focus({ preventScroll: true });
}

function moreItem(list, count, all) {
  if (!count) return [];
  const button = moreIn(list) ?? Object.assign(document.createElement("button"), { type: "button", className: "more", ariaExpanded: "false" });
  button.textContent = all ? "less" : `${count} more`;
  const made = document.createElement("li");
  made.append(button);
  return [made];
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

/** An entry for those who see the chart; others are told its series in words. */
const seen = () => Object.assign(document.createElement("li"), { ariaHidden: "true" });

function keyItem(key) {
  const made = seen();
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
  const made = seen();
  made.classList.toggle("faint", faint);
  made.append(trace.mode?.includes("lines") ? lineMark(trace) : filledMark(trace), trace.name);
  return made;
}
