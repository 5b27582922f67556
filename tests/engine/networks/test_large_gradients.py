"""Gradients whose squares float32 cannot hold: clipping cuts them all the same, and no optimizer makes NaN of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Graph, Session, ops, optimizers
from engine.networks.optimizers import OPTIMIZERS

SIZES = [1e-30, 1e18, 1e19, 1e20, 1e30, 1e38]


@pytest.mark.parametrize("size", SIZES[1:])
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


@pytest.mark.parametrize("size", SIZES[:-1])  # Adam's sum of gradients, ten of them, is itself too large for float32 at the last
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_optimizer_makes_nan_of_a_gradient_that_is_finite(name: str, size: float) -> None:
    graph = Graph()
    w = graph.variable("w", np.zeros((1, 2)))
    session, loss = Session(graph), ops.total(w * size)
    with np.errstate(over="ignore"):
        plan = session.plan([loss], [OPTIMIZERS[name](loss, graph.constant(1e-3))])
        for _ in range(20):
            plan.step()
    assert not np.isnan(session.value(w)).any()
