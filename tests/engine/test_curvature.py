"""Curvature: the Hessian's product and its sharpness, against a Hessian written out and NumPy's eigenvalues."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Curvature, Graph, Node, Session, gradients, losses, mlp, ops

RNG = np.random.default_rng(0)
FEEDS = {"inputs": RNG.normal(size=(2, 7)), "targets": RNG.normal(size=(1, 7))}


def network() -> tuple[Session, Node, tuple[Node, ...]]:
    graph = Graph(np.float64)
    inputs, targets = graph.placeholder("inputs", (2, 7)), graph.placeholder("targets", (1, 7))
    net = mlp(graph, (2, 3, 1), np.random.default_rng(0))
    return Session(graph), losses.mean_squared_error(net(inputs), targets), net.variables


def test_the_hessian_is_symmetric_and_what_differences_of_gradients_measure() -> None:
    session, loss, variables = network()
    hessian = Curvature(session, loss, variables).hessian(FEEDS)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)
    slope = session.plan(gradients(loss, variables))
    step, begin = 1e-6, session.values.copy()
    for place in range(begin.size):
        ends = []
        for sign in (1, -1):
            session.values[...] = begin
            session.values[place] += sign * step
            ends.append(np.concatenate([part.ravel() for part in slope(**FEEDS)]))
        np.testing.assert_allclose(hessian[place], (ends[0] - ends[1]) / (2 * step), atol=1e-6)


def test_sharpness_is_the_largest_eigenvalue_of_the_exact_hessian() -> None:
    session, loss, variables = network()
    curvature = Curvature(session, loss, variables)
    values, vectors = np.linalg.eigh(curvature.hessian(FEEDS))
    sharpness, direction = curvature.sharpness(FEEDS, RNG.normal(size=curvature.size), iterations=300)
    largest = np.abs(values).argmax()
    assert sharpness == pytest.approx(values[largest], rel=1e-6)
    assert abs(direction @ vectors[:, largest]) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("curvatures", [(1.0, 4.0, -2.0), (1.0, -5.0, 3.0)])
def test_of_a_quadratic_it_is_the_curvature_largest_in_size_with_its_sign(curvatures: tuple[float, ...]) -> None:
    graph = Graph(np.float64)
    w = graph.variable("w", np.ones((3, 1)))
    loss = ops.total(ops.square(w) * graph.constant(np.array(curvatures)[:, None])) * 0.5
    sharpness, _ = Curvature(Session(graph), loss, [w]).sharpness({}, np.ones(3), iterations=200)
    assert sharpness == pytest.approx(max(curvatures, key=abs))


def test_of_a_flat_loss_it_is_zero() -> None:
    graph = Graph(np.float64)
    w = graph.variable("w", np.ones((2, 1)))
    assert Curvature(Session(graph), ops.total(w * w * 0.0), [w]).sharpness({}, np.ones(2))[0] == 0


def test_it_reads_the_weights_of_the_moment() -> None:
    graph = Graph(np.float64)
    w = graph.variable("w", [[1.0]])
    session = Session(graph)
    curvature = Curvature(session, ops.total(w * w * w), [w])
    for value in (1.0, 2.0):
        session.assign(w, value)
        assert curvature.product(np.ones(1), {}).item() == pytest.approx(6 * value)
