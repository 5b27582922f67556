// A line that the visitor draws into a chart before its run: a few points, moved by the pointer all along the line, or one by one by keys.
import { areaBetween, curveOf, valueAt } from "./areas.js";
import { numberOf } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";
const [STEP, LEAP] = [0.02, 0.1]; // shares of the chart's height that a key moves a point by
const DIGITS = 2;

const shape = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

export class Sketch {
  #picture = shape("svg", { class: "sketch" });
  #line = shape("polyline", {});
  #handles = [];
  #heights = null; // shares of the chart's height, a point each
  #plot = null;
  #size = [0, 0]; // of the chart's axes, in CSS pixels
  #figure = null; // what the run says of the chart
  #last = null; // the point that the pointer moved last
  #eye = new ResizeObserver(() => setTimeout(() => this.#place(), 200)); // once the chart has settled in its room

  constructor({ chart, series, points }) {
    Object.assign(this, { chart, series, count: Number(points) });
    this.#handles = Array.from({ length: this.count }, (_, place) => shape("circle", { r: 6, tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, "data-place": place }));
    this.#picture.append(this.#line, ...this.#handles);
    this.#picture.addEventListener("keydown", (event) => this.#pressed(event));
    for (const type of ["pointerdown", "pointermove"]) this.#picture.addEventListener(type, (event) => this.#drawn(event));
  }

  /** The line's points, each [across, up], in shares of the chart. */
  get points() {
    return (this.#heights ?? []).map((height, place) => [place / (this.count - 1), height]);
  }

  /**
   * Puts the line on its chart, once that is drawn, level from where the run begins; again after each swap, and where the chart was drawn
   * anew. Returns whether it was not there before.
   */
  mount(timeline) {
    this.#plot = document.querySelector(`.plot[data-chart="${this.chart}"]`);
    if (!timeline?.length || !this.#plot?._fullLayout) return false;
    this.#figure = timeline.start.charts[this.chart];
    this.#heights ??= Array.from({ length: this.count }).fill(curveOf(timeline, this.chart, this.series, 0)[0]?.[1] ?? 0.5);
    const chart = this.#plot.closest("figure");
    const anew = this.#picture.parentNode !== chart;
    if (anew) chart.append(this.#picture);
    this.#eye.observe(this.#plot);
    this.#place();
    return anew;
  }

  remove() {
    this.#eye.disconnect();
    this.#picture.remove();
  }

  /** The line is drawn for good. */
  freeze() {
    this.#picture.classList.add("made");
    for (const handle of this.#handles) handle.remove();
  }

  /** The area between the line and the run's curve, as a share of the chart; null where the run has none. */
  distance(timeline) {
    return areaBetween(this.points, curveOf(timeline, this.chart, this.series, timeline.length - 1));
  }

  /** Over the chart's axes, wherever they are now. */
  #place() {
    const chart = this.#picture.closest("figure");
    const { xaxis, yaxis } = this.#plot?._fullLayout ?? {};
    if (!chart || !xaxis) return;
    const [outer, inner] = [chart.getBoundingClientRect(), this.#plot.getBoundingClientRect()];
    const left = inner.left - outer.left - chart.clientLeft + chart.scrollLeft + xaxis._offset;
    const top = inner.top - outer.top - chart.clientTop + yaxis._offset;
    this.#size = [xaxis._length, yaxis._length];
    const [width, height] = this.#size.map((side) => `${side}px`);
    Object.assign(this.#picture.style, { left: `${left}px`, top: `${top}px`, width, height });
    this.#show();
  }

  #show() {
    const [width, height] = this.#size;
    const places = this.points.map(([across, up]) => [across * width, (1 - up) * height]);
    this.#line.setAttribute("points", places.map((place) => place.join(",")).join(" "));
    this.#handles.forEach((handle, at) => this.#showHandle(handle, places[at], this.points[at]));
  }

  #showHandle(handle, [cx, cy], [across, up]) {
    const { xaxis, yaxis } = this.#figure.layout;
    const value = numberOf(valueAt(yaxis, up), DIGITS);
    const said = { cx, cy, "aria-label": `${yaxis.title.text} at ${xaxis.title.text} ${numberOf(valueAt(xaxis, across), DIGITS)}`, "aria-valuenow": Math.round(100 * up), "aria-valuetext": value };
    for (const [name, one] of Object.entries(said)) handle.setAttribute(name, one);
  }

  #set(place, height) {
    this.#heights[place] = Math.min(1, Math.max(0, height));
  }

  /** Up and down move a point, left and right lead to the next. */
  #pressed(event) {
    const place = Number(event.target.dataset.place);
    const by = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: LEAP, PageDown: -LEAP, Home: -1, End: 1 }[event.key];
    const next = this.#handles[place + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
    if (by) this.#set(place, this.#heights[place] + by * (event.shiftKey ? LEAP / STEP : 1));
    else if (!next) return;
    next?.focus();
    event.preventDefault();
    event.stopPropagation(); // these keys are the player's too
    this.#show();
  }

  /** While the pointer is down the line follows it, every point that it passes. */
  #drawn(event) {
    if (event.type === "pointermove" && !(event.buttons & 1)) return;
    if (this.#picture.classList.contains("made")) return;
    const { left, top, width, height } = this.#picture.getBoundingClientRect();
    const up = 1 - (event.clientY - top) / height;
    const place = Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * (this.count - 1));
    const from = event.type === "pointerdown" ? { place, up } : (this.#last ?? { place, up });
    const steps = Math.max(1, Math.abs(place - from.place));
    for (let step = 1; step <= steps; step += 1) this.#set(from.place + Math.round((step / steps) * (place - from.place)), from.up + (step / steps) * (up - from.up));
    this.#last = { place, up };
    if (event.type === "pointerdown") this.#picture.setPointerCapture(event.pointerId);
    this.#show();
  }
}
