"""A batch of digits on its way through a small convolutional network, in plain NumPy: every array that there is between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.topics.tensors.memory import Numbers
from engine import Graph, Layer, Node, convolution, dense
from engine.graph import Array
from engine.ops import relu

SIDE, KERNEL, FILTERS, CLASSES = 8, 3, 8, 10
MAP = SIDE - KERNEL + 1
"""Side of a map: the filter has so many places."""
POOLED = MAP // 2
NAMES = (
    "images",
    "channel axis",
    "scaled",
    "windows",
    "convolution",
    "channels first",
    "ReLU",
    "pooling windows",
    "max pooling",
    "flatten",
    "dense",
    "softmax",
    "answers",
    "share right",
)


def network(graph: Graph, rng: np.random.Generator) -> Layer:
    """The same for training, on the engine: images (1, 8, 8, n) to logits (10, n), the samples last."""
    convolve = convolution.convolution(graph, "convolution", 1, FILTERS, rng, kernel_size=KERNEL)
    classify = dense(graph, "dense", FILTERS * POOLED**2, CLASSES, rng)

    def apply(images: Node) -> Node:
        return classify(convolution.flatten(convolution.maximum_pool(relu(convolve(images)), 2)))

    return apply


@dataclass(frozen=True, eq=False)
class Stage:
    """One array on the way, and whether it reads the memory of the one before."""

    name: str
    array: Numbers
    shares: bool

    @property
    def written(self) -> int:
        """Bytes of new memory."""
        return 0 if self.shares else int(self.array.nbytes)


def stages(images: Numbers, labels: Numbers, filters: Array, weights: Array, dtype: str) -> list[Stage]:
    """Every stage for images (n, 8, 8) of whole numbers 0 to 16. `filters` (8, 10) and `weights` (10, 73) have the bias last."""
    arrays = list(_arrays(images, labels, filters.astype(dtype), weights.astype(dtype)))
    before = [None, *arrays[:-1]]
    shared = [one is not None and bool(np.shares_memory(one, array)) for one, array in zip(before, arrays, strict=True)]
    return [Stage(*stage) for stage in zip(NAMES, arrays, shared, strict=True)]


def _arrays(images: Numbers, labels: Numbers, filters: Numbers, weights: Numbers) -> Iterator[Numbers]:
    """The arrays in the order of `NAMES`, the samples first, as most frameworks have them."""
    yield images
    yield (with_channel := images[:, None])
    yield (scaled := with_channel.astype(filters.dtype) / filters.dtype.type(16))
    yield (windows := np.lib.stride_tricks.sliding_window_view(scaled, (KERNEL, KERNEL), axis=(2, 3)))
    kernels = filters[:, :-1].reshape(FILTERS, 1, KERNEL, KERNEL)
    yield (convolved := np.tensordot(windows, kernels, axes=([1, 4, 5], [1, 2, 3])) + filters[:, -1])
    yield (maps := convolved.transpose(0, 3, 1, 2))
    yield (fired := np.maximum(maps, 0))
    yield (under := np.lib.stride_tricks.sliding_window_view(fired, (2, 2), axis=(2, 3))[:, :, ::2, ::2])
    yield (pooled := under.max(axis=(4, 5)))
    yield (flat := pooled.reshape(len(images), -1))
    yield (logits := flat @ weights[:, :-1].T + weights[:, -1])
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    yield (probabilities := powers / powers.sum(axis=1, keepdims=True))
    yield (answers := probabilities.argmax(axis=1))
    yield np.asarray(np.mean(answers == labels))


def picture(array: Numbers, height: int, width: int) -> Array:
    """What the first sample of a stage is like, stretched to (height, width), from -1 to 1 where its largest number is 1.

    Its last two axes are a picture; of the axes before these the pictures stand side by side.
    """
    first = np.asarray(array[0] if array.ndim else array, float)
    sheets = first.reshape(-1, *((1, 1, *first.shape)[-2:]))
    side_by_side = np.concatenate(list(sheets), axis=1) / max(1e-9, float(np.abs(sheets).max()))
    rows, columns = (np.arange(size) * have // size for size, have in zip((height, width), side_by_side.shape, strict=True))
    return np.asarray(side_by_side[np.ix_(rows, columns)])
