// One chart on the page: a Plotly figure in the colours of the theme, drawn at a moment of a timeline.
/* global Plotly */
import { sampled } from "./clouds.js";
import { nameEnds } from "./ends.js";
import { fillLegend, seenOf, showsAll } from "./legend.js";
import { lit } from "./lit.js";
import { inTheme, savePicture, surroundings } from "./picture.js";
import { redrawn } from "./quick.js";
import { Reader } from "./reader.js";
import { isAlong } from "./readings.js";
import { folded, wrapped } from "./titles.js";

const CONFIG = { displayModeBar: false, showSendToCloud: false, doubleClick: false };
const SILENT = { ...CONFIG, staticPlot: true };
const NARROW = 380; // CSS pixels: charts of upright phones are, those beside each other on a laptop are not
const SETTLING = 100; // milliseconds that the room for a chart must stay the same before the chart is fitted to it

/** What the theme says about charts, out of the stylesheet's custom properties. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return { ink: read("--ink"), quiet: read("--ink-quiet"), line: read("--line"), paper: read("--paper"), font: read("--sans"), letters: Number(read("--letters")) };
}

const axisIn = (theme, said) => ({
  ...said,
  ticklabeloverflow: "allow", // what hides one that does not fit measures each again for each; the margins have room for it
  tickangle: said?.ticktext || said?.type === "category" ? "auto" : 0, // names may stand up; whether numbers must, costs measuring each
  gridcolor: theme.line,
  linecolor: theme.line,
  zerolinecolor: theme.line,
  automargin: true,
  fixedrange: true, // an axis that is dragged is a redraw of Plotly's own, and keeps a finger from scrolling
  title: { ...said?.title, font: { size: theme.letters, color: theme.quiet }, standoff: 6 },
  tickfont: { size: (theme.letters - 1) / (said?.exponentformat === "power" ? 1.25 : 1), color: theme.quiet }, // Plotly enlarges powers of ten
});

const SIDES = { l: 52, r: 22 }; // CSS pixels of a narrow plot: numbers and a title beside them; half of the last number below
const SECOND_LINE = 10; // more of them where that title has two lines
const ABOVE_AND_BELOW = 60; // pixels of a chart where no title of its upright axis can be

const isFolded = (axis) => Boolean(axis?.title?.text?.includes("<br>"));

/** What stands around a plot. A label for which it is not enough would move the axes, and Plotly would draw all of it twice. */
function marginOf(margin, upright, narrow, letters) {
  const sides = narrow ? { ...SIDES, l: SIDES.l + (isFolded(upright) ? SECOND_LINE : 0) } : {};
  const { t, r, ...rest } = { ...margin, ...sides }; // for letters of 13
  return { ...rest, t: t + letters - 13, r: r + 2 * (letters - 13) };
}

/** The figure's layout with the theme's colours and the size of its place. */
export function themed(layout, theme, narrow, { width, height }) {
  const upright = folded(layout.yaxis, height - ABOVE_AND_BELOW, theme.letters);
  const margin = marginOf(layout.margin, upright, narrow, theme.letters);
  const across = folded(layout.xaxis, width - Math.abs(margin.l - margin.r), theme.letters); // it is written below the middle of the axis
  if (isFolded(across)) margin.b += theme.letters + 4;
  const room = { width: width - margin.l - margin.r, height: height - margin.t - margin.b };
  return {
    ...layout,
    xaxis: axisIn(theme, wrapped({ ...layout, xaxis: across }, room, theme.letters)),
    yaxis: axisIn(theme, upright),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: theme.letters, color: theme.ink },
    showlegend: false, // legend.js has it
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.line, font: { color: theme.ink } },
    autosize: true,
    dragmode: false,
    margin,
    uirevision: "stays",
  };
}

/** The layout with the margins that its first drawing found, for good: to look for them in every frame costs time and jumps. */
function settled(layout, drawn) {
  const [xaxis, yaxis] = [layout.xaxis, layout.yaxis].map((axis) => ({ ...axis, automargin: false }));
  return { ...layout, xaxis, yaxis, margin: { ...marginsOf(drawn), autoexpand: false } };
}

