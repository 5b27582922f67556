// A data-flow graph in words: what a moment says of its nodes, and where the arrow keys lead in it. Knows no DOM.

/** How each node is joined to others: key -> { node, inputs, outputs }, neighbours from left to right. */
export function joined({ nodes, edges }) {
  const known = new Map(nodes.map((node) => [node.key, { node, inputs: [], outputs: [] }]));
  for (const { source, target } of edges) {
    known.get(target).inputs.push(source);
    known.get(source).outputs.push(target);
  }
  return known;
}

const byPlace = (graph, keys) => [...new Set(keys)].toSorted((one, other) => graph.get(one).node.x - graph.get(other).node.x);

/** The neighbour of `from` among `keys` in the nearest layer, and there the one that stands nearest to right above or below it. */
function nearest(graph, from, keys) {
  const nodeOf = (key) => graph.get(key).node;
  const [layers, across] = [(key) => Math.abs(nodeOf(key).layer - from.layer), (key) => Math.abs(nodeOf(key).x - from.x)];
  return byPlace(graph, keys).toSorted((one, other) => layers(one) - layers(other) || across(one) - across(other))[0];
}

/** The one left or right of a node in its layer. */
function beside(graph, { node }, by) {
  const row = byPlace(graph, [...graph.keys()].filter((key) => graph.get(key).node.layer === node.layer));
  return row[row.indexOf(node.key) + by];
}

/** The key of the node to which an arrow key leads from `key`; the same where there is none. */
export function step(graph, key, arrow) {
  const here = graph.get(key);
  const keys = [...graph.keys()];
  const found = {
    ArrowDown: () => nearest(graph, here.node, here.outputs),
    ArrowUp: () => nearest(graph, here.node, here.inputs),
    ArrowLeft: () => beside(graph, here, -1),
    ArrowRight: () => beside(graph, here, 1),
    Home: () => keys[0],
    End: () => keys.at(-1),
  }[arrow]?.();
  return found ?? key;
}

/** Whether a key is one that walks. */
export const walks = (key) => ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"].includes(key);

/** What a node's inputs are called, in order. */
export const inputsOf = (graph, key) => graph.get(key).inputs.map((input) => graph.get(input).node.label);

/** A node as one would say it: its name, its kind, what it reads, its value. */
export function said(graph, key, { value, gone }) {
  const { node } = graph.get(key);
  const inputs = inputsOf(graph, key);
  const parts = [`${node.label}, ${node.kind}`];
  if (node.detail) parts.push(node.detail);
  parts.push(inputs.length ? `reads ${inputs.join(" and ")}` : "reads nothing");
  if (value) parts.push(`value ${value}`);
  if (gone) parts.push("not in the graph now");
  return parts.join("; ");
}

/** What the traces of a moment say of the nodes: their values by key, and who is lit, gone and at work. */
export function stateOf(figure, traces) {
  const state = { values: {}, lit: new Set(), gone: new Set(), focus: null };
  figure.forEach(({ uid }, place) => {
    const { text, customdata } = traces[place];
    if (uid?.startsWith("value-")) state.values[uid.slice(6)] = text[0].trim();
    else if (uid === "focus") state.focus = customdata[0] ?? null;
    else if (uid) state[uid] = new Set(customdata);
  });
  return state;
}
