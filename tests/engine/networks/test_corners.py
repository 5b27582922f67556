"""Slopes where a function bends or is 0, against exact values: differences, which other tests use, say nothing there.

At a bend the convention is PyTorch's: ReLU and |a| have slope 0, leaky ReLU that below, a maximum or minimum shares it in a tie.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, pi, sqrt

import numpy as np
import numpy.typing as npt
import pytest

from engine import Curvature, Graph, Node, Session, activations, gradients, losses, mlp, ops
from engine.networks.activations import ACTIVATIONS, slope

FLOATS = [np.float32, np.float64]
SLOPES_AT_ZERO = {
    "step": 0.0,
    "linear": 1.0,
    "sigmoid": 0.25,
    "tanh": 1.0,
    "relu": 0.0,
    "leaky_relu": 0.01,
    "elu": 1.0,
    "gelu": 0.5,
    "silu": 0.5,
}


def values_and_slopes(function: Callable[[Node], Node], at: npt.ArrayLike, dtype: npt.DTypeLike) -> tuple[np.ndarray, np.ndarray]:
    """Of a plan, without a warning."""
    graph = Graph(dtype)
    a = graph.variable("a", np.atleast_2d(at))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, steepness = Session(graph).plan([function(a), slope(function, a)])()
    return value[0], steepness[0]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_its_slope_at_zero(name: str, dtype: npt.DTypeLike) -> None:
    assert values_and_slopes(ACTIVATIONS[name], [0.0, -0.0], dtype)[1] == pytest.approx([SLOPES_AT_ZERO[name]] * 2, rel=1e-7)


SMOOTH = ("sigmoid", "tanh", "elu", "gelu", "silu")


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", SMOOTH)
def test_a_smooth_activation_has_no_notch(name: str, dtype: npt.DTypeLike) -> None:
    for near in (np.finfo(dtype).tiny, 1e-6):
        steepness = values_and_slopes(ACTIVATIONS[name], [-near, 0.0, near], dtype)[1]
        np.testing.assert_allclose(steepness, steepness[1], atol=3e-6)


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (ops.softplus, 0.5),
        (ops.absolute, 0.0),
        (ops.sign, 0.0),
        (ops.positive, 0.0),
        (ops.square, 0.0),
        (ops.expm1, 1.0),
        (ops.log1p, 1.0),
        (lambda a: ops.maximum(a, 0.0), 0.5),
        (lambda a: ops.minimum(a, 0.0), 0.5),
        (lambda a: ops.maximum(a, -a), 0.0),
    ],
)
@pytest.mark.parametrize("dtype", FLOATS)
def test_every_operation_that_bends_at_zero_has_its_slope_there(
    function: Callable[[Node], Node], wanted: float, dtype: npt.DTypeLike
) -> None:
    graph = Graph(dtype)
    a = graph.variable("a", np.zeros((1, 1)))
    (steepness,) = Session(graph).run(gradients(ops.total(function(a)), [a]))
    assert steepness.item() == wanted


@pytest.mark.parametrize(
    ("loss", "target", "corners"),
    [
        (losses.mean_absolute_error, 1.0, {1.0: 0.0}),
        (losses.huber, 0.0, {1.0: 1.0, -1.0: -1.0, 0.0: 0.0}),
        (losses.hinge, 1.0, {1.0: 0.0}),
        (losses.sigmoid_cross_entropy, 1.0, {0.0: -0.5}),
        (losses.sigmoid_cross_entropy, 0.0, {0.0: 0.5}),
        (losses.sigmoid_cross_entropy, 0.5, {0.0: 0.0}),
    ],
)
def test_a_loss_has_its_slope_where_it_bends(
    loss: Callable[[Node, Node], Node], target: float, corners: dict[float, float]
) -> None:
    for at, wanted in corners.items():
        graph = Graph(np.float64)
        output = graph.variable("output", [[at]])
        (steepness,) = Session(graph).run(gradients(loss(output, graph.constant([[target]])), [output]))
        assert steepness.item() == wanted, at


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["elu", "gelu", "silu", "sigmoid"])
def test_an_activation_keeps_its_digits_near_zero_and_far_below_it(name: str, dtype: npt.DTypeLike) -> None:
    scale = sqrt(8 / pi)
    exact: dict[str, Callable[[float], float]] = {
        "elu": lambda a: float(np.expm1(a)),
        "gelu": lambda a: a / (1 + exp(-scale * (a + 0.044715 * a**3))),
        "silu": lambda a: a / (1 + exp(-a)),
        "sigmoid": lambda a: 1 / (1 + exp(-a)),
    }
    places = np.array([-20.0, -5.0, -1e-3, -1e-8], dtype)[1 if name == "gelu" else 0 :]
    values, steepness = values_and_slopes(ACTIVATIONS[name], places, dtype)
    wanted = [exact[name](float(a)) for a in places]
    np.testing.assert_allclose(values, wanted, rtol=60 * np.finfo(dtype).eps)
    if name == "elu":
        np.testing.assert_allclose(steepness, np.exp(places.astype(np.float64)), rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
@pytest.mark.parametrize("size", [1e3, 1e13, 1e18, 1e30])
def test_the_slope_of_a_huge_sum_is_that_of_the_asymptote(name: str, size: float) -> None:
    bounded = name in ("sigmoid", "tanh")
    below = {"linear": 1.0, "leaky_relu": 0.01}.get(name, 0.0)
    graph = Graph()
    a = graph.variable("a", [[size, -size]])
    with np.errstate(over="ignore"):  # the square of a sum past 1e19 does, on its way into a minimum
        values, steepness = Session(graph).run([ACTIVATIONS[name](a), slope(ACTIVATIONS[name], a)])
    assert np.isfinite(values).all()
    assert steepness[0] == pytest.approx([0.0 if bounded else 1.0, below], abs=1e-30)


def test_a_layer_that_starts_at_zero_learns_through_elu_as_it_does_through_tanh() -> None:
    def first_gradient(name: str) -> np.ndarray:
        graph = Graph(np.float64)
        net = mlp(
            graph, (2, 3, 1), np.random.default_rng(0), name, lambda _, *size: np.zeros(size) if size[1] == 2 else np.ones(size)
        )
        loss = losses.mean_squared_error(net(graph.constant(np.ones((2, 5)))), graph.constant(np.ones((1, 5))))
        return np.asarray(Session(graph).run(gradients(loss, [net.variables[0]]))[0])

    np.testing.assert_array_equal(first_gradient("elu"), first_gradient("tanh"))
    np.testing.assert_array_equal(first_gradient("elu"), np.full((3, 3), -2.0))


def test_the_identity_above_zero_is_exact() -> None:
    for name in ("relu", "leaky_relu", "elu"):
        places = np.array([1e-30, 0.1, 3.3, 1e30], np.float32)
        values, steepness = values_and_slopes(activations.activation(name), places, np.float32)
        np.testing.assert_array_equal(values, places)
        np.testing.assert_array_equal(steepness, 1)


SECOND_AT_ZERO: dict[str, tuple[Callable[[Node], Node], float]] = {
    "sigmoid": (ops.sigmoid, 0.0),
    "tanh": (ops.tanh, 0.0),
    "gelu": (activations.gelu, sqrt(2 / pi)),
    "silu": (activations.silu, 0.5),
    "softplus": (ops.softplus, 0.25),
    "expm1": (ops.expm1, 1.0),
    "log1p": (ops.log1p, -1.0),
    "sigmoid_cross_entropy": (lambda a: losses.sigmoid_cross_entropy(a, a.graph.constant([[1.0]])), 0.25),
    "softmax_cross_entropy": (
        lambda a: losses.softmax_cross_entropy(ops.concatenate([a, -a]), a.graph.constant([[1.0], [0.0]])),
        1.0,
    ),
    "kl_divergence": (lambda a: losses.kl_divergence(ops.concatenate([a, -a]), a.graph.constant([[0.5], [0.5]])), 1.0),
    "huber": (lambda a: losses.huber(a, a.graph.constant([[0.0]])), 1.0),
}


@pytest.mark.parametrize("name", SECOND_AT_ZERO)
def test_what_is_smooth_at_zero_is_bent_there_as_it_should_be(name: str) -> None:
    function, wanted = SECOND_AT_ZERO[name]
    graph = Graph(np.float64)
    a = graph.variable("a", np.zeros((1, 1)))
    (first,) = gradients(ops.total(function(a)) if function(a).shape else function(a), [a])
    assert Session(graph).run(gradients(ops.total(first), [a]))[0].item() == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_a_logistic_regression_from_zero_weights_is_bent_as_its_inputs_say() -> None:
    """At zero weights every answer is a toss-up: the Hessian is a quarter of the inputs' mean square."""
    graph, inputs = Graph(np.float64), np.random.default_rng(0).normal(size=(3, 8))
    w = graph.variable("w", np.zeros((1, 3)))
    loss = losses.sigmoid_cross_entropy(w @ graph.constant(inputs), graph.constant(np.ones((1, 8))))
    np.testing.assert_allclose(Curvature(Session(graph), loss, [w]).hessian({}), inputs @ inputs.T / 32)
