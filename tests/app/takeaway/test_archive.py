"""`run.zip` unpacked in an empty folder, with a Python that has NumPy and nothing else: the run is made again there."""

from __future__ import annotations

import ast
import io
import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.experiment import Experiment, experiment_with
from app.exporting import as_json
from app.params import Params, entry
from app.produce import events
from app.takeaway.archive import SCRIPT, as_zip, script
from app.topic import Topic
from app.topics import topics

RUNS = [
    ("learning-rate", "race", {"learning_rate": 10.0, "seed": 3}),
    ("learning-rate", "edge-of-stability", {"hidden_units": 8}),
    ("gan", None, {}),
    ("gradient-descent", None, {"seed": 5}),
    ("vanishing-gradients", None, {}),
    ("boltzmann-machine", None, {}),
    ("backpropagation", None, {}),
]
BEGINNINGS = """
import json
from importlib import import_module
import numpy as np
from app.takeaway.drawing import Picture

said = {}
for module in MODULES:
    topic = import_module(f"app.topics.{module}").topic
    for demo in topic.demos:
        for values in ({}, *(preset.values for preset in demo.presets)):
            params = demo.params(**values)
            picture = Picture(demo.charts(params))
        with np.errstate(all="ignore"):
            picture.take(next(filter(None, demo.run(params))))
        grounds = [claim.ground.unmet(params) for claim in demo.claims]
        said[f"{topic.slug}/{demo.name}"] = [{name: getattr(params, name) for name in params.declared}, grounds]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def numpy_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds NumPy."""
    folder, home = tmp_path_factory.mktemp("packages"), Path(np.__file__).parent
    for package in home.parent.glob("numpy*"):
        (folder / package.name).symlink_to(package)
    return folder


def unpacked(experiment: Experiment, folder: Path) -> Path:
    """The folder with the archive's files."""
    with ZipFile(io.BytesIO(as_zip(experiment))) as archive:
        archive.extractall(folder)
    return folder


def said_by(folder: Path, packages: Path, *arguments: str) -> str:
    """What Python prints there; every warning is an error, and there is no other package and no variable of ours."""
    command = [sys.executable, "-S", "-W", "error", *arguments]
    environment = {"PYTHONPATH": str(packages), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, timeout=300, encoding="utf-8")
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.mark.thorough
@pytest.mark.parametrize(("slug", "demo", "values"), RUNS)
def test_the_archive_measures_what_the_run_measured(
    slug: str, demo: str | None, values: dict[str, Any], numpy_alone: Path, tmp_path: Path
) -> None:
    experiment = experiment_with(topics()[slug], demo, values)
    asked = experiment.request
    run = json.loads(as_json(experiment, [sent for _, sent in events(asked.topic, asked.demo, asked.params)]))
    printed = said_by(unpacked(experiment, tmp_path), numpy_alone, "run.py")
    measured = {name: float(value) for name, value in re.findall(r"; (.+?) = ([^;\n]+)", printed)}
    assert re.findall(r"^step (\d+)", printed, re.MULTILINE) == [str(frame["step"]) for frame in run["frames"]]
    assert run["claims"]
    for claim, told in zip(experiment.demo.claims, run["claims"], strict=True):
        here = measured.get(claim.measure, math.nan)
        assert (here if math.isfinite(here) else None) == told["measured"], claim.text
        (line,) = (line for line in printed.splitlines() if line.startswith(f"{claim.text} [measured "))
        assert line.endswith({True: ": holds]", False: ": does not hold]"}.get(told["holds"], f"only at {told['ground']}]"))
    assert run["done"].get("message", "") in printed


def test_every_demo_begins_in_an_empty_folder_with_numpy_alone(numpy_alone: Path, tmp_path: Path) -> None:
    for topic in topics().values():
        unpacked(Experiment(topic, topic.demos[0], topic.demos[0].params()), tmp_path)
    (tmp_path / "begin.py").write_text(
        BEGINNINGS.replace("MODULES", repr([slug.replace("-", "_") for slug in topics()])), encoding="utf-8"
    )
    told = json.loads(said_by(tmp_path, numpy_alone, "begin.py"))
    for topic in topics().values():
        for demo in topic.demos:
            last = demo.presets[-1].values if demo.presets else {}
            params = experiment_with(topic, demo.name, dict(last)).params
            assert told[f"{topic.slug}/{demo.name}"] == [
                params.model_dump(),
                [claim.ground.unmet(params) for claim in demo.claims],
            ]


def test_the_script_tells_tools_what_it_needs() -> None:
    topic = topics()["gan"]
    with ZipFile(io.BytesIO(as_zip(Experiment(topic, topic.demos[0], topic.demos[0].params())))) as archive:
        text = archive.read("run.py").decode()
        assert "LICENSE" in archive.namelist()
    (block,) = re.findall(r"^# /// script\n((?:#.*\n)+?)# ///$", text, re.MULTILINE)  # PEP 723
    told = re.sub(r"^# ?", "", block, flags=re.MULTILINE)
    assert 'requires-python = ">=3.11"' in told
    assert f'dependencies = ["numpy=={np.__version__}"]' in told


def test_the_same_run_is_the_same_archive_and_holds_no_other_topic() -> None:
    topic = topics()["gan"]
    experiment = Experiment(topic, topic.demos[0], topic.demos[0].params(seed=7))
    assert as_zip(experiment) == as_zip(experiment)
    with ZipFile(io.BytesIO(as_zip(experiment))) as archive:
        others = [
            name for name in archive.namelist() if name.startswith("app/topics/") and not name.startswith("app/topics/gan/")
        ]
    assert others == ["app/topics/__init__.py"]


class Typed(Params):
    """A parameter that takes any text."""

    text: str = entry("", label="text", help="Anything.")


@given(text=st.text(max_size=200))
@example('\'); raise SystemExit(1)  # """ {0} \\')
@example("\n\u2028{slug}\x00")
def test_what_a_visitor_typed_is_quoted(text: str) -> None:
    demo = replace(topics()["gan"].demos[0], params=Typed)
    text_of_it = script(Experiment(Topic("gan", (demo,)), demo, Typed(text=text, seed=1)))
    (call,) = (
        node for node in ast.walk(ast.parse(text_of_it)) if isinstance(node, ast.Call) and ast.unparse(node.func) == "demo.params"
    )
    assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == {"text": text, "seed": 1}
    assert len(text_of_it.split("\n")) == SCRIPT.count("\n") + 1
