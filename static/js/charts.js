// All charts of a run: drawn in step, at rest together, thrown away together.
import { drawerFor } from "./plot.js";

export { plotly } from "./plot.js";

/** A task of its own for what follows; what the visitor does comes first. */
const turn = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

export class Charts {
  #drawers = new Map(); // place on the page -> what draws there

  constructor(root) {
    this.root = root;
  }

  /**
   * Draws every chart at a moment, each in a task of its own, so that none keeps the visitor's clicks and keys waiting long; whether all
   * were drawn, and not given up since it `holds` no longer.
   */
  async draw(timeline, frame, pins, holds) {
    for (const element of this.root.querySelectorAll(".plot")) {
      const name = element.dataset.chart;
      if (!(name in timeline.start.charts)) continue;
      if (this.#at(element).draw(timeline, name, frame, pins)) await turn();
      if (!holds()) return false;
    }
    return true;
  }

  #at(element) {
    if (!this.#drawers.has(element)) this.#drawers.set(element, drawerFor(element));
    return this.#drawers.get(element);
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
    this.#drawers.get(figure.querySelector(".plot"))?.save(format, theme);
  }

  close() {
    for (const { element } of this.#drawers.values()) globalThis.Plotly?.purge(element);
    this.#drawers.clear();
  }
}
