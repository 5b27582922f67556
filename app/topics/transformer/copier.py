"""The networks of the copying demo: layers of attention and nothing else, on sequences that repeat a stretch of themselves."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from engine import Array, Graph, Guard, Node, Session, dense, losses, ops, optimizers, positions
from engine.networks.activations import linear
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block
from engine.probabilities import log_softmax

SYMBOLS, FIRST, COPIED = 24, 16, 8
STEPS = FIRST + COPIED - 1
"""Steps that a network reads: all symbols but the last, which it only has to foretell."""
PLACES = FIRST - COPIED + 1
"""From so many places the copy may begin."""
WIDTH, BATCH_SIZE, TESTED = 32, 32, 128
CLIP_NORM = 1.0


class Sequences(NamedTuple):
    """Symbols (n, FIRST + COPIED), and for each sequence the place (n,) from which its end is copied."""

    symbols: Array
    starts: Array


def deal(rng: np.random.Generator, n: int, places: int) -> Sequences:
    """Sixteen different symbols in random order, then eight in a row of them again, from one of the first `places`."""
    first = np.argsort(rng.random((n, SYMBOLS)), axis=1)[:, :FIRST]
    starts = rng.integers(0, places, n)
    again = np.take_along_axis(first, starts[:, None] + np.arange(COPIED), axis=1)
    return Sequences(np.concatenate([first, again], axis=1), starts)


class Copier:
    """Symbols and places, through layers of attention each of which adds to what came in, to logits of the next symbol."""

    def __init__(
        self, graph: Graph, name: str, layers: int, rng: np.random.Generator, *, heads: int, placed: bool, smear: bool = False
    ) -> None:
        before, start = len(graph.variables), WIDTH**-0.5
        self._symbol = embedding(graph, f"{name}/symbol", SYMBOLS, WIDTH, rng, std=start)
        self._place = positions.learned(graph, f"{name}/positions", WIDTH, STEPS, rng, std=start) if placed else linear
        self._layers = [
            block(graph, f"{name}/layer {layer}", WIDTH, heads, rng, hidden=0, norm="none", smear=smear)
            for layer in range(1, layers + 1)
        ]
        self._next = dense(graph, f"{name}/next", WIDTH, SYMBOLS, rng)
        self.variables = list(graph.variables.values())[before:]

    def __call__(self, symbols: Node) -> tuple[Node, list[Node]]:
        """Logits (SYMBOLS, n, STEPS), and the weights of each layer, (keys, heads, n, queries)."""
        n, tokens, weights = symbols.shape[0], self._place(self._symbol(symbols)), []
        for layer in self._layers:
            seen = layer(tokens, causal_mask(STEPS))
            tokens = seen.outputs
            weights.append(seen.weights)
        return ops.reshape(self._next(columns(tokens)), (SYMBOLS, n, STEPS)), weights


class Looked(NamedTuple):
    """Nats (n, STEPS) of each next symbol, whether each was the likeliest (n, STEPS), and weights by layer."""

    nats: Array
    right: Array
    weights: list[Array]


class Contest:
    """Copiers in one graph, trained on the same batches, each by an Adam of its own with clipping."""

    def __init__(self, graph: Graph, copiers: dict[str, Copier], counted: Array) -> None:
        self._graph, self._copiers, self._counted = graph, copiers, counted

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        symbols, tested = (self._graph.placeholder(name, (n, STEPS)) for name, n in (("batch", BATCH_SIZE), ("test", TESTED)))
        wanted = self._graph.placeholder("wanted", (SYMBOLS, BATCH_SIZE, STEPS))
        weights = self._graph.constant(np.tile(self._counted, (BATCH_SIZE, 1)))
        rate = self._graph.placeholder("learning_rate")
        costs, updates = [], []
        for copier in self._copiers.values():
            costs.append(losses.sequence_cross_entropy(copier(symbols)[0], wanted, weights))
            updates.append(optimizers.adam(costs[-1], rate, copier.variables, clip_norm=CLIP_NORM))
            yield
        self._session, self._looks = Session(self._graph), {}
        train = yield from self._session.planning([sum(costs[1:], costs[0])], updates)
        for name, copier in self._copiers.items():
            logits, seen = copier(tested)
            self._looks[name] = yield from self._session.planning([logits, *seen])
        self.guard = Guard(self._session, train)

    def step(self, symbols: Array, rate: float) -> str:
        """One update of each; in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(symbols[:, 1:].ravel(), SYMBOLS).reshape(SYMBOLS, len(symbols), STEPS)
        return self.guard.step(batch=symbols[:, :-1], wanted=wanted, learning_rate=rate)

    def look(self, name: str, symbols: Array) -> Looked:
        """What that copier makes of the test."""
        plan, wanted = self._looks[name], symbols[:, 1:]
        plan.step(test=symbols[:, :-1])
        logits, *weights = plan.outputs
        nats = -np.take_along_axis(log_softmax(logits), wanted[None], axis=0)[0]
        return Looked(nats, logits.argmax(axis=0) == wanted, [each.copy() for each in weights])  # plans share their buffers

    def silenced(self, name: str, symbols: Array) -> Looked:
        """The same with the output of its first layer set to zero, for this once."""
        output = self._graph.variables[f"{name}/layer 1/attention/output"]
        kept = self._session.value(output)
        self._session.assign(output, 0.0)
        looked = self.look(name, symbols)
        self._session.assign(output, kept)
        return looked
