// Every frame of a run that arrived, kept so that any moment can be shown. Knows no DOM and no Plotly.
// A line series is one growing array and its length after each frame; what a frame replaces whole is kept by frame.

const TYPES = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

/** A typed array said as {dtype, bdata, shape}, as a typed array, in two dimensions a list of rows; anything else as it is. */
export function decode(value) {
  if (value === null || typeof value !== "object" || !("bdata" in value)) return value;
  const bytes = Uint8Array.from(atob(value.bdata), (sign) => sign.charCodeAt(0));
  const flat = new TYPES[value.dtype](bytes.buffer);
  if (!value.shape) return flat;
  const [rows, columns] = value.shape.split(",").map(Number);
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}

const decoded = (attributes) => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, decode(value)]));

/** The place of the last number in an ascending list that is at most `bound`; -1 for none. */
export function lastAtMost(list, bound) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A series that grows by a point a frame. */
class Growing {
  x = [];
  y = [];
  frames = [];

  add(frame, [x, y]) {
    this.x.push(x);
    this.y.push(y);
    this.frames.push(frame);
  }

  at(frame) {
    const count = lastAtMost(this.frames, frame) + 1;
    return { x: this.x.slice(0, count), y: this.y.slice(0, count) };
  }
}

/** Attributes of a trace that frames replace whole. */
class Replaced {
  #frames = [];
  #values = [];

  add(frame, attributes) {
    this.#frames.push(frame);
    this.#values.push(attributes);
  }

  at(frame) {
    const place = lastAtMost(this.#frames, frame);
    if (place < 0) return {};
    const values = this.#values[place];
    for (const name of Object.keys(values)) values[name] = decode(values[name]);
    return values;
  }
}

export class Timeline {
  constructor(start) {
    this.start = start;
    this.planned = start.planned_frames;
    this.moments = [];
    this.done = null;
    this.charts = Object.keys(start.charts);
    this._figures = Object.fromEntries(this.charts.map((name) => [name, start.charts[name].data.map(decoded)]));
    this._tracks = Object.fromEntries(this.charts.map((name) => [name, new Map()]));
    this._named = {};
    this._touched = Object.fromEntries(this.charts.map((name) => [name, []]));
  }

  /** How many frames are here. */
  get length() {
    return this.moments.length;
  }

  /** Takes the next frame; one that is here already (a stream begun again) is left out. */
  add(frame, id) {
    if (id !== this.length) return;
    this.moments.push({ step: frame.step, epoch: frame.epoch ?? null });
    for (const [chart, news] of Object.entries(frame.charts)) {
      for (const [uid, point] of Object.entries(news.append ?? {})) this.#track(chart, uid, Growing).add(id, point);
      for (const [uid, attributes] of Object.entries(news.set ?? {})) this.#track(chart, uid, Replaced).add(id, attributes);
      this._touched[chart]?.push(id);
    }
  }

  #track(chart, uid, Kind) {
    const tracks = this._tracks[chart];
    if (!tracks.has(uid)) tracks.set(uid, new Kind());
    return tracks.get(uid);
  }

  /** Whether a chart looks different at two moments. */
  differs(chart, one, other) {
    const [low, high] = one < other ? [one, other] : [other, one];
    const touched = this._touched[chart];
    return lastAtMost(touched, low) !== lastAtMost(touched, high);
  }

  /** The series of a chart that make its point and grow by points, each with its newest number. */
  newest(chart) {
    const named = this.start.charts[chart].data.filter((trace) => trace.name && !trace.visible && this._tracks[chart].get(trace.uid) instanceof Growing);
    return named.map(({ uid, name }) => ({ uid, name, value: this._tracks[chart].get(uid).y.at(-1) }));
  }

  /**
   * Where the moments stand along a chart's x axis, as [x, frame], when that axis is the training's own: each frame brought points at one
   * place, beyond those before it. Null where x is something else.
   */
  clock(chart) {
    const grown = [...this._tracks[chart].values()].filter((track) => track instanceof Growing);
    const at = new Map();
    for (const { x, frames } of grown) {
      for (const [place, frame] of frames.entries()) {
        if (at.has(frame) && at.get(frame) !== x[place]) return null;
        at.set(frame, x[place]);
      }
    }
    const moments = [...at].toSorted(([one], [other]) => one - other).map(([frame, x]) => [x, frame]);
    return moments.length > 1 && moments.every(([x], place) => place === 0 || x > moments[place - 1][0]) ? moments : null;
  }

  /** A chart's figure, where a line that lay under another all through the run is named so, once the run is here whole. */
  named(chart) {
    const { data } = this.start.charts[chart];
    if (!this.done) return data;
    this._named[chart] ??= this.#named(chart, data);
    return this._named[chart];
  }

  #named(chart, data) {
    const above = data.map(({ uid }, place) => data.findLast((other, later) => later > place && this.#coincide(chart, uid, other.uid)));
    if (!above.some(Boolean)) return data;
    return data.map((trace, place) => (above[place] ? { ...trace, name: `${trace.name} (same line as ${above[place].name})` } : trace));
  }

  #coincide(chart, ...uids) {
    const [one, other] = uids.map((uid) => this._tracks[chart].get(uid));
    if (!(one instanceof Growing && other instanceof Growing) || one.y.length < 2) return false;
    return JSON.stringify([one.x, one.y]) === JSON.stringify([other.x, other.y]);
  }

  /** A chart's traces at a moment: the figure's own, with what the frames up to then have said. */
  traces(chart, frame) {
    const tracks = this._tracks[chart];
    return this._figures[chart].map((trace, place) => {
      if (!trace.uid) return trace;
      const news = tracks.get(trace.uid)?.at(frame) ?? {};
      return { ...trace, ...news, uid: `series-${place}` }; // Plotly makes CSS classes of it: no spaces, no dots
    });
  }
}
