"""Writes sbom.json, a bill of materials in CycloneDX: packages of the lock by cyclonedx-bom, vendored files of docs/licences.md.

`make sbom` runs it; the same lock and table give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "sbom.json"
LOCK = ("requirements/base.txt", "--pyproject", "pyproject.toml", "--output-reproducible", "--short-PURLs", "--of", "JSON")


class Vendored(NamedTuple):
    """A row of docs/licences.md; `licence` by its name in SPDX."""

    files: list[str]
    what: str
    version: str
    licence: str
    text: str


def vendored() -> list[Vendored]:
    """The table."""
    lines = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return [
        Vendored([name.strip(" `") for name in files.split(",")], what, version, licence, text[len("[text](../") : -1])
        for files, what, version, licence, text in rows
    ]


def component(row: Vendored) -> dict[str, Any]:
    """One as CycloneDX says it."""
    licence = {"name": row.licence} if row.licence.startswith("LicenseRef-") else {"id": row.licence}
    files = [
        {
            "type": "file",
            "name": name,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}],
        }
        for name in row.files
    ]
    named = {"type": "library", "bom-ref": f"vendored: {row.what}", "name": row.what, "version": row.version}
    return named | {"licenses": [{"license": licence}], "components": files}


def main() -> None:
    """The packages, then the vendored files."""
    program = [sys.executable, "-m", "cyclonedx_py", "requirements", *LOCK]
    said = json.loads(subprocess.run(program, cwd=ROOT, check=True, capture_output=True, timeout=300).stdout)
    said["components"] += [component(row) for row in vendored()]
    OUTPUT.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{OUTPUT.name}: {len(said['components'])} components")


if __name__ == "__main__":
    main()
