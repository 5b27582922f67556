// The one series that is spoken of, lit among faint ones, until the visitor does something else. Knows no DOM and no Plotly.
import { isOwn } from "./readings.js";

const FAINT = 0.22;
const STRONGER = 1.5; // pixels

/** Traces of which those called `name` stand out; as they are where none is. */
export function lit(traces, name) {
  if (!name || !traces.some((trace) => trace.name === name && isOwn(trace))) return traces;
  return traces.map((trace) => {
    if (trace.z) return trace;
    if (trace.name !== name) return { ...trace, opacity: FAINT * (trace.opacity ?? 1) };
    return trace.line ? { ...trace, line: { ...trace.line, width: (trace.line.width ?? 2) + STRONGER } } : trace;
  });
}
