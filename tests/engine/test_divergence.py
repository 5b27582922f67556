"""The guard: a run that leaves the finite numbers stops before it spoils its weights, and says what went first."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Graph, Guard, Node, Session, beyond_the_edge, losses, mlp, ops, optimizers

RNG = np.random.default_rng(0)
BATCH = {"inputs": RNG.normal(size=(2, 8)), "targets": RNG.normal(size=(1, 8))}


def guarded(rate: float) -> tuple[Session, Guard, dict[str, object]]:
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, 8)), graph.placeholder("targets", (1, 8))
    loss = losses.mean_squared_error(mlp(graph, (2, 6, 6, 1), np.random.default_rng(0), "relu")(inputs), targets)
    session = Session(graph)
    plan = session.plan([loss], [optimizers.sgd(loss, graph.placeholder("learning_rate"))])
    return session, Guard(session, plan), {**BATCH, "learning_rate": rate}


def test_a_run_that_stays_finite_is_left_alone() -> None:
    _, guard, feeds = guarded(0.05)
    assert not any(guard.step(**feeds) for _ in range(200))
    assert guard.broke == ""


def test_a_run_that_breaks_stops_with_the_last_weights_that_were_finite() -> None:
    session, guard, feeds = guarded(50.0)
    with np.errstate(all="ignore"):
        steps = next(step for step in range(1000) if guard.step(**feeds))
        kept = session.values.copy()
        assert guard.step(**feeds) == guard.broke
        assert guard.broke.endswith("overflowed first")
    assert 0 < steps < 100
    assert np.isfinite(kept).all()
    np.testing.assert_array_equal(session.values, kept)


def test_the_autopsy_names_the_layer_that_was_broken() -> None:
    session, guard, feeds = guarded(0.1)
    session.assign(session.graph.variables["layer 2/weights"], 3e38)
    with np.errstate(all="ignore"):
        assert guard.step(**feeds) == "the pre-activations of layer 2 overflowed first"


@pytest.mark.parametrize(("copy", "lives"), [(0, True), (1, False)])
def test_in_a_sweep_only_the_guarded_copy_counts(copy: int, lives: bool) -> None:
    graph = Graph(sweep=2)
    weights: Node = graph.variable("weights", [[1.0]])
    loss = ops.total(weights * weights)
    session = Session(graph)
    guard = Guard(session, session.plan([loss], [optimizers.sgd(loss, graph.constant([[0.1], [30.0]]))]), copy=copy)
    with np.errstate(all="ignore"):
        assert any(guard.step() for _ in range(40)) != lives


def test_a_sound_placeholder_is_not_blamed_for_a_step_without_a_name() -> None:
    graph = Graph()
    weight, targets = graph.variable("weight", [[1.0]]), graph.placeholder("targets", (1, 1))
    session = Session(graph)
    session.assign(weight, 3e38)
    with np.errstate(all="ignore"):
        assert session.first_not_finite([ops.total(ops.multiply(weight * weight, targets))], {"targets": [[1.0]]}) == "multiply"
        assert session.first_not_finite([ops.total(targets * 1.0)], {"targets": [[np.inf]]}) == "targets"


def test_a_rate_is_set_against_the_curvature_in_words() -> None:
    text = beyond_the_edge(0.5, 16.0, 10)
    assert text == "At step 10 the learning rate 0.5 was 4 times 2/λmax = 0.125, the edge for plain gradient descent."


@pytest.mark.parametrize("unusable", [np.nan, np.inf, -3.0, 0.0])
def test_a_curvature_that_is_no_edge_says_nothing(unusable: float) -> None:
    assert beyond_the_edge(0.5, unusable, 10) == ""
