"""A plan as one reads it: a letter for each buffer, its calls as lines of LaTeX, and what is alive when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from app.topic import written
from engine import Node, Plan
from engine.calls import block, parted
from engine.graph import TABLE, Array

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVXYZ"
"""Without W, which are the variables."""


class Reading:
    """The calls and buffers of a plan. Calls are counted from 0; `held` is (buffers, calls): 0 free, else 1 and 2 by turns, the
    other one whenever the buffer has been handed on.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.letters = [LETTERS[place % len(LETTERS)] * (1 + place // len(LETTERS)) for place in range(len(plan.buffers))]
        self._named: Mapping[int, str] = {id(buffer): letter for buffer, letter in zip(plan.buffers, self.letters, strict=True)}
        self._variables = {id(block(array)) for node, array in plan.arrays.items() if node.op == "variable"}

    @cached_property
    def held(self) -> Array:
        """What each buffer holds during each call."""
        held = np.zeros((len(self.plan.buffers), len(self.plan.calls)), np.uint8)
        turn = [2] * len(self.plan.buffers)
        for life in self.plan.lives:
            turn[life.buffer] = 3 - turn[life.buffer]
            held[life.buffer, life.begins : life.ends] = turn[life.buffer]
        return held

    @property
    def sizes(self) -> Array:
        """The bytes of each buffer."""
        return np.array([buffer.nbytes for buffer in self.plan.buffers])

    @cached_property
    def own_bytes(self) -> Array:
        """By call, the bytes of all results so far if each had an array of its own; what is fed is there from the beginning."""
        own = np.zeros(len(self.plan.calls) + 1)
        done = {node: place + 1 for place, node in enumerate(self.plan.works_at)}
        for node in self.plan.nodes:
            at = done.setdefault(node, max((done[source] for source in node.inputs), default=0))
            if node.op == "placeholder" or (node.inputs and not TABLE[node.op].view):
                own[at] += self.plan.arrays[node].nbytes
        return np.cumsum(own)

    def where(self, node: Node) -> str:
        """Where a node’s tensor lives: the letter of its buffer, W for the variables, nothing for a constant."""
        return self._name(self.plan.arrays[node])

    def _name(self, array: Array) -> str:
        home = id(block(array))
        return self._named.get(home) or ("W" if home in self._variables else "")

    def line(self, place: int) -> str:
        """A call as LaTeX: its number, where it writes, the function, what it reads."""
        name, read, out = parted(self.plan.calls[place])
        node = self.plan.works_at[place]
        into = self._name(out) if isinstance(out, np.ndarray) else self.where(node)
        words = ", ".join(filter(None, map(self._word, read)))
        function = name.strip("_").replace("_", r"\_")
        return rf"{place + 1}\quad \mathrm{{{into or self.where(node) or 'copy'}}} \leftarrow \mathrm{{{function}}}({words})"

    def _word(self, thing: Any) -> str:
        if isinstance(thing, np.ndarray):
            if name := self._name(thing):
                return rf"\mathrm{{{name}}}"
            return written(float(thing)).replace("−", "-") if not thing.shape else r"\mathrm{const}"
        return ""
