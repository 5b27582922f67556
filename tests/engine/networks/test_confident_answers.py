"""Losses of surely right and surely wrong answers, against exact values: no digit is lost to a difference of like numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from engine import Graph, Node, Session, gradients, losses
from engine.probabilities import log_softmax, log_sum, softplus

FLOATS = [np.float32, np.float64]
LOGITS = (0.0, 1e-6, 0.5, 5.0, 10.0, 14.0, 17.0, 20.0, 40.0)


def loss_and_slope(
    loss: Callable[[Node, Node], Node], outputs: npt.ArrayLike, targets: npt.ArrayLike, dtype: npt.DTypeLike
) -> tuple[float, np.ndarray]:
    """Of a plan, without a warning."""
    graph = Graph(dtype)
    node = graph.variable("outputs", outputs)
    value = loss(node, graph.constant(targets))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        made, slope = Session(graph).plan([value, *gradients(value, [node])])()
    return float(made), slope


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("z", LOGITS)
def test_a_surely_right_answer_costs_the_same_whichever_it_is(z: float, dtype: npt.DTypeLike) -> None:
    """Value and gradient, to the last digits, for target 1 and its mirror image for target 0."""
    close = float(4 * np.finfo(dtype).eps)
    yes, up = loss_and_slope(losses.sigmoid_cross_entropy, [[z]], [[1.0]], dtype)
    no, down = loss_and_slope(losses.sigmoid_cross_entropy, [[-z]], [[0.0]], dtype)
    at = float(np.asarray(z, dtype))
    assert yes == no == pytest.approx(np.logaddexp(0, -at), rel=close)
    assert -up.item() == pytest.approx(np.exp(-at) / (1 + np.exp(-at)), rel=close)
    assert down.item() == pytest.approx(np.exp(-at) / (1 + np.exp(-at)), rel=close)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("z", LOGITS)
def test_a_surely_wrong_answer_costs_its_logit(z: float, dtype: npt.DTypeLike) -> None:
    close = float(4 * np.finfo(dtype).eps)
    for logit, target in ((-z, 1.0), (z, 0.0)):
        value, slope = loss_and_slope(losses.sigmoid_cross_entropy, [[logit]], [[target]], dtype)
        assert value == pytest.approx(np.logaddexp(0, z), rel=close)
        assert abs(slope.item()) == pytest.approx(1 / (1 + np.exp(-z)), rel=close)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("target", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_smoothed_target_costs_what_its_formula_gives(target: float, dtype: npt.DTypeLike) -> None:
    for z in (-20.0, -3.0, 0.0, 3.0, 20.0):
        value, slope = loss_and_slope(losses.sigmoid_cross_entropy, [[z]], [[target]], dtype)
        assert value == pytest.approx(target * np.logaddexp(0, -z) + (1 - target) * np.logaddexp(0, z), rel=1e-6)
        assert slope.item() == pytest.approx(1 / (1 + np.exp(-z)) - target, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("z", LOGITS)
def test_a_softmax_that_is_sure_costs_what_its_formula_gives(z: float, place: int, dtype: npt.DTypeLike) -> None:
    """The right class first, between or last; then another."""
    logits, targets = np.zeros((3, 1)), np.zeros((3, 1))
    logits[place] = z
    for right in range(3):
        targets[:] = 0
        targets[right] = 1
        wanted = np.log1p(2 * np.exp(-z)) + (0 if right == place else z)
        value, slope = loss_and_slope(losses.softmax_cross_entropy, logits, targets, dtype)
        assert value == pytest.approx(wanted, rel=1e-6, abs=0)
        p = np.exp(logits - z) / np.exp(logits - z).sum()
        np.testing.assert_allclose(slope, p - targets, rtol=1e-6, atol=np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_sequence_that_is_sure_costs_what_its_formula_gives(dtype: npt.DTypeLike) -> None:
    logits, targets = np.zeros((2, 3, 1)), np.zeros((2, 3, 1))
    logits[1], targets[1] = 20.0, 1.0
    for loss in (
        losses.sequence_cross_entropy,
        lambda z, t: losses.sequence_cross_entropy(z, t, z.graph.constant(np.ones((3, 1)))),
    ):
        assert loss_and_slope(loss, logits, targets, dtype)[0] == pytest.approx(np.log1p(np.exp(-20)), rel=1e-6)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("seed", range(20))
def test_a_divergence_is_never_negative_and_keeps_its_digits_near_zero(seed: int, dtype: npt.DTypeLike) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(5, 8)) * 3
    targets = np.exp(logits) / np.exp(logits).sum(0)
    same, slope = loss_and_slope(losses.kl_divergence, logits, targets, dtype)
    assert 0 <= same <= 10 * np.finfo(dtype).eps ** 2
    assert np.abs(slope).max() <= 4 * np.finfo(dtype).eps
    moved = logits + rng.normal(size=logits.shape) * 1e-3
    logs, wanted = moved - np.log(np.exp(moved).sum(0)), np.log(targets)
    exact = (targets * (np.expm1(logs - wanted) - (logs - wanted))).sum(0).mean()
    assert loss_and_slope(losses.kl_divergence, moved, targets, dtype)[0] == pytest.approx(exact, rel=2e-3)


def test_a_divergence_from_a_certain_target_is_the_cross_entropy() -> None:
    logits, targets = [[20.0], [0.0], [-3.0]], [[1.0], [0.0], [0.0]]
    made = [loss_and_slope(loss, logits, targets, np.float64) for loss in (losses.kl_divergence, losses.softmax_cross_entropy)]
    assert made[0][0] == pytest.approx(made[1][0], rel=1e-6)
    np.testing.assert_allclose(made[0][1], made[1][1])


@pytest.mark.parametrize("gap", [90.0, 100.0, 1e4])
@pytest.mark.parametrize("loss", [losses.softmax_cross_entropy, losses.kl_divergence])
def test_a_saturated_softmax_makes_no_denormal_number(loss: Callable[[Node, Node], Node], gap: float) -> None:
    """With which a processor is ten times slower and more."""
    logits, targets = np.zeros((3, 64)), np.zeros((3, 64))
    logits[0], targets[0] = gap, 1
    _, slope = loss_and_slope(loss, logits, targets, np.float32)
    assert not ((slope != 0) & (np.abs(slope) < np.finfo(np.float32).tiny)).any()


def test_a_network_of_nan_has_no_loss() -> None:
    graph = Graph()
    logits = graph.placeholder("logits", (2, 2))
    made = [
        losses.softmax_cross_entropy(logits, graph.constant(np.eye(2))),
        losses.sigmoid_cross_entropy(logits, graph.constant(np.eye(2))),
        losses.kl_divergence(logits, graph.constant(np.eye(2))),
    ]
    for value in Session(graph).plan(made)(logits=[[np.nan, 0], [0, 0]]):
        assert np.isnan(value)


def test_logs_of_probabilities_on_arrays_keep_their_digits_too() -> None:
    for z in LOGITS[1:]:
        np.testing.assert_allclose(log_softmax(np.array([0.0, z])), [-np.logaddexp(0, z), -np.logaddexp(0, -z)], rtol=1e-15)
        np.testing.assert_allclose(log_sum(np.array([0.0, -z])), np.log1p(np.exp(-z)), rtol=1e-15)
        np.testing.assert_allclose(softplus(np.array([-z, z])), [np.logaddexp(0, -z), np.logaddexp(0, z)], rtol=1e-15)
