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
    through, in the order of computation: mostly the loss alone.
    """

    def __init__(self, session: Session, plan: Plan, fetches: Sequence[Node], copy: int | None = None) -> None:
        self._session, self._plan, self._fetches, self._copy = session, plan, fetches, copy
        self._before = session.values.copy()
        self._loss: Array = plan.outputs[0] if copy is None else plan.outputs[0][copy : copy + 1]

    def step(self, **feeds: Any) -> bool:
        """One step; False when the loss before the update was not finite, which leaves the weights as they were before it."""
        np.copyto(self._before, self._session.values)
        self._plan.step(**feeds)
        if np.isfinite(self._loss).all():
            return True
        if self._copy is None:
            np.copyto(self._session.values, self._before)
        return False

    def where(self, **feeds: Any) -> str:
        """In words, what left the finite numbers first: "the pre-activations of layer 2 overflowed first"."""
        now = self._session.values.copy()
        np.copyto(self._session.values, self._before)
        title = self._session.first_not_finite(self._fetches, feeds, self._copy) or "loss"
        np.copyto(self._session.values, now)
        layer, _, quantity = title.rpartition("/")
        return f"the {quantity} of {layer} overflowed first" if layer else f"the {quantity} overflowed first"
