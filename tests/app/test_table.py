"""The table of topics that `python -m app.table` prints."""

from __future__ import annotations

import re

import pytest

from app.table import main
from app.topics import topics


def test_the_table_has_a_row_a_demo_with_its_cost_and_a_line_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradient-descent"]) == 0
    said = capsys.readouterr().out
    for demo in topics()["gradient-descent"].demos:
        assert re.search(rf"^gradient-descent/{demo.name} +\d+\.\d\d +\d+ +\d+ +(\d+)/\1$", said, re.MULTILINE)
        assert all(claim.text in said for claim in demo.claims)


def test_an_unknown_topic_is_named_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradient-ascent"]) == 2
    assert "'gradient-ascent'; there are activation-functions" in capsys.readouterr().err
