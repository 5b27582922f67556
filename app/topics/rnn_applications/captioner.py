"""A network that says what it sees: a small CNN makes a code of the image, and a recurrent decoder writes words from it.

The decoder reads the code and the word before at every step. In training that word is the true one (teacher forcing); when it
speaks for itself it reads its own.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from engine import Array, Graph, Node, Plan, Session, convolution, dense, ops
from engine.datasets.drawings import SIDE, WORDS
from engine.networks.recurrent import at_every_step, rnn, step_of
from engine.probabilities import softmax

LENGTH, ENTRIES = 5, len(WORDS)
"""Words of a caption, and words there are."""
FILTERS, CODE = 12, 64


def spelled(words: Array) -> Array:
    """Numbers of words (...) as columns (entries, ...) with a single 1."""
    columns: Array = np.eye(ENTRIES, dtype=np.float32)[:, words]
    return columns


def before(words: Array) -> Array:
    """What the decoder reads to write words (5, n): "<begin>", and then all but the last, as columns (entries, 5, n)."""
    return spelled(np.concatenate([np.zeros_like(words[:1]), words[:-1]]))


class Captioner:
    """Convolution of 12 filters, ReLU, max pooling; the same with 24; a dense code of 64; a recurrent decoder of `units`."""

    def __init__(self, graph: Graph, rng: np.random.Generator, units: int) -> None:
        self._graph, self._units = graph, units
        self._first = convolution.convolution(graph, "convolution 1", 3, FILTERS, rng, padding=1)
        self._second = convolution.convolution(graph, "convolution 2", FILTERS, 2 * FILTERS, rng, padding=1)
        self._code = dense(graph, "code", 2 * FILTERS * (SIDE // 4) ** 2, CODE, rng, start="he")
        self._decoder = rnn(graph, "decoder", ENTRIES + CODE, units, rng)
        self._words = dense(graph, "words", units, ENTRIES, rng)

    def code(self, images: Node) -> Node:
        """Images (3, 16, 16, n) to codes (64, n)."""
        maps = images
        for convolve in (self._first, self._second):
            maps = convolution.maximum_pool(ops.relu(convolve(maps)))
        return ops.relu(self._code(convolution.flatten(maps)))

    def __call__(self, images: Node, given: Node) -> Node:
        """Logits (entries, 5, n) of each word, when the words before it are `given` as `before` spells them."""
        code = self.code(images)
        read = [ops.concatenate([step_of(given, place), code]) for place in range(LENGTH)]
        return at_every_step(self._words, self._decoder(read).sequence)

    def speaking(self, session: Session, images: Array) -> Generator[None, None, Speaker]:
        """A speaker for these images (3, 16, 16, n), prepared in pieces."""
        n = images.shape[-1]
        code = yield from session.planning([self.code(self._graph.constant(images))])
        of = {name: self._graph.placeholder(name, (size, n)) for name, size in self._read()}
        step = self._decoder([ops.concatenate([of["word"], of["code"]])], hidden=of["state"]).last
        return Speaker(code, (yield from session.planning([self._words(step), step])), np.zeros((self._units, n)))

    def _read(self) -> tuple[tuple[str, int], ...]:
        return ("word", ENTRIES), ("code", CODE), ("state", self._units)


class Speaker:
    """Captions the same images again whenever it is asked, by the weights as they are then."""

    def __init__(self, code: Plan, step: Plan, start: Array) -> None:
        self._code, self._step, self._start = code, step, start

    def __call__(self) -> tuple[Array, Array]:
        """Word by word the most probable one: numbers (5, n), and the probabilities (entries, 5, n) it was chosen by."""
        (code,) = self._code()
        state, word = self._start, np.zeros(self._start.shape[1], int)
        said, odds = [], []
        for _ in range(LENGTH):
            logits, state = self._step(word=spelled(word), code=code, state=state)
            word = logits.argmax(axis=0)
            said.append(word)
            odds.append(softmax(logits))
        return np.stack(said), np.stack(odds, axis=1)
