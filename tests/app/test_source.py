"""The code that a page shows: a run and all of its topic's that it reaches, so that what learns is there to be read."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from app.source import parts_of
from app.topic import Demo
from app.topics import topics
from engine import Session

DEMOS = [pytest.param(demo, id=f"{slug}/{demo.name}") for slug, topic in topics().items() for demo in topic.demos]
every_demo = pytest.mark.parametrize("demo", DEMOS)

OPEN = {"network": r"\b(mlp|dense|convolution|recurrent|attention|Graph|tf\.Variable)\b", "loop": r"^ +(for|while) "}
"""What a reader finds without unfolding anything."""
SHOWN = {
    "data": r"\bstreams\(|\.data\b|\binputs\b",
    "loss": r"\b(loss(es)?|costs?|errors?|energy|height)\b",
    "gradients or an optimizer": r"\b(optimizers|OPTIMIZERS)\b|\bgradients\(|\bAssign\(|Optimizer\(",
}


@every_demo
def test_the_run_comes_first_and_no_part_twice(demo: Demo) -> None:
    first, *others = parts_of(demo.run)
    assert (first.name, first.open) == ("run", True)
    texts = [part.text for part in (first, *others)]
    assert len(set(texts)) == len(texts)
    for text in texts:
        ast.parse(text)


@every_demo
def test_where_a_network_learns_its_data_network_loss_gradients_and_loop_are_shown(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not learns(demo, monkeypatch):
        return
    parts = parts_of(demo.run)
    text, unfolded = ("\n".join(part.text for part in some) for some in (parts, [part for part in parts if part.open]))
    program = "\n".join(str(value) for value in demo.params().values().values())  # which stands in its editor
    text, unfolded = text + program, unfolded + program
    assert [what for what, words in SHOWN.items() if not re.search(words, text)] == []
    assert [what for what, words in OPEN.items() if not re.search(words, unfolded, re.MULTILINE)] == []


def learns(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a plan of its run, up to the second snapshot, has updates."""
    updates: list[Any] = []
    planning = Session.planning

    def noted(session: Session, outputs: Any, changes: Any = (), *more: Any) -> Any:
        updates.extend(changes)
        return planning(session, outputs, changes, *more)

    monkeypatch.setattr(Session, "planning", noted)
    run = demo.run(demo.params())
    next(run)
    next(run)
    return bool(updates)


def test_the_code_of_other_modules_of_the_topic_is_followed_home_and_the_engines_is_not() -> None:
    names = [part.name for part in parts_of(topics()["gan"].demo("ring").run)]
    assert names[:2] == ["run", "constants"]
    assert {"Game", "discriminator_of", "generator_of"} <= set(names)
    assert {"Session", "Snapshot", "mlp", "charts", "RingParams"}.isdisjoint(names)


def test_a_constant_brings_its_docstring_and_is_said_once() -> None:
    constants = next(part for part in parts_of(topics()["gan"].demo("ring").run) if part.name == "constants")
    assert 'FAIR = 1 / MODES / 4\n"""A cloud is covered' in constants.text
    assert constants.text.count("MODES, SPREAD = ") == 1


def test_a_part_says_its_first_line_of_itself() -> None:
    said = {part.name: part.summary for part in parts_of(topics()["gan"].demo("ring").run)}
    assert said["Game"].startswith("Two networks, their session and the plans that move them.")
