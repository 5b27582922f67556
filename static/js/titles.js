// Titles of upright axes: one that is longer than its axis stands in two lines. Knows no DOM and no Plotly.

const WIDTH = 0.52; // of a letter, in its height, on average
const BESIDE = 60; // pixels of a chart above and below its upright axis

/** The axis with its title in two lines where one would be longer than a chart so high has room for. */
export function folded(axis, height, letters) {
  const text = axis?.title?.text ?? "";
  if (text.includes("<br>") || text.length * WIDTH * letters <= height - BESIDE) return axis;
  const off = (space) => Math.abs(space - text.length / 2);
  const spaces = Array.from(text.matchAll(/ /gu), ({ index }) => index).toSorted((one, other) => off(one) - off(other));
  if (!spaces.length) return axis;
  return { ...axis, title: { ...axis.title, text: `${text.slice(0, spaces[0])}<br>${text.slice(spaces[0] + 1)}` } };
}
