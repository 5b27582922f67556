"""A plan: outputs and updates as one flat list of NumPy calls on buffers made ahead; once it is hot, as one generated function.

After `engine.passes` has made the graph smaller, `engine.builder` gives every node that is left a buffer and binds its kernel to
it. A plan that is stepped often is written out as one Python function without a loop. A plan belongs to one run and one thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from itertools import starmap
from operator import call
from typing import Any

import numpy as np

from engine.blocks import by_block
from engine.builder import Builder
from engine.calls import by_place, compiled, written_out
from engine.graph import Array, Call, GraphError, Node
from engine.passes import PASSES, simplifying
from engine.pieces import each
from engine.updates import Assign, Update
from engine.values import Values

HOT = 500
"""The steps after which a plan is written out as a function: compiling a call takes about as long as it then saves in so many."""


def planning(
    values: Values,
    outputs: Sequence[Node],
    updates: Sequence[Update | Assign] = (),
    instead: Mapping[Node, Array] | None = None,
    passes: Collection[str] = PASSES,
) -> Generator[None, None, Plan]:
    """Compiles outputs and updates to a plan, in pieces; `instead` says where some variables are to be read."""
    sets = {target: value for update in updates for target, value in update.sets.items()}
    builder = Builder(values, (yield from simplifying(computed(outputs, updates), passes)), instead or {})
    yield from builder.emit(outputs, sets)
    by_blocks: list[Call] = []
    yield from each(lambda made: by_blocks.extend(by_block(made)), builder.calls)
    one_by_one: list[tuple[Any, ...]] = []
    yield from each(lambda made: one_by_one.append(by_place(*made)), by_blocks)
    plan = Plan(builder, outputs, by_blocks, one_by_one)
    yield  # its first step, into buffers that nobody has touched yet, is dear enough for a piece of its own
    return plan


def computed(outputs: Sequence[Node], updates: Sequence[Update | Assign] = ()) -> list[Node]:
    """All that a plan of outputs and updates has to compute, and so what its passes begin with."""
    return [*outputs, *(node for update in updates for node in (*update.reads(), *update.sets.values()))]


class Plan:
    """Made by `Session.plan`. Call it with the feeds by name to run one step; it returns copies of the outputs.

    Outputs are values from before the updates, variables too. A placeholder keeps what it was fed until it is fed again. `calls`
    are the NumPy calls of a step, `bytes` the size of its buffers. For those who look into it: `simplified` is the graph that the
    passes left, `nodes` are its nodes in order, `works_at` says for each call which of them it computes (or, at the end, sets),
    `arrays` where each lives, and `lives` when each of the `buffers` holds what is still read.
    """

    def __init__(
        self, builder: Builder, outputs: Sequence[Node], by_blocks: list[Call], one_by_one: list[tuple[Any, ...]]
    ) -> None:
        self.calls = builder.calls
        self.removed = builder.simplified.removed
        self.simplified = builder.simplified
        self.nodes = tuple(builder.simplified.order)
        self.works_at = tuple(builder.works_at)
        self.arrays = dict(builder.arrays)
        self.buffers = tuple(builder.buffers.made)
        self.bytes = builder.buffers.bytes
        self.lives = tuple(builder.lives())
        self.fetches = tuple(outputs)
        self.outputs = tuple(builder.fetched(node) for node in outputs)
        self._feeds = {name: (buffer, buffer.shape) for name, buffer in builder.feeds.items()}
        self._known = builder.values.graph.placeholders
        self._missing = set(builder.feeds)
        self._by_blocks, self._one_by_one = by_blocks, one_by_one
        self._cold_for = HOT
        self._function: Callable[[], None] | None = None

    @property
    def source(self) -> str:
        """The function that the calls become once the plan has been stepped `HOT` times."""
        return written_out(self._by_blocks)[0]

    @property
    def fed(self) -> dict[str, Array]:
        """What each placeholder of the plan was fed last, by name."""
        return {name: buffer for name, (buffer, _) in self._feeds.items()}

    def __call__(self, **feeds: Any) -> tuple[Array, ...]:
        """One step: feeds in, calls, copies of the outputs out. Raises GraphError for a missing, unknown or misshapen feed."""
        self.step(**feeds)
        return tuple(output.copy() for output in self.outputs)

    def step(self, **feeds: Any) -> None:
        """One step without copies, for inner loops; `outputs` are the live buffers."""
        if feeds:
            self.feed(feeds)
        if self._missing:
            raise GraphError(f"placeholder {sorted(self._missing)[0]!r}: got no feed, wanted {self._wanted(self._missing)}")
        if self._function is None:
            self._cold_step()
        else:
            self._function()

    def _cold_step(self) -> None:
        """The calls one by one: a loop in C, which is nearly as fast as the function and needs no compiling."""
        self._cold_for -= 1
        if not self._cold_for:
            self._function = compiled(*written_out(self._by_blocks))
        deque(starmap(call, self._one_by_one), 0)

    def feed(self, feeds: Mapping[str, Any]) -> None:
        """Copies values into the placeholders' buffers; one that this plan does not read is passed over."""
        for name, value in feeds.items():
            if name not in self._feeds:
                if name in self._known:
                    continue
                raise GraphError(f"feed {name!r}: got a name this graph does not have, wanted {self._wanted(self._feeds)}")
            buffer, wanted = self._feeds[name]
            # Asking NumPy for the shape of a number takes a microsecond, a tenth of a small network's step
            shape = () if value.__class__ is float else getattr(value, "shape", None)
            if shape is None:
                shape = np.shape(value)
            if shape != wanted:
                raise GraphError(f"placeholder {name!r}: got shape {shape}, wanted {wanted}")
            buffer[...] = value
        if self._missing:
            self._missing.difference_update(feeds)

    def _wanted(self, names: Any) -> str:
        return ", ".join(f"{name} {self._feeds[name][1]}" for name in sorted(names)) or "none"
