// How far a sketched line is from the curve of a run. Both are lists of [across, up], shares of the axes' lengths in a chart, so that a
// log axis counts as it is seen. The same line and the same run give the same number. Knows no DOM.

const PLACES = 400; // across the chart at which the two are compared

/** The share of an axis's length at which a value stands; Plotly says the range of a log axis in powers of ten. */
export function shareOf({ type, range: [low, high] }, value) {
  return ((type === "log" ? Math.log10(value) : value) - low) / (high - low);
}

/** The value that stands at a share of an axis's length. */
export function valueAt({ type, range: [low, high] }, share) {
  const value = low + share * (high - low);
  return type === "log" ? 10 ** value : value;
}

const within = (share) => Math.min(1, Math.max(0, share));

/** The points of a series at a moment of a timeline; what leaves the chart stands at its edge, and what is no number nowhere. */
export function curveOf(timeline, chart, series, frame) {
  const { data, layout } = timeline.start.charts[chart];
  const { x, y } = timeline.traces(chart, frame)[data.findIndex(({ uid }) => uid === series)];
  const points = Array.from(y ?? [], (value, place) => [x[place], value]).filter((point) => point.every((one) => one !== null && !Number.isNaN(one)));
  const shares = points.map(([across, up]) => [shareOf(layout.xaxis, across), within(shareOf(layout.yaxis, up))]);
  return shares.filter((point) => point.every((share) => Number.isFinite(share))).toSorted(([one], [other]) => one - other);
}

/** How high a line through points stands at a place; null before its first and after its last. */
export function heightAt(line, across) {
  const after = line.findIndex(([x]) => x >= across);
  if (after < 0 || (after === 0 && line[0][0] > across)) return null;
  if (line[after][0] === across) return line[after][1];
  const [[fromX, fromY], [toX, toY]] = [line[after - 1], line[after]];
  return fromY + ((across - fromX) / (toX - fromX)) * (toY - fromY);
}

/** The area between two lines, as a share of that part of the chart over which both go; null where there is none. */
export function areaBetween(one, other) {
  const apart = [];
  for (let place = 0; place <= PLACES; place += 1) {
    const [here, there] = [one, other].map((line) => heightAt(line, place / PLACES));
    if (here !== null && there !== null) apart.push(Math.abs(here - there));
  }
  return apart.length ? apart.reduce((sum, distance) => sum + distance, 0) / apart.length : null;
}
