// The comparison with the last run and with kept ones, in its four forms: lines beneath the live run's, pictures beside them, a sentence
// by the player, and a table.
import { Beside } from "./beside.js";
import { named, sentence } from "./change.js";
import { DASHES, alike } from "./compared.js";
import { differences } from "./differences.js";
import { lineSample } from "./legend.js";
import { Pins } from "./pins.js";

export class Comparison {
  #root = null;
  #beside = null;
  #live = null;
  #told = "";
  sentence = ""; // what the last change did

  /** `onNews` is called when the charts must be drawn anew: a pinned run came or went. */
  constructor(root, onNews) {
    this.#root = root;
    this.onNews = onNews;
    this.pins = new Pins(() => this.#arrange(true));
    this.#beside = new Beside(root, this.pins);
  }

  /** Reads the pinned runs of the page, now and after each swap, until the signal ends it. */
  open(signal) {
    const follow = () => {
      this.pins.follow(this.#root.querySelectorAll(".pins li"));
      this.#list();
    };
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
    const runs = new Map(this.pins.all.map((run) => [run.src, run]));
    for (const item of this.#root.querySelectorAll(".pins li")) {
      const { trouble, key } = runs.get(item.dataset.src);
      item.querySelector(".line").replaceChildren(lineSample(key));
      item.querySelector(".trouble").textContent = trouble ? `Not shown. ${trouble}` : "";
      item.querySelector("[data-do=unpin]").textContent = trouble ? "Let go" : "×";
    }
  }

  #arrange(news) {
    if (news) {
      this.#list();
      this.#offer();
    }
    const moved = this.#beside.arrange(this.#live);
    if (news) this.#told = "";
    if (news || moved) this.onNews();
  }

  /** The live run is left for another: one that is here whole stays in the charts as the last one. */
  leave(timeline) {
    if (timeline?.done) this.pins.leave(timeline, this.#pinOf(timeline));
  }

  /** What would keep a run, as long as the page's own button speaks of it. */
  #pinOf({ start: { run } }) {
    return run.startsWith(this.#root.dataset.key) ? this.#root.querySelector(".keep")?.dataset.pin : undefined;
  }

  /** Another run begins: what lies beneath it is named by what it has that this one has not. */
  begin(live) {
    const last = this.pins.last;
    if (last) last.label = named(last.timeline.start.params, live.start.params);
    this.tell(live);
  }

  /** Says by the player what the change did. */
  tell(live) {
    const last = this.pins.last?.timeline;
    this.sentence = last && !alike(last, live) ? sentence(live, last) : "";
    const place = this.#root.querySelector(".change span");
    if (place.textContent !== this.sentence) place.textContent = this.sentence;
    this.#offer();
  }

  /** Nothing lies beneath a picture: where there are pictures, the last run can be kept, which puts its own beside them. */
  #offer() {
    const button = this.#root.querySelector(".change button");
    const { last, all } = this.pins;
    const pictures = this.sentence && this.#root.querySelector("[data-compared]");
    button.hidden = !pictures || last.pin === undefined || all.length >= DASHES.length || this.pins.keeps(last.timeline);
    button.dataset.pin = last?.pin ?? "";
  }

  /** What the last run measured for its claims. */
  before(live) {
    const last = this.pins.last?.timeline;
    return last && !alike(last, live) ? last.done.claims : [];
  }

  /** The live run at a moment: pictures follow, and the table when there is something new to tell. */
  show(live, frame) {
    if (live !== this.#live) {
      this.#live = live;
      this.#arrange(false);
    }
    this.#beside.show(live, frame);
    this.#compare();
  }

  #compare() {
    const news = `${this.#live.start.run} ${Boolean(this.#live.done)} ${this.pins.whole(this.#live).map((run) => run.src + run.label)}`;
    if (news === this.#told) return;
    this.#told = news;
    differences(this.#root.querySelector(".comparison"), this.#live, this.pins.whole(this.#live));
  }

  /** What is drawn no longer holds: the theme changed, or the room. */
  stale() {
    this.#beside.stale();
  }
}
