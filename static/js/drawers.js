// What draws each kind of chart.
import { Board } from "./board.js";
import { GraphPicture } from "./graph.js";
import { Plot } from "./plot.js";

const OTHERS = { working: Board, graph: GraphPicture };

/** What draws a chart in its place: a plot, unless its kind has something of its own. */
export function drawerFor(element, options) {
  return new (OTHERS[element.dataset.kind] ?? Plot)(element, options);
}
