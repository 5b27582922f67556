"""Optimizers: clipping, the average of weights, learning rates, and which variables may be moved together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, gradients, ops, optimizers
from engine.networks.optimizers import OPTIMIZERS


def bowl(begin: Any, sweep: int | None = None) -> tuple[Graph, Node, Node]:
    """The loss |w|^2 / 2, whose gradient is w itself."""
    graph = Graph(np.float64, sweep)
    weights = graph.variable("weights", begin)
    return graph, weights, ops.total(weights * weights) * 0.5


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_bottom_of_a_bowl(name: str) -> None:
    graph, weights, loss = bowl([[3.0, -4.0]])
    session = Session(graph)
    plan = session.plan([loss], [OPTIMIZERS[name](loss, 1.0 if name == "adagrad" else 0.05)])  # its steps shrink
    for _ in range(500):
        plan.step()
    assert np.abs(session.value(weights)).max() < 0.05


@pytest.mark.parametrize(("clip_norm", "moved_by"), [(None, 5.0), (10.0, 5.0), (1.0, 1.0)])
def test_a_long_gradient_is_cut_to_its_norm_and_a_short_one_left_alone(clip_norm: float | None, moved_by: float) -> None:
    graph, weights, loss = bowl([[3.0, -4.0]])
    session = Session(graph)
    session.plan([loss], [optimizers.sgd(loss, 0.1, clip_norm=clip_norm)]).step()
    change = session.value(weights) - [[3.0, -4.0]]
    np.testing.assert_allclose(change, -0.1 * moved_by * np.array([[0.6, -0.8]]))


def test_in_a_sweep_each_copy_is_clipped_by_its_own_norm() -> None:
    graph, weights, loss = bowl([[3.0, -4.0]], sweep=2)
    session = Session(graph)
    session.assign(weights, [[[30.0, -40.0]], [[0.3, -0.4]]])
    session.plan([loss], [optimizers.sgd(loss, 0.1, clip_norm=1.0)]).step()
    np.testing.assert_allclose(session.value(weights), [[[29.94, -39.92]], [[0.27, -0.36]]])


def test_a_fetched_gradient_is_the_one_before_clipping() -> None:
    graph, weights, loss = bowl([[3.0, -4.0]])
    (slope,) = gradients(loss, [weights])
    plan = Session(graph).plan([slope], [optimizers.sgd(loss, 0.1, clip_norm=1.0)])
    np.testing.assert_array_equal(plan()[0], [[3.0, -4.0]])


def test_the_average_of_weights_follows_them_at_its_own_pace() -> None:
    graph, weights, loss = bowl([[3.0, -4.0]])
    session = Session(graph)
    average = optimizers.weight_average([weights], decay=0.9)
    plan = session.plan([loss], [optimizers.sgd(loss, 0.1), average])
    by_hand = session.value(weights)
    for _ in range(30):
        plan.step()
        by_hand = 0.9 * by_hand + 0.1 * session.value(weights)
    kept = session.slots(average, session.values)["average"]
    np.testing.assert_allclose(kept, by_hand.ravel())
    np.testing.assert_allclose(session.plan([loss], values=kept)()[0], (by_hand**2).sum() / 2)


def test_an_average_of_some_weights_leaves_the_others_where_they_began() -> None:
    graph, _, loss = bowl([[3.0, -4.0]])
    more = graph.variable("more", [[2.0]])
    loss = loss + ops.total(more * more)
    session = Session(graph)
    average = optimizers.weight_average([more], decay=0.5)
    session.plan([loss], [optimizers.sgd(loss, 0.25), average]).step()
    np.testing.assert_allclose(session.slots(average, session.values)["average"], [3.0, -4.0, 1.5])


def test_a_rate_that_is_fed_may_change_at_every_step() -> None:
    graph, weights, loss = bowl([[8.0]])
    session = Session(graph)
    plan = session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate"))])
    for rate in (0.5, 0.25):
        plan.step(learning_rate=rate)
    assert session.value(weights).item() == 3.0


def test_decay_shrinks_weights_that_have_no_gradient() -> None:
    graph, weights, _ = bowl([[8.0]])
    loss = ops.total(ops.detach(weights) * weights - ops.detach(weights) * weights)
    session = Session(graph)
    session.plan([loss], [optimizers.adam(loss, 0.1, weight_decay=0.5)]).step()
    assert session.value(weights).item() == pytest.approx(8 * 0.95)


def test_a_rate_of_the_wrong_shape_is_refused() -> None:
    graph, _, loss = bowl([[1.0]], sweep=3)
    with pytest.raises(GraphError, match=r"learning rate rates: got shape \(3,\), wanted \(3, 1\)"):
        optimizers.sgd(loss, graph.placeholder("rates", (3,)))


def test_variables_that_lie_apart_cannot_be_moved_together() -> None:
    graph = Graph()
    first, _, third = (graph.variable(name, [[1.0]]) for name in ("first", "second", "third"))
    loss = ops.total(first * third)
    with pytest.raises(GraphError, match="'third': an update wants variables that were created one after the other"):
        Session(graph).plan([loss], [optimizers.sgd(loss, 0.1, [first, third])])
