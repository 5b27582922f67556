"""Topic 26 without what it shows: runs that evaluate the whole graph, fetches that leave traces, gradients that are off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.topics.tensorflow_elements import simulator, training
from app.topics.tensorflow_elements.gallery import GRADIENT
from engine.gradients import gradients
from engine.graph import Array, Node
from engine.networks import optimizers
from engine.v1 import Session, face, readiness
from engine.v1.programs import rehearse
from tests.topics.mutations import Mutation


def _the_whole_graph(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(readiness, "topological_order", lambda roots: list(roots[0].graph.nodes) if roots else [])
    patch.setattr(simulator, "rehearsed", rehearse)


def _variables_that_drift(patch: pytest.MonkeyPatch) -> None:
    trace = Session.trace

    def drifting(self: Session, wanted: Any) -> Any:
        traced = trace(self, wanted)
        self._values.values += 1
        return traced

    patch.setattr(Session, "trace", drifting)


def _a_plan_that_is_off(patch: pytest.MonkeyPatch) -> None:
    planned = Session.planned
    patch.setattr(Session, "planned", lambda self, wanted: [value * 1.001 for value in planned(self, wanted)])


def _no_derivatives(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(face, "gradients", lambda loss, wrt: [loss * 2.0 for _ in wrt])
    patch.setattr(simulator, "rehearsed", rehearse)


def _too_long_gradients(patch: pytest.MonkeyPatch) -> None:
    def longer(loss: Node, wrt: Sequence[Node]) -> list[Node]:
        return [each * 1.2 for each in gradients(loss, wrt)]

    patch.setattr(optimizers, "gradients", longer)


def _classes_by_lot(patch: pytest.MonkeyPatch) -> None:
    samples = training.samples

    def mixed(params: training.TrainingParams) -> tuple[Array, Array]:
        x, y = samples(params)
        return x, np.random.default_rng(0).permutation(y)

    patch.setattr(training, "samples", mixed)


MUTATIONS = [
    Mutation("simulator", "a run evaluates the whole graph", ("evaluated", "strangers"), patch=_the_whole_graph),
    Mutation("simulator", "a fetch changes the variables", ("again",), patch=_variables_that_drift),
    Mutation("simulator", "the plan is off by a thousandth", ("plan",), patch=_a_plan_that_is_off),
    Mutation("simulator", "what is added is no derivative", ("slope",), {"program": GRADIENT}, _no_derivatives),
    Mutation("training", "the rate is far too low", ("left", "The variables end"), {"learning_rate": 0.001}),
    Mutation("training", "the gradients are a fifth too long", ("slope",), patch=_too_long_gradients),
    Mutation(
        "training",
        "the classes are drawn by lot",
        ("right",),
        {"program": training.CLASSES, "data": "classes", "learning_rate": 1.0},
        _classes_by_lot,
    ),
    Mutation(
        "training",
        "by hand, the rate is far too low",
        ("Gradients assigned",),
        {"program": training.BY_HAND, "learning_rate": 0.001},
    ),
]
