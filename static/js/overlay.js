// What lies over a plot and is ours: a crosshair with its box, and names at the ends of lines. Placed by Plotly's axes, drawn without it,
// and out of the pointer's way.

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const part = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

/** A line of the box: mark, name and value. */
function boxRow({ name, colour, said, own }, here) {
  const made = part("li", `${own ? "" : "faint"}${here ? " here" : ""}`.trim());
  const mark = part("i", "");
  mark.style.background = colour ?? "currentColor";
  made.append(mark, part("span", "", name), part("b", "", said));
  return made;
}

export class Overlay {
  #root = null;

  constructor(element) {
    this.element = element;
  }

  /** Made when first needed: most charts are never pointed at. */
  #layer() {
    if (this.#root) return this.#root;
    this.#root = part("div", "overlay");
    this.#root.setAttribute("aria-hidden", "true");
    this.svg = shape("svg", {});
    this.ends = shape("g", { class: "ends" });
    this.cross = shape("g", { class: "cross" });
    this.line = shape("path", {});
    this.dots = shape("g", {});
    this.cross.append(this.line, this.dots);
    this.svg.append(this.ends, this.cross);
    this.box = part("div", "box");
    this.box.hidden = true;
    this.#root.append(this.svg, this.box);
    this.element.append(this.#root);
    return this.#root;
  }

  /** Where the axes stand, as Plotly drew them; null before it has. */
  get frame() {
    const { xaxis, yaxis } = this.element._fullLayout ?? {};
    return xaxis ? { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length, xaxis, yaxis } : null;
  }

  /** A place of the chart in pixels of the plot; null for what is not within its axes. */
  pixelsOf(x, y) {
    const { left, top, width, height, xaxis, yaxis } = this.frame;
    const [across, down] = [xaxis.d2p(x), yaxis.d2p(y)];
    const within = across >= -1 && across <= width + 1 && down >= -1 && down <= height + 1;
    return within ? [left + across, top + down] : null;
  }

  /**
   * A line upright at `x`, a dot at each row that has a value, and the box beside it; `here` is the row that is read, `note` what a
   * click does. A point of a plane has its own height `y`, and no line.
   */
  show({ x, y, head, measure = "", rows, here = -1, note = "" }) {
    this.#layer();
    const { left, top, width, height, xaxis } = this.frame;
    const across = left + Math.max(0, Math.min(width, xaxis.d2p(x)));
    this.line.setAttribute("d", y === undefined ? `M${across},${top}v${height}` : "");
    const dots = y === undefined ? rows.map((row, place) => ({ ...row, here: place === here })) : [{ value: y, own: true, here: true }];
    this.dots.replaceChildren(...dots.flatMap((dot) => this.#dot(x, dot)));
    const list = part("ul", "");
    list.append(...rows.map((row, place) => boxRow(row, place === here)));
    this.box.replaceChildren(part("p", "head", head), ...(measure ? [part("p", "note", measure)] : []), list, ...(note ? [part("p", "note", note)] : []));
    this.box.hidden = false;
    this.cross.setAttribute("visibility", "visible");
    this.#put(across, y === undefined ? top : (this.pixelsOf(x, y) ?? [0, top])[1]);
  }

  /** A mark where a line is at `x`: small for a compared run's, ringed for the one that is read. */
  #dot(x, { value, colour = "none", own, here }) {
    const at = this.pixelsOf(x, value);
    const r = (own ? 4 : 2.5) + (here ? 2 : 0);
    return at ? [shape("circle", { cx: at[0], cy: at[1], r, fill: colour, class: here ? "here" : "" })] : [];
  }

  /** The box on the side of the line that has room for it, within the plot. */
  #put(across, down) {
    const { clientWidth, clientHeight } = this.element;
    const { offsetWidth: wide, offsetHeight: high } = this.box;
    const right = across + 12;
    const left = right + wide <= clientWidth ? right : Math.max(0, across - 12 - wide);
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(0, Math.min(down, clientHeight - high)))}px)`;
  }

  hide() {
    if (!this.#root) return;
    this.box.hidden = true;
    this.cross.setAttribute("visibility", "hidden");
  }

  /** Names at the ends of lines, each { name, colour, x, y } with its left edge and the middle of its height. */
  name(labels, letters) {
    if (!labels.length && !this.#root) return;
    this.#layer();
    this.ends.setAttribute("font-size", letters);
    const made = labels.map(({ name, colour, x, y }) => Object.assign(shape("text", { x, y, fill: colour }), { textContent: name }));
    this.ends.replaceChildren(...made);
  }
}