/** Where the axes were drawn, which can be a pixel off what Plotly says; it says what counts where square pixels shrink the axes. */
function marginsOf({ width, height, xaxis, yaxis, _size }) {
  const { l, r, t, b } = _size;
  if (yaxis.scaleanchor) return { l, r, t, b };
  const [left, top] = [xaxis._offset, yaxis._offset];
  return { l: left, t: top, r: width - left - xaxis._length, b: height - top - yaxis._length };
}

/** A trace with its colour bar, if it has one, in the theme's letters; on a narrow plot it gives way to the picture, and numbers shrink. */
function dressed(trace, layout, narrow) {
  if (narrow && trace.mode === "text") return { ...trace, textfont: { ...trace.textfont, size: Math.round(0.7 * trace.textfont.size) } }; // numbers on edges, in cells
  if (!trace.colorbar) return trace;
  if (narrow) return { ...trace, showscale: false };
  const { color } = layout.xaxis.tickfont;
  const title = { ...trace.colorbar.title, font: { size: layout.font.size - 1, color } };
  return { ...trace, colorbar: { ...trace.colorbar, title, tickfont: { size: layout.font.size - 2, color } } };
}

export class Plot {
  #shown = null;
  #said = "";
  #named = "";
  #traces = [];
  #arranged = null;
  #moved = false;
  #drawings = 0; // Plotly's
  #timer = 0;
  #room = null; // that the layout is for
  #ends = 0; // the drawing whose lines have names at their ends

