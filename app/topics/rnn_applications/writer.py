"""A recurrent network that says which character comes next, and the same network one character at a time, its state carried on.

Used by `characters`: it learns on stretches of the poem, then reads stanzas and writes text of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import pairwise

import numpy as np

from app.topic import Streams
from engine import Array, Graph, Node, Plan, Session, dense, ops
from engine.networks.recurrent import Recurrent, lstm, rnn
from engine.probabilities import log_softmax, softmax

CELLS: dict[str, tuple[Callable[..., Recurrent], tuple[str, ...]]] = {
    "rnn": (rnn, ("hidden",)),
    "lstm": (lstm, ("hidden", "cell")),
}
"""By name the layer, and the states it carries from step to step."""


class Writer:
    """One recurrent layer on characters, one-hot, and a softmax over the next one."""

    def __init__(self, network: str, characters: int, units: int, rng: Streams) -> None:
        self.graph, self._characters, self._units = Graph(), characters, units
        layer, self._states = CELLS[network]
        self._cell = layer(self.graph, "recurrent", characters, units, rng.weights)
        self._head = dense(self.graph, "head", units, characters, rng.weights)

    def follow(self, inputs: Node) -> Node:
        """The logits of what follows each character of stretches (characters, steps, n): (characters, steps * n)."""
        return self._head(ops.reshape(self._cell(inputs).sequence, (self._units, inputs.shape[1] * inputs.shape[2])))

    def stepping(self, session: Session, name: str, n: int) -> Generator[None, None, Stepper]:
        """A plan for one character of each of `n` texts, in pieces."""
        state = {f"{name} {each}": self.graph.placeholder(f"{name} {each}", (self._units, n)) for each in self._states}
        made = self._cell(self.graph.placeholder(name, (self._characters, 1, n)), *state.values())
        carried = [made.hidden[0], *made.cells]
        plan = yield from session.planning([self._head(made.last), *carried])
        return Stepper(plan, name, list(state), (self._units, n), self._characters)


class Stepper:
    """Texts side by side, read or written one character at a time."""

    def __init__(self, plan: Plan, name: str, states: list[str], shape: tuple[int, int], characters: int) -> None:
        self._plan, self._name, self._one_hot = plan, name, np.eye(characters, dtype=np.float32)
        self._start = {state: np.zeros(shape, np.float32) for state in states}
        self._state = self._start

    def begin(self) -> None:
        """A state that remembers nothing."""
        self._state = self._start

    def read(self, numbers: Array) -> Array:
        """One character of each text, (n,); logits of the next, (characters, n)."""
        logits, *carried = self._plan(**{self._name: self._one_hot[numbers].T[:, None]}, **self._state)
        self._state = dict(zip(self._state, carried, strict=True))
        return logits

    def bits(self, texts: list[Array]) -> list[Array]:
        """What each character of each text but the first costs, given all before it: -log2 of its probability."""
        longest = max(text.size for text in texts)
        padded = np.stack([np.pad(text, (0, longest - text.size)) for text in texts], axis=1)
        self.begin()
        logs = np.stack([log_softmax(self.read(now))[after, np.arange(len(texts))] for now, after in pairwise(padded)])
        return [-logs[: text.size - 1, place] / np.log(2) for place, text in enumerate(texts)]

    def write(self, first: int, temperatures: Array, draws: Array) -> Array:
        """Texts of numbers of characters, (steps, n), each drawn from softmax(logits / temperature) by a draw out of [0, 1)."""
        self.begin()
        now, written = np.full(temperatures.size, first), np.empty(draws.shape, int)
        for place, draw in enumerate(draws):
            shares = softmax(self.read(now) / temperatures).cumsum(axis=0)
            written[place] = now = np.minimum((shares < draw * shares[-1]).sum(axis=0), len(shares) - 1)
        return written
