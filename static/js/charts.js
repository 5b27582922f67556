// All charts of a run that are in sight: drawn in step, at rest together, thrown away together. The others wait until they come near.
import { drawerFor } from "./drawers.js";
import { turn } from "./library.js";
import { Nearby } from "./sight.js";

export { plotly } from "./library.js";

export class Charts {
  #drawers = new Map(); // place on the page -> what draws there
  #nearby = null;
  #moment = null; // last drawn: of which timeline, which frame, before which pins

  constructor(root) {
    this.root = root;
  }

  /** Calls `came` when a chart that was out of sight is to be drawn. The signal ends it. */
  open(signal, came) {
    this.#nearby = new Nearby(signal, came);
    addEventListener("beforeprint", () => this.#drawAll(), { signal });
  }

  /**
   * Draws every chart in sight at a moment, each in a task of its own, so that none keeps the visitor's clicks and keys waiting long;
   * whether all were drawn, and not given up since it `holds` no longer.
   */
  async draw(timeline, frame, pins, holds) {
    this.#moment = { timeline, frame, pins };
    for (const element of this.#places(timeline)) {
      if (!this.#nearby.has(element)) continue;
      if (this.#show(element, { timeline, frame, pins })) await turn();
      if (!holds()) return false;
    }
    return true;
  }

  #places({ start }) {
    return [...this.root.querySelectorAll(".plot")].filter((element) => element.dataset.chart in start.charts);
  }

  /** Returns whether it took its time. */
  #show(element, { timeline, frame, pins }) {
    const first = !this.#drawers.has(element);
    if (first) this.#drawers.set(element, drawerFor(element));
    const slow = this.#drawers.get(element).draw(timeline, element.dataset.chart, frame, pins);
    if (first) element.dispatchEvent(new CustomEvent("chart:drawn", { bubbles: true }));
    return slow;
  }

  /** For paper, on which all of them are. */
  #drawAll() {
    if (!this.#moment) return;
    for (const element of this.#places(this.#moment.timeline)) this.#show(element, this.#moment);
  }

  /** Whether they are at rest, which shows at the ends of their lines. */
  rest(resting) {
    for (const drawer of this.#drawers.values()) drawer.rest?.(resting);
  }

  /** Forgets what is drawn, so that the next `draw` draws. */
  stale() {
    for (const drawer of this.#drawers.values()) drawer.stale();
  }

  /** Lights the series of a name, or none. */
  light(name) {
    const { dataset } = this.root;
    if (name === (dataset.lit ?? "")) return;
    if (name) dataset.lit = name;
    else delete dataset.lit;
    this.stale();
  }

  /** Saves the chart of a figure as a picture, on the paper that its menu says. */
  save(figure, format) {
    const theme = figure.querySelector("[name=dark]").checked ? "dark" : "light";
    const element = figure.querySelector(".plot");
    if (this.#moment) this.#show(element, this.#moment);
    this.#drawers.get(element)?.save(format, theme);
  }

  close() {
    for (const { element } of this.#drawers.values()) globalThis.Plotly?.purge(element);
    this.#drawers.clear();
    this.#moment = null;
  }
}
