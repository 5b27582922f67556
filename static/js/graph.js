// A data-flow graph, as SVG: boxes in layers that the server has placed, curves between them, and in each box the value it has at the
// moment shown. It stands where other charts have a plot, and answers to the same words. The arrow keys walk along its edges.
import { fillLegend } from "./legend.js";
import { alone, inTheme, savePicture, surroundings } from "./picture.js";
import { joined, said, stateOf, step, walks } from "./walk.js";

const SVG = "http://www.w3.org/2000/svg";
const PAPER = 10; // CSS pixels around the graph
const LETTER = 7; // CSS pixels
const SMALLEST = 0.8; // of its size, to which a graph shrinks to stand whole in its place; a larger one scrolls

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Each kind has an outline of its own, told by how far its corners are cut, across and down, and where they lean. */
const CUTS = { constant: [0, 0], variable: [10, 0.5], update: [8, 0.25] };

function outline({ kind, width, height }) {
  const [w, h] = [width / 2, height / 2];
  if (kind === "placeholder") return `M${-w + 8},${-h}H${w + 2}L${w - 8},${h}H${-w - 2}Z`;
  if (!(kind in CUTS)) return `M${-w + h},${-h}H${w - h}A${h},${h} 0 0 1 ${w - h},${h}H${-w + h}A${h},${h} 0 0 1 ${-w + h},${-h}Z`;
  const [across, share] = CUTS[kind];
  const down = share * height;
  return `M${-w + across},${-h}H${w - across}L${w},${-h + down}V${h - down}L${w - across},${h}H${-w + across}L${-w},${h - down}V${-h + down}Z`;
}

/** A curve through an edge's points that leaves and arrives upright, with a head. */
function curve(points) {
  const slope = (place) => {
    const [before, after] = [points[place - 1], points[place + 1]];
    return before && after ? (after[0] - before[0]) / (after[1] - before[1]) : 0;
  };
  let path = `M${points[0]}`;
  points.slice(1).forEach(([x, y], place) => {
    const [before, above] = points[place];
    const reach = (y - above) / 2;
    path += `C${before + slope(place) * reach},${above + reach} ${x - slope(place + 1) * reach},${y - reach} ${x},${y}`;
  });
  const [x, y] = points.at(-1);
  return `${path}M${x - 4},${y - 7}L${x},${y - 1}L${x + 4},${y - 7}`;
}

const fitted = (text, width) => (text.length * LETTER > width - 8 ? `${text.slice(0, Math.max(1, Math.floor((width - 8) / LETTER) - 1))}…` : text);

function box(node) {
  const made = shape("g", { class: "node", "data-key": node.key, "data-kind": node.kind, transform: `translate(${node.x},${node.y})`, color: node.colour });
  const d = outline(node);
  const two = node.height > 30;
  made.append(shape("path", { d, class: "ground" }), shape("path", { d, class: "outline" }));
  made.append(shape("text", { y: 4, class: "label" }, fitted(node.label, node.width)));
  if (two) made.append(shape("text", { y: 14, class: "value" }));
  made.append(shape("title", {}, [node.label, node.kind, node.detail].filter(Boolean).join(", ")));
  return made;
}

export class GraphPicture {
  #shown = null;
  #figure = null;
  #state = { values: {}, lit: new Set(), gone: new Set(), focus: null };

