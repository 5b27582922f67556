"""Every claim can fail: with the phenomenon switched off, the number that the run measures misses the claim's threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.topic import Claim, Demo, Params
from app.topics import topics
from tests.topics.mutations import Mutation, mutations

EVERY_MUTATION = [
    pytest.param(topics()[slug].demo(each.demo), each, id=f"{slug}/{each.demo}/{each.what}")
    for slug, found in mutations().items()
    for each in found
]
EVERY_DEMO = [pytest.param(slug, demo, id=f"{slug}/{demo.name}") for slug, topic in topics().items() for demo in topic.demos]


@pytest.mark.thorough
@pytest.mark.parametrize(("demo", "mutation"), EVERY_MUTATION)
def test_a_claim_fails_where_the_phenomenon_is_switched_off(
    demo: Demo, mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = demo.params(**mutation.values)
    mutation.patch(monkeypatch)
    measured = measured_in(demo, params)
    concerned = [claim for claim in demo.claims if mutation.concerns(claim)]
    assert len(concerned) >= len(mutation.misses), "it names a claim that there is not"
    assert [said for claim in concerned if (said := _met(claim, measured))] == []


@pytest.mark.parametrize(("slug", "demo"), EVERY_DEMO)
def test_each_claim_has_a_run_in_which_it_fails(slug: str, demo: Demo) -> None:
    of_demo = [each for each in mutations().get(slug, []) if each.demo == demo.name]
    assert [claim.text for claim in demo.claims if not any(each.concerns(claim) for each in of_demo)] == []


def measured_in(demo: Demo, params: Params) -> dict[str, float]:
    """All that a run measures, the newest of each name; without its charts."""
    measured: dict[str, float] = {}
    with np.errstate(all="ignore"):
        for snapshot in filter(None, demo.run(params)):
            measured |= snapshot.measured
    return measured


def _met(claim: Claim, measured: dict[str, float]) -> str:
    """Why a claim is not missed, empty when it is: its number must be there, a number, and beyond the threshold."""
    value = float(measured.get(claim.measure, math.nan))
    if math.isnan(value):
        return f"{claim.measure} was not measured: a run that merely breaks proves nothing"
    return f"{claim.text}: {value:g}, within {claim.bounds.said()}" if claim.bounds.hold(value) else ""
