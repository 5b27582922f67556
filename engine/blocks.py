"""Number by number over arrays that lie in two or three blocks apart: a call for each block.

What `engine.builder` has planned is taken apart here, last of all. In a sweep of two, the gates of an LSTM are rows out of the
middle of either copy: NumPy takes 1.5 us to step through 2 x 24 x 32 numbers that do not lie one after the other, 0.4 for each
half alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.graph import Array, Call, Shape

MOST = 3
"""Of four and more blocks NumPy makes less work in one call."""


def by_block(call: Call) -> Sequence[Call]:
    """The call as it is, or one for each block along the first axis where that is faster."""
    function, arguments = call
    last = arguments[-1] if arguments else None
    if not isinstance(last, np.ndarray) or last.ndim < 2 or len(last) > MOST:  # which says it of nearly all at once
        return (call,)
    if not _numberwise(function) or not _apart(arguments, last.shape):
        return (call,)
    return [(function, tuple([array[place] if array.ndim else array for array in arguments])) for place in range(len(last))]


def _numberwise(function: Any) -> bool:
    return function is np.copyto or (isinstance(function, np.ufunc) and function.signature is None)


def _apart(arguments: tuple[Any, ...], shape: Shape) -> bool:
    """Whether all but single numbers are of that shape, and in one piece block by block but not as a whole."""
    if not all(isinstance(argument, np.ndarray) and argument.shape in ((), shape) for argument in arguments):
        return False
    arrays: list[Array] = [argument for argument in arguments if argument.ndim]
    whole = all(array.flags.c_contiguous for array in arrays)
    return not whole and all(array[0].flags.c_contiguous for array in arrays)
