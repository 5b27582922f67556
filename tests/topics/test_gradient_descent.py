"""Landscapes that visitors type: the nastiest keep to a snapshot's time, and heights that are no numbers break no chart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.produce import events
from app.query import BadQuery, parse
from app.topics import topics
from app.topics.gradient_descent.params import PathParams
from engine.expressions import MOST_OPERATIONS
from tests.topics.measuring import measure

LONGEST = 120
SNAPSHOT_SECONDS = 0.05
NASTY = {
    "quotients": "x/" * MOST_OPERATIONS + "x",
    "products and quotients": "x*y/" * (MOST_OPERATIONS // 2) + "x",
    "a tower of powers": "(" * 9 + "x*y" + ")**7" * 9,
    "a tower of quotients": "y/(" * 16 + "x" + ")" * 16,
    "functions": "*".join(f"{f}({i}*x)" for i, f in enumerate(("sin", "cos", "tanh", "exp", "log", "sqrt") * 2, 1)),
    "functions of functions": "tanh(" * 18 + "x" + ")" * 18,
    "powers": "+".join(f"{i}*x**7" for i in range(2, 10)),
}
STRANGE = [
    "log(x-100)",
    "sqrt(-1-x**2)",
    "1/(x-x)",
    "x/0",
    "(1e6*x)**8*(1e6*y)**8",
    "exp(exp(exp(x)))",
    "-exp(exp(8*x**2))",
    "0*x",
    "x-x+1/0",
]


def typed(text: str, start: str = "-1.3, 2") -> dict[str, object]:
    assert len(text) <= LONGEST
    params = parse(PathParams, [("landscape", "typed"), ("surface", text), ("start", start)])
    return params.values()


@pytest.mark.timed
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_the_costliest_landscapes_keep_to_a_snapshots_time(text: str) -> None:
    runs = [measure("gradient-descent", "paths", typed(text)).cpu for _ in range(3)]
    assert max(min(times) for times in zip(*runs, strict=True)) <= SNAPSHOT_SECONDS


@pytest.mark.parametrize("start", ["", "0, 0", "10, -10", "random"])
@pytest.mark.parametrize("text", STRANGE)
def test_heights_that_are_no_numbers_break_nothing(text: str, start: str) -> None:
    kinds = [kind for kind, _ in events("gradient-descent", "paths", typed(text, start))]
    assert kinds[0] == "start"
    assert kinds[-1] == "done"


leaves = st.sampled_from(["x", "y", "0", "1", "pi", "1e6", ".5"])
surfaces = st.recursive(
    leaves,
    lambda some: st.one_of(
        st.tuples(some, st.sampled_from("+-*/"), some).map("".join),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "log", "sqrt", "abs", "tanh", "-", ""]), some).map(
            lambda two: f"{two[0]}({two[1]})"
        ),
        st.tuples(some, st.sampled_from("12345678")).map(lambda two: f"({two[0]})**{two[1]}"),
    ),
    max_leaves=14,
).filter(lambda text: len(text) <= LONGEST)


@pytest.mark.thorough
@settings(max_examples=150, derandomize=True)
@given(surfaces)
def test_every_landscape_that_is_taken_is_drawn_and_walked(text: str) -> None:
    demo = topics()["gradient-descent"].demo("paths")
    try:
        params = PathParams.model_validate(typed(text))
    except BadQuery:
        return
    charts = demo.charts(params)
    low, high = charts["height"].y.range or (math.nan, math.nan)
    assert math.isfinite(low)
    assert low < high
    told = events("gradient-descent", "paths", params.values())
    assert [kind for kind, _ in (next(told), next(told), next(told))] == ["start", "frame", "frame"]
