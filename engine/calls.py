"""The calls of a plan: how each is bound, read, and in the end written out as one Python function.

Below `engine.builder`, which makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from engine.graph import Array, Call

OUT_BY_NAME = (np.maximum, np.minimum)
"""NumPy wants their `out` by name, lest it be taken for a third operand."""


def parted(call: Call) -> tuple[str, list[Any], Any]:
    """A call's name, what it reads, and what it writes: the last argument, for `copyto` the first, None if it has no argument."""
    function, arguments = call
    bound = getattr(function, "__self__", None)
    read = [*([bound] if isinstance(bound, np.ndarray) else []), *arguments]
    return function.__name__, read, read.pop(0 if function is np.copyto else -1) if read else None


def block(array: Array) -> Array:
    """The array whose memory a view shows."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def by_place(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """A call as one tuple, all its arguments given by place."""
    if function in OUT_BY_NAME:
        return (partial(function, out=arguments[-1]), *arguments[:-1])
    return (function, *arguments)


def written_out(calls: Sequence[Call]) -> tuple[str, dict[str, Any]]:
    """One function of all calls, and what its names stand for: functions and arguments are its locals, the least that Python can
    spend on a call.
    """
    names: dict[int, str] = {}
    bound: dict[str, Any] = {}

    def name(thing: Any) -> str:
        if id(thing) not in names:
            names[id(thing)] = f"v{len(names)}"
            bound[names[id(thing)]] = thing
        return names[id(thing)]

    lines = []
    for function, arguments in calls:
        words = [name(argument) for argument in arguments]
        if function in OUT_BY_NAME:
            words[-1] = f"out={words[-1]}"
        lines.append(f"    {name(function)}({', '.join(words)})")
    return f"def step({', '.join(f'{key}={key}' for key in bound)}):\n" + ("\n".join(lines) or "    pass"), bound


def compiled(source: str, bound: dict[str, Any]) -> Callable[[], None]:
    """The function that the text of `written_out` defines."""
    exec(compile(source, "<plan>", "exec"), bound)  # noqa: S102  # the text is made above out of v0, v1, ... alone
    step: Callable[[], None] = bound.pop("step")  # else each would hold the other, and all buffers, after the plan is gone
    return step
