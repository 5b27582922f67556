"""Claims: sentences with a number that the run itself measures, and chart titles that rest on them.

Made of `app.bounds` and `app.ground`, checked by `app.produce` on the run that the visitor sees, and by the tests on many more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.bounds import Bounds
from app.ground import ANYWHERE, Ground
from app.params import Params


@dataclass(frozen=True)
class Claim:
    """A sentence with a measured number and a threshold.

    `measure` names a number of `Snapshot.measured`; `ground` says at which settings the sentence speaks. `by_construction` marks
    an identity that the run keeps, which no outcome of training could break: it is told apart from what was found by measuring.
    """

    text: str
    measure: str
    bounds: Bounds
    ground: Ground = ANYWHERE
    by_construction: bool = False

    def judge(self, params: Params, measured: Mapping[str, float], usual: float | None = None) -> dict[str, Any]:
        """The claim's line under the charts; `holds` is None off its ground. A missing or NaN number fails.

        `was_measured` is False of a number that the run does not give; off the ground that may be NaN, where there was nothing to
        count.

        Off its ground `ground` says only what keeps the run off it, and `usual`, what runs on the ground measure, how much this
        one differs.
        """
        applies = self.ground.holds(params)
        value = float(measured.get(self.measure, float("nan")))
        return {
            "text": self.text,
            "measured": value,
            "was_measured": self.measure in measured and (applies or not math.isnan(value)),
            "holds": self.bounds.hold(value) if applies else None,
            "expected": self.bounds.said(),
            "applies": applies,
            "ground": self.ground.said(type(params)) if applies else self.ground.unmet(params),
            "usual": usual,
            "by_construction": self.by_construction,
        }


@dataclass(frozen=True)
class Title:
    """A chart's title that says what a run shows: true because `claims` hold, and so shown only on the ground of all of them.

    `otherwise` is the neutral title elsewhere.
    """

    text: str
    otherwise: str
    claims: tuple[Claim, ...]

    def at(self, params: Params) -> str:
        """The title at these params."""
        return self.text if all(claim.ground.holds(params) for claim in self.claims) else self.otherwise
