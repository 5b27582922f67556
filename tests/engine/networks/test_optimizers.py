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


@pytest.mark.parametrize("begin", [1e20, 1e38, -1e38, 1e-30])
@pytest.mark.parametrize("size", [1, 1000])
def test_a_gradient_whose_squares_float32_does_not_hold_is_cut_to_its_norm(begin: float, size: int) -> None:
    graph = Graph(np.float32)
    weights = graph.variable("weights", np.zeros((1, size)))
    loss = ops.total(weights * begin)
    session = Session(graph)
    session.plan([], [optimizers.sgd(loss, 1.0, clip_norm=1.0)]).step()
    moved = np.linalg.norm(session.value(weights).astype(np.float64))
    assert moved == pytest.approx(min(abs(begin) * size**0.5, 1.0), rel=1e-5)


def test_a_gradient_of_zeros_is_left_alone() -> None:
    graph, weights, loss = bowl([[0.0, 0.0]])
    session = Session(graph)
    session.plan([loss], [optimizers.sgd(loss, 0.1, clip_norm=1.0)]).step()
    np.testing.assert_array_equal(session.value(weights), [[0.0, 0.0]])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_plans_for_two_batch_sizes_go_on_with_one_memory(name: str) -> None:
    """Batches of the same sample, whatever their size, have the same gradient: plans that take turns end where one plan ends."""
    ends = []
    for sizes in ([2, 2, 2, 2], [2, 1, 1, 2]):
        graph = Graph(np.float64)
        weights = graph.variable("weights", [[3.0, -4.0]])
        losses = {n: ops.mean(ops.square(ops.matmul(weights, graph.placeholder(f"x{n}", (2, n))))) for n in (1, 2)}
        update = OPTIMIZERS[name](losses[2], 0.1)
        session = Session(graph)
        plans = {2: session.plan([], [update]), 1: session.plan([], [update.by(losses[1])])}
        for n in sizes:
            plans[n].step(**{f"x{n}": np.repeat([[1.0], [2.0]], n, axis=1)})
        ends.append(session.values.copy())
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-12)


def test_what_an_optimizer_remembers_can_be_read() -> None:
    graph, _, loss = bowl([[3.0, -4.0]])
    session, update = Session(graph), optimizers.momentum(loss, 0.1)
    session.plan([loss], [update]).step()
    np.testing.assert_array_equal(session.value(update.memory["velocity"]), [3.0, -4.0])


def test_an_update_without_an_average_cannot_be_averaged_by() -> None:
    graph, _, loss = bowl([[3.0, -4.0]])
    with pytest.raises(GraphError, match="averaged: got an update without an average of weights"):
        Session(graph).plan([loss], averaged=optimizers.sgd(loss, 0.1))


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
    averaged = optimizers.weight_average(optimizers.sgd(loss, 0.1), decay=0.9)
    plan = session.plan([loss], [averaged])
    by_hand = session.value(weights)
    for _ in range(30):
        plan.step()
        by_hand = 0.9 * by_hand + 0.1 * session.value(weights)
    np.testing.assert_allclose(session.value(averaged.memory["average"]), by_hand.ravel())
    np.testing.assert_allclose(session.plan([loss], averaged=averaged)()[0], (by_hand**2).sum() / 2)


def test_an_average_of_some_weights_leaves_the_others_as_they_are() -> None:
    graph, weights, loss = bowl([[3.0, -4.0]])
    more = graph.variable("more", [[2.0]])
    loss = loss + ops.total(more * more)
    session = Session(graph)
    averaged = optimizers.weight_average(optimizers.sgd(loss, 0.25, [more]), decay=0.5)
    session.plan([loss], [optimizers.sgd(loss, 0.5, [weights]), averaged]).step()
    by_average = session.plan([weights, more], averaged=averaged)
    for got, wanted in zip(by_average(), ([[1.5, -2.0]], [[1.5]]), strict=True):
        np.testing.assert_allclose(got, wanted)


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
