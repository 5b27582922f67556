// One chart on the page: a Plotly figure in the colours of the theme, drawn at a moment of a timeline.
/* global Plotly */
import { fillLegend } from "./legend.js";

let ready = null;

/** plotly.js, by far the largest file of the page: fetched by the first run that is to be drawn. */
export function plotly() {
  ready ??= new Promise((onload, onerror) => {
    const src = document.querySelector("live-run").dataset.plotly;
    const loaded = () => onload(Plotly.setPlotConfig(QUIET));
    document.head.append(Object.assign(document.createElement("script"), { src, onload: loaded, onerror }));
  });
  return ready;
}

const CONFIG = { displayModeBar: false, responsive: true, showSendToCloud: false, doubleClick: "reset" };
const QUIET = { logging: 0 }; // its console notes are for those who make figures, and the tests validate those
const SILENT = { ...CONFIG, staticPlot: true };

/** What the theme says about charts, out of the stylesheet's custom properties. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return { ink: read("--ink"), quiet: read("--ink-quiet"), line: read("--line"), paper: read("--paper"), font: read("--sans") };
}

/** The figure's layout with the theme's colours and the size of its place. */
export function themed(layout, theme, narrow) {
  const axis = (said) => ({
    ...said,
    gridcolor: theme.line,
    linecolor: theme.line,
    zerolinecolor: theme.line,
    automargin: true,
    title: { ...said?.title, font: { size: 13, color: theme.quiet }, standoff: 6 },
    tickfont: { size: 12, color: theme.quiet },
  });
  return {
    ...layout,
    xaxis: axis(layout.xaxis),
    yaxis: axis(layout.yaxis),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 13, color: theme.ink },
    showlegend: false, // legend.js has it
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.line, font: { color: theme.ink } },
    autosize: true,
    dragmode: false,
    margin: narrow ? { ...layout.margin, l: 48, r: 8 } : layout.margin,
    uirevision: "stays",
  };
}

/** The layout with the margins that its first drawing found, for good: to look for them in every frame costs time and jumps. */
function settled(layout, { l, r, t, b }) {
  const [xaxis, yaxis] = [layout.xaxis, layout.yaxis].map((axis) => ({ ...axis, automargin: false }));
  return { ...layout, xaxis, yaxis, margin: { l, r, t, b } };
}

/** A trace with its colour bar, if it has one, in the theme's letters; on a narrow plot it gives way to the picture, and numbers shrink. */
function dressed(trace, layout, narrow) {
  if (narrow && trace.mode === "text") return { ...trace, textfont: { ...trace.textfont, size: 8 } }; // a diagram’s numbers on its edges
  if (!trace.colorbar) return trace;
  if (narrow) return { ...trace, showscale: false };
  const { color } = layout.xaxis.tickfont;
  const title = { ...trace.colorbar.title, font: { size: 12, color } };
  return { ...trace, colorbar: { ...trace.colorbar, title, tickfont: { size: 11, color } } };
}

export class Plot {
  #shown = null;
  #said = "";
  #named = "";

  constructor(element) {
    this.element = element;
    this.draws = 0;
  }

  /** Forgets what is shown, so that the next `draw` draws. */
  stale() {
    this.#shown = null;
  }

  /** The same layout object as long as the figure's says the same: Plotly then leaves axes and legend as they are. */
  #arrange(traces, layout, anew) {
    const [said, named] = [JSON.stringify(layout), traces.map((trace) => trace.name).join()];
    if (anew || named !== this.#named) fillLegend(this.element.parentElement.querySelector(".legend"), traces);
    this.#named = named;
    if (!anew && said === this.#said) return;
    this.#said = said;
    this.config = traces.every((trace) => trace.hoverinfo === "skip") ? SILENT : CONFIG; // where nothing answers the pointer, Plotly need not prepare to: half the time of a field
    this.narrow = this.element.clientWidth < 340;
    this.layout = themed(layout, themeOf(this.element), this.narrow);
  }

  /** Draws the chart `name` of `timeline` at `frame`, unless that is what is shown; `pins` are drawn faintly along with it. */
  draw(timeline, name, frame, pins) {
    const shown = this.#shown;
    if (shown && shown.timeline === timeline && !timeline.differs(name, shown.frame, frame)) return false;
    const figure = timeline.start.charts[name];
    this.#arrange(figure.data, pins.widened(figure.layout, name), !shown);
    const live = timeline.traces(name, frame);
    const first = Math.max(0, live.findIndex((trace) => trace.uid)); // pinned runs lie above what is fixed, below what moves
    const traces = [...live.slice(0, first), ...pins.behind(timeline, name, frame), ...live.slice(first)];
    Plotly.react(this.element, traces.map((trace) => dressed(trace, this.layout, this.narrow)), this.layout, this.config);
    if (this.layout.xaxis.automargin) this.layout = settled(this.layout, this.element._fullLayout._size);
    this.#shown = { timeline, frame };
    this.draws += 1;
    this.element.dataset.draws = this.draws;
    return true;
  }

  /** Saves what is shown as a file, on the theme's paper. */
  async save(format) {
    const { clientWidth: width, clientHeight: height } = this.element;
    const layout = { ...this.element.layout, paper_bgcolor: themeOf(this.element).paper, showlegend: true };
    const href = await Plotly.toImage({ data: this.element.data, layout }, { format, width, height, scale: format === "png" ? 2 : 1 });
    const { topic } = this.#shown.timeline.start;
    Object.assign(document.createElement("a"), { href, download: `${topic}-${this.element.dataset.chart}.${format}` }).click();
  }
}

/** A number as the page writes it: four digits, no exponent where it can be helped. */
export function numberOf(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "no finite number";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace("e-", "e−").replace("e+", "e");
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
