#!/bin/sh
# Prints the path of a Chromium that starts, and notes it in .venv/chromium-path for tests that are run by hand. Takes $CHROMIUM, then
# one that is installed, then installs: Debian's package where that is allowed, else Playwright's own build. Fails when none is to be had.
# Where there is a choice it is the headless shell, which has no window or menus to start for each page: a fifth less work.
set -eu
cd "$(dirname "$0")/.."

note=.venv/chromium-path
apple="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

starts() { # Ubuntu has a chromium-browser that only asks for a snap, and a browser may lack its libraries: ask it
    [ -n "$1" ] && command -v "$1" >/dev/null 2>&1 && "$1" --version >/dev/null 2>&1
}

take() {
    command -v "$1" | tee "$note"
    exit 0
}

take_installed() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable "$apple"; do
        if starts "$name"; then take "$name"; fi
    done
}

is_debian() { (. /etc/os-release && [ "$ID" = debian ]) 2>/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo --non-interactive "$@"; fi
}

install_debian() {
    command -v apt-get >/dev/null 2>&1 && is_debian && as_root true 2>/dev/null || return 1
    echo "Installing Debian's chromium" >&2
    as_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update --quiet=2
        install="apt-get install --quiet=2 --yes --no-install-recommends"
        $install chromium-headless-shell || $install chromium' </dev/null >&2
}

install_playwright() {
    echo "Installing Playwright's own Chromium" >&2
    .venv/bin/python -m playwright install chromium >&2
}

playwright_path() {
    .venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)' 2>/dev/null
}

if [ -n "${CHROMIUM:-}" ]; then
    if starts "$CHROMIUM"; then take "$CHROMIUM"; fi
    echo "CHROMIUM=$CHROMIUM does not start: give the path of a Chromium, or unset it." >&2
    exit 1
fi
take_installed
own=$(playwright_path || true)
if starts "$own"; then take "$own"; fi
if install_debian; then take_installed; fi
if install_playwright; then
    own=$(playwright_path || true)
    if starts "$own"; then take "$own"; fi
fi

{
    echo "No Chromium for the browser tests: none is installed, and neither Debian's package nor Playwright's build could be."
    echo "Install Chromium or Chrome (with its libraries), or say where it is: CHROMIUM=/path/to/chromium make test"
} >&2
exit 1
