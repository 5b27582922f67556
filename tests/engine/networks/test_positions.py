"""Where tokens stand: waves, learned vectors, and rotations that know distances alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Graph, GraphError, Session, gradients, ops
from engine.gradcheck import gradient_error
from engine.networks.positions import learned, rotate, sinusoids

RNG = np.random.default_rng(0)


def test_sinusoids_are_waves_the_slowest_of_which_is_about_base_times_as_long_as_the_fastest() -> None:
    waves = sinusoids(6, 50, base=1000.0)
    assert waves.shape == (6, 1, 50)
    for row, rate in enumerate((1, 1000 ** (-1 / 3), 1000 ** (-2 / 3))):
        np.testing.assert_allclose(waves[row, 0], np.sin(rate * np.arange(50)))
        np.testing.assert_allclose(waves[row + 3, 0], np.cos(rate * np.arange(50)))


def test_products_of_rotated_vectors_hang_on_their_distance_alone_and_lengths_are_kept() -> None:
    graph = Graph(np.float64)
    query, key = (graph.constant(np.repeat(RNG.normal(size=(6, 1, 1)), 9, axis=2)) for _ in range(2))
    turned = [rotate(node, 50.0) for node in (query, key)]
    q, k = Session(graph).plan(turned)()
    scores = q[:, 0].T @ k[:, 0]
    for distance in range(-8, 9):
        np.testing.assert_allclose(np.ptp(np.diagonal(scores, distance)), 0, atol=1e-12)
    assert np.abs(np.diff(scores[0])).min() > 1e-3
    np.testing.assert_allclose(np.linalg.norm(q, axis=0), np.linalg.norm(q[:, :, :1], axis=0).repeat(9, axis=1))


def test_the_gradient_of_a_rotation_is_what_central_differences_measure() -> None:
    assert gradient_error(lambda a: rotate(a, 10.0), [RNG.normal(size=(2, 4, 2, 3))]) < 1e-7


def test_learned_positions_are_added_to_as_many_steps_as_there_are_and_their_gradient_is_the_sum_over_samples() -> None:
    graph = Graph(np.float64)
    tokens = graph.placeholder("tokens", (3, 2, 4))
    moved = learned(graph, "places", 3, 6, RNG)(tokens)
    table = graph.variables["places/table"]
    session, given = Session(graph), RNG.normal(size=(3, 2, 4))
    values, slope = session.plan([moved, *gradients(ops.total(moved * moved, (-3, -2, -1)), [table])])(tokens=given)
    np.testing.assert_allclose(values, given + session.value(table)[..., :4])
    np.testing.assert_allclose(slope[..., :4], 2 * values.sum(1, keepdims=True))
    assert not slope[..., 4:].any()


def test_an_odd_width_and_more_steps_than_were_learned_are_refused() -> None:
    graph = Graph()
    with pytest.raises(GraphError, match=r"sinusoids: got 5 features, 3 steps .* wanted pairs of features"):
        sinusoids(5, 3)
    with pytest.raises(GraphError, match=r"rotate odd: got 3 features, 2 steps .* wanted pairs of features"):
        rotate(graph.placeholder("odd", (3, 1, 2)))
    with pytest.raises(GraphError, match=r"rotate flat: got \(4, 6\), wanted \(\.\.\., features, n, steps\)"):
        rotate(graph.placeholder("flat", (4, 6)))
    layer = learned(graph, "places", 3, 4, RNG)
    for name, shape in {"long": (3, 2, 5), "wide": (4, 2, 4), "column": (3, 4)}.items():
        with pytest.raises(GraphError, match=rf"places: got {name} .*wanted \(3, n, at most 4 steps\)"):
            layer(graph.placeholder(name, shape))
