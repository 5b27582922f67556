"""Numbers in prose are what runs measure: the tables are as new as the text, and runs made here measure the same again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from app.facts import SEEDS, Fact, facts_of, home_of, measured, over_defaults, table, wanted
from app.topic import Demo
from app.topics import topics
from tests.topics.measuring import EXHAUSTIVE, SOME_SEEDS, told

DEMOS = [pytest.param(slug, demo, id=f"{slug}/{demo.name}") for slug, topic in topics().items() for demo in topic.demos]
FACTS = [pytest.param(slug, fact, id=f"{slug}/{place}") for slug in topics() for place, fact in enumerate(facts_of(slug))]


@pytest.mark.parametrize(("slug", "demo"), DEMOS)
def test_the_table_holds_what_prose_and_claims_ask_for_and_nothing_else(slug: str, demo: Demo) -> None:
    def flat(rows: list[Any]) -> list[Any]:
        return sorted(str((over_defaults(demo, values), sorted(measures))) for values, measures in rows)

    assert flat([(row["values"], row["measured"]) for row in table(slug)[demo.name]]) == flat(wanted(slug, demo))


@pytest.mark.thorough
@pytest.mark.parametrize("seeds", [SOME_SEEDS[:1], pytest.param(tuple(SEEDS), marks=EXHAUSTIVE)], ids=["one", "all"])
@pytest.mark.parametrize(("slug", "fact"), FACTS)
def test_runs_measure_again_what_a_number_in_prose_was_made_from(slug: str, fact: Fact, seeds: tuple[int, ...]) -> None:
    demo = topics()[slug].demo(fact.demo)
    ten = measured(slug, demo, fact.at)[fact.measure]
    runs = {seed: told(slug, fact.demo, {**fact.at, "seed": seed}).done["measured"][fact.measure] for seed in seeds}
    if fact.chaotic:
        _same(fact, [runs.get(seed, ten[seed]) for seed in SEEDS], ten)
    else:
        for seed in seeds:
            _same(fact, [runs[seed]], [ten[seed]])


def _same(fact: Fact, now: Sequence[float | None], then: Sequence[float | None]) -> None:
    for said, before in zip(fact.numbers(now), fact.numbers(then), strict=True):
        assert said == pytest.approx(before, abs=fact.tolerance(before)), fact


@pytest.mark.parametrize(("slug", "demo"), DEMOS)
def test_what_a_claim_usually_measures_is_within_its_bounds(slug: str, demo: Demo) -> None:
    for claim in demo.claims:
        ten = measured(slug, demo, home_of(demo, claim) or {})[claim.measure]
        assert len(ten) == len(SEEDS)
        assert [value for value in ten if not claim.bounds.hold(math.inf if value is None else value)] == [], claim.text
