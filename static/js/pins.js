// The runs that the live one is compared with: those that were kept, each read whole from its own stream, and the last one, whose
// frames are here already.
import { ComparedRun, DASHES, alike } from "./compared.js";
import { RunStream } from "./stream.js";
import { Timeline } from "./timeline.js";

class PinnedRun extends ComparedRun {
  trouble = "";

  constructor(src, onNews) {
    super();
    this.src = src;
    this.stream = new RunStream(src, (type, data, id) => this.#take(type, data, id, onNews), (state, said) => this.#connection(state, said, onNews));
    this.stream.open();
  }

  /** What keeps it from being shown, in words: the server's, when it refused or when the run failed. */
  #says(trouble, onNews) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    onNews();
  }

  #connection(state, said, onNews) {
    if (["refused", "unfit", "busy"].includes(state)) this.#says(said, onNews);
    else if (state === "open") this.#says("", onNews);
  }

  #take(type, data, id, onNews) {
    if (type === "start") this.timeline = new Timeline(data);
    else if (type === "frame") this.timeline.add(data, id);
    else if (type === "done") {
      this.timeline.done = data;
      onNews();
    } else if (type === "failed") this.#says(data.message, onNews);
  }
}

/** An axis whose fixed range holds both; one without a range finds its own. */
function union(one, other) {
  if (!one?.range || !other?.range) return one;
  const [low, high] = [Math.min, Math.max].map((most) => most(...one.range, ...other.range));
  return { ...one, range: one.range[0] > one.range[1] ? [high, low] : [low, high] };
}

export class Pins {
  #runs = new Map();
  #last = null;
  #followed = "";

  constructor(onNews) {
    this.onNews = onNews;
  }

  /** Keeps the runs listed on the page, begins those that are new, drops the rest. A run's dashes are its own as long as it is kept. */
  follow(items) {
    const wanted = new Map([...items].map((item) => [item.dataset.src, item.dataset.label]));
    for (const [src, run] of this.#runs) {
      if (!wanted.has(src)) {
        run.stream.close();
        this.#runs.delete(src);
      }
    }
    [...wanted].forEach(([src, label], order) => {
      if (!this.#runs.has(src)) this.#runs.set(src, Object.assign(new PinnedRun(src, this.onNews), { place: this.#freePlace() }));
      Object.assign(this.#runs.get(src), { label, order });
    });
    const followed = JSON.stringify([...wanted]);
    if (followed === this.#followed) return; // to draw all charts anew takes its time
    this.#followed = followed;
    this.onNews();
  }

  #freePlace() {
    const taken = new Set([...this.#runs.values()].map((run) => run.place));
    return DASHES.findIndex((_, place) => !taken.has(place));
  }

  /** The run before the live one, whole. */
  get last() {
    return this.#last;
  }

  /** Keeps a run in mind that is here whole, as the last one; `pin` would keep it for good. */
  leave(timeline, pin) {
    if (this.#last?.timeline !== timeline) this.#last = Object.assign(new ComparedRun(), { timeline, pin });
  }

  /** Whether a run is one of those kept. */
  keeps(timeline) {
    return this.all.some((run) => run.timeline && alike(run.timeline, timeline));
  }

  /** Lets go of all runs. */
  close() {
    for (const { stream } of this.#runs.values()) stream.close();
    this.#runs.clear();
    this.#followed = "";
    this.#last = null;
  }

  /** All runs kept, in the order of the page. */
  get all() {
    return [...this.#runs.values()].toSorted((one, other) => one.order - other.order);
  }

  /** Those that are here whole and are other runs than the live one: no run is compared with itself. */
  whole(live) {
    return this.all.filter((run) => run.timeline?.done && !alike(run.timeline, live));
  }

  /** Those, and the last run unless it is one of them. */
  #beneath(live) {
    const kept = this.whole(live);
    const last = this.#last && ![live, ...kept.map((run) => run.timeline)].some((other) => alike(this.#last.timeline, other));
    return last ? [this.#last, ...kept] : kept;
  }

  /** A layout with fixed ranges wide enough for the live run and for those it is compared with. */
  widened(layout, chart, live) {
    const wide = { ...layout };
    for (const { timeline } of [{ timeline: live }, ...this.#beneath(live).filter((run) => run.sharesAxes(live, chart))]) {
      const other = timeline.start.charts[chart].layout;
      Object.assign(wide, { xaxis: union(wide.xaxis, other.xaxis), yaxis: union(wide.yaxis, other.yaxis) });
    }
    return wide;
  }

  /** Faint traces of those runs for a chart of the live run. */
  behind(live, chart, frame) {
    const runs = this.#beneath(live);
    const kept = runs.filter((run) => run.place !== null && run.liesIn(live, chart));
    return runs.flatMap((run) => run.traces(live, chart, frame, 1 + kept.length));
  }

  /** What says on the chart which faint lines are whose. */
  keys(live, chart) {
    return this.#beneath(live).filter((run) => run.liesIn(live, chart)).map((run) => run.key);
  }
}
