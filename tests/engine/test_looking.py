"""What a plan says of itself: which node each call computes, where each lives, and when a buffer holds what is still read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Graph, Node, Plan, Session, losses, mlp, ops, optimizers, recurrent
from engine.calls import block
from engine.passes import PASSES, simplified
from engine.plan import computed


def trained(activation: str = "tanh") -> tuple[Session, Node, object]:
    graph = Graph(np.float64)
    network = mlp(graph, (3, 5, 4, 2), np.random.default_rng(0), activation)
    loss = losses.softmax_cross_entropy(network(graph.placeholder("x", (3, 6))), graph.placeholder("t", (2, 6)))
    return Session(graph), loss, optimizers.adam(loss, graph.placeholder("rate"))


def unrolled() -> Plan:
    graph = Graph()
    states = recurrent.lstm(graph, "lstm", 3, 4, np.random.default_rng(0))(graph.placeholder("x", (3, 5, 2)))
    loss = ops.mean(ops.square(states.last), (-2, -1))
    return Session(graph).plan([loss], [optimizers.momentum(loss, 0.1, momentum=0.9)])


def plans() -> list[Plan]:
    session, loss, update = trained()
    return [session.plan([loss], [update]), session.plan([loss], [update], passes=()), unrolled()]  # type: ignore[list-item]


@pytest.mark.parametrize("place", range(3))
def test_every_call_works_at_a_node_and_touches_where_that_node_lives(place: int) -> None:
    plan = plans()[place]
    assert len(plan.works_at) == len(plan.calls)
    by_node = zip(plan.works_at, plan.calls, strict=True)
    last = {node: call for node, call in by_node if node.inputs and node.op != "number"}  # single numbers go by a list
    for node, (function, arguments) in last.items():
        touched = [one for one in (getattr(function, "__self__", None), *arguments) if isinstance(one, np.ndarray)]
        assert any(np.may_share_memory(one, plan.arrays[node]) for one in touched), node


@pytest.mark.parametrize("place", range(3))
def test_a_buffer_holds_one_thing_at_a_time(place: int) -> None:
    plan = plans()[place]
    for one, other in combinations(plan.lives, 2):
        assert one.buffer != other.buffer or one.ends <= other.begins or other.ends <= one.begins


@pytest.mark.parametrize("place", range(3))
def test_a_call_reads_and_writes_only_buffers_that_live(place: int) -> None:
    """In their places alone: what a turned factor is copied to is no buffer of the plan's."""
    plan = plans()[place]
    number = {id(buffer): place for place, buffer in enumerate(plan.buffers)}
    for at, call in enumerate(plan.calls):
        touched = {number[id(block(one))] for one in call[1] if isinstance(one, np.ndarray) and id(block(one)) in number}
        living = {life.buffer for life in plan.lives if life.begins <= at < life.ends}
        assert touched <= living, (at, call)


@pytest.mark.parametrize("place", range(3))
def test_the_buffers_are_all_of_the_plan_s_bytes_and_some_are_used_again(place: int) -> None:
    plan = plans()[place]
    assert sum(buffer.nbytes for buffer in plan.buffers) == plan.bytes
    assert {life.buffer for life in plan.lives} == set(range(len(plan.buffers)))
    assert len(plan.lives) > len(plan.buffers)


def test_what_is_fed_lives_from_the_first_call_and_what_is_fetched_to_the_last() -> None:
    session, loss, update = trained()
    plan = session.plan([loss, session.graph.variables["layer 1/weights"]], [update])  # type: ignore[list-item]
    number = {id(buffer): place for place, buffer in enumerate(plan.buffers)}
    for name, array in plan.fed.items():
        assert [life.begins for life in plan.lives if life.buffer == number[id(block(array))]] == [0], name
    for output in plan.outputs:
        lives = [life for life in plan.lives if life.buffer == number[id(block(output))]]
        assert lives[-1].ends == len(plan.calls)


@settings(max_examples=8)
@given(st.sets(st.sampled_from(PASSES)))
def test_any_choice_of_passes_computes_the_same(passes: set[str]) -> None:
    feeds = {"x": np.linspace(-1, 1, 18).reshape(3, 6), "t": np.eye(2)[:, [0, 1, 1, 0, 1, 0]], "rate": 0.1}
    values = []
    for chosen in (passes, PASSES):
        session, loss, update = trained()
        plan = session.plan([loss], [update], passes=chosen)  # type: ignore[list-item]
        values.append([float(plan(**feeds)[0]) for _ in range(3)])
    assert values[0] == values[1]


def test_what_is_left_stands_for_the_first_of_the_nodes_it_replaces() -> None:
    graph = Graph()
    x = graph.placeholder("x")
    one, same, sum_ = ops.sin(x), ops.sin(x), graph.constant(2.0) * 3.0
    fetched = one * sum_ + same
    small = simplified([fetched])
    stands = small.stands_for()
    assert list(stands) == small.order
    assert {x, one, sum_, fetched} < set(stands.values())
    assert same not in stands.values()
    assert [small.stand_in[original] for original in stands.values()] == small.order
    assert same in small.stands_for(among=[x, same, sum_, fetched]).values()


def test_what_a_plan_computes_is_what_its_passes_begin_with() -> None:
    session, loss, update = trained()
    plan = session.plan([loss], [update])  # type: ignore[list-item]
    assert len(simplified(computed([loss], [update])).order) == len(plan.nodes)  # type: ignore[list-item]
