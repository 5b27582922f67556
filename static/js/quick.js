// Redraws of what moves in a chart, without Plotly. While a run plays, a frame changes where lines, points and bars stand, what a
// picture shows, what is written and in which colours, and nothing else: those shapes are set here, in a tenth of the time that Plotly
// takes to lay the figure out anew.
// Whatever else changed, or an axis that must find its own range, is Plotly's to draw. Where things are is told by Plotly's own axes.

const MOVES = new Set(["x", "y", "z", "text"]);
const COLOURED = new Set(["marker", "textfont"]); // of which the colours may change, a colour for each point

function same(one, other) {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (one?.length === undefined || one.length !== other?.length || typeof one === "string") return false;
  for (let place = 0; place < one.length; place += 1) if (!same(one[place], other[place])) return false;
  return true;
}

const recoloured = (one, other) => Array.isArray(one?.color) && Array.isArray(other?.color) && JSON.stringify({ ...one, color: null }) === JSON.stringify({ ...other, color: null });

/** Which of what a painter can change differ between two traces; null when anything else does (but for the name, which the legend shows). */
export function moved(before, after) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differing = [...names].filter((name) => name !== "name" && !same(before[name], after[name]));
  const changes = differing.filter((name) => MOVES.has(name) || JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return changes.every((name) => MOVES.has(name) || (COLOURED.has(name) && recoloured(before[name], after[name]))) ? changes : null;
}

const round = (pixels) => Math.round(pixels * 100) / 100;

const FAR = 5000; // pixels: beyond any screen, and nothing that a browser cannot draw
const within = (pixels) => Math.max(-FAR, Math.min(FAR, pixels));

/** The pixels of data on an axis; NaN where there is none. Zero on a log axis is far off for a line and nowhere for a point. */
const pixelsOn = (axis, values, line) =>
  Array.from(values, (value) => (Number.isFinite(value) ? round(within(axis.c2p(Number(value), line))) : NaN));

const NOWHERE = "M0,0"; // a path that shows nothing

/** An SVG path through the places, broken where one is missing. */
export function pathThrough(across, down) {
  let said = "";
  let broken = true;
  for (let place = 0; place < across.length; place += 1) {
    const missing = Number.isNaN(across[place]) || Number.isNaN(down[place]);
    if (!missing) said += `${broken ? "M" : "L"}${across[place]},${down[place]}`;
    broken = missing;
  }
  return said || NOWHERE;
}

function copyOf(mark) {
  const copy = mark.cloneNode(true);
  mark.parentNode.append(copy);
  return copy;
}

/** Puts a mark at each place: those that are there move, more are copies of the first, and surplus ones go. */
function putMarks(marks, across, down) {
  const there = across.map((_, index) => index).filter((index) => !Number.isNaN(across[index]) && !Number.isNaN(down[index]));
  there.forEach((index, count) => {
    const mark = marks[count] ?? copyOf(marks[0]);
    mark.setAttribute("transform", `translate(${across[index]},${down[index]})`);
  });
  for (const mark of [...marks].slice(Math.max(1, there.length))) mark.remove();
  marks[0].style.display = there.length ? "" : "none";
}

// A painter gets Plotly's group of shapes, the two axes, the trace as it is to be, what of it changed, and what Plotly knows of each
// point. It returns what is to be done, or null when that is Plotly's.

const nothing = () => {};
const PLAIN = /^[^<&$]+$/u; // no mark-up, and not empty: what is empty has no place

/** What is written at each point, and its colours. */
function written(group, { text, textfont }, changes) {
  if (!changes.some((name) => name === "text" || name === "textfont")) return nothing;
  const words = group.querySelectorAll(".textpoint > text");
  if (!Array.isArray(text) || words.length !== text.length || !text.every((one) => PLAIN.test(one))) return null;
  const colours = Array.isArray(textfont?.color) ? textfont.color : [];
  return () =>
    words.forEach((word, place) => {
      if (word.textContent !== text[place]) word.textContent = text[place];
      if (colours[place]) word.style.fill = colours[place];
    });
}

