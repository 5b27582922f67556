"""What a run says at its end: how it diverged, and what it measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

import app.produce
from app.charts import figures
from app.frames import read
from app.params import Params
from app.produce import ahead, events, pieces
from app.topic import MOST_FRAMES, NOT_YET, Diverged, Run, Snapshot, Topic
from app.topics import topics


def ending(monkeypatch: pytest.MonkeyPatch, end: Diverged) -> dict[str, Any]:
    """The last message of a run that measured two numbers, one of them twice, and then diverged."""

    def run(_params: Any) -> Run:
        yield Snapshot(0, {}, measured={"loss": 3.0, "first": 1.0})
        yield Snapshot(10, {}, measured={"loss": 2.0})
        return end

    return done("made-up", made_up(monkeypatch, run), {})


def made_up(monkeypatch: pytest.MonkeyPatch, run: Callable[[Any], Run]) -> str:
    """The name of the one demo of the topic "made-up", which has this run."""
    demo = replace(topics()["gan"].demos[0], params=Params, charts=lambda _: {}, run=run, frames=2, claims=(), guesses=())
    monkeypatch.setattr(app.produce, "topics", lambda: {"made-up": Topic("made-up", (demo,))})
    return demo.name


def done(topic: str, demo: str, values: Mapping[str, Any]) -> dict[str, Any]:
    *_, (_, last) = events(topic, demo, values)
    said: dict[str, Any] = read(last)[1]
    return said


def test_a_run_that_diverges_says_where_and_carries_its_own_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ending(monkeypatch, Diverged(25, "the loss overflowed first", "The rate was too high."))
    assert (said["outcome"], said["diverged_at"]) == ("diverged", 25)
    assert said["message"] == "Diverged at step 25: the loss overflowed first. The rate was too high."
    assert (
        ending(monkeypatch, Diverged(25, "the loss overflowed first"))["message"]
        == "Diverged at step 25: the loss overflowed first."
    )


def test_the_end_tells_the_newest_of_each_number_that_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, Diverged(25, "x"))["measured"] == {"loss": 2.0, "first": 1.0}


@pytest.mark.parametrize(
    ("demo", "values"),
    [
        ("edge-of-stability", {"learning_rate": 10}),
        ("edge-of-stability", {"learning_rate": 1, "seed": 3}),
        ("race", {"learning_rate": 10}),
        ("race", {"learning_rate": 30, "momentum": 0.9, "hidden_units": 64}),
    ],
)
def test_the_learning_rate_demos_diverge_beyond_the_edge_and_say_so(demo: str, values: dict[str, float]) -> None:
    said = done("learning-rate", demo, values)
    assert said["outcome"] == "diverged"
    found = re.search(r"the learning rate (\S+) was (\S+) times 2/λmax = (\S+), ", said["message"])
    assert found, said["message"]
    rate, times, edge = map(float, found.groups())
    assert rate == values["learning_rate"]
    assert times == pytest.approx(rate / edge, rel=0.01)
    assert times > 1


def test_what_a_worker_does_ahead_leaves_the_default_runs_no_figure_to_look_through() -> None:
    for _ in ahead():
        pass
    before = figures._check.cache_info().misses
    for slug, topic in topics().items():
        for demo in topic.demos:
            next(events(slug, demo.name, {}))
    assert figures._check.cache_info().misses == before


def test_a_run_that_prepares_makes_a_piece_without_a_message_and_the_same_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_params: Any) -> Run:
        yield NOT_YET
        yield Snapshot(0, {})
        yield from (NOT_YET for _ in range(2 * MOST_FRAMES))
        yield Snapshot(1, {})
        return None

    demo = made_up(monkeypatch, run)
    told = list(pieces("made-up", demo, {}))
    assert [piece and piece[0] for piece in told] == ["start", None, "frame", *[None] * (2 * MOST_FRAMES), "frame", "done"]
    assert list(events("made-up", demo, {})) == [piece for piece in told if piece]
    assert done("made-up", demo, {})["frames"] == 2


def test_a_run_of_more_snapshots_than_a_player_takes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_params: Any) -> Run:
        yield from (Snapshot(step, {}) for step in range(MOST_FRAMES + 1))
        return None

    with pytest.raises(ValueError, match=f"more than {MOST_FRAMES} snapshots"):
        done("made-up", made_up(monkeypatch, run), {})
