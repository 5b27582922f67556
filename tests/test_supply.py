"""What the image is made of and how it runs: licences of what is vendored, hashes, no rights that serving does not need."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from typing import Any

import pytest

from tests.conftest import ROOT

SBOM = runpy.run_path(str(ROOT / "scripts" / "make_sbom.py"))
vendored, component = SBOM["vendored"], SBOM["component"]

FOLDERS = ("static/vendor", "static/fonts", "engine/datasets/files")
BESIDE = {"", ".LICENSE", ".br", ".gz", ".py", ".pyc"}
"""Endings of what is no vendored file itself: licences, checksums, what is compressed ahead."""
TELLS = {
    "0BSD": "Zero-Clause BSD",
    "MIT": "MIT License",
    "OFL-1.1": "SIL Open Font License, Version 1.1",
    "CC-BY-4.0": "CC BY 4.0",
    "LicenseRef-public-domain": "public\\s+domain",
}
"""Licence -> words of its text."""


def test_every_vendored_file_has_its_licence() -> None:
    there = [path for folder in FOLDERS for path in (ROOT / folder).iterdir() if path.suffix not in BESIDE]
    assert Counter(name for row in vendored() for name in row.files) == Counter(str(path.relative_to(ROOT)) for path in there)


@pytest.mark.parametrize("row", vendored(), ids=lambda row: row.what)
def test_a_licence_is_the_one_whose_text_stands_beside_the_file(row: Any) -> None:
    text = (ROOT / row.text).read_text(encoding="utf-8")
    assert re.search(TELLS[row.licence], text)
    assert all((ROOT / name).parent == (ROOT / row.text).parent for name in row.files)


def test_a_version_that_stands_in_a_files_name_is_the_one_told() -> None:
    told = {name: row.version for row in vendored() for name in row.files}
    named = {name: found[1] for name in told if (found := re.search(r"-(\d+(?:\.\d+)+)\.min\.js$", name))}
    assert named
    assert {name: told[name] for name in named} == named


def test_a_bill_of_materials_names_each_file_by_its_hash() -> None:
    for row in vendored():
        said = component(row)
        assert [each["name"] for each in said["components"]] == row.files
        assert all(re.fullmatch(r"[0-9a-f]{64}", each["hashes"][0]["content"]) for each in said["components"])


def test_the_image_installs_by_hashes_and_runs_as_nobody() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"pip .*install .*", text) == [
        found for found in re.findall(r"pip .*install .*", text) if "--require-hashes" in found
    ]
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "<<" not in text, "a heredoc needs BuildKit"
    assert "syntax=" not in text, "so does a syntax line, and it is fetched"


def test_compose_takes_every_right_away() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for line in ("read_only: true", "cap_drop:\n      - ALL", "no-new-privileges:true"):
        assert line in text
    assert "privileged: true" not in text
    assert "cap_add" not in text