  /** A `still` plot does not answer the pointer. */
  constructor(element, { still = false } = {}) {
    this.element = element;
    this.still = still;
    this.draws = 0;
    this.reader = still ? null : new Reader(element);
    this.legend = element.closest("figure").querySelector(".legend");
    element.addEventListener("pointerenter", () => this.config !== SILENT && this.settle());
    this.legend?.addEventListener("more", () => this.#again());
    new ResizeObserver(() => this.#roomChanged()).observe(element);
  }

  /** The series that is lit on the page. */
  get #lit() {
    return this.element.closest("live-run")?.dataset.lit;
  }

  /** Forgets what is shown, so that the next `draw` draws. */
  stale() {
    this.#shown = null;
  }

  /** The same layout object as long as the figure's says the same: Plotly then leaves axes and legend as they are. */
  #arrange(traces, layout, keys, anew) {
    const [said, named] = [JSON.stringify(layout), JSON.stringify([traces.map((trace) => trace.name), keys, this.#lit])];
    if (anew || named !== this.#named) fillLegend(this.legend, traces, keys, this.#lit);
    this.#named = named;
    if (!anew && said === this.#said) return;
    if (anew) Plotly.purge(this.element); // which keeps the margins of another room or theme
    this.#said = said;
    const answered = this.still || isAlong({ data: traces, layout }) || traces.every((trace) => trace.hoverinfo === "skip");
    this.config = answered ? SILENT : CONFIG; // where Plotly need not answer the pointer, it need not prepare to: half the time of a field
    this.#room = { width: this.element.clientWidth, height: this.element.clientHeight };
    this.narrow = this.#room.width < NARROW;
    this.layout = { ...themed(layout, themeOf(this.element), this.narrow, this.#room), height: this.#room.height || layout.height };
  }

  /** Has Plotly draw what was only moved since it last did: what answers the pointer, and what is saved, is Plotly's. */
  settle() {
    if (this.#moved) this.#whole();
  }

  /** Whatever made the room another one, the window or what stands around the chart, the moment shown is drawn anew in it. */
  #roomChanged() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { clientWidth: width, clientHeight: height } = this.element;
      if (this.#shown && width * height > 0 && (width !== this.#room.width || height !== this.#room.height)) this.#again();
    }, SETTLING);
  }

  /** The moment shown, drawn anew. */
  #again() {
    if (!this.#shown) return;
    const { timeline, name, frame, pins } = this.#shown;
    this.stale();
    this.draw(timeline, name, frame, pins);
    this.rest(this.#ends > 0);
  }

  /** Plotly compares with what it has read, which is not what it has drawn: it is told that each drawing is of other data. */
  #whole(traces = this.#traces) {
    this.#drawings += 1;
    Plotly.react(this.element, traces, { ...this.layout, datarevision: this.#drawings }, this.config);
    this.#moved = false;
    if (this.layout.xaxis.automargin) this.layout = settled(this.layout, this.element._fullLayout);
    this.#arranged = this.layout;
  }

  /** The same, sooner, where no pointer asks what is there: of each cloud one point, which is then copied to all its places. */
  #sampled() {
    const few = this.#asked ? this.#traces : sampled(this.#traces);
    this.#whole(few);
    if (few === this.#traces) return;
    this.#moved = redrawn(this.element, few, this.#traces);
    if (!this.#moved) this.#whole();
  }

  /** Whether a pointer asks Plotly what is drawn there. */
  get #asked() {
    return this.config !== SILENT && this.element.matches(":hover");
  }

  /** Moves shapes where that is all there is to do and no pointer asks what they are; returns whether it was. */
  #quick(before, anew) {
    const still = !anew && this.layout === this.#arranged && !this.#asked;
    this.#moved = still && redrawn(this.element, before, this.#traces);
    return this.#moved;
  }

  /**
   * Draws the chart `name` of `timeline` at `frame`, unless that is what is shown; the runs of `pins` are drawn faintly along with it.
   * Returns whether Plotly drew, which takes its time.
   */
  draw(timeline, name, frame, pins) {
    const shown = this.#shown;
    const named = timeline.named(name);
    if (shown && shown.timeline === timeline && shown.named === named && !timeline.differs(name, shown.frame, frame)) return false;
    const figure = timeline.start.charts[name];
    this.#arrange(named, pins.widened(figure.layout, name, timeline), pins.keys(timeline, name), !shown);
    const live = timeline.traces(name, frame);
    const first = Math.max(0, live.findIndex((trace) => trace.uid)); // pinned runs lie above what is fixed, below what moves
    const traces = seenOf([...live.slice(0, first), ...pins.behind(timeline, name, frame), ...live.slice(first)], showsAll(this.legend));
    const before = this.#traces;
    this.#traces = lit(traces, this.#lit).map((trace) => dressed(trace, this.layout, this.narrow));
    const quick = this.#quick(before, !shown);
    if (!quick) this.#sampled();
    this.#shown = { timeline, name, frame, pins, named };
    this.draws += 1;
    this.element.dataset.draws = this.draws;
    this.reader?.drew({ timeline, name, frame, traces: this.#traces });
    return !quick;
  }

  /** What comes to rest has names at the ends of its lines, until it moves again. */
  rest(resting) {
    const drawn = resting ? this.draws : 0;
    if (drawn === this.#ends) return;
    this.#ends = drawn;
    nameEnds(this.reader.overlay, resting ? this.#traces : [], this.legend);
  }

  /** Saves what is shown as a picture, on the paper of a theme. */
  async save(format, theme) {
    this.settle();
    const { clientWidth: width, clientHeight: height } = this.element;
    const [around, figure] = inTheme(theme, () => [surroundings(this.element), this.#figureIn(themeOf(this.element))]);
    const svg = await Plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true });
    const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    await savePicture(drawing, around, format, `${this.#shown.timeline.start.topic}-${this.element.dataset.chart}`);
  }

  /** What is shown, in the colours of a theme and where it stands. */
  #figureIn(theme) {
    const { margin, xaxis, yaxis } = this.layout;
    const layout = themed(this.layout, theme, this.narrow, this.#room);
    const [across, up] = [[layout.xaxis, xaxis], [layout.yaxis, yaxis]].map(([axis, { automargin }]) => ({ ...axis, automargin }));
    const data = this.#traces.map((trace) => (trace.colorbar ? dressed(trace, layout, this.narrow) : trace));
    return { data, layout: { ...layout, margin, xaxis: across, yaxis: up } };
  }
}
