// Reading a chart: the pointer at a step shows all series there, a click goes to that moment where the axis is the training's own, and
// with the focus on the chart the arrow keys read it point by point, aloud in the page's one live region.
import { Overlay } from "./overlay.js";
import { headOf, isAlong, measureOf, nearestPoint, placesOf, readingAt, seriesOf } from "./readings.js";

const EVENTS = ["pointermove", "pointerdown", "pointerleave", "pointercancel", "mousedown", "click", "keydown", "focusout"];
const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const TURNS = { ArrowUp: -1, ArrowDown: 1 };
const WITH = ["altKey", "ctrlKey", "metaKey", "shiftKey"];
const BESIDE = 8; // pixels beyond the axes that count as their edge

/** The place in a list of pixels that is nearest to one. */
const nearest = (pixels, one) => pixels.reduce((best, at, place) => (Math.abs(at - one) < Math.abs(pixels[best] - one) ? place : best), 0);

const touched = new Set(); // the readers that a finger has left its crosshair on

document.addEventListener("pointerdown", ({ target }) => {
  for (const reader of touched) if (!reader.element.contains(target)) reader.leave();
});

export class Reader {
  #drawn = null; // { timeline, name, frame, traces } as the plot has drawn it
  #along = false;
  #places = null; // along the axis, with their pixels
  #pointer = null; // where it is in the window
  #x = null; // the place that is read
  #series = null; // { name, place } of the one that keys have chosen
  #at = 0; // its point
  #waits = false;

  constructor(element) {
    this.element = element;
    this.overlay = new Overlay(element);
    for (const type of EVENTS) element.addEventListener(type, this);
  }

