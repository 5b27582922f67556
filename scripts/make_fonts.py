"""Makes static/fonts/: the site's type family cut down to the signs it uses, with its licence and checksums beside it.

A cut font is a modified version, which the licence wants under another name than the reserved "Source". Run it only to
change a font: it needs npm (for the @fontsource packages), pip (for a package that ships STIX Two Math) and fonttools with
brotli. Serving, building and testing need none of them. `python scripts/make_fonts.py`
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"

LATIN = (
    "U+0020-007E,U+00A0-00FF,U+0131,U+0141-0142,U+0152-0153,U+0160-0161,U+2009,U+2013-2014,U+2018-201A,U+201C-201E,"
    "U+2022,U+2026,U+2032-2033,U+2190-2193,U+2212,U+2215"
)
TEXT = "ccmp,locl,liga,kern,mark"
FAMILIES = {
    "serif": ("@fontsource-variable/source-serif-4@5.3.1", "source-serif-4-latin-wght-normal", "400:700", TEXT),
    "serif-italic": (
        "@fontsource-variable/source-serif-4@5.3.1",
        "source-serif-4-latin-wght-italic",
        "400:600",
        TEXT,
    ),
    "sans": (
        "@fontsource-variable/source-sans-3@5.3.0",
        "source-sans-3-latin-wght-normal",
        "400:700",
        f"{TEXT},pnum",
    ),
    "mono": ("@fontsource-variable/source-code-pro@5.3.0", "source-code-pro-latin-wght-normal", "400:600", "ccmp,locl,mark"),
}
"""Name here -> package, file in it, weights kept, layout features kept."""

NAMES = (1, 3, 4, 16)
"""Where a font's name table holds its name in words."""

CUT_FROM = {
    "serif": "Source Serif 4",
    "serif-italic": "Source Serif 4 Italic",
    "sans": "Source Sans 3",
    "mono": "Source Code Pro",
    "maths": "STIX Two Math",
}

MATHS_PACKAGE, MATHS_FILE = "ziamath==0.13", "ziamath/fonts/STIXTwoMath-Regular.ttf"
MATHS = (
    "U+0020-007E,U+00A0-00FF,U+0302-0304,U+0307,U+0370-03FF,U+2016,U+2026,U+2032-2033,U+2061-2064,U+20D7,U+2102,U+210E,U+2113,"
    "U+211D,U+2130,U+2131,U+2112,U+2190-2194,U+21A6,U+21D2,U+21D4,U+2200-2265,U+226A-226B,U+2282-2287,U+2295-2299,"
    "U+22A4-22A5,U+22C5,U+22EE-22F1,U+2308-230B,U+23DE-23DF,U+27E8-27E9,U+2A7D-2A7E,U+1D400-1D467,U+1D49C-1D4B5,"
    "U+1D538-1D551,U+1D6A4-1D6DB,U+1D6DC-1D71B"
)
"""Operators, Greek, and the bold, italic, script and double-struck letters that the formulas are set in."""


def npm_package(package: str, folder: Path) -> Path:
    """Where the unpacked package is."""
    name = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout
    place = folder / name.strip().removesuffix(".tgz")
    with tarfile.open(folder / name.strip()) as archive:
        archive.extractall(place, filter="data")
    return place / "package"


def subset(source: Path, name: str, unicodes: str, features: str) -> None:
    """Writes static/fonts/{name}.woff2 with those signs only."""
    run = [sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={unicodes}", f"--layout-features={features}"]
    subprocess.run([*run, "--flavor=woff2", "--no-hinting", f"--output-file={FONTS / name}.woff2"], check=True)


def rename(name: str) -> None:
    """Gives the font a name of this site's own instead of the reserved one; the copyright line, name 0, stays."""
    path = FONTS / f"{name}.woff2"
    font = TTFont(path)
    own = f"Watch It Learn {name.replace('-', ' ').title()}"
    for record in font["name"].names:
        said = record.toUnicode()
        if record.nameID != 0 and " " not in said and said.startswith("Source"):  # a PostScript name, such as SourceSans3-Roman
            record.string = own.replace(" ", "") + "".join(said.partition("-")[1:])
        elif record.nameID in NAMES:
            record.string = own
    font.save(path)


def make_family(name: str, folder: Path) -> None:
    """One text font, its weights limited, its signs cut down and its name changed."""
    package, file, weights, features = FAMILIES[name]
    unpacked = npm_package(package, folder)
    limited = folder / f"{name}.ttf"
    source = unpacked / "files" / f"{file}.woff2"
    subprocess.run(
        [sys.executable, "-m", "fontTools.varLib.instancer", str(source), f"wght={weights}", f"--output={limited}"], check=True
    )
    subset(limited, name, LATIN, features)
    rename(name)


PRIMES = (0x2032, 0x2033)


def script_forms_of_primes_only(path: Path) -> None:
    """Takes the special forms for indices from all signs but primes, which are too small without: half the font's size."""
    font = TTFont(path)
    primes = {font.getBestCmap()[sign] for sign in PRIMES}
    table = font["GSUB"].table
    features = [one.Feature for one in table.FeatureList.FeatureRecord if one.FeatureTag == "ssty"]
    places = {place for feature in features for place in feature.LookupListIndex}
    for place in places:
        for forms in table.LookupList.Lookup[place].SubTable:
            if hasattr(forms, "alternates"):
                forms.alternates = {glyph: found for glyph, found in forms.alternates.items() if glyph in primes}
            else:
                forms.mapping = {glyph: found for glyph, found in forms.mapping.items() if glyph in primes}
    font.save(path)


def make_maths(folder: Path) -> None:
    """STIX Two Math with its table of stretchy forms kept, and of forms for indices those of primes."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), MATHS_PACKAGE]
    subprocess.run(pip, check=True)
    with zipfile.ZipFile(next(folder.glob("ziamath*.whl"))) as wheel:
        source = Path(wheel.extract(MATHS_FILE, folder))
    script_forms_of_primes_only(source)
    subset(source, "maths", MATHS, "ssty,ccmp,kern,mark")


def write_licence(packaged: str) -> None:
    """The copyright line of each font, out of the font itself, then the SIL Open Font License 1.1 as a package has it."""
    lines = [f"{font}.woff2, cut from {family}:\n{copyright_of(font)}\n" for font, family in CUT_FROM.items()]
    licence = packaged[packaged.index("This Font Software is licensed") :]
    (FONTS / "LICENSE").write_text("\n".join(lines) + "\n" + licence, encoding="utf-8")


def copyright_of(name: str) -> str:
    """What the font says of its owners."""
    return str(TTFont(FONTS / f"{name}.woff2")["name"].getDebugName(0))


def write_sums() -> None:
    """SHA256SUMS of everything else in the folder, as sha256sum writes it."""
    paths = [path for path in sorted(FONTS.iterdir()) if path.name != "SHA256SUMS"]
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (FONTS / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def main() -> None:
    """Makes all fonts and says what they weigh."""
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in FAMILIES:
            make_family(name, Path(scratch))
        make_maths(Path(scratch))
        write_licence(next(Path(scratch).glob("*/package/LICENSE")).read_text(encoding="utf-8"))
    write_sums()
    for path in sorted(FONTS.iterdir()):
        print(f"{path.stat().st_size:8d}  {path.name}")


if __name__ == "__main__":
    main()
