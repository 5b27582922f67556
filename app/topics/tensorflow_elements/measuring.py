"""What the claims measure in a run of the simulator, each in a different way from the run itself."""

from __future__ import annotations

import numpy as np

from engine.graph import Node
from engine.v1 import Session
from engine.v1.programs import Outcome, Ran
from engine.v1.readiness import Wanted

NUDGE = 0.01
"""How far an input is moved for a difference quotient: float32 has seven digits, and a smaller step would lose more of them."""


def strangers(event: Ran, outcome: Outcome) -> float:
    """How many nodes were evaluated that no fetch can be reached from, going along the edges from each node on its own."""
    wanted = set(event.wanted.reads)
    return float(sum(not _reaches(node, wanted, outcome) for node in outcome.values))


def _reaches(node: Node, wanted: set[Node], outcome: Outcome) -> bool:
    readers = {node}
    for other in outcome.values:  # inputs come before those that read them
        if not readers.isdisjoint(other.inputs):
            readers.add(other)
    return not readers.isdisjoint(wanted)


def again(session: Session, wanted: Wanted) -> float:
    """The largest difference between two more runs of the same fetches."""
    first, second = session.trace(wanted)[0], session.trace(wanted)[0]
    return max(float(np.abs(one - other).max()) for one, other in zip(first, second, strict=True))


def by_plan(session: Session, wanted: Wanted, outcome: Outcome) -> float:
    """The largest difference from what the engine's compiled plan gives, as a share of the largest number."""
    pairs = zip(outcome.results, session.planned(wanted), strict=True)
    return max(float(np.abs(one - other).max() / max(np.abs(one).max(), 1e-30)) for one, other in pairs)


def slopes(session: Session, wanted: Wanted, outcome: Outcome) -> float:
    """How far y' and y'' of the fetches [y, y', y''] are from difference quotients of y and y', as a share of them."""
    (name,) = wanted.feeds
    above, below = (session.trace(wanted.fed({name: wanted.feeds[name] + step}))[0] for step in (NUDGE, -NUDGE))
    pairs = zip(outcome.results[1:], above, below, strict=False)
    return max(abs(float((high - low) / (2 * NUDGE) / slope) - 1) for slope, high, low in pairs)
