// The comparison with pinned runs, in its three forms: lines beneath the live run's, pictures beside them, and a table.
import { Beside } from "./beside.js";
import { differences } from "./differences.js";
import { Pins } from "./pins.js";

export class Comparison {
  #root = null;
  #beside = null;
  #live = null;
  #told = "";

  /** `onNews` is called when the charts must be drawn anew: a pinned run came or went. */
  constructor(root, onNews) {
    this.#root = root;
    this.onNews = onNews;
    this.pins = new Pins(() => this.#arrange(true));
    this.#beside = new Beside(root, this.pins);
  }

  /** Reads the pinned runs of the page, now and after each swap, until the signal ends it. */
  open(signal) {
    const follow = () => this.pins.follow(this.#root.querySelectorAll(".pins li"));
    document.addEventListener("htmx:after:swap", follow, { signal });
    signal.addEventListener("abort", () => this.#close());
    follow();
  }

  #close() {
    this.pins.close();
    this.#beside.close();
  }

  /** Says in the list which pinned run cannot be shown and why; what takes it away has a word then. */
  #list() {
    const troubles = new Map(this.pins.all.map((run) => [run.src, run.trouble]));
    for (const item of this.#root.querySelectorAll(".pins li")) {
      const trouble = troubles.get(item.dataset.src);
      item.querySelector(".trouble").textContent = trouble ? `Not shown. ${trouble}` : "";
      item.querySelector("[data-do=unpin]").textContent = trouble ? "Unpin" : "×";
    }
  }

  #arrange(news) {
    if (news) this.#list();
    const moved = this.#beside.arrange(this.#live);
    if (news) this.#told = "";
    if (news || moved) this.onNews();
  }

  /** The live run at a moment: pictures follow, and the table when there is something new to tell. */
  show(live, frame) {
    if (live !== this.#live) {
      this.#live = live;
      this.#arrange(false);
    }
    this.#beside.show(live, frame);
    this.#tell();
  }

  #tell() {
    const news = `${this.#live.start.run} ${Boolean(this.#live.done)} ${this.pins.whole.map((run) => run.src + run.label)}`;
    if (news === this.#told) return;
    this.#told = news;
    differences(this.#root.querySelector(".comparison"), this.#live, this.pins.whole);
  }

  /** What is drawn no longer holds: the theme changed, or the room. */
  stale() {
    this.#beside.stale();
  }
}
