"""Calls on arrays that lie in a few blocks: the same numbers, block by block, and only where it pays."""

from __future__ import annotations

import numpy as np
import pytest

from engine.blocks import by_block
from engine.graph import Array, Call


def rows(copies: int, begin: int, seed: int = 0) -> Array:
    """Four rows out of the middle of each copy."""
    return np.random.default_rng(seed).normal(size=(copies, 12, 5)).astype(np.float32)[:, begin : begin + 4]


@pytest.mark.parametrize("copies", [2, 3])
@pytest.mark.parametrize("ufunc", [np.multiply, np.maximum, np.tanh])
def test_a_call_on_rows_of_two_or_three_copies_is_one_for_each_and_makes_the_same_numbers(copies: int, ufunc: np.ufunc) -> None:
    arrays = [rows(copies, begin, begin) for begin in range(ufunc.nin)]
    wanted, out = ufunc(*arrays), rows(copies, 8)
    made = by_block((ufunc, (*arrays, out)))
    assert len(made) == copies
    for function, (*sources, to) in made:
        assert all(array.flags.c_contiguous for array in (*sources, to))
        function(*sources, out=to)
    np.testing.assert_array_equal(out, wanted)


def test_a_single_number_goes_to_every_block() -> None:
    half, out = np.array(0.5, np.float32), rows(2, 4)
    wanted = out * half
    for function, arguments in by_block((np.multiply, (out, half, out))):
        function(*arguments)
    np.testing.assert_array_equal(out, wanted)


@pytest.mark.parametrize(
    "call",
    [
        (np.tanh, (np.ones((2, 4, 5)), np.ones((2, 4, 5)))),  # in one piece already
        (np.tanh, (rows(4, 0), rows(4, 4))),  # too many blocks
        (np.multiply, (rows(2, 0), np.ones((4, 1)), rows(2, 4))),  # not of one shape
        (np.tanh, (rows(2, 0)[..., 1:], rows(2, 4)[..., 1:])),  # each block is itself in pieces
        (np.matmul, (rows(2, 0).swapaxes(1, 2), rows(2, 0), np.ones((2, 5, 5)))),  # not number by number
        (np.add.reduce, (rows(2, 0), 1, None, np.ones((2, 5)))),
    ],
)
def test_any_other_call_stays_as_it_is(call: Call) -> None:
    assert by_block(call) == (call,)
