"""Gradients whose squares float32 cannot hold: clipping cuts them all the same, and no optimizer makes NaN of them."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

from engine import Graph, Session, ops, optimizers
from engine.networks.optimizers import OPTIMIZERS

FLOATS = np.finfo(np.float32)
SIZES = [float(FLOATS.smallest_subnormal), float(FLOATS.tiny), 1e-30, 1e18, 1e19, 1e20, 1e30, 1e38, float(FLOATS.max)]


@pytest.mark.parametrize("size", SIZES[3:])
@pytest.mark.parametrize("optimizer", [optimizers.sgd, optimizers.momentum, optimizers.adam])
def test_a_huge_gradient_is_cut_to_its_norm(optimizer: optimizers.Optimizer, size: float) -> None:
    """Four equal parts are a half each; Adam's first step is the rate whatever the length."""
    graph = Graph()
    w = graph.variable("w", np.zeros((1, 4)))
    session, loss = Session(graph), ops.total(w * size)
    with np.errstate(over="raise", invalid="raise"):
        session.plan([loss], [optimizer(loss, graph.constant(1.0), clip_norm=1.0)]).step()
    step = 1.0 if optimizer is optimizers.adam else 0.5
    np.testing.assert_allclose(session.value(w), np.full((1, 4), -step), rtol=1e-5)


@pytest.mark.parametrize("signs", [(1.0,), (1.0, -1.0), (*[1.0] * 12, -1.0), (1.0, 0.0)])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_optimizer_makes_nan_of_a_gradient_that_is_finite(name: str, size: float, signs: tuple[float, ...]) -> None:
    """Whether it always points the same way, turns at each step or once what is remembered is infinite, or comes and goes."""
    graph = Graph()
    w, slope = graph.variable("w", np.zeros((1, 2))), graph.placeholder("slope", (1, 2))
    session, loss = Session(graph), ops.total(w * slope)
    with np.errstate(over="ignore", invalid="raise"):
        plan = session.plan([], [OPTIMIZERS[name](loss, graph.constant(1e-3))])
        for _, sign in zip(range(40), cycle(signs), strict=False):
            plan.step(slope=np.full((1, 2), sign * size))
    assert not np.isnan(session.value(w)).any()


@pytest.mark.parametrize("size", [1e20, 1e38, float(FLOATS.max)])
@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_adam_makes_no_step_longer_than_the_rate_by_a_steady_gradient(name: str, size: float) -> None:
    """It stands still where the square of the gradient is infinite."""
    graph = Graph()
    w = graph.variable("w", np.zeros((1, 2)))
    session, loss = Session(graph), ops.total(w * size)
    with np.errstate(over="ignore"):
        plan = session.plan([], [OPTIMIZERS[name](loss, graph.constant(1e-3))])
        for steps in range(1, 41):
            plan.step()
            assert (np.abs(session.value(w)) <= 1.001e-3 * steps).all()
