#!/bin/sh
# Fetches the two vendored libraries by their exact versions out of their npm packages, puts the minified file and the licence of
# each under static/vendor/ and checks both against static/vendor/SHA256SUMS. Run it only to change a version: then empty
# SHA256SUMS first, and look at what comes. Serving, building and testing need neither npm nor a network for this.
set -eu

HTMX=4.0.1
PLOTLY=4.1.1

vendor=$(cd "$(dirname "$0")/.." && pwd)/static/vendor
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fetch() { # package@version, file inside it, name it gets here
    (cd "$scratch" && tar xzf "$(npm pack --silent "$1")")
    cp "$scratch/package/$2" "$vendor/$3.min.js"
    cp "$scratch/package/LICENSE" "$vendor/$3.LICENSE"
    rm -rf "$scratch/package"
}

mkdir -p "$vendor"
fetch "htmx.org@$HTMX" dist/htmx.min.js "htmx-$HTMX"
fetch "plotly.js-cartesian-dist-min@$PLOTLY" plotly-cartesian.min.js "plotly-cartesian-$PLOTLY"

cd "$vendor"
# The published file names a source map that is not shipped: a browser's console would complain of it.
sed -i '/^\/\/# sourceMappingURL=/d' ./*.min.js
[ -s SHA256SUMS ] || sha256sum -- *.LICENSE *.min.js >SHA256SUMS
sha256sum --check SHA256SUMS
