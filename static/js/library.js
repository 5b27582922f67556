// The library that draws charts, plotly.js, by far the largest file of the page, and the turns that keep it from holding the page long.
/* global Plotly, beginPlotly */

const QUIET = { logging: 0 }; // its console notes are for those who make figures, and the tests validate those
let ready = null;

/** A task of its own for what follows; what the visitor does comes first. */
export const turn = () => globalThis.scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

/** Once Plotly can draw: fetched by early.js, or else for the first run that is to be drawn, and begun part by part. */
export function plotly() {
  ready ??= begun();
  return ready;
}

async function begun() {
  if (!globalThis.beginPlotly) await loaded(document.getElementById("plotly") ?? added());
  await beginPlotly(turn);
  Plotly.setPlotConfig(QUIET);
  await turn();
}

const loaded = (script) => new Promise((load, error) => Object.entries({ load, error }).forEach(([type, act]) => script.addEventListener(type, act)));

function added() {
  const script = Object.assign(document.createElement("script"), { id: "plotly", src: document.querySelector("live-run").dataset.plotly });
  document.head.append(script);
  return script;
}
