"""What stands side by side is one buffer, and others have it once all that stands in it has been read."""

from __future__ import annotations

import numpy as np

from engine import Graph, Node, Session, gradients, ops
from engine.networks.recurrent import lstm
from engine.pieces import whole
from engine.seats import seating

X = np.random.default_rng(0).normal(size=(4, 8))


def stack(a: Node, b: Node) -> Node:
    """Two parts that a plan can compute in their place, and what makes of both one node of that size again."""
    both = ops.concatenate([ops.tanh(a), ops.sigmoid(b)])
    return ops.square(ops.rows(both, 0, 4)) + ops.rows(both, 4, 8)


def test_parts_are_computed_in_the_rows_of_the_whole_and_nothing_is_copied() -> None:
    graph = Graph()
    x = graph.placeholder("x", (4, 8))
    plan = Session(graph).plan([ops.concatenate([ops.tanh(x), ops.exp(x)])])
    assert [function for function, _ in plan.calls] == [np.tanh, np.exp]


def test_a_part_of_a_part_stands_in_the_same_group() -> None:
    graph = Graph()
    x = graph.variable("x", X)
    inner = ops.concatenate([ops.tanh(x), ops.exp(x)])
    outer = ops.with_ones(ops.concatenate([ops.sin(x), inner]))
    seats = whole(seating(graph.nodes))
    (group,) = {group for group, _, _ in seats.home.values()}
    views = seats.views(group, np.arange(13.0)[:, None] * np.ones(8))
    assert [(views[node][0, 0], len(views[node])) for node in (outer, inner, *inner.inputs)] == [(0, 13), (4, 8), (4, 4), (8, 4)]


def test_groups_that_are_read_one_after_the_other_share_a_buffer() -> None:
    graph = Graph()
    node = graph.placeholder("x", (4, 8))
    for _ in range(20):
        node = stack(node, ops.exp(node))
    session = Session(graph)
    plan = session.plan([node])
    assert plan.bytes <= 4 * (2 * 64 + 4 * 32)
    np.testing.assert_allclose(plan(x=X)[0], session.run([node], {"x": X})[0], rtol=1e-5)


def test_a_buffer_whose_rows_of_ones_stand_elsewhere_goes_to_no_other_kind_of_group() -> None:
    graph = Graph(np.float64)
    x = graph.placeholder("x", (4, 8))
    below = ops.with_ones(ops.tanh(x))
    above = ops.tanh(ops.rows(below, 1, 5))
    shifted = ops.rows(ops.with_ones(ops.concatenate([ops.exp(above), ops.sin(above)])), 4, 9)
    again = ops.rows(ops.with_ones(ops.exp(ops.rows(shifted, 0, 4))), 1, 5)
    session = Session(graph)
    plan = session.plan([again])
    for _ in range(3):
        np.testing.assert_allclose(plan(x=X)[0], session.run([again], {"x": X})[0], rtol=1e-12)


def test_what_is_fed_or_fetched_keeps_its_rows() -> None:
    graph = Graph()
    x, y = graph.placeholder("x", (4, 8)), graph.placeholder("y", (4, 8))
    fed = ops.total(ops.square(ops.concatenate([x, ops.tanh(x)])))
    fetched = ops.tanh(y * 2.0)
    rest = ops.total(ops.concatenate([fetched, ops.exp(y)]))
    later = ops.total(ops.concatenate([ops.sin(y * 3.0), ops.exp(-y)]))
    plan = Session(graph).plan([fed, fetched, rest, later])
    plan(x=X, y=X)
    np.testing.assert_allclose(plan()[1], np.tanh(X * 2), rtol=1e-5)
    np.testing.assert_allclose(plan()[0], np.square(X).sum() + np.square(np.tanh(X)).sum(), rtol=1e-5)


def test_an_lstm_keeps_what_its_backward_pass_reads_and_little_else() -> None:
    units, steps, n = 8, 20, 5
    graph = Graph()
    hidden = lstm(graph, "lstm", 3, units, np.random.default_rng(0))(graph.placeholder("x", (3, steps, n))).last
    (slope,) = gradients(ops.total(hidden), [graph.variables["lstm/weights"]])
    plan = Session(graph).plan([slope])
    a_step = 4 * units + 2 * units + (units + 3 + 1) + 3  # gates, cell and its tanh, what the gates read, the input
    assert plan.bytes < 4 * n * a_step * (steps + 5) + 4 * 8 * 4 * units * (units + 4)
