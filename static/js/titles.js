// Titles of axes and names below what they name: those that are longer than their room stand in several lines. Knows no DOM and no Plotly.

const WIDTH = 0.52; // of a letter, in its height, on average

/** The axis with its title in two lines where one would be longer than its room. */
export function folded(axis, room, letters) {
  const text = axis?.title?.text ?? "";
  if (text.includes("<br>") || text.length * WIDTH * letters <= room) return axis;
  const off = (space) => Math.abs(space - text.length / 2);
  const spaces = Array.from(text.matchAll(/ /gu), ({ index }) => index).toSorted((one, other) => off(one) - off(other));
  if (!spaces.length) return axis;
  return { ...axis, title: { ...axis.title, text: `${text.slice(0, spaces[0])}<br>${text.slice(spaces[0] + 1)}` } };
}

/** How wide the axes of a chart are drawn that has so much room, in pixels: square pixels may leave some of it. */
function widthOf({ xaxis, yaxis }, { width, height }) {
  if (!yaxis?.scaleanchor) return width;
  const [across, up] = [xaxis, yaxis].map(({ range }) => Math.abs(range[1] - range[0]));
  return Math.min(width, (height * across) / up);
}

/** A name in lines of so many letters, broken between words. */
function inLines(name, most) {
  if (name.includes("<br>")) return name;
  const lines = [""];
  for (const word of name.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] += lines.at(-1) ? ` ${word}` : word;
  }
  return lines.join("<br>");
}

/** A layout's lower axis with each of its names no wider than what it names, as far as its words are not; `room` is that of the axes. */
export function wrapped(layout, room, letters) {
  const { type, tickvals, ticktext, range } = layout.xaxis ?? {};
  if (!ticktext || !range || type === "log") return layout.xaxis;
  const [span, pitch] = [Math.abs(range[1] - range[0]), Math.abs(tickvals[1] - tickvals[0])];
  const most = (widthOf(layout, room) * (tickvals.length > 1 ? pitch / span : 1)) / (WIDTH * letters);
  return { ...layout.xaxis, ticktext: ticktext.map((name) => inLines(name, most)) };
}
