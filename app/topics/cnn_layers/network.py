"""The network of all three demos: twice convolution, ReLU and max pooling, then a head. And its maps as small pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine import Graph, Layer, Node, convolution, dense
from engine.graph import Array
from engine.ops import relu

HEADS: dict[str, Callable[[Node], Node]] = {
    "flatten": convolution.flatten,
    "average": convolution.global_average,
    "maximum": convolution.global_maximum,
}
"""How maps become one column of numbers for the dense layer."""
HEAD_NAMES = {"flatten": "flatten", "average": "global average", "maximum": "global maximum"}
KERNEL = 3
PADDING = KERNEL // 2
"""Zeros around the image, so that a map is as large as what it was made from."""


@dataclass(frozen=True)
class Maps:
    """What one pass made, in the order of the layers: `sums`, `fired` and `pooled` have one item for each convolution."""

    sums: tuple[Node, ...]
    fired: tuple[Node, ...]
    pooled: tuple[Node, ...]
    logits: Node

    @property
    def all(self) -> list[Node]:
        """For a plan: first the sums, then what fired, then what was pooled, then the logits."""
        return [*self.sums, *self.fired, *self.pooled, self.logits]


@dataclass(frozen=True)
class Cnn:
    """Call it on images (1, side, side, n) for logits (classes, n), or `apply` it for everything inside."""

    convolutions: tuple[Layer, ...]
    head: Callable[[Node], Node]
    classify: Layer

    def __call__(self, images: Node) -> Node:
        """The logits alone."""
        return self.apply(images).logits

    def apply(self, images: Node) -> Maps:
        """Convolution, ReLU, max pooling of 2 × 2, and the same again; then the head and a dense layer."""
        maps, made = images, []
        for convolve in self.convolutions:
            sums = convolve(maps)
            fired = relu(sums)
            maps = convolution.maximum_pool(fired, 2)
            made.append((sums, fired, maps))
        sums_of, fired_of, pooled_of = zip(*made, strict=True)
        return Maps(sums_of, fired_of, pooled_of, self.classify(self.head(maps)))


def cnn(graph: Graph, rng: np.random.Generator, *, side: int, filters: int, classes: int, head: str = "flatten") -> Cnn:
    """`filters` in the first convolution, twice as many in the second, a dense layer of `classes`.

    Variables: `convolution 1/weights` (filters, 10), `convolution 2/weights` (2 filters, 9 filters + 1), `head/weights`.
    """
    first = convolution.convolution(graph, "convolution 1", 1, filters, rng, kernel_size=KERNEL, padding=PADDING)
    second = convolution.convolution(graph, "convolution 2", filters, 2 * filters, rng, kernel_size=KERNEL, padding=PADDING)
    cells = (side // 4) ** 2 if head == "flatten" else 1
    return Cnn((first, second), HEADS[head], dense(graph, "head", 2 * filters * cells, classes, rng))


def pictures(maps: Array, side: int, limit: float) -> Array:
    """Maps (channels, height, width) as pictures (channels, side, side) from -1 to 1: a cell is as many pixels as fit.

    `limit` is what is drawn in full colour; what is left over at the right and at the bottom is 0.
    """
    times = side // maps.shape[-1]
    drawn = np.repeat(np.repeat(maps / limit, times, axis=1), times, axis=2)
    over = side - drawn.shape[-1]
    return np.pad(drawn, ((0, 0), (0, over), (0, over)))
