#!/bin/sh
# Makes the vendored libraries by their exact versions out of their npm packages: htmx as it is published, ts-fsrs minified, plotly.js
# bundled by scripts/build_plotly.mjs. Puts the minified file and the licence of each under static/vendor/ and checks them against
# static/vendor/SHA256SUMS. Run it only to change a version or the kinds of trace: then empty SHA256SUMS first, and look at what
# comes. Serving, building and testing need neither npm nor a network for this.
set -eu

HTMX=4.0.1
PLOTLY=4.1.1
FSRS=5.4.2
ESBUILD=0.28.2

scripts=$(cd "$(dirname "$0")" && pwd)
vendor=$scripts/../static/vendor
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$vendor"
cp "$scripts/build_plotly.mjs" "$scratch"
cd "$scratch"
npm install --silent --no-save "htmx.org@$HTMX" "plotly.js@$PLOTLY" "ts-fsrs@$FSRS" "esbuild@$ESBUILD"
cp node_modules/htmx.org/dist/htmx.min.js "$vendor/htmx-$HTMX.min.js"
cp node_modules/htmx.org/LICENSE "$vendor/htmx-$HTMX.LICENSE"
node build_plotly.mjs "$PLOTLY" "$vendor/plotly-charts-$PLOTLY.min.js"
cp node_modules/plotly.js/LICENSE "$vendor/plotly-charts-$PLOTLY.LICENSE"
node_modules/.bin/esbuild node_modules/ts-fsrs/dist/index.mjs --minify --format=esm --log-level=warning --outfile="$vendor/ts-fsrs-$FSRS.min.js"
cp node_modules/ts-fsrs/LICENSE "$vendor/ts-fsrs-$FSRS.LICENSE"

cd "$vendor"
# The published file names a source map that is not shipped: a browser's console would complain of it.
sed -i '/^\/\/# sourceMappingURL=/d' ./*.min.js
[ -s SHA256SUMS ] || sha256sum -- *.LICENSE *.min.js >SHA256SUMS
sha256sum --check SHA256SUMS
