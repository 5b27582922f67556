// Bundles of plotly.js what the site's charts use: the three kinds of trace beside scatter that app/charts knows, and no descriptions
// of attributes, which only plotly's documentation reads. Of its published `cartesian` bundle that leaves three quarters of the bytes
// and a third of the time that a browser takes to evaluate them. The first line tells Chromium to compile all of it beside the page's own
// thread while it comes, rather than function by function when they are called: on a slow phone that thread is 300 ms less busy with it.
// Others take it for a comment. `node build_plotly.mjs VERSION OUTPUT`, where plotly.js and esbuild are installed;
// scripts/vendor_javascript.sh does.
import { readFile } from "node:fs/promises";
import { build } from "esbuild";

const [version, outfile] = process.argv.slice(2);
const TRACES = ["bar", "heatmap", "contour"];
const entry = `
  const Plotly = require("plotly.js/lib/core");
  Plotly.register([${TRACES.map((name) => `require("plotly.js/lib/${name}")`)}]);
  module.exports = Plotly;`;

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
  globalName: "Plotly",
  target: "es2020",
  define: { global: "window", "define.amd": "false" },
  legalComments: "eof",
  banner: { js: `//# allFunctionsCalledOnLoad\n/* plotly.js ${version} (scatter, ${TRACES.join(", ")}). Copyright 2012-2026, Plotly, Inc. Licensed under the MIT license. */` },
  plugins: [withoutDescriptions],
  loader: { ".css": "empty" }, // that of maps, which are not in the bundle
});
