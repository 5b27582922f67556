"""Gradients as nodes: sums over paths, second derivatives, and errors that name what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, gradients, losses, ops
from engine.gradcheck import gradient_error


def test_a_node_read_twice_gets_the_sum_of_both_paths() -> None:
    graph = Graph(np.float64)
    x = graph.variable("x", 3.0)
    (slope,) = gradients(x * x + x * 2.0, [x])
    assert float(Session(graph).run([slope])[0]) == 8.0


def test_no_gradient_flows_through_detach() -> None:
    graph = Graph(np.float64)
    x = graph.variable("x", 3.0)
    (slope,) = gradients(ops.detach(x) * x, [x])
    assert float(Session(graph).run([slope])[0]) == 3.0


def test_a_loss_that_is_no_scalar_is_refused() -> None:
    graph = Graph()
    x = graph.variable("x", np.ones((2, 2)))
    with pytest.raises(GraphError, match="wanted a scalar loss"):
        gradients(x * x, [x])


def test_a_variable_the_loss_does_not_stand_on_is_named() -> None:
    graph = Graph()
    x, y = graph.variable("x", 1.0), graph.variable("y", 1.0)
    with pytest.raises(GraphError, match="does not depend on y"):
        gradients(x * x, [x, y])


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda x: ops.total(ops.tanh(ops.detach(x).named("held")) * 2.0), "loss by x: held is on the way and passes none to x"),
        (lambda x: ops.total(ops.gather(x.graph.variable("table", np.ones((2, 3))), ops.reshape(x, (4,)))), "by x: gather #"),
        (lambda x: ops.total(ops.greatest(x)), "by x: greatest #"),
        (lambda x: losses.softmax_cross_entropy(ops.detach(x), x.graph.constant(np.eye(2))), "by x: detach #"),
        (lambda x: ops.total(x.graph.variable("y", 1.0) * ops.detach(x * 2.0).named("gate")), "gate is on the way .* multiply #"),
    ],
)
def test_a_way_that_is_not_differentiable_is_named_where_it_is_closed(make: Callable[[Node], Node], wanted: str) -> None:
    graph = Graph()
    x = graph.variable("x", np.eye(2))
    loss = make(x).named("loss")
    with pytest.raises(GraphError, match=wanted):
        gradients(loss, [x])


def test_a_step_has_a_derivative_and_it_is_zero() -> None:
    graph = Graph(np.float64)
    x = graph.variable("x", np.eye(2))
    (slope,) = gradients(ops.total(ops.sign(x) + ops.positive(x)), [x])
    np.testing.assert_array_equal(Session(graph).run([slope])[0], np.zeros((2, 2)))


def test_a_thousand_layers_are_differentiated_without_recursion() -> None:
    graph = Graph(np.float64)
    x = graph.variable("x", np.full((1, 1), 0.5))
    node = x
    for _ in range(3000):
        node = node * 1.0001
    (slope,) = gradients(ops.total(node), [x])
    assert float(Session(graph).run([slope])[0][0, 0]) == pytest.approx(1.0001**3000)


@pytest.mark.parametrize(
    "loss", [losses.mean_squared_error, losses.huber, losses.sigmoid_cross_entropy, losses.softmax_cross_entropy]
)
def test_losses_have_the_gradient_that_differences_measure(loss: object) -> None:
    rng = np.random.default_rng(0)
    targets = np.eye(3)[rng.integers(0, 3, 5)].T
    assert callable(loss)
    assert gradient_error(lambda z: loss(z, z.graph.constant(targets)), [rng.normal(size=(3, 5)) * 2]) < 1e-7
