"""Layers for images against PyTorch, ties in pooling, and images that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Graph, GraphError, Node, Session, convolution, dense, gradients, losses, ops, optimizers
from engine.gradcheck import gradient_error
from tests.engine.golden import GOLDEN, equal

RNG = np.random.default_rng(0)
LAYERS: dict[str, Callable[[Graph], Callable[[Node], Node]]] = {
    "convolution": lambda graph: convolution.convolution(graph, "layer", 2, 4, RNG),
    "strided convolution": lambda graph: convolution.convolution(graph, "layer", 2, 4, RNG, stride=2, padding=1),
    "transposed convolution": lambda graph: convolution.transposed_convolution(graph, "layer", 2, 3, RNG),
    "maximum pool": lambda _: convolution.maximum_pool,
    "overlapping maximum pool": lambda _: lambda images: convolution.maximum_pool(images, 3, 1),
    "average pool": lambda _: convolution.average_pool,
    "blur pool": lambda _: convolution.blur_pool,
    "global average": lambda _: convolution.global_average,
    "global maximum": lambda _: convolution.global_maximum,
}


def everything(node: Node) -> Node:
    return ops.total(node, tuple(range(-len(node.shape), 0)))


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_for_images_has_the_values_and_gradients_of_pytorch(name: str) -> None:
    graph = Graph(np.float64)
    images = graph.variable("images", GOLDEN["images"])
    made = LAYERS[name](graph)(images)
    weights = [graph.variables[key] for key in ("layer/weights",) if key in graph.variables]
    slopes = gradients(everything(made * made), [images, *weights])
    session = Session(graph)
    for node in weights:
        session.assign(node, GOLDEN["transposed filters" if name.startswith("transposed") else "filters"])
    for got, part in zip(session.plan([made, *slopes])(), ("values", "images", "weights"), strict=False):
        equal(got, f"{name}/{part}")


def test_of_equal_largest_numbers_the_first_gets_the_gradient() -> None:
    graph = Graph(np.float64)
    images = graph.variable("images", np.ones((1, 4, 4, 1)))
    for node in gradients(everything(convolution.maximum_pool(images)), [images]):
        for made in (Session(graph).plan([node])()[0], Session(graph).run([node])[0]):
            np.testing.assert_array_equal(made[0, :, :, 0], np.kron(np.ones((2, 2)), [[1, 0], [0, 0]]))


def test_a_row_that_fills_no_window_gets_no_gradient() -> None:
    graph = Graph(np.float64)
    images = graph.variable("images", RNG.normal(size=(2, 5, 5, 3)))
    (slope,) = gradients(everything(convolution.maximum_pool(images)), [images])
    plan = Session(graph).plan([slope, slope + 1.0, slope * 2.0])
    for _ in range(2):
        (made, *_) = plan()
    assert not made[:, 4].any()
    assert not made[:, :, 4].any()
    assert made.sum() == 2 * 4 * 3


def test_blurring_keeps_a_constant_image_and_pooling_by_average_its_mean() -> None:
    graph = Graph(np.float64)
    images = graph.placeholder("images", (1, 8, 8, 1))
    for size in (2, 3, 4, 5):
        (made,) = Session(graph).plan([convolution.blur_pool(images, size)])(images=np.full((1, 8, 8, 1), 3.0))
        np.testing.assert_allclose(made, 3.0)
    values = RNG.normal(size=(1, 8, 8, 1))
    (made,) = Session(graph).plan([convolution.average_pool(images, 4)])(images=values)
    np.testing.assert_allclose(made.mean(), values.mean())


def test_a_convolution_moves_with_its_image_and_a_pooled_one_by_whole_windows() -> None:
    graph = Graph(np.float64)
    images = graph.placeholder("images", (1, 12, 12, 1))
    features = convolution.convolution(graph, "c", 1, 3, np.random.default_rng(0), padding=1)(images)
    plan = Session(graph).plan([features, convolution.maximum_pool(features)])
    image = np.zeros((1, 12, 12, 1))
    image[0, 4:7, 4:7, 0] = RNG.normal(size=(3, 3))
    still, moved = plan(images=image), plan(images=np.roll(image, 2, axis=2))
    np.testing.assert_allclose(np.roll(still[0], 2, axis=2), moved[0])
    np.testing.assert_allclose(np.roll(still[1], 1, axis=2), moved[1])


@settings(max_examples=40)
@given(
    st.tuples(st.integers(1, 3), st.integers(3, 7), st.integers(3, 7), st.integers(1, 3)),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(1, 3),
)
def test_a_plan_equals_the_interpreter_whatever_the_sizes(
    shape: tuple[int, int, int, int], kernel_size: int, stride: int, padding: int, window: int
) -> None:
    graph = Graph(np.float64)
    images = graph.placeholder("images", shape)
    layer = convolution.convolution(
        graph, "c", shape[0], 2, np.random.default_rng(0), kernel_size=kernel_size, stride=stride, padding=padding
    )
    features = ops.relu(layer(images))
    size = min(window, *features.shape[1:3])
    pooled = convolution.maximum_pool(features, size, stride)
    loss = everything(ops.tanh(pooled))
    outputs = [pooled, loss, *gradients(loss, [images, graph.variables["c/weights"]])]
    session = Session(graph)
    plan = session.plan(outputs)
    for _ in range(2):
        feeds = {"images": RNG.normal(size=shape)}
        for planned, plain in zip(plan(**feeds), session.run(outputs, feeds), strict=True):
            np.testing.assert_allclose(planned, plain, rtol=1e-10, atol=1e-12)


def test_the_gradient_penalty_of_a_convolutional_critic_is_differentiable() -> None:
    def penalty(images: Node) -> Node:
        rng = np.random.default_rng(1)
        features = ops.tanh(convolution.convolution(images.graph, "c", 1, 2, rng, padding=1, stride=2)(images))
        (slope,) = gradients(everything(features * features), [images])
        return everything(slope * slope)

    assert gradient_error(penalty, [RNG.normal(size=(1, 4, 4, 2))]) < 1e-6


def test_a_small_network_of_convolutions_learns_which_way_bars_lie() -> None:
    rng = np.random.default_rng(0)
    images = np.zeros((1, 8, 8, 64), np.float32)
    labels = rng.integers(0, 2, 64)
    for place, lies in enumerate(labels):
        line = rng.integers(1, 7)
        images[(0, line, slice(1, 7), place) if lies else (0, slice(1, 7), line, place)] = 1
    graph = Graph()
    x, t = graph.placeholder("x", images.shape), graph.placeholder("t", (2, 64))
    features = ops.relu(convolution.convolution(graph, "c", 1, 4, rng, padding=1)(x))
    logits = dense(graph, "head", 4, 2, rng)(convolution.global_maximum(features))
    loss = losses.softmax_cross_entropy(logits, t)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, 0.05)])
    for _ in range(200):
        (value,) = plan(x=images, t=losses.one_hot(labels, 2))
    assert float(value) < 0.1


@pytest.mark.parametrize(
    ("make", "shape", "wanted"),
    [
        (LAYERS["convolution"], (3, 8, 8, 5), r"layer: got photos \(3, 8, 8, 5\), wanted images \(2, height, width, n\)"),
        (LAYERS["convolution"], (2, 2, 8, 5), r"photos \(2, 2, 8, 5\); wanted images at least as large as the window \(3, 3\)"),
        (LAYERS["transposed convolution"], (1, 4, 4, 5), r"layer: got photos \(1, 4, 4, 5\)"),
        (LAYERS["maximum pool"], (2, 1, 8, 5), r"photos \(2, 1, 8, 5\); wanted images at least as large"),
        (LAYERS["maximum pool"], (8, 5), r"photos \(8, 5\); wanted images"),
        (LAYERS["average pool"], (2, 1, 8, 5), "photos .*wanted images at least as large"),
    ],
)
def test_images_that_do_not_fit_are_named(make: Any, shape: tuple[int, ...], wanted: str) -> None:
    graph = Graph()
    with pytest.raises(GraphError, match=wanted):
        make(graph)(graph.placeholder("photos", shape))


def test_sizes_below_one_and_an_unknown_blur_are_refused() -> None:
    graph = Graph()
    with pytest.raises(GraphError, match="c: got channels 1, filters 0"):
        convolution.convolution(graph, "c", 1, 0, RNG)
    with pytest.raises(GraphError, match="blur_pool of x: got size 9, wanted one of 1, 2, 3, 4, 5"):
        convolution.blur_pool(graph.placeholder("x", (1, 12, 12, 1)), 9)
