// A chart's legend, in HTML rather than in Plotly: it wraps as text does, takes no room from the picture, and costs no redraw.

const BORDERS = { solid: "solid", dot: "dotted", dash: "dashed" };

/** Fills the list with a mark and a name for each trace that has one; a chart of one thing needs no legend. */
export function fillLegend(list, traces) {
  const named = traces.filter((trace) => trace.name && trace.showlegend !== false && !trace.z);
  list.replaceChildren(...(named.length > 1 ? named.map(item) : []));
}

function item(trace) {
  const made = document.createElement("li");
  const mark = document.createElement("span");
  if (trace.mode?.includes("lines")) {
    mark.className = "line";
    mark.style.borderTop = `${Math.min(4, trace.line?.width ?? 2)}px ${BORDERS[trace.line?.dash ?? "solid"] ?? "dashed"} ${trace.line?.color}`;
  } else {
    mark.className = trace.type === "bar" ? "square" : "dot";
    const colour = trace.marker?.color;
    mark.style.background = Array.isArray(colour) ? colour[0] : (colour ?? "currentColor");
  }
  made.append(mark, trace.name);
  return made;
}
