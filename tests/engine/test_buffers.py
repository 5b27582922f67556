"""Buffers go from node to node by their bytes, and nobody is given one that another still reads."""

from __future__ import annotations

import numpy as np

from engine import Graph, Session, ops
from engine.buffers import MOST_TOO_LARGE, Buffers


def test_a_freed_buffer_serves_another_shape_of_no_more_numbers() -> None:
    buffers = Buffers(np.float32)
    first = buffers.take((4, 6))
    buffers.give(first)
    second = buffers.take((2, 10))
    assert np.may_share_memory(first, second)
    assert second.shape == (2, 10)
    assert second.flags.c_contiguous
    assert buffers.bytes == 4 * 24
    buffers.give(second)
    assert buffers.take((24,)).size == 24  # the whole of it is there again
    assert buffers.bytes == 4 * 24


def test_one_in_use_goes_to_nobody_and_one_much_too_large_is_kept_for_those_that_need_it() -> None:
    buffers = Buffers(np.float32)
    first, second = buffers.take((8,)), buffers.take((8,))
    assert not np.may_share_memory(first, second)
    buffers.give(first)
    assert not np.may_share_memory(buffers.take((8 // MOST_TOO_LARGE - 1,)), first)
    assert np.may_share_memory(buffers.take((8,)), first)


def test_of_several_the_smallest_that_fits_is_taken_and_of_equals_the_one_freed_last() -> None:
    buffers = Buffers(np.float32)
    large, small, other = buffers.take((12,)), buffers.take((10,)), buffers.take((10,))
    for each in (large, small, other):
        buffers.give(each)
    assert np.may_share_memory(buffers.take((3, 3)), other)
    assert np.may_share_memory(buffers.take((9,)), small)
    assert np.may_share_memory(buffers.take((9,)), large)


def test_layers_each_a_little_smaller_than_the_last_take_turns_in_a_few_buffers() -> None:
    graph = Graph(np.float64)
    node = graph.placeholder("x", (40, 16))
    for units in range(39, 19, -1):
        node = ops.tanh(ops.matmul(graph.constant(np.full((units, node.shape[0]), 0.1)), node))
    session, values = Session(graph), np.random.default_rng(0).normal(size=(40, 16))
    plan = session.plan([node])
    assert plan.bytes <= 8 * 16 * (40 + 2 * 39)  # what is fed, and two in turn
    for _ in range(2):
        np.testing.assert_allclose(plan(x=values)[0], session.run([node], {"x": values})[0], rtol=1e-12)
