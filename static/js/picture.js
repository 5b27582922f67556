// A chart as a file of its own, which no stylesheet follows: the picture under its title and legend, and below it with what values it was
// made and where it is found. As SVG, or painted as PNG with twice the pixels.
import { linkTo } from "./address.js";

const SVG = "http://www.w3.org/2000/svg";
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];
const FONT = "system-ui, sans-serif"; // the site's own letters stay at home
const DASHES = { dotted: "2 3", dashed: "6 4" };
const [PAPER, LINE, MARK] = [14, 1.4, 22]; // CSS pixels around it all; of a line, in letters; of a legend's mark
const pen = document.createElement("canvas").getContext("2d");

/** What `read` reads of the page in a theme that it may not have; nothing is painted meanwhile. */
export function inTheme(theme, read) {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = theme;
  try {
    return read();
  } finally {
    if (before === undefined) delete dataset.theme;
    else dataset.theme = before;
  }
}

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** A copy of a drawing that looks the same without the page's stylesheet. */
export function alone(svg) {
  const copy = svg.cloneNode(true);
  const shapes = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((one, place) => {
    const style = getComputedStyle(one);
    for (const name of STYLES) shapes[place].setAttribute(name, style.getPropertyValue(name));
  });
  return copy;
}

/** The key of the faint lines of a compared run. */
function comparedIn(item) {
  const dash = item.querySelector("path").getAttribute("stroke-dasharray") ?? "none";
  return { kind: "line", name: item.textContent, colour: getComputedStyle(item).color, dash, width: 2 };
}

/** The legend that stands with a chart: mark, colour and name of each entry. */
function legendOf(figure) {
  return [...figure.querySelectorAll(".legend li:not(:has(.more))")].map((item) => {
    if (item.matches(".compared")) return comparedIn(item);
    const kind = item.firstElementChild.className;
    const { borderTopColor, borderTopStyle, borderTopWidth, backgroundColor } = getComputedStyle(item.firstElementChild);
    const line = { colour: borderTopColor, dash: DASHES[borderTopStyle] ?? "none", width: Number(borderTopWidth.replace("px", "")) };
    return { kind, name: item.textContent, ...(kind === "line" ? line : { colour: backgroundColor }) };
  });
}

/** With what values a run was made, which moment of it is shown, and its address, where it has one. */
function notesOf(run) {
  const [bar, link] = [run.querySelector(".moment"), run.querySelector("[data-do=copy]")];
  const frame = Number(bar.value) < Number(bar.max) ? Number(bar.value) : null;
  const values = `${run.querySelector(".sheet").textContent.trim()} At ${run.querySelector(".readout").textContent}.`;
  return link ? [values, linkTo(link.dataset.url, frame)] : [values];
}

/** What a picture says around its drawing, in the theme that the page has now. */
export function surroundings(element) {
  const figure = element.closest("figure");
  const style = getComputedStyle(element);
  const [paper, ink, quiet] = ["--raised", "--ink", "--ink-quiet"].map((name) => style.getPropertyValue(name).trim());
  return { title: figure.querySelector("figcaption").firstChild.textContent.trim(), legend: legendOf(figure), notes: notesOf(element.closest("live-run")), paper, ink, quiet };
}

function widthOf(text, { size, weight }) {
  pen.font = `${weight} ${size}px ${FONT}`;
  return pen.measureText(text).width;
}

/** The text in lines that fit, broken at spaces, and within a word, as an address is one, where it must be. */
function lines(text, look) {
  const broken = [""];
  for (const word of text.split(/(?<=\s)/u)) {
    if (broken.at(-1) && widthOf(broken.at(-1) + word.trimEnd(), look) > look.width) broken.push("");
    for (const sign of word) {
      if (broken.at(-1) && widthOf(broken.at(-1) + sign.trimEnd(), look) > look.width) broken.push("");
      broken[broken.length - 1] += sign;
    }
  }
  return broken.map((line) => line.trimEnd());
}

/** Texts from `top` on, one below the other; returns where the next may stand. */
function write(picture, text, top, look) {
  let below = top;
  for (const line of lines(text, look)) {
    picture.append(shape("text", { x: PAPER, y: below + look.size, "font-size": look.size, "font-weight": look.weight, fill: look.fill }, line));
    below += look.size * LINE;
  }
  return below;
}

function markOf({ kind, colour, dash, width }, x, middle) {
  if (kind === "line") return shape("path", { d: `M${x},${middle}h${MARK - 4}`, stroke: colour, "stroke-width": width, "stroke-dasharray": dash });
  if (kind === "dot") return shape("circle", { cx: x + MARK / 2 - 2, cy: middle, r: 5, fill: colour });
  return shape("rect", { x: x + MARK / 2 - 7, y: middle - 5, width: 10, height: 10, fill: colour });
}

/** The legend's entries side by side, in as many rows as they need; returns where the next may stand. */
function writeLegend(picture, legend, top, look) {
  let [x, below] = [PAPER, top];
  for (const entry of legend) {
    const wide = MARK + widthOf(entry.name, look) + look.size;
    if (x > PAPER && x + wide > PAPER + look.width) [x, below] = [PAPER, below + look.size * LINE];
    picture.append(markOf(entry, x, below + look.size * 0.65), shape("text", { x: x + MARK, y: below + look.size, "font-size": look.size, fill: look.fill }, entry.name));
    x += wide;
  }
  return legend.length ? below + look.size * LINE : below;
}

/** A drawing among what `surroundings` said of it. */
function framed(drawing, { title, legend, notes, paper, ink, quiet }) {
  const [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
  const ground = shape("rect", { width: "100%", height: "100%", fill: paper });
  const picture = shape("svg", { xmlns: SVG, width: width + 2 * PAPER, "font-family": FONT });
  picture.append(ground);
  let below = write(picture, title, PAPER, { width, size: 16, weight: 600, fill: ink });
  below = writeLegend(picture, legend, below, { width, size: 13, weight: 400, fill: ink }) + 4;
  for (const [name, value] of Object.entries({ x: PAPER, y: below, width, height })) drawing.setAttribute(name, value);
  picture.append(drawing);
  below += height + 6;
  for (const note of notes) below = write(picture, note, below, { width, size: 11, weight: 400, fill: quiet });
  picture.setAttribute("height", Math.ceil(below + PAPER));
  picture.setAttribute("viewBox", `0 0 ${picture.getAttribute("width")} ${picture.getAttribute("height")}`);
  return picture;
}

const addressOf = (text, kind) => `data:${kind};charset=utf-8,${encodeURIComponent(text)}`;

async function painted(src) {
  const image = Object.assign(new Image(), { src });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

/** Saves what an address holds under a name. */
export const save = (href, download) => Object.assign(document.createElement("a"), { href, download }).click();

/** Saves a text as a file. */
export const saveText = (text, kind, name) => save(addressOf(text, kind), name);

/** Saves a drawing among its surroundings as `name`.png or `name`.svg. */
export async function savePicture(drawing, around, format, name) {
  const svg = addressOf(new XMLSerializer().serializeToString(framed(drawing, around)), "image/svg+xml");
  save(format === "png" ? await painted(svg) : svg, `${name}.${format}`);
}
