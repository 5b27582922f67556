"""Work in pieces: the same as at once, and no piece grows with the network."""

from __future__ import annotations

import sys
from collections.abc import Generator
from functools import partial
from types import FrameType
from typing import Any

import numpy as np
import pytest

from engine import Graph, Plan, Session, dense, losses, optimizers
from engine.networks.recurrent import lstm
from engine.pieces import NODES_A_PIECE, each, whole
from tests.cost import timed

FEATURES, BATCH, CLASSES = 8, 32, 4


def two_layers(steps: int, units: int) -> Generator[None, None, Plan]:
    """A plan that trains an LSTM of two layers, made as a run makes it that prepares."""
    graph, rng = Graph(), np.random.default_rng(0)
    first = lstm(graph, "first", FEATURES, units, rng)(graph.placeholder("inputs", (FEATURES, steps, BATCH)))
    yield
    second = lstm(graph, "second", units, units, rng)(first.hidden)
    yield
    targets = graph.placeholder("targets", (CLASSES, BATCH))
    loss = losses.softmax_cross_entropy(dense(graph, "head", units, CLASSES, rng)(second.last), targets)
    update = optimizers.adam(loss, graph.placeholder("learning_rate"))
    yield
    return (yield from Session(graph).planning([loss], [update]))


def feeds(steps: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    targets = losses.one_hot(rng.integers(0, CLASSES, BATCH), CLASSES)
    return {"inputs": rng.normal(size=(FEATURES, steps, BATCH)), "targets": targets, "learning_rate": 0.01}


def work_by_piece(pieces: Generator[None, None, Any]) -> list[int]:
    """How many functions are called in each piece: what it has to do, on any machine."""
    counts = [0]

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        counts[-1] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for _ in pieces:
            counts.append(0)
    finally:
        sys.setprofile(before)
    return counts


def planning(steps: int) -> Generator[None, None, Plan]:
    """The last part of it alone: a plan of many nodes of a few numbers."""
    graph, rng = Graph(), np.random.default_rng(0)
    states = lstm(graph, "lstm", FEATURES, 4, rng)(graph.placeholder("inputs", (FEATURES, steps, 2)))
    loss = losses.softmax_cross_entropy(states.last, graph.placeholder("targets", (4, 2)))
    return Session(graph).planning([loss, *states.hidden], [optimizers.adam(loss, 0.01)])


def test_items_are_done_in_order_and_a_piece_ends_after_so_many() -> None:
    done: list[int] = []
    reached = [len(done) for _ in each(done.append, range(2 * NODES_A_PIECE + 1))]
    assert reached == [NODES_A_PIECE, 2 * NODES_A_PIECE]
    assert done == list(range(2 * NODES_A_PIECE + 1))


def test_what_is_made_in_pieces_can_be_had_at_once() -> None:
    def made() -> Generator[None, None, str]:
        yield
        yield
        return "made"

    assert whole(made()) == "made"


def test_plans_made_in_turns_are_those_made_one_after_the_other() -> None:
    wanted = [whole(two_layers(steps, 8)) for steps in (12, 20)]
    pieces, made = {steps: two_layers(steps, 8) for steps in (12, 20)}, dict[int, Plan]()
    while len(made) < len(pieces):
        for steps in pieces.keys() - made.keys():
            try:
                next(pieces[steps])
            except StopIteration as end:
                made[steps] = end.value
    for steps, other in zip((12, 20), wanted, strict=True):
        assert made[steps].source == other.source
        assert made[steps].bytes == other.bytes
        for _ in range(3):
            np.testing.assert_array_equal(made[steps](**feeds(steps))[0], other(**feeds(steps))[0])


def test_the_smallest_plan_is_the_end_of_a_piece() -> None:
    graph = Graph()
    pieces = Session(graph).planning([graph.constant(1.0)])
    assert next(pieces) is None
    with pytest.raises(StopIteration):
        next(pieces)


def test_a_longer_network_takes_more_pieces_and_none_that_does_more() -> None:
    short, long = work_by_piece(planning(40)), work_by_piece(planning(160))
    assert len(long) > 3 * len(short)
    assert max(long) < 30 * NODES_A_PIECE < sum(long) / 8


@pytest.mark.timed
def test_an_lstm_of_two_layers_over_fifty_steps_begins_within_300_ms_in_pieces_of_at_most_50() -> None:
    plans, taken = list[Plan](), list[float]()

    def piece(pieces: Generator[None, None, Plan]) -> None:
        try:
            next(pieces)
        except StopIteration as end:
            plans.append(end.value)
            end.value.step(**feeds(50))

    pieces = two_layers(50, 64)
    while not plans:
        taken.append(timed(partial(piece, pieces))[1])
    assert max(taken) <= 0.05
    assert sum(taken) <= 0.3