/** The colours of the points. */
function filled(group, { marker }, changes) {
  if (!changes.includes("marker")) return nothing;
  const marks = group.querySelectorAll(".points > path");
  if (marks.length !== marker.color.length || marker.cmin === undefined || marker.colorbar) return null;
  const colour = colouring({ colorscale: marker.colorscale, zmin: marker.cmin, zmax: marker.cmax });
  return () => marks.forEach((mark, place) => (mark.style.fill = `rgb(${colour(marker.color[place]).slice(0, 3)})`));
}

/** Lines and points where they are now. */
function placed({ group, axes, trace }) {
  if (trace.mode.includes("text") || (trace.fill && trace.fill !== "none")) return null;
  if (axes.some((axis) => axis.type !== "linear" && axis.type !== "log")) return null;
  const lines = group.querySelectorAll(".js-line");
  const marks = group.querySelectorAll(".points > path");
  if (trace.mode.includes("lines") && !lines.length) return null;
  if (trace.mode.includes("markers") && !marks.length) return null;
  return () => {
    const count = Math.min(trace.x.length, trace.y.length);
    const places = (line) => [trace.x, trace.y].map((values, axis) => pixelsOn(axes[axis], values.slice(0, count), line));
    if (trace.mode.includes("lines")) lines.forEach((line, place) => line.setAttribute("d", place ? NOWHERE : pathThrough(...places(true)))); // Plotly has one a piece
    if (trace.mode.includes("markers")) putMarks(marks, ...places(false));
  };
}

/** Lines, points and what is written at them. */
function scatter(given) {
  const { group, trace, changes } = given;
  const moves = changes.some((name) => name === "x" || name === "y");
  if (moves && changes.includes("marker")) return null; // a point that goes missing takes its colour with it
  const paints = [moves ? placed(given) : nothing, written(group, trace, changes), filled(group, trace, changes)];
  return paints.every(Boolean) ? () => paints.forEach((paint) => paint()) : null;
}

const BAR = /^M([-\d.]+),[-\d.]+V[-\d.]+H([-\d.]+)V[-\d.]+Z$/u;

/** Upright bars, from where they stood before: their feet and sides stay. One without a height has none. */
function bar({ group, axes: [, axis], trace, changes, drawn }) {
  const bars = [...group.querySelectorAll(".point > path")];
  const sides = bars.map((path) => BAR.exec(path.getAttribute("d") ?? ""));
  const heights = Array.from(trace.y);
  if (changes.join() !== "y" || heights.length !== bars.length || !sides.every(Boolean)) return null;
  return () =>
    bars.forEach((path, index) => {
      const foot = drawn[index].s0;
      const [bottom, top] = [foot, Number.isFinite(heights[index]) ? heights[index] : foot].map((value) => round(axis.c2p(value, true)));
      path.setAttribute("d", `M${sides[index][1]},${bottom}V${top}H${sides[index][2]}V${bottom}Z`);
    });
}

const canvas = document.createElement("canvas");

/** Red, green, blue and alpha of `#rrggbb` or `rgba(...)`. */
function channels(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16)).concat(255);
  const [red, green, blue, alpha] = colour.match(/[\d.]+/gu).map(Number);
  return [red, green, blue, Math.round(alpha * 255)];
}

/** The colour of a number on a scale of stops [share, colour]; nothing for what is no number. */
export function colouring({ colorscale, zmin, zmax }) {
  const stops = colorscale.map(([share, colour]) => [share, channels(colour)]);
  const known = new Map();
  const find = (value) => {
    if (!Number.isFinite(value)) return [0, 0, 0, 0];
    const share = Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin)));
    const after = Math.max(1, stops.findIndex(([at], place) => at > share || place === stops.length - 1));
    const [[low, from], [high, to]] = [stops[after - 1], stops[after]];
    const part = high > low ? (share - low) / (high - low) : 1;
    return from.map((channel, place) => Math.round(channel + part * (to[place] - channel)));
  };
  return (value) => known.get(value) ?? known.set(value, find(value)).get(value);
}

/** What the canvas holds becomes the picture. */
const show = (image) => image.setAttributeNS("http://www.w3.org/1999/xlink", "href", canvas.toDataURL());

