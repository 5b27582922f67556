"""A decoder's weights at work in NumPy, word by word, with every multiplication counted; with a cache or without."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.topics.kv_cache.decoder import HEADS, WIDER, WIDTH
from engine import Array
from engine.datasets.sentences import WORDS
from engine.networks.normalization import EPSILON
from engine.probabilities import softmax


class Writer:
    """Gives the next word's logits. With `cached` it keeps the keys and values of all words that it has seen.

    Without, it forgets them before each word and computes them all again: nothing else differs. `masked`: whether a word sees
    only itself and those before it. `products`: the multiplications of all matrix products so far; `attention`: those of them
    between words (scores, and weighted values) and not with weights.
    """

    def __init__(self, weights: Mapping[str, Array], layers: int, *, cached: bool, masked: bool) -> None:
        self._weights, self._layers, self._cached, self._masked = weights, layers, cached, masked
        self.products = self.attention = 0
        self._forget()

    def _forget(self) -> None:
        self._kept = [np.zeros((2, HEADS, WIDTH // HEADS, 0)) for _ in range(self._layers)]

    @property
    def known(self) -> int:
        """Of how many words keys and values are kept."""
        return int(self._kept[0].shape[-1])

    @property
    def bytes(self) -> int:
        """What the keys and values of all layers take."""
        return sum(each.nbytes for each in self._kept)

    def next(self, words: list[int]) -> tuple[Array, int]:
        """The logits (words,) of what comes after `words`, and of how many of them keys and values were known."""
        if not self._cached:
            self._forget()
        known = self.known
        x = self._weights["word/table"][:, words[known:]] + self._weights["positions/table"][:, 0, self._places(known, words)]
        for layer in range(self._layers):
            x = x + self._attend(layer, self._standard(x, f"block {layer}/norm 1"))
            x = x + self._think(layer, self._standard(x, f"block {layer}/norm 2"))
        return self._dense("head", self._standard(x[:, -1:], "norm"))[:, 0], known

    @staticmethod
    def _places(known: int, words: list[int]) -> slice:
        """Where the new words are: after those that are known."""
        return slice(known, len(words))

    def _attend(self, layer: int, x: Array) -> Array:
        """New words (width, new) ask all there are, whose keys and values are kept beside theirs."""
        name = f"block {layer}/attention"
        made = self._dot(self._weights[f"{name}/weights"], x).reshape(3, HEADS, WIDTH // HEADS, -1)
        self._kept[layer] = np.concatenate([self._kept[layer], made[1:]], axis=-1)
        keys, values = self._kept[layer]
        scores = self._between(keys.swapaxes(1, 2), made[0] / np.sqrt(WIDTH / HEADS))
        if self._masked:
            scores = np.where(_seen(keys.shape[-1], x.shape[-1]), scores, -np.inf)
        seen = softmax(scores.swapaxes(0, 1)).swapaxes(0, 1)
        return self._dot(self._weights[f"{name}/output"], self._between(values, seen).reshape(WIDTH, -1))

    def _think(self, layer: int, x: Array) -> Array:
        return self._dense(f"block {layer}/down", np.maximum(self._dense(f"block {layer}/up", x), 0))

    def _dense(self, name: str, x: Array) -> Array:
        weights = self._weights[f"{name}/weights"]
        return self._dot(weights[:, :-1], x) + weights[:, -1:]

    def _standard(self, x: Array, name: str) -> Array:
        """Layer norm of words (width, n)."""
        scale, shift = self._weights[f"{name}/scale"], self._weights[f"{name}/shift"]
        centred = x - x.mean(axis=0)
        return np.asarray(centred / np.sqrt((centred**2).mean(axis=0) + EPSILON) * scale + shift)

    def _dot(self, a: Array, b: Array) -> Array:
        """Matrices a (..., m, k) and b (..., k, n), whose product takes m k n multiplications."""
        self.products += a.size * b.shape[-1]
        return np.asarray(a @ b)

    def _between(self, a: Array, b: Array) -> Array:
        """A product between words, counted twice: in all, and by itself."""
        self.attention += a.size * b.shape[-1]
        return self._dot(a, b)


def _seen(words: int, new: int) -> Array:
    """(words, new): whether a word may be seen by each of the last `new`: it does not come after that one."""
    return np.tri(new, words, k=words - new, dtype=bool).T


def formula(words: int, layers: int, *, cached: bool) -> int:
    """The multiplications for so many words, from the sizes alone: what a count has to agree with."""
    weights, vocabulary = (4 + 2 * WIDER) * WIDTH**2, len(WORDS) * WIDTH
    times = range(1, words + 1)
    return sum(layers * (weights + 2 * WIDTH * t) * (1 if cached else t) + vocabulary for t in times)
