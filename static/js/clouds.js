// Clouds of points that all look alike: Plotly is given the first point of each, and quick.js copies it to where the others are. Plotly
// itself sets the looks of every point, one after the other, which for some hundred takes a slow phone long.

const MANY = 40; // points from which on it is worth the copying

const isOne = (value) => value === null || typeof value !== "object";
const isPlain = ({ line = {}, ...marker } = {}) => Object.values(marker).every(isOne) && Object.values(line).every(isOne);
const isCloud = ({ type, mode, marker, x, y }) => type === "scatter" && mode === "markers" && Math.min(x?.length, y?.length) >= MANY && isPlain(marker);

/** The traces with one point of each cloud; the same array where there is no cloud. */
export function sampled(traces) {
  if (!traces.some(isCloud)) return traces;
  return traces.map((trace) => (isCloud(trace) ? { ...trace, x: trace.x.slice(0, 1), y: trace.y.slice(0, 1) } : trace));
}