  constructor(element, { still = false } = {}) {
    this.element = element;
    this.still = still;
    this.draws = 0;
    if (still) return;
    element.addEventListener("keydown", (event) => this.#pressed(event));
    element.addEventListener("click", (event) => this.#goTo(event.target.closest(".node")?.dataset.key));
  }

  /** Forgets what is shown, so that the next `draw` draws. */
  stale() {
    this.#shown = null;
  }

  /** Shows the chart `name` of `timeline` at `frame`, unless that is what is shown. It takes no time to speak of. */
  draw(timeline, name, frame) {
    const shown = this.#shown;
    if (shown && shown.timeline === timeline && !timeline.differs(name, shown.frame, frame)) return false;
    const figure = timeline.start.charts[name];
    const traces = timeline.traces(name, frame);
    if (this.#figure !== figure) this.#build(figure);
    this.#state = stateOf(figure.data, traces);
    this.#mark();
    Object.assign(this.element, { data: traces, layout: figure.layout }); // as Plotly leaves them: the catalogue's picture is made of them
    this.#shown = { timeline, frame };
    this.draws += 1;
    this.element.dataset.draws = this.draws;
    return false;
  }

  /** Boxes and curves as they stand all through the run. */
  #build(figure) {
    const { nodes, edges, width } = figure.layout.meta;
    this.#figure = figure;
    this.graph = joined(figure.layout.meta);
    fillLegend(this.element.closest("figure")?.querySelector(".legend"), figure.data);
    const [wide, high] = [width + 2 * PAPER, figure.layout.height];
    const fit = Math.max(SMALLEST, Math.min(1, this.element.clientHeight / high || 1));
    const scale = (fit * Number(getComputedStyle(this.element).getPropertyValue("--letters"))) / 13;
    this.svg = shape("svg", { viewBox: `${-PAPER} 0 ${wide} ${high}`, width: wide * scale, height: high * scale });
    this.edges = edges.map((edge) => Object.assign(shape("path", { d: curve(edge.points), class: "edge" }), { edge }));
    this.boxes = new Map(nodes.map((node) => [node.key, box(node)]));
    this.svg.append(...this.edges, ...this.boxes.values());
    this.spoken = Object.assign(document.createElement("p"), { className: "unseen" });
    this.spoken.setAttribute("role", "status");
    this.element.replaceChildren(this.svg, ...(this.still ? [] : [this.spoken]));
    if (this.still) this.svg.setAttribute("aria-hidden", "true");
    else this.#open(nodes[0].key);
  }

  /** One node is a stop of the tab key; from it the arrows lead on. */
  #open(key) {
    this.svg.setAttribute("role", "application");
    this.svg.setAttribute("aria-label", "Graph. The arrow keys walk along its edges: up to what a node reads, down to what reads it.");
    for (const [one, made] of this.boxes) {
      made.setAttribute("role", "img");
      made.setAttribute("tabindex", one === key ? "0" : "-1");
    }
  }

  /** The moment's values and marks. */
  #mark() {
    const { values, lit, gone, focus } = this.#state;
    for (const [key, made] of this.boxes) {
      const { node } = this.graph.get(key);
      const value = made.querySelector(".value");
      if (value) value.textContent = fitted(values[key] ?? "", node.width);
      made.querySelector(".label").setAttribute("y", value?.textContent ? -3 : 4);
      for (const [name, is] of [["lit", lit.has(key)], ["gone", gone.has(key)], ["focus", focus === key]]) made.classList.toggle(name, is);
      made.setAttribute("aria-label", this.#said(key));
    }
    for (const made of this.edges) {
      const ends = [made.edge.source, made.edge.target];
      made.classList.toggle("lit", ends.every((key) => lit.has(key)) || focus === made.edge.target);
      made.classList.toggle("gone", ends.some((key) => gone.has(key)));
    }
    if (focus !== null) this.#show(focus);
  }

  #said(key) {
    const { values, gone } = this.#state;
    return said(this.graph, key, { value: values[key], gone: gone.has(key) });
  }

  /** The node at work comes into sight, where the graph is larger than its place; those who step hear of it. */
  #show(key) {
    const { node } = this.graph.get(key);
    const scale = this.svg.clientWidth / this.svg.viewBox.baseVal.width || 1;
    for (const [from, size, at, room] of [["scrollTop", "clientHeight", node.y, node.height], ["scrollLeft", "clientWidth", node.x + PAPER, node.width]]) {
      const [middle, half, seen] = [at * scale, (room * scale) / 2 + PAPER, this.element[size]];
      if (middle - half < this.element[from] || middle + half > this.element[from] + seen) this.element[from] = middle - seen / 2;
    }
    if (!this.still && !this.element.closest("[data-playing]")) this.spoken.textContent = this.#said(key);
  }

  #pressed(event) {
    const key = event.target.closest(".node")?.dataset.key;
    if (key === undefined || !walks(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#goTo(step(this.graph, key, event.key));
  }

  #goTo(key) {
    if (key === undefined) return;
    for (const made of this.boxes.values()) made.setAttribute("tabindex", "-1");
    const made = this.boxes.get(key);
    made.setAttribute("tabindex", "0");
    made.focus();
  }

  /** Saves what is shown as a picture, on the paper of a theme. */
  save(format, theme) {
    const [around, drawing] = inTheme(theme, () => [surroundings(this.element), alone(this.svg)]);
    return savePicture(drawing, around, format, `${this.#shown.timeline.start.topic}-${this.element.dataset.chart}`);
  }
}
