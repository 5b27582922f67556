// A run that is compared with the live one. Its lines and bars lie faintly beneath the live run's, moment for moment; where that would
// mix pictures, or lines over different ground, a kept run has a picture of its own instead: see beside.js.

/** How a kept run's lines are dashed, in widths of the line, as Plotly does it. */
export const DASHES = [
  { name: "dash", pattern: "9 5" },
  { name: "dot", pattern: "2 3" },
  { name: "dashdot", pattern: "9 3 2 3" },
];

const BEHIND = 0.9; // of a category's room, that bars of the last run fill

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

const experimentOf = ({ start: { topic, demo, params } }) => JSON.stringify([topic, demo, params]);

/** Whether two timelines are of one experiment: runs that differ in nothing. */
export const alike = (one, other) => experimentOf(one) === experimentOf(other);

/** Its `label` says what differs; its `place` among the kept runs gives its dashes, and one without a place keeps those of its series. */
export class ComparedRun {
  timeline = null;
  label = "";
  place = null;

  /** What stands for it in a key: dashes, and the words. */
  get key() {
    return { pattern: DASHES[this.place]?.pattern, label: this.place === null ? `last run: ${this.label}` : this.label };
  }

  /** Its moment at one of the live run; where the runs differ in length, the one at the same share of the way. */
  moment(live, frame) {
    const share = frame / Math.max(1, live.planned - 1);
    const there = live.planned === this.timeline.planned ? frame : Math.round(share * (this.timeline.planned - 1));
    return Math.min(there, this.timeline.length - 1);
  }

  /** Whether a picture of its own is what would show it in this chart. */
  standsBeside(live, chart) {
    if (!(chart in this.timeline.start.charts)) return false;
    const how = howOf(chart);
    return how === "beside" || (how === "ground" && groundOf(live, chart) !== groundOf(this.timeline, chart));
  }

  /** Whether the live run's axes serve this one too: not where it stands on other ground. */
  sharesAxes(live, chart) {
    return chart in this.timeline.start.charts && (howOf(chart) === "beside" || !this.standsBeside(live, chart));
  }

  /** Its lines and bars at a moment of the live run, for a chart where they lie beneath, and where so many runs stand side by side. */
  traces(live, chart, frame, runs) {
    if (!this.liesIn(live, chart)) return [];
    const all = this.timeline.traces(chart, this.moment(live, frame)).filter(moves);
    return all.map((trace) => this.#faint(trace.offsetgroup ? this.#grouped(trace, BEHIND / (all.length * runs)) : trace));
  }

  /** A bar among others: of a kept run beside the live one's; of the last run behind it, and wider, so that none moves when it comes. */
  #grouped(trace, width) {
    return this.place === null ? { ...trace, width } : { ...trace, offsetgroup: `pin-${this.place}-${trace.offsetgroup}` };
  }

  /** Whether it has lines or bars beneath those of a chart. */
  liesIn(live, chart) {
    return chart in this.timeline.start.charts && !this.standsBeside(live, chart) && this.timeline.start.charts[chart].data.some(moves);
  }

  #faint(trace) {
    const kept = this.place !== null;
    const uid = `${kept ? `pin-${this.place}` : "last"}-${trace.uid}`;
    const named = { name: `${trace.name} · ${this.key.label}`, uid, showlegend: false, opacity: kept ? 0.45 : 0.3 };
    const line = { ...trace.line, width: 1.6, dash: kept ? DASHES[this.place].name : trace.line?.dash };
    return trace.line ? { ...trace, ...named, line } : { ...trace, ...named };
  }
}

/** Whether a trace is one of the lines and bars that frames change. */
const moves = (trace) => trace.uid && (trace.mode?.includes("lines") || trace.type === "bar");
