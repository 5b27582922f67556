// Pinned runs: each is read whole from its own stream. Its lines and bars lie faintly beneath the live run's, moment for moment; where
// that would mix pictures, or lines over different ground, it has a picture of its own instead: see beside.js.
import { RunStream } from "./stream.js";
import { Timeline } from "./timeline.js";

const DASHES = ["dash", "dot", "dashdot"];
const grounds = new WeakMap(); // timeline -> what its charts' lines are drawn over

/** What the lines of a chart are drawn over, as text that can be compared. (Plotly leaves its own notes on an array it has drawn.) */
function groundOf(timeline, chart) {
  if (!grounds.has(timeline)) grounds.set(timeline, new Map());
  const known = grounds.get(timeline);
  if (!known.has(chart)) known.set(chart, JSON.stringify(timeline.start.charts[chart].data.map(({ z }) => z?.bdata ?? z)));
  return known.get(chart);
}

/** How the page compares a chart: "over", "beside", or "ground": over where the ground is the same, else beside. */
const howOf = (chart) => document.getElementById(`chart-${chart}`)?.dataset.compared ?? "over";

class PinnedRun {
  timeline = null;
  trouble = "";

  constructor(src, onNews) {
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
    if (state === "refused" || state === "busy") this.#says(said, onNews);
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

  /** Its moment at one of the live run; where the runs differ in length, the one at the same share of the way. */
  moment(live, frame) {
    const share = frame / Math.max(1, live.planned - 1);
    const there = live.planned === this.timeline.planned ? frame : Math.round(share * (this.timeline.planned - 1));
    return Math.min(there, this.timeline.length - 1);
  }

  /** Whether it has a picture of its own for this chart. */
  standsBeside(live, chart) {
    if (!(chart in this.timeline.start.charts)) return false;
    const how = howOf(chart);
    return how === "beside" || (how === "ground" && groundOf(live, chart) !== groundOf(this.timeline, chart));
  }

  /** Whether the live run's axes serve this one too: not where it stands on other ground. */
  sharesAxes(live, chart) {
    return chart in this.timeline.start.charts && (howOf(chart) === "beside" || !this.standsBeside(live, chart));
  }

  /** Its lines and bars at a moment of the live run, for a chart where they lie beneath. */
  traces(live, chart, frame) {
    if (!(chart in this.timeline.start.charts) || this.standsBeside(live, chart)) return [];
    const all = this.timeline.traces(chart, this.moment(live, frame));
    const drawn = all.filter((trace) => trace.uid && (trace.mode?.includes("lines") || trace.type === "bar"));
    return drawn.map((trace) => faint(trace, this.label, this.place));
  }
}

function faint(trace, label, place) {
  const named = { name: `${trace.name} · ${label}`, uid: `pin-${place}-${trace.uid}`, showlegend: false, opacity: 0.45 };
  return trace.line ? { ...trace, ...named, line: { ...trace.line, width: 1.6, dash: DASHES[place] } } : { ...trace, ...named };
}

/** An axis whose fixed range holds both; one without a range finds its own. */
function union(one, other) {
  if (!one?.range || !other?.range) return one;
  const [low, high] = [Math.min, Math.max].map((most) => most(...one.range, ...other.range));
  return { ...one, range: one.range[0] > one.range[1] ? [high, low] : [low, high] };
}

export class Pins {
  #runs = new Map();

  constructor(onNews) {
    this.onNews = onNews;
  }

  /** Keeps the runs listed on the page, begins those that are new, drops the rest. */
  follow(items) {
    const wanted = new Map([...items].map((item) => [item.dataset.src, item.dataset.label]));
    for (const [src, run] of this.#runs) {
      if (!wanted.has(src)) {
        run.stream.close();
        this.#runs.delete(src);
      }
    }
    [...wanted].forEach(([src, label], place) => {
      if (!this.#runs.has(src)) this.#runs.set(src, new PinnedRun(src, this.onNews));
      Object.assign(this.#runs.get(src), { label, place });
    });
    this.onNews();
  }

  /** Lets go of all runs. */
  close() {
    for (const { stream } of this.#runs.values()) stream.close();
    this.#runs.clear();
  }

  /** All runs pinned, in the order of the page. */
  get all() {
    return [...this.#runs.values()].toSorted((one, other) => one.place - other.place);
  }

  /** Those that are here whole. */
  get whole() {
    return this.all.filter((run) => run.timeline?.done);
  }

  /** A layout with fixed ranges wide enough for the live run and for the pinned ones. */
  widened(layout, chart, live) {
    const wide = { ...layout };
    for (const { timeline } of [{ timeline: live }, ...this.whole.filter((run) => run.sharesAxes(live, chart))]) {
      const other = timeline.start.charts[chart].layout;
      Object.assign(wide, { xaxis: union(wide.xaxis, other.xaxis), yaxis: union(wide.yaxis, other.yaxis) });
    }
    return wide;
  }

  /** Faint traces of all pinned runs for a chart of the live run. */
  behind(live, chart, frame) {
    return this.whole.flatMap((run) => run.traces(live, chart, frame));
  }
}
