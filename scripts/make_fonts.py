"""Makes static/fonts/: the site's type family cut down to the signs it uses, each as WOFF2 with its licence beside it.

Run it only to change a font. It needs npm (for the @fontsource packages), pip (for a package that ships STIX Two Math) and
fonttools with brotli; serving, building and testing need none of them. `python scripts/make_fonts.py`
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"

LATIN = "U+0020-007E,U+00A0-00FF,U+0131,U+0141-0142,U+0152-0153,U+0160-0161,U+2009,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2032-2033,U+2190-2193,U+2212,U+2215"
FAMILIES = {
    "serif": ("@fontsource-variable/source-serif-4@5.3.1", "source-serif-4-latin-wght-normal", "400:700", "ccmp,locl,liga,kern,mark"),
    "serif-italic": ("@fontsource-variable/source-serif-4@5.3.1", "source-serif-4-latin-wght-italic", "400:600", "ccmp,locl,liga,kern,mark"),
    "sans": ("@fontsource-variable/source-sans-3@5.3.0", "source-sans-3-latin-wght-normal", "400:700", "ccmp,locl,liga,kern,mark,pnum"),
    "mono": ("@fontsource-variable/source-code-pro@5.3.0", "source-code-pro-latin-wght-normal", "400:600", "ccmp,locl,mark"),
}
"""Name here -> package, file in it, weights kept, layout features kept."""

MATHS_PACKAGE, MATHS_FILE = "ziamath==0.13", "ziamath/fonts/STIXTwoMath-Regular.ttf"
MATHS = "U+0020-007E,U+00A0-00FF,U+0302-0304,U+0307,U+0370-03FF,U+2016,U+2026,U+2032-2033,U+2061-2064,U+20D7,U+2102,U+2113,U+211D,U+2130,U+2131,U+2112,U+2190-2194,U+21A6,U+21D2,U+21D4,U+2200-2265,U+226A-226B,U+2282-2287,U+2295-2299,U+22A4-22A5,U+22C5,U+22EE-22F1,U+2308-230B,U+23DE-23DF,U+27E8-27E9,U+2A7D-2A7E,U+1D400-1D467,U+1D49C-1D4B5,U+1D538-1D551,U+1D6A4-1D6DB,U+1D6DC-1D71B"
"""Operators, Greek, and the bold, italic, script and double-struck letters that the formulas are set in."""


def npm_package(package: str, folder: Path) -> Path:
    """Where the unpacked package is."""
    name = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True).stdout
    place = folder / name.strip().removesuffix(".tgz")
    with tarfile.open(folder / name.strip()) as archive:
        archive.extractall(place, filter="data")
    return place / "package"


def subset(source: Path, name: str, unicodes: str, features: str) -> None:
    """Writes static/fonts/{name}.woff2 with those signs only."""
    run = [sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={unicodes}", f"--layout-features={features}"]
    subprocess.run([*run, "--flavor=woff2", "--no-hinting", f"--output-file={FONTS / name}.woff2"], check=True)


def make_family(name: str, folder: Path) -> None:
    """One text font, its weights limited and its signs cut down."""
    package, file, weights, features = FAMILIES[name]
    unpacked = npm_package(package, folder)
    limited = folder / f"{name}.ttf"
    source = unpacked / "files" / f"{file}.woff2"
    subprocess.run(
        [sys.executable, "-m", "fontTools.varLib.instancer", str(source), f"wght={weights}", f"--output={limited}"], check=True
    )
    subset(limited, name, LATIN, features)
    family = package.split("/")[1].split("@")[0]
    (FONTS / f"{family}.LICENSE").write_bytes((unpacked / "LICENSE").read_bytes())


def make_maths(folder: Path) -> None:
    """STIX Two Math with its table of stretchy and scripted forms kept."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), MATHS_PACKAGE]
    subprocess.run(pip, check=True)
    with zipfile.ZipFile(next(folder.glob("ziamath*.whl"))) as wheel:
        source = Path(wheel.extract(MATHS_FILE, folder))
    subset(source, "maths", MATHS, "ssty,ccmp,kern,mark")
    heading = "Copyright 2001-2020 The STIX Fonts Project Authors (https://github.com/stipub/stixfonts)\n\n"
    licence = (FONTS / "source-serif-4.LICENSE").read_text().split("\n", 1)[1].lstrip("\n")
    (FONTS / "stix-two-math.LICENSE").write_text(heading + licence)


def main() -> None:
    """Makes all fonts and says what they weigh."""
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in FAMILIES:
            make_family(name, Path(scratch))
        make_maths(Path(scratch))
    for path in sorted(FONTS.iterdir()):
        print(f"{path.stat().st_size:8d}  {path.name}")


if __name__ == "__main__":
    main()
