// A chart's legend, in HTML rather than in Plotly: it wraps as text does, takes no room from the picture, and costs no redraw.

const BORDERS = { solid: "solid", dot: "dotted", dash: "dashed" };

/** Fills the list, where there is one, with a mark and a name for each trace that has one; a chart of one thing needs no legend. */
export function fillLegend(list, traces) {
  if (!list) return;
  const named = traces.filter((trace) => trace.name && trace.showlegend !== false && !trace.z);
  list.replaceChildren(...(named.length > 1 ? named.map(item) : []));
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

function item(trace) {
  const made = document.createElement("li");
  made.append(trace.mode?.includes("lines") ? lineMark(trace) : filledMark(trace), trace.name);
  return made;
}
