// Bundles of plotly.js what the site's charts use: the three kinds of trace beside scatter that app/charts knows, and no descriptions
// of attributes, which only plotly's documentation reads. Of its published `cartesian` bundle that leaves three quarters of the bytes
// and a third of the time that a browser takes to evaluate them. The first line tells Chromium to compile all of it beside the page's own
// thread while it comes, rather than function by function when they are called: on a slow phone that thread is 300 ms less busy with it.
// Others take it for a comment. What the bundle gives is `beginPlotly(turn)`: begun at once, its parts would hold that thread for 100 ms, so
// it begins part by part, in the order of its own imports, with a turn for the page after each; then there is `Plotly`.
// `node build_plotly.mjs VERSION OUTPUT`, where plotly.js and esbuild are installed; scripts/vendor_javascript.sh does.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const [version, outfile] = process.argv.slice(2);
const TRACES = ["bar", "heatmap", "contour"];
const PARTS = ["@plotly/d3", ...["lib", "components/drawing", "plots/cartesian"].map((name) => `plotly.js/src/${name}`), "plotly.js/lib/core"];
const begin = (name) => `() => require("${name}")`;
const entry = `
  const parts = [${PARTS.map(begin)}];
  const traces = [${TRACES.map((name) => begin(`plotly.js/lib/${name}`))}];
  globalThis.beginPlotly = async (turn) => {
    let Plotly;
    for (const part of parts) {
      Plotly = part();
      await turn();
    }
    for (const trace of traces) Plotly.register(trace());
    globalThis.Plotly = Plotly;
  };`;

const DESCRIPTIONS = /\bdescription:\s*(\[[^\]]*?\]\s*\.join\([^)]*\)|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*(?:,|(?=\}))/g;
const withoutDescriptions = {
  name: "without descriptions",
  setup: ({ onLoad }) =>
    onLoad({ filter: /plotly\.js\/src\/.*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(DESCRIPTIONS, ""),
      loader: "js",
    })),
};

await build({
  stdin: { contents: entry, resolveDir: process.cwd() },
  outfile,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  define: { global: "window", "define.amd": "false" },
  legalComments: "eof",
  banner: { js: `//# allFunctionsCalledOnLoad\n/* plotly.js ${version} (scatter, ${TRACES.join(", ")}). Copyright 2012-2026, Plotly, Inc. Licensed under the MIT license. */` },
  plugins: [withoutDescriptions],
  loader: { ".css": "empty" }, // that of maps, which are not in the bundle
});