/** A pixel a cell, which the browser stretches. */
function stretched(image, axes, trace) {
  const [rows, columns] = [trace.z.length, trace.z[0].length];
  const [leftwards, upwards] = [axes[0].range[0] > axes[0].range[1], axes[1].range[0] < axes[1].range[1]];
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pixels = context.createImageData(columns, rows);
  const colour = colouring(trace);
  trace.z.forEach((row, down) => {
    const line = upwards ? rows - 1 - down : down;
    row.forEach((value, across) => pixels.data.set(colour(value), 4 * (line * columns + (leftwards ? columns - 1 - across : across))));
  });
  context.putImageData(pixels, 0, 0);
  show(image);
}

/** Where a cell begins, and how long it is. */
const span = (places, at, gap) => [Math.min(places[at], places[at + 1]) + Math.floor(gap / 2), Math.abs(places[at + 1] - places[at]) - gap];

/** Cells with room between them, where Plotly puts them. */
function tiled(image, axes, trace, edges) {
  const [width, height, left, top] = ["width", "height", "x", "y"].map((name) => Number(image.getAttribute(name)));
  const [across, down] = axes.map((axis, at) => edges[at].map((edge) => Math.round(axis.c2p(edge)) - (at ? top : left)));
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const colour = colouring(trace);
  trace.z.forEach((row, line) =>
    row.forEach((value, column) => {
      const [[x, wide], [y, high]] = [span(across, column, trace.xgap ?? 0), span(down, line, trace.ygap ?? 0)];
      const [red, green, blue, alpha] = colour(value);
      context.fillStyle = `rgba(${red},${green},${blue},${alpha / 255})`;
      context.fillRect(x, y, wide, high);
    }),
  );
  show(image);
}

const isPlain = ({ zsmooth, texttemplate, zmin }) => (!zsmooth || zsmooth === "fast") && !texttemplate && zmin !== undefined;

/** Between which places Plotly put the columns and the rows; null where there are not as many. */
function edgesOf([{ x, y }], { z }) {
  return x?.length === z[0].length + 1 && y?.length === z.length + 1 ? [Array.from(x), Array.from(y)] : null;
}

/** A picture of cells. */
function heatmap({ group, axes, trace, changes, drawn }) {
  const image = group.querySelector("image");
  if (!image || !isPlain(trace) || changes.join() !== "z") return null;
  if (!trace.xgap && !trace.ygap) return () => stretched(image, axes, trace);
  const edges = edgesOf(drawn, trace);
  return edges && (() => tiled(image, axes, trace, edges));
}

const PAINTERS = { scatter, bar, heatmap };

/** Plotly's groups of shapes, by the uid of their trace. */
function groupsOf(plot) {
  const groups = [...plot.querySelectorAll(".plot .trace, .plot .hm")].filter((group) => group.__data__);
  return new Map(groups.map((group) => [group.__data__[0].trace.uid, group]));
}

/** What makes the trace at `place` look as it is to; null when that is Plotly's to do. */
function paintOf(plot, groups, place, [before, trace]) {
  const { xaxis, yaxis } = plot._fullLayout;
  const changes = moved(before, trace);
  if (changes?.length === 0) return nothing;
  const found = { x: xaxis.autorange, y: yaxis.autorange }; // axes that find their range anew for other data
  const group = groups.get(plot._fullData[place].uid);
  if (!group || !changes || changes.some((name) => found[name])) return null;
  return PAINTERS[trace.type]?.({ group, axes: [xaxis, yaxis], trace, changes, drawn: group.__data__ });
}

/** Draws `after` where `before` stands, if moving shapes is all that it takes; returns whether it was. */
export function redrawn(plot, before, after) {
  if (before.length !== after.length) return false;
  const groups = groupsOf(plot);
  const paints = after.map((trace, place) => paintOf(plot, groups, place, [before[place], trace]));
  if (!paints.every(Boolean)) return false;
  for (const paint of paints) paint();
  plot.data = after; // what Plotly draws the next time that it does, whatever makes it: it calculates anew where it has nothing calculated
  plot.calcdata = [];
  return true;
}
