// Pictures of kept runs: a field, an image or a network is drawn once more for each kept run, beside the live one and in step with it.
// They are still pictures, one an animation frame at most and only the newest moment, so that the live run goes first.
import { drawerFor } from "./drawers.js";
import { titleOf } from "./words.js";

const PLACES = "[data-compared] .beside";

/** One picture: a chart of one pinned run. */
class Picture {
  constructor(run, chart) {
    Object.assign(this, { run, chart });
    this.element = document.createElement("figure");
    this.element.className = "pinned";
    this.caption = document.createElement("figcaption");
    const { kind } = document.querySelector(`#chart-${CSS.escape(chart)} .plot`).dataset;
    const paper = Object.assign(document.createElement("div"), { className: "picture", role: kind === "plot" ? "img" : "group" });
    paper.dataset.kind = kind;
    if (kind !== "plot") paper.tabIndex = 0; // it may be wider than its place, and scroll
    this.element.append(this.caption, paper);
    this.plot = drawerFor(paper, { still: true });
  }

  /** Names it by what differs. */
  name() {
    if (this.caption.textContent === this.run.label) return;
    this.caption.textContent = this.run.label;
    this.plot.element.setAttribute("aria-label", `${titleOf(this.chart)}: ${this.run.label}`);
  }

  /** Draws the moment that belongs to the live run's, on the axes of all where they can be shared; whether that took its time. */
  draw(live, frame, pins) {
    const widened = (layout, chart) => (this.run.sharesAxes(live, chart) ? pins.widened(layout, chart, live) : layout);
    this.plot.element.style.setProperty("--height", `${live.start.charts[this.chart].layout.height}px`);
    return this.plot.draw(this.run.timeline, this.chart, this.run.moment(live, frame), { widened, behind: () => [], keys: () => [] });
  }

  remove() {
    globalThis.Plotly?.purge(this.plot.element);
    this.element.remove();
  }
}

export class Beside {
  #pictures = new Map(); // "chart src" -> picture
  #live = null;
  #frame = -1;
  #loop = 0;
  #next = 0;

  constructor(root, pins) {
    this.root = root;
    this.pins = pins;
  }

  /** Makes the pictures that the pinned runs want beside this live one, drops the others; whether any came or went. */
  arrange(live) {
    const wanted = new Map(live ? this.#wanted(live) : []);
    const gone = [...this.#pictures].filter(([key]) => !wanted.has(key));
    for (const [key, picture] of gone) {
      picture.remove();
      this.#pictures.delete(key);
    }
    const come = [...wanted].filter(([key]) => !this.#pictures.has(key));
    for (const [key, { run, chart }] of come) this.#pictures.set(key, new Picture(run, chart));
    for (const [key, { place }] of wanted) {
      this.#pictures.get(key).name();
      if (come.length) place.append(this.#pictures.get(key).element); // all anew: they stand in the order of the pins
    }
    return gone.length + come.length > 0;
  }

  *#wanted(live) {
    for (const place of this.root.querySelectorAll(PLACES)) {
      const { chart } = place.closest(".chart").querySelector(".plot").dataset;
      const runs = chart in live.start.charts ? this.pins.whole(live).filter((run) => run.standsBeside(live, chart)) : [];
      for (const run of runs) yield [`${chart} ${run.src}`, { run, chart, place }];
    }
  }

  /** Wants this moment of the live run in every picture. */
  show(live, frame) {
    this.#live = live;
    this.#frame = frame;
    if (this.#pictures.size) this.#loop ||= requestAnimationFrame(() => this.#drawOne());
  }

  /** Each, in turn, that shows another moment, up to the first that took its time; when there is none, the loop rests. */
  #drawOne() {
    this.#loop = 0;
    const pictures = [...this.#pictures.values()];
    for (let tried = 0; tried < pictures.length; tried += 1) {
      const picture = pictures[this.#next++ % pictures.length];
      if (picture.draw(this.#live, this.#frame, this.pins)) return this.show(this.#live, this.#frame);
    }
  }

  /** Forgets what is drawn: the theme changed, or the room. */
  stale() {
    for (const { plot } of this.#pictures.values()) plot.stale();
  }

  close() {
    cancelAnimationFrame(this.#loop);
    this.#loop = 0;
    this.arrange(null);
  }
}
