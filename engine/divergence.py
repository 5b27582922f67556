"""The autopsy of a run that leaves the finite numbers: at which step, and which layer and quantity went first.

A diverging run is a result to be shown. So training is stepped through a guard, which keeps the weights of one step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.graph import Array, Node
from engine.plan import Plan
from engine.session import Session


class Guard:
    """Steps a plan whose first output is the loss, and notices when the loss is no longer finite.

    `copy`: in a sweep, the one copy that is guarded; the others may do as they like. `fetches` is what an autopsy looks
    through, in the order of computation: the loss alone, unless more is said. `broke` says what left the finite numbers first, ""
    while nothing has.
    """

    def __init__(self, session: Session, plan: Plan, fetches: Sequence[Node] = (), copy: int | None = None) -> None:
        self._session, self._plan, self._copy = session, plan, copy
        self._fetches = fetches or plan.fetches[:1]
        self._before = session.values.copy()
        self._loss: Array = plan.outputs[0] if copy is None else plan.outputs[0][copy : copy + 1]
        self.broke = ""

    def step(self, **feeds: Any) -> str:
        """One step; what broke, in words: "the pre-activations of layer 2 overflowed first", or "".

        When the loss before the update is not finite, the weights stay as they were before it, and no step is made from then on;
        but the other copies of a sweep go on.
        """
        if self.broke and self._copy is None:
            return self.broke
        np.copyto(self._before, self._session.values)
        self._plan.step(**feeds)
        if not self.broke and not np.isfinite(self._loss).all():
            self.broke = self._autopsy()
        return self.broke

    def _autopsy(self) -> str:
        after = self._session.values.copy()
        np.copyto(self._session.values, self._before)
        title = self._session.first_not_finite(self._fetches, self._plan.fed, self._copy) or "loss"
        if self._copy is not None:
            np.copyto(self._session.values, after)
        layer, _, quantity = title.rpartition("/")
        return f"the {quantity} of {layer} overflowed first" if layer else f"the {quantity} overflowed first"


def beyond_the_edge(learning_rate: float, sharpness: float, step: int) -> str:
    """The learning rate against 2/λmax as a sentence, where `sharpness`, the largest curvature λmax at a step, is one.

    A curvature above 2/rate throws plain gradient descent out. Empty when it is no finite number above 0.
    """
    if not 0 < sharpness < np.inf:
        return ""
    told = f"{learning_rate * sharpness / 2:.3g} times 2/λmax = {2 / sharpness:.3g}"
    return f"At step {step} the learning rate {learning_rate:g} was {told}, the edge for plain gradient descent."
