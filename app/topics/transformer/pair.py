"""The encoder and the decoder of one page: one block each, the same start and sentences, and a mask of its own."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from app.topic import streams
from app.topics.transformer.mask import all_seen
from app.topics.transformer.reader import HIDDEN, Reader, shifted
from engine import Array, Graph, Guard, Session, losses, optimizers
from engine.datasets.sentences import STEPS, WORDS
from engine.networks.attention import causal_mask
from engine.probabilities import log_softmax, softmax

BATCH_SIZE = 64
HIDDEN_IN, AT_ONCE = 32, 16
"""In so many of the unseen sentences each word is hidden in turn, so many sentences at once."""


def hidden_places(rng: np.random.Generator, n: int, share: float) -> Array:
    """Which words of n sentences are hidden (n, STEPS): each with that probability, and at least one."""
    hidden = rng.random((n, STEPS)) < share
    hidden[np.arange(n), rng.integers(0, STEPS, n)] = True
    return hidden


class Judged(NamedTuple):
    """Of sentences the nats of each word, and whether it was the likeliest, (n, STEPS)."""

    nats: Array
    right: Array


class Pair:
    """Encoder and decoder with the same start, on the same sentences; `tested` of them are looked at."""

    def __init__(self, seed: int, tested: int) -> None:
        self._graph, self._tested, symbols = Graph(), tested, len(WORDS) + 1
        self._readers = {name: Reader(self._graph, name, 1, streams(seed).weights, symbols) for name in ("encoder", "decoder")}
        self._masks = {"encoder": all_seen(STEPS), "decoder": causal_mask(STEPS)}

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        graph, costs, updates = self._graph, [], []
        wanted, rate = graph.placeholder("wanted", (len(WORDS), BATCH_SIZE, STEPS)), graph.placeholder("learning_rate")
        counted = {"encoder": graph.placeholder("hidden", (BATCH_SIZE, STEPS)), "decoder": None}
        for name, reader in self._readers.items():
            batch = graph.placeholder(f"{name} batch", (BATCH_SIZE, STEPS))
            costs.append(losses.sequence_cross_entropy(reader(batch, self._masks[name]).logits, wanted, counted[name]))
            updates.append(optimizers.adam(costs[-1], rate, reader.variables, clip_norm=1.0))
            yield
        session = Session(graph)
        train = yield from session.planning([costs[0] + costs[1]], updates)
        self._looks, self._asks = {}, {}
        for name, n in (("encoder", AT_ONCE * STEPS), ("decoder", self._tested)):
            reader, mask = self._readers[name], self._masks[name]
            tested, asked = (graph.placeholder(f"{name} {what}", (m, STEPS)) for what, m in (("test", n), ("asked", 1)))
            self._looks[name] = yield from session.planning([reader(tested, mask).logits])
            read = reader(asked, mask)
            self._asks[name] = yield from session.planning([read.logits, read.weights[0]])
        self.guard = Guard(session, train)

    def step(self, words: Array, hidden: Array, rate: float) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(words.ravel(), len(WORDS)).reshape(len(WORDS), *words.shape)
        fed = {
            "encoder batch": np.where(hidden, HIDDEN, words),
            "decoder batch": shifted(words),
            "hidden": hidden.astype(np.float32),
        }
        return self.guard.step(**fed, wanted=wanted, learning_rate=rate)

    def look(self, words: Array) -> Generator[None, None, dict[str, Judged]]:
        """What each network makes of unseen sentences, in pieces: the encoder of the first, one word hidden at a time."""
        places, parts = np.arange(STEPS), []
        for start in range(0, HIDDEN_IN, AT_ONCE):
            some = words[start : start + AT_ONCE]
            each = np.repeat(some[:, None], STEPS, axis=1)
            each[:, places, places] = HIDDEN
            self._looks["encoder"].step(**{"encoder test": each.reshape(-1, STEPS)})
            logits = self._looks["encoder"].outputs[0].reshape(len(WORDS), AT_ONCE, STEPS, STEPS)[:, :, places, places]
            parts.append(_judged(logits, some))
            yield
        self._looks["decoder"].step(**{"decoder test": shifted(words)})
        encoded = Judged(*(np.concatenate(part) for part in zip(*parts, strict=True)))
        return {"encoder": encoded, "decoder": _judged(self._looks["decoder"].outputs[0], words)}

    def ask(self, words: Array, blank: int) -> dict[str, tuple[Array, Array]]:
        """By network the probabilities of the word at the blank of a sentence (1, STEPS), and mean weights (keys, queries)."""
        made = {}
        for name, given in (("encoder", words), ("decoder", shifted(words))):
            self._asks[name].step(**{f"{name} asked": given})
            logits, weights = self._asks[name].outputs
            made[name] = (softmax(logits[:, 0, blank]), weights.mean(axis=(1, 2)))
        return made


def _judged(logits: Array, words: Array) -> Judged:
    return Judged(-np.take_along_axis(log_softmax(logits), words[None], axis=0)[0], logits.argmax(axis=0) == words)
