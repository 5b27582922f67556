// Pinned runs: each is read whole from its own stream and drawn as faint lines beneath the live run, moment for moment.
import { RunStream } from "./stream.js";
import { Timeline } from "./timeline.js";

const DASHES = ["dash", "dot", "dashdot"];

class PinnedRun {
  timeline = null;

  constructor(src, label, place, onNews) {
    this.label = label;
    this.place = place;
    this.stream = new RunStream(src, (type, data, id) => this.#take(type, data, id, onNews), () => {});
    this.stream.open();
  }

  #take(type, data, id, onNews) {
    if (type === "start") this.timeline = new Timeline(data);
    else if (type === "frame") this.timeline.add(data, id);
    else if (type === "done") {
      this.timeline.done = data;
      onNews();
    }
  }

  /** Its lines and bars at a moment of the live run; where the runs differ in length, at the same share of the way. */
  traces(live, chart, frame) {
    if (!this.timeline?.done || !(chart in this.timeline.start.charts)) return [];
    const share = frame / Math.max(1, live.planned - 1);
    const there = live.planned === this.timeline.planned ? frame : Math.round(share * (this.timeline.planned - 1));
    const moment = Math.min(there, this.timeline.length - 1);
    const drawn = this.timeline.traces(chart, moment).filter((trace) => trace.uid && (trace.mode?.includes("lines") || trace.type === "bar"));
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
  return { ...one, range: [Math.min(one.range[0], other.range[0]), Math.max(one.range[1], other.range[1])] };
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
    let place = 0;
    for (const [src, label] of wanted) {
      if (!this.#runs.has(src)) this.#runs.set(src, new PinnedRun(src, label, place, this.onNews));
      Object.assign(this.#runs.get(src), { label, place });
      place += 1;
    }
    this.onNews();
  }

  close() {
    this.follow([]);
  }

  /** The runs that are here whole. */
  get whole() {
    return [...this.#runs.values()].filter((run) => run.timeline?.done);
  }

  /** The live run's layout with fixed ranges wide enough for the pinned runs as well. */
  widened(layout, chart) {
    const others = this.whole.map((run) => run.timeline.start.charts[chart]?.layout).filter(Boolean);
    return others.reduce((wide, other) => ({ ...wide, xaxis: union(wide.xaxis, other.xaxis), yaxis: union(wide.yaxis, other.yaxis) }), layout);
  }

  /** Faint traces of all pinned runs for a chart of the live run. */
  behind(live, chart, frame) {
    return this.whole.flatMap((run) => run.traces(live, chart, frame));
  }
}
