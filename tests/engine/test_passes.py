"""The passes: what each takes away, counted on graphs small enough to count by hand, and what none may take."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Graph, Node, Session, gradients, ops
from engine.passes import FOLD_AT_MOST, simplified


def removed(node: Node) -> dict[str, int]:
    """How many nodes each pass took from what `node` stands on; passes that took nothing are left out."""
    return {name: count for name, count in simplified([node]).removed.items() if count}


def square_of(graph: Graph) -> Node:
    return graph.placeholder("x", (2, 2))


def test_operations_on_constants_are_computed_once_and_their_inputs_die() -> None:
    graph = Graph()
    node = square_of(graph) + ops.exp(ops.square(graph.constant(np.full((2, 2), 3.0))))
    assert removed(node) == {"folded": 2, "dead": 2}  # of three constants the last one is left


def test_a_constant_too_large_to_be_worth_its_memory_is_not_folded() -> None:
    graph = Graph()
    assert removed(ops.broadcast_to(graph.constant([[2.0]]), (1, FOLD_AT_MOST + 1))) == {}


def test_equal_expressions_are_shared_and_so_is_what_stands_on_them() -> None:
    x = square_of(Graph())
    assert removed(ops.exp(ops.tanh(x)) + ops.exp(ops.tanh(x))) == {"shared": 2}


def test_the_same_operation_with_other_attributes_is_not_shared() -> None:
    x = square_of(Graph())
    assert removed(ops.rows(x, 0, 1) + ops.rows(x, 1, 2)) == {}


def test_a_factor_of_one_and_a_detour_of_the_gradient_are_identities() -> None:
    x = square_of(Graph())
    assert removed(ops.detach(1.0 * ops.tanh(x)) * ops.exp(x)) == {"identity": 2, "dead": 1}


def test_one_that_broadcasts_is_no_identity() -> None:
    graph = Graph()
    assert removed(graph.placeholder("x", (1, 2)) * graph.constant(np.ones((2, 1)))) == {}


def test_zero_times_infinity_is_not_folded_away() -> None:
    graph = Graph()
    x = graph.placeholder("x", (1, 1))
    with np.errstate(invalid="ignore"):
        assert np.isnan(Session(graph).plan([x * 0.0])(x=[[np.inf]])[0]).all()


def test_what_nobody_fetches_is_not_even_looked_at() -> None:
    x = square_of(Graph())
    ops.exp(x)
    plan = Session(x.graph).plan([ops.tanh(x)])
    assert len(plan.calls) == 1


def test_the_slope_of_tanh_reads_the_tanh_of_the_way_forward() -> None:
    graph = Graph()
    x = graph.variable("x", [[0.5]])
    (slope,) = gradients(ops.total(ops.tanh(x)), [x])
    plan = Session(graph).plan([slope, ops.tanh(x)])
    assert [call[0] for call in plan.calls].count(np.tanh) == 1
    assert plan()[0].item() == pytest.approx(1 - np.tanh(0.5) ** 2)


def test_the_graph_as_it_was_written_stays() -> None:
    graph = Graph()
    node = square_of(graph) * 1.0 + graph.constant(2.0) * graph.constant(3.0)
    inputs = node.inputs
    simplified([node])
    assert node.inputs == inputs
    assert [source.op for source in inputs] == ["multiply", "multiply"]
