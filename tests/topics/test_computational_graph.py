"""Topic 27: what is typed becomes a graph or is refused at once, and the plans shown are those of other pages' networks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.query import BadQuery, items_of, parse
from app.topic import Snapshot, streams
from app.topics import topics
from app.topics.computational_graph import expression, passes, plan
from app.topics.computational_graph.expression import MOST_NODES, ExpressionParams, build
from app.topics.computational_graph.networks import NETWORKS
from app.topics.computational_graph.planted import network
from app.topics.computational_graph.reading import Reading
from engine import Plan, Session
from engine.calls import parted
from engine.passes import PASSES, simplified
from tests.cost import counted

SECONDS = 0.1

WORDS = [
    "x",
    "y",
    "pi",
    "2",
    ".5",
    "1e3",
    "+",
    "-",
    "*",
    "/",
    "**",
    "2",
    "(",
    ")",
    "sin(",
    "exp(",
    "log(",
    "sqrt(",
    "abs(",
    "tanh(",
]


def sums() -> st.SearchStrategy[str]:
    """Expressions that are right as written, most of them within the limits."""
    leaf = st.sampled_from(["x", "y", "1", "0.5", "pi"])
    functions = st.sampled_from(["sin", "cos", "exp", "log", "sqrt", "abs", "tanh"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.builds(lambda a, sign, b: f"({a}{sign}{b})", inner, st.sampled_from("+-*/"), inner)
        powers = st.builds(lambda a, power: f"({a})**{power}", inner, st.integers(1, 8))
        return pairs | powers | st.builds(lambda name, a: f"{name}({a})", functions, inner) | inner.map(lambda a: f"-{a}")

    return st.recursive(leaf, grown, max_leaves=10)


def allowed(text: str) -> ExpressionParams | None:
    """The parameters, None where the text is refused; any other error is none of those that are meant to happen."""
    try:
        return parse(ExpressionParams, [("expression", text)])
    except BadQuery:
        return None


def refusal(text: str) -> str:
    """What is said of a text that is refused, in less than the time that a page may take."""
    with pytest.raises(BadQuery) as refused, counted() as cost:
        parse(ExpressionParams, [("expression", text)])
    assert cost.seconds < SECONDS
    return refused.value.errors[0].message


@settings(max_examples=150)
@given(sums() | st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_what_is_typed_is_a_run_that_ends_as_planned_or_is_refused(text: str) -> None:
    params = allowed(text)
    if params is None:
        return
    assert parse(ExpressionParams, [("expression", params.expression)]) == params
    assert items_of(params)
    demo = expression.demo
    charts = demo.charts(params)
    with np.errstate(all="ignore"):
        shown = list(demo.run(params))
    assert len(shown) == demo.planned_frames(params)
    for snapshot in shown:
        assert snapshot is not None
        assert all(charts[name].update(value, snapshot.step) for name, value in snapshot.charts.items())


@pytest.mark.timed
@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("+".join(["x*y"] * 500_000), "at most"),
        ("(" * 60 + "x" + ")" * 59, "got 'the end'|nested deeper than"),
        ("(" * 1_000_000, "at most"),
        ("-" * 100 + "x", "nested deeper than"),
        ("x.__class__", r"got '\.' at character 2"),
        ("__import__('os').system('ls')", "got '_' at character 1"),
        ("x if y else 1", "got 'if'"),
        ("lambda: x", "got 'lambda'|got ':'"),
        ("\N{CYRILLIC SMALL LETTER HA} + y", "got 'х' at character 1"),  # looks like x, and is not
        ("x\N{ZERO WIDTH SPACE}+y", "at character 2"),
        ("\N{MATHEMATICAL ITALIC SMALL X}*2", "at character 1"),
        ("9**9**9*x", "got the power '9'"),
        ("x*1e400", "got the number 1e400"),
        ("x**7+" * 5 + "y", "got .* operations, wanted at most 24"),
    ],
)
def test_a_hostile_text_is_refused_in_a_moment_with_what_was_got_and_what_is_allowed(text: str, got: str) -> None:
    said = refusal(text)
    assert len(said) < 600
    assert re.search(got, said), said
    assert "allowed" in said or "give" in said or "expression of x and y" in said, said


def test_no_expression_that_is_allowed_is_too_large_to_draw() -> None:
    heavy = "x/y/" * 11 + "x/y"
    assert len(build(parse(ExpressionParams, [("expression", heavy)]).expression, 1.0, 1.0).order) <= MOST_NODES


def test_each_frame_of_an_expression_shows_one_node_more_and_inputs_come_first() -> None:
    params = ExpressionParams()
    shown = [snapshot for snapshot in expression.demo.run(params) if snapshot]
    edges = expression.demo.charts(params)["graph"].edges  # type: ignore[attr-defined]
    seen: list[str] = []
    for snapshot in shown[1:-1]:
        (key,) = snapshot.charts["graph"]["values"]
        assert {source for source, target in edges if target == key} <= set(seen)
        seen.append(key)
    assert len(seen) == len(set(seen)) == len(build(params.expression, 1.0, 0.5).order)


@pytest.mark.parametrize("planted", [True, False])
def test_as_many_nodes_are_left_in_the_picture_as_the_engine_has_left(planted: bool) -> None:
    net = network(planted, np.random.default_rng(0))
    happened = list(passes.events(net))
    for stage in range(len(PASSES) + 1):
        gone = [event.node for event in happened if event.stage <= stage and event.takes_away]
        assert len(gone) == len(set(gone))
        assert len(net.graph.nodes) - len(gone) == len(simplified(net.outputs, PASSES[:stage]).order)


RUNS = {
    "wines": ("learning-rate", "race"),
    "wave": ("learning-rate", "edge-of-stability"),
    "drawings": ("cnn-layers", "drawing"),
    "codes": ("autoencoder", "bottleneck"),
}


def signature(made: Plan) -> list[tuple[str, tuple[int, ...]]]:
    """The calls of a plan, each with what it is called and the shape it writes."""
    told = [parted(call) for call in made.calls]
    return [(name, out.shape if isinstance(out, np.ndarray) else ()) for name, _, out in told]


def first_training_plan(slug: str, name: str, patch: pytest.MonkeyPatch) -> Plan:
    """The plan with an update that the run of another topic makes first."""
    made: list[Plan] = []
    planning: Callable[..., Any] = Session.planning

    def watched(self: Session, outputs: Any, updates: Any = (), *more: Any, **others: Any) -> Any:
        done = yield from planning(self, outputs, updates, *more, **others)
        if updates:
            made.append(done)
        return done

    patch.setattr(Session, "planning", watched)
    demo = topics()[slug].demo(name)
    for _ in demo.run(demo.params()):
        if made:
            return made[0]
    raise AssertionError(f"{slug} has planned no training")


@pytest.mark.parametrize("name", NETWORKS)
def test_a_plan_is_that_of_the_other_topic_s_run_call_for_call(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = signature(first_training_plan(*RUNS[name], monkeypatch))
    training = NETWORKS[name](streams(0))
    ours = signature(Session(training.graph).plan([training.loss], [training.update]))
    assert ours == theirs


@pytest.mark.parametrize("name", NETWORKS)
def test_every_call_of_a_plan_is_a_line_that_names_where_it_writes(name: str) -> None:
    training = NETWORKS[name](streams(0))
    reading = Reading(Session(training.graph).plan([training.loss], [training.update]))
    lines = [reading.line(place) for place in range(len(reading.plan.calls))]
    assert all(r"\leftarrow \mathrm{" in line for line in lines)
    assert {letter for letter in reading.letters if any(rf"\mathrm{{{letter}}}" in line for line in lines)} == set(
        reading.letters
    )


def test_the_last_frame_of_a_plan_has_all_bytes_and_never_more_than_an_array_for_each_result() -> None:
    shown = [snapshot for snapshot in plan.demo.run(plan.demo.params()) if snapshot]
    for snapshot in shown:
        now = snapshot.charts["bytes"]
        assert now["alive"] <= now["made"] <= now["own"]
    assert isinstance(shown[-1], Snapshot)
    assert shown[-1].charts["bytes"]["made"] == shown[-1].measured["bytes"]