  /** Another moment was drawn, or the same one in another room. */
  drew(drawn) {
    const other = drawn.timeline !== this.#drawn?.timeline;
    if (other) this.#along = isAlong(drawn.timeline.start.charts[drawn.name]);
    if (other) this.element.classList.toggle("along", this.#along);
    this.#drawn = drawn;
    this.#places = null;
    if (this.#pointer) this.#soon();
    else if (this.#x !== null && this.#along) this.#show(this.#x);
    else this.overlay.hide();
  }

  handleEvent(event) {
    if (event.type === "mousedown") this.#keepFocus(event);
    else if (event.type === "focusout") this.leave();
    else if (this.#drawn && this.overlay.frame) this.#answer(event);
  }

  #answer(event) {
    if (event.type === "keydown") this.#pressed(event);
    else if (event.type === "click") this.#clicked(event);
    else if (event.type === "pointermove" || event.type === "pointerdown") this.#point(event);
    else if (event.pointerType === "mouse" || event.type === "pointercancel") this.leave();
  }

  /** Nothing is read any more. */
  leave() {
    touched.delete(this);
    [this.#pointer, this.#x, this.#series] = [null, null, null];
    this.overlay.hide();
  }

  get #figure() {
    return this.#drawn.timeline.start.charts[this.#drawn.name];
  }

  /** [x, frame] of each moment, where the axis is the training's own and a click is not the chart's. */
  get #clock() {
    return this.#along && !this.element.closest("[data-click]") ? this.#drawn.timeline.clock(this.#drawn.name) : null;
  }

  // The pointer

  /** The keys stay the player's for who points: the focus comes by the tab key alone. */
  #keepFocus(event) {
    event.preventDefault();
    if (document.activeElement !== this.element) document.activeElement?.blur();
  }

  #point({ clientX, clientY, pointerType }) {
    if (!this.#along) return;
    if (pointerType !== "mouse") touched.add(this);
    this.#pointer = { clientX, clientY };
    this.#soon();
  }

  /** Once a screen's frame at most, however many events come. */
  #soon() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      if (this.#pointer) this.#show(this.#under(this.#pointer));
    });
  }

  /** Where along the axis there is something to be read, in order, and where that is in pixels. */
  #stops() {
    if (this.#places) return this.#places;
    const { left, width, xaxis } = this.overlay.frame;
    const all = new Set([...placesOf(this.#drawn.traces), ...(this.#clock ?? []).map(([x]) => x)]);
    const shown = [...all].map((x) => [x, left + xaxis.d2p(x)]).filter(([, at]) => at >= left - 1 && at <= left + width + 1);
    this.#places = { values: shown.map(([x]) => x), pixels: shown.map(([, at]) => at) };
    return this.#places;
  }

  /** The place that is read under the pointer; null outside of the axes. */
  #under({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    const { left, top, width, height } = this.overlay.frame;
    const [across, down] = [clientX - box.left, clientY - box.top];
    const outside = across < left - BESIDE || across > left + width + BESIDE || down < top - BESIDE || down > top + height + BESIDE;
    const { values, pixels } = this.#stops();
    return outside || !values.length ? null : values[nearest(pixels, across)];
  }

  #show(x) {
    this.#x = x;
    this.element.classList.toggle("goes", Boolean(this.#clock));
    if (x === null) return this.overlay.hide();
    const { layout } = this.#figure;
    const rows = readingAt(this.#drawn.traces, x);
    const here = rows.findIndex(({ name }) => name === this.#series?.name);
    this.overlay.show({ x, head: headOf(layout, x), measure: measureOf(layout), rows, here, note: this.#noteOn(x, rows) });
  }

  /** What the box says beside the numbers: that they come later, or what a click does. */
  #noteOn(x, rows) {
    const frame = this.#clock?.find(([at]) => at === x)?.[1];
    if (frame === undefined || frame === this.#drawn.frame) return "";
    return rows.some(({ own }) => own) ? "click to go there" : "later in this run: click to go there";
  }

  #clicked(event) {
    const x = this.#clock ? this.#under(this.#pointer ?? event) : null;
    if (x !== null) this.#go(x);
  }

  /** To the moment that stands nearest to a place of the axis. */
  #go(x) {
    const { xaxis } = this.overlay.frame;
    const [, frame] = this.#clock[nearest(this.#clock.map(([at]) => xaxis.d2p(at)), xaxis.d2p(x))];
    this.element.dispatchEvent(new CustomEvent("run:moment", { bubbles: true, detail: { frame } }));
  }

  // The keys

  #pressed(event) {
    if (event.target !== this.element || WITH.some((name) => event[name])) return;
    if (event.key === "Escape") return this.leave();
    if (event.key === "Enter" && this.#clock && this.#x !== null) return this.#go(this.#x);
    if (!(event.key in MOVES || event.key in TURNS)) return;
    const all = seriesOf(this.#drawn.traces, this.#figure.layout);
    if (!all.length) return;
    event.preventDefault();
    this.#walk(all, event.key);
  }

  /** Along a series, or to another one at the same place; the first key reads the newest point of the first, or what Home says. */
  #walk(all, key) {
    const { name: before, place = -1 } = this.#series ?? {};
    const from = all[place]?.name === before ? place : all.findIndex(({ name }) => name === before);
    const to = from < 0 ? 0 : (from + (TURNS[key] ?? 0) + all.length) % all.length;
    const { name, points } = all[to];
    if (from < 0) this.#at = key === "Home" ? 0 : points.length - 1;
    else if (to === from) this.#at = Math.max(0, Math.min(points.length - 1, this.#at + (MOVES[key] ?? 0)));
    else this.#at = nearestPoint(points, all[from].points[Math.min(this.#at, all[from].points.length - 1)].x);
    this.#series = { name, place: to };
    this.#read(name, points[this.#at], from !== to);
  }

  /** Shows a point and says it, what is new first. */
  #read(name, { x, y, said }, another) {
    const { layout } = this.#figure;
    const [head, measure] = [headOf(layout, x), measureOf(layout)];
    if (this.#along) this.#show(x);
    else this.overlay.show({ x, y, head, measure, rows: [{ name, said, own: true }], here: 0 });
    const value = `${name || measure} ${said}`;
    this.element.closest("live-run").querySelector(".status .read").textContent = another ? `${value}, ${head}` : `${head}, ${value}`;
  }
}
