"""The gallery of programs, each with what it prints or its mistake at its line; the frames of a program; hostile ones refused."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from app.produce import events
from app.query import BadQuery, parse
from app.topic import Snapshot
from app.topics import topics
from app.topics.tensorflow_elements.gallery import BROKEN, RIGHT
from app.topics.tensorflow_elements.simulator import SimulatorParams, run
from app.topics.tensorflow_elements.training import TrainingParams
from tests.conftest import Server
from tests.cost import counted
from tests.engine.test_program_limits import REFUSED
from tests.topics.measuring import ROOT

PRINTS = {
    "feed and fetch": ["[[ 9.5 12.5 15.5]]", "5.0"],
    "one variable, two sessions": ["3.0 0.0"],
    "three training steps": ["0 10.5", "1 2.9866664", "2 0.8495405", "[[1.7724445]]"],
    "a tensor printed": ['Tensor("mul:0", shape=(), dtype=float32)', "6.0"],
    "a graph that grows in a loop": ["2.0"] * 3,
    "broken: a placeholder not fed": ["12.0"],
    "broken: a tensor overwritten by its value": ["9.0"],
}
"""What TensorFlow 2.21's `tf.compat.v1` prints too, to the last digit; of a line in a loop the last three."""
FAILS = {
    "broken: a placeholder not fed": (6, "InvalidArgumentError: You must feed a value for placeholder tensor 'x'"),
    "broken: a variable not initialized": (5, "FailedPreconditionError: Attempting to use uninitialized value w"),
    "broken: shapes that do not fit": (3, "ValueError: Dimensions must be equal, but are 3 and 2 for 'MatMul'"),
    "broken: fed another shape": (5, "ValueError: Cannot feed value of shape (3, 2) for Tensor 'x:0', which has shape '(2, 3)'"),
    "broken: a tensor overwritten by its value": (9, "TypeError: Fetch argument 9.0 has invalid type <class 'numpy.float32'>"),
}


def snapshots(program: str) -> list[Snapshot]:
    return [snapshot for snapshot in run(SimulatorParams(program=program)) if snapshot]


def listing(program: str) -> Any:
    return snapshots(program)[-1].charts["listing"]


@pytest.mark.parametrize("title", [*RIGHT, *BROKEN])
def test_every_program_of_the_gallery_prints_or_fails_as_in_tensorflow(title: str) -> None:
    told = listing((RIGHT | BROKEN)[title])
    printed = [line for lines in told["printed"].values() for line in lines]
    if title != "gradients are nodes":
        assert printed == PRINTS.get(title, [])
    assert (told["wrong"] is not None) == (title in BROKEN)
    if title in BROKEN:
        line, (words, plain) = told["wrong"]
        assert (line, words[: len(FAILS[title][1])]) == FAILS[title]
        assert plain.startswith("In plain words: ")


def test_gradients_of_gradients_are_printed_as_tensorflow_computes_them() -> None:
    ((line,),) = listing(RIGHT["gradients are nodes"])["printed"].values()
    assert [float(word) for word in line.strip("[]").split(",")] == pytest.approx([0.46211714, 0.78644776, -0.72686195], rel=1e-6)


def test_every_program_stands_beside_the_same_program_of_today() -> None:
    source = html.unescape((ROOT / "templates/topics/tensorflow-elements-forms.html").read_text(encoding="utf-8"))
    titles = [title[:1].lower() + title[1:] for title in re.findall(r"<summary>(.*?)</summary>", source)]
    assert titles == [*RIGHT, *BROKEN]
    assert source.count("<pre") == 3 * len(titles)


@pytest.mark.parametrize("title", [*RIGHT, *BROKEN])
def test_a_run_lights_what_it_evaluates_and_goes_through_it_node_by_node(title: str) -> None:
    lit: list[str] = []
    for snapshot in snapshots((RIGHT | BROKEN)[title]):
        graph = snapshot.charts["graph"]
        lit = graph.get("lit", lit)
        assert graph.get("focus") in (None, *lit)


LOOP = "w = tf.Variable(0.0)\nmore = tf.assign_add(w, 1.0)\ns = tf.Session()\ns.run(w.initializer)\n"


def test_a_program_of_many_runs_keeps_to_the_frames_there_are_and_shows_its_end() -> None:
    program = LOOP + "for i in range(450):\n    s.run(more)\n    print(i)\nprint(s.run(w))"
    frames = [message for kind, message in events("tensorflow-elements", "simulator", {"program": program}) if kind == "frame"]
    assert 100 < len(frames) <= 241
    assert listing(program)["printed"][8] == ("450.0",)


@pytest.mark.parametrize(
    "program", ["", "# nothing", "x = 1", "print(1)", "tf.Session().run(3.0)", "for i in range(0):\n    x = 1"]
)
def test_a_program_that_makes_no_graph_has_a_picture_all_the_same(program: str) -> None:
    *_, (kind, _) = events("tensorflow-elements", "simulator", {"program": program})
    assert kind == "done"


def test_training_that_reads_no_loss_or_runs_nothing_ends_well() -> None:
    for program in ("x = 1", LOOP + "for i in range(20):\n    s.run(more)", "y = tf.constant(1.0)\nloss = y * y\nprint(loss)"):
        *_, (kind, _) = events("tensorflow-elements", "training", {"program": program})
        assert kind == "done"


@pytest.mark.timed
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("params", [SimulatorParams, TrainingParams])
def test_a_hostile_program_is_refused_at_its_field_at_once(params: Any, name: str) -> None:
    with pytest.raises(BadQuery) as caught, counted() as cost:
        parse(params, [("program", REFUSED[name][0])])
    assert cost.seconds <= 0.1
    (error,) = caught.value.errors
    assert error.field == "program"
    assert error.line or error.allowed == "at most 2000 characters"


def test_a_hostile_program_costs_no_worker(server: Server) -> None:
    def started() -> str:
        found = re.search(r"^runs_started_total (\S+)", server.get("/metrics").text, re.MULTILINE)
        assert found
        return found[1]

    before = started()
    for program, _ in list(REFUSED.values())[:12]:
        for path in ("", "/stream", "/run.json"):
            assert server.get(f"/topics/tensorflow-elements{path}?{urlencode({'program': program})}").status_code == 422
    assert started() == before


def test_the_presets_are_the_gallery() -> None:
    demo = topics()["tensorflow-elements"].demos[0]
    assert [preset.values["program"] for preset in demo.presets] == [*(RIGHT | BROKEN).values()]
