"""Losses: their values by hand, their safety from overflow, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, gradients, losses, ops
from engine.gradcheck import gradient_error

Loss = Callable[[Node, Node], Node]


def loss_and_slope(loss: Loss, outputs: Any, targets: Any, dtype: Any = np.float64) -> tuple[float, Any]:
    """The loss of given outputs, and its gradient there."""
    graph = Graph(dtype)
    node = graph.variable("outputs", outputs)
    value = loss(node, graph.constant(np.asarray(targets, dtype)))
    made, slope = Session(graph).plan([value, *gradients(value, [node])])()
    return float(made), slope


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "kl_divergence", "sequence_cross_entropy"])
def test_targets_have_a_gradient_too_that_differences_measure(name: str) -> None:
    shape = (3, 2, 4) if name.startswith("sequence") else (3, 8)
    targets = np.random.default_rng(0).random(shape) + 0.1
    targets /= targets.sum(axis=0)

    def loss(z: Node) -> Node:
        of: Loss = getattr(losses, name)
        return of(z.graph.constant(np.random.default_rng(1).normal(size=shape)), along_the_simplex(z))

    def along_the_simplex(z: Node) -> Node:
        """A way of moving targets whose columns keep their sum."""
        return z.graph.constant(targets) + (z - ops.broadcast_to(ops.total(z, -len(shape), keepdims=True) / 3.0, shape))

    assert gradient_error(loss, [np.random.default_rng(2).normal(size=shape) * 0.01]) < 1e-7


@pytest.mark.parametrize(
    ("loss", "outputs", "targets", "wanted"),
    [
        (losses.mean_squared_error, [[1.0, 2.0]], [[0.0, 4.0]], (1 + 4) / 2),
        (losses.mean_absolute_error, [[1.0, 2.0]], [[0.0, 4.0]], (1 + 2) / 2),
        (losses.huber, [[0.5, 3.0]], [[0.0, 0.0]], (0.5**2 / 2 + (3 - 0.5)) / 2),
        (losses.hinge, [[2.0, 0.5, -1.0]], [[1.0, 1.0, 1.0]], (0 + 0.5 + 2) / 3),
        (losses.sigmoid_cross_entropy, [[0.0, 0.0]], [[0.0, 1.0]], np.log(2)),
        (losses.softmax_cross_entropy, [[0.0], [0.0], [0.0]], [[0.0], [1.0], [0.0]], np.log(3)),
    ],
)
def test_a_loss_is_the_mean_that_its_formula_gives(loss: Loss, outputs: Any, targets: Any, wanted: float) -> None:
    assert loss_and_slope(loss, outputs, targets)[0] == pytest.approx(wanted, rel=1e-12)


def test_the_divergence_from_a_distribution_to_itself_is_zero_and_never_negative() -> None:
    logits = np.array([[1.0, -2.0], [0.5, 0.0], [0.0, 3.0]])
    probabilities = np.exp(logits) / np.exp(logits).sum(0)
    value, slope = loss_and_slope(losses.kl_divergence, logits, probabilities)
    assert value == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(slope, 0, atol=1e-12)
    assert loss_and_slope(losses.kl_divergence, logits, np.eye(3)[[0, 1]].T)[0] > 0  # zeros among the targets


def test_the_lasso_pulls_every_weight_by_the_same_amount() -> None:
    graph = Graph(np.float64)
    weights = [graph.variable("a", [[1.0, -2.0]]), graph.variable("b", [3.0])]
    penalty = losses.l1_penalty(weights, 0.1)
    value, *slopes = Session(graph).plan([penalty, *gradients(penalty, weights)])()
    assert float(value) == pytest.approx(0.6)
    np.testing.assert_allclose(np.concatenate([slope.ravel() for slope in slopes]), [0.1, -0.1, 0.1])


@pytest.mark.parametrize(("loss", "share"), [(losses.softmax_cross_entropy, 1.0), (losses.sigmoid_cross_entropy, 0.5)])
@pytest.mark.parametrize("size", [1000.0, 1e30])
def test_huge_logits_overflow_neither_the_loss_nor_its_gradient(loss: Loss, share: float, size: float) -> None:
    """Half the answers are right, half wrong: by the gap of 2 sizes for a softmax, by one size for each sigmoid."""
    outputs, targets = [[size, -size], [-size, size]], [[1.0, 1.0], [0.0, 0.0]]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, slope = loss_and_slope(loss, outputs, targets, np.float32)
    assert value == pytest.approx(size * share, rel=1e-6)
    assert np.isfinite(slope).all()


def test_the_gradient_of_softmax_cross_entropy_is_probabilities_minus_targets() -> None:
    outputs, targets = np.array([[1.0, 0.0], [0.5, -2.0], [0.0, 3.0]]), np.eye(3)[[0, 1]].T
    probabilities = np.exp(outputs) / np.exp(outputs).sum(0)
    np.testing.assert_allclose(loss_and_slope(losses.softmax_cross_entropy, outputs, targets)[1], (probabilities - targets) / 2)


def test_the_penalty_pulls_every_weight_by_its_strength() -> None:
    graph = Graph(np.float64)
    weights = [graph.variable("a", [[1.0, -2.0]]), graph.variable("b", [[3.0]])]
    penalty = losses.l2_penalty(weights, 0.1)
    value, *slopes = Session(graph).plan([penalty, *gradients(penalty, weights)])()
    assert float(value) == pytest.approx(0.05 * (1 + 4 + 9))
    np.testing.assert_allclose(np.concatenate([slope.ravel() for slope in slopes]), [0.1, -0.2, 0.3])


def test_labels_become_columns_with_a_single_one() -> None:
    np.testing.assert_array_equal(losses.one_hot(np.array([2, 0]), 3), [[0, 1], [0, 0], [1, 0]])


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_that_is_no_class_is_refused(label: int) -> None:
    with pytest.raises(GraphError, match="wanted 0 to 2"):
        losses.one_hot(np.array([0, label]), 3)


@pytest.mark.parametrize("loss", [losses.mean_squared_error, losses.hinge, losses.softmax_cross_entropy])
def test_targets_of_another_shape_are_named(loss: Loss) -> None:
    graph = Graph()
    outputs, targets = graph.placeholder("outputs", (3, 5)), graph.placeholder("labels", (1, 5))
    with pytest.raises(GraphError, match=r"outputs \(3, 5\) and labels \(1, 5\)"):
        loss(outputs, targets)


@pytest.mark.parametrize("penalty", [losses.l1_penalty, losses.l2_penalty])
def test_a_penalty_is_each_copys_own_in_a_sweep(penalty: Callable[[list[Node], float], Node]) -> None:
    values = np.arange(6.0).reshape(2, 3)
    single, swept = Graph(np.float64), Graph(np.float64, sweep=4)
    one, many = penalty([single.variable("w", values)], 0.5), penalty([swept.variable("w", values)], 0.5)
    (alone,), (each,) = Session(single).run([one]), Session(swept).run([many])
    assert each == pytest.approx([float(alone)] * 4)
