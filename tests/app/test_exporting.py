"""A run as a file: the script makes the run's numbers again, and the figures of the page are the last frame's."""

from __future__ import annotations

import ast
import json
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.experiment import Experiment, experiment_with
from app.exporting import as_html, as_json, as_python, last_figures
from app.frames import message, read
from app.params import Params, entry
from app.produce import events
from app.runs.supervisor import ONE_THREAD
from app.topic import Topic
from app.topics import topics
from tests.conftest import ROOT

RUNS = [
    ("learning-rate", "race", {"learning_rate": 10.0, "seed": 3}),
    ("learning-rate", "edge-of-stability", {"hidden_units": 8}),
    ("gan", None, {}),
    ("gradient-descent", None, {"seed": 5}),
    ("vanishing-gradients", None, {}),
    ("boltzmann-machine", None, {}),
]


def finished(experiment: Experiment) -> list[bytes]:
    """The messages of the run, made here."""
    asked = experiment.request
    return [sent for _, sent in events(asked.topic, asked.demo, asked.params)]


def printed(script: bytes, folder: Path) -> dict[str, float]:
    """The newest of each measured number that the script prints, from a folder that is not the repository's."""
    path = folder / "run.py"
    path.write_bytes(script)
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, path],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
        text=True,
        encoding="utf-8",
    )
    return {name: float(value) for name, value in re.findall(r"; (.+?) = ([^;\n]+)", said.stdout)}


@pytest.mark.thorough
@pytest.mark.parametrize(("slug", "demo", "values"), RUNS)
def test_the_script_measures_what_the_run_measured(slug: str, demo: str | None, values: dict[str, Any], tmp_path: Path) -> None:
    experiment = experiment_with(topics()[slug], demo, values)
    told = json.loads(as_json(experiment, finished(experiment)))["claims"]
    measured = printed(as_python(experiment), tmp_path)
    assert told
    for claim, said in zip(experiment.demo.claims, told, strict=True):
        here = measured.get(claim.measure, math.nan)
        assert (here if math.isfinite(here) else None) == said["measured"], claim.text


@pytest.mark.parametrize("topic", topics().values(), ids=lambda topic: topic.slug)
def test_every_script_asks_for_its_own_experiment(topic: Any) -> None:
    for demo in topic.demos:
        for preset in ({}, *(each.values for each in demo.presets)):
            experiment = experiment_with(topic, demo.name, {"seed": 7, **preset})
            (call,) = re.findall(r"demo\.params\(.+\)(?=\)$)", as_python(experiment).decode(), re.MULTILINE)
            assert eval(call, {"demo": demo}) == experiment.params  # noqa: S307  # our own line


class Typed(Params):
    """A parameter that takes any text."""

    text: str = entry("", label="text", help="Anything.")


@given(text=st.text(max_size=200))
@example('\'); raise SystemExit(1)  # """ {0} \\')
@example("\n\u2028{slug}\x00")
def test_what_a_visitor_typed_is_quoted(text: str) -> None:
    demo = replace(topics()["gan"].demos[0], params=Typed)
    script = as_python(Experiment(Topic("gan", (demo,)), demo, Typed(text=text, seed=1))).decode()
    assert len(script.split("\n")) == 11
    tree = ast.parse(script)
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "demo.params")
    assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == {"text": text, "seed": 1}


def test_figures_stand_as_the_last_frame_left_them() -> None:
    start = {
        "charts": {
            "loss": {"data": [{"name": "edge"}, {"uid": "a.b c", "x": [], "y": []}, {"uid": "field", "z": [0]}], "layout": {}}
        }
    }
    said = [
        read(message("start", start)),
        read(message("frame", {"step": 0, "charts": {"loss": {"append": {"a.b c": [0, 3.0]}, "set": {"field": {"z": [1]}}}}}, 0)),
        read(message("frame", {"step": 5, "charts": {"loss": {"append": {"a.b c": [5, None]}}}}, 1)),
        read(message("done", {})),
    ]
    assert last_figures(said)["loss"]["data"] == [
        {"name": "edge"},
        {"uid": "series-1", "x": [0, 5], "y": [3.0, None]},
        {"uid": "series-2", "z": [1]},
    ]


def test_the_page_holds_everything_and_asks_for_nothing() -> None:
    experiment = experiment_with(topics()["learning-rate"], "edge-of-stability", {"learning_rate": 10.0})
    messages = finished(experiment)
    page = as_html(experiment, messages).decode()
    assert read(messages[-1])[1]["message"] in page
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)=["'](?!data:)""", page)
    for name in experiment.demo.params.in_order():
        assert f'<th scope="row">{experiment.demo.params.schema_of(name)["title"]}</th>' in page
    assert page.count("<tr data-holds=") == len(experiment.demo.claims)
    assert page.count('<div class="plot"') == len(experiment.demo.charts(experiment.params))


def test_no_text_breaks_out_of_the_page() -> None:
    experiment = experiment_with(topics()["learning-rate"], "race", {})
    messages = finished(experiment)
    kind, start = read(messages[0])
    start["charts"]["loss"]["data"][0]["name"] = "</script><script>alert(1)</script><!--"
    page = as_html(experiment, [message(kind, start), *messages[1:]]).decode()
    assert "alert(1)" in page
    assert page.count("</script") == 3
    assert "<!--" not in page
