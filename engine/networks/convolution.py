"""Layers for images (channels, height, width, n): convolution and its transpose, pooling, and the way to dense layers.

Like `layers`: functions that create their variables and return a function from node to node. LeCun et al. (1989, 1998).
In a sweep images may have an axis of copies in front.
"""

from __future__ import annotations

import numpy as np

from engine.graph import Array, Graph, GraphError, Node
from engine.networks.initializers import Initializer, initializer
from engine.networks.layers import Layer
from engine.ops import affine, matmul, max_pool, mean, patches, reshape, unpatched, windows
from engine.ops.convolution import Window

BINOMIAL = {1: (1.0,), 2: (1.0, 1.0), 3: (1.0, 2.0, 1.0), 4: (1.0, 3.0, 3.0, 1.0), 5: (1.0, 4.0, 6.0, 4.0, 1.0)}
"""Rows of Pascal's triangle: the nearer to a Gaussian the longer they are."""


def convolution(
    graph: Graph,
    name: str,
    channels: int,
    filters: int,
    rng: np.random.Generator,
    *,
    kernel_size: int = 3,
    stride: int = 1,
    padding: int = 0,
    start: str | Initializer = "he",
    bias: float = 0.0,
) -> Layer:
    """(channels, height, width, n) to (filters, down, across, n), down = (height + 2 padding - kernel_size) // stride + 1.

    One variable `name/weights` (filters, channels * kernel_size^2 + 1), each row a filter (channels, kernel_size, kernel_size)
    and its bias. As everywhere in deep learning it is a cross-correlation: filters are not flipped.
    Raises GraphError for sizes below 1, and at its use for images that do not fit.
    """
    _positive(name, channels=channels, filters=filters, kernel_size=kernel_size, stride=stride)
    fan_in = channels * kernel_size**2
    begin = np.concatenate([initializer(start)(rng, filters, fan_in), np.full((filters, 1), bias)], axis=1)
    weights = graph.variable(f"{name}/weights", begin)
    size = (kernel_size, kernel_size)

    def apply(images: Node) -> Node:
        _fit(name, images, channels)
        fit = _windows(name, images, size, stride, padding)
        made = affine(weights, patches(images, size, stride, padding))
        return reshape(made, (*made.shape[:-1], *fit, images.shape[-1]))

    return apply


def transposed_convolution(
    graph: Graph,
    name: str,
    channels: int,
    filters: int,
    rng: np.random.Generator,
    *,
    kernel_size: int = 4,
    stride: int = 2,
    padding: int = 1,
    start: str | Initializer = "he",
    bias: float = 0.0,
) -> Layer:
    """(channels, height, width, n) to larger (filters, ...): stride (height - 1) + kernel_size - 2 padding rows.

    The transpose of a convolution as a linear map (Zeiler et al., 2010; Dumoulin and Visin, 2016): each number of the input lays
    down a copy of the kernel. Variables `name/weights` (filters * kernel_size^2, channels) and `name/bias` (filters, 1, 1, 1).
    A start by fan-in counts the inputs that reach one output, channels * (kernel_size / stride)^2.
    """
    _positive(name, channels=channels, filters=filters, kernel_size=kernel_size, stride=stride)
    rows = filters * kernel_size**2
    begin = initializer(start)(rng, rows, channels) * min(1.0, stride / kernel_size)
    weights = graph.variable(f"{name}/weights", begin)
    shift = graph.variable(f"{name}/bias", np.full((filters, 1, 1, 1), bias))
    size = (kernel_size, kernel_size)

    def apply(images: Node) -> Node:
        _fit(name, images, channels)
        *copies, _, height, width, n = images.shape
        down, across = (stride * (side - 1) + kernel_size - 2 * padding for side in (height, width))
        if min(down, across) < 1:
            raise GraphError(f"{name}: got {images.title} {images.shape} and padding {padding}, wanted something to be left")
        columns = matmul(weights, reshape(images, (*copies, channels, height * width * n)))
        return unpatched(columns, (*columns.shape[:-2], filters, down, across, n), size, stride, padding) + shift

    return apply


def average_pool(images: Node, size: int = 2, stride: int | None = None) -> Node:
    """The mean of each window of `size`, which lie side by side unless `stride` says otherwise."""
    return _filtered("average_pool", images, (1.0,) * size, size if stride is None else stride, 0)


def blur_pool(images: Node, size: int = 3, stride: int = 2) -> Node:
    """A binomial blur of `size` before every `stride`-th number is taken (Zhang, 2019); the border is mirrored.

    For anti-aliased max pooling use `maximum_pool` with a stride of 1 first.
    """
    if size not in BINOMIAL:
        raise GraphError(f"blur_pool of {images.title}: got size {size}, wanted one of {', '.join(map(str, BINOMIAL))}")
    return _filtered("blur_pool", images, BINOMIAL[size], stride, (size - 1) // 2)


def maximum_pool(images: Node, size: int = 2, stride: int | None = None) -> Node:
    """The largest of each window of `size`, which lie side by side unless `stride` says otherwise."""
    return max_pool(images, (size, size), size if stride is None else stride)


def global_average(images: Node) -> Node:
    """(channels, height, width, n) to (channels, n): each channel's mean (Lin, Chen and Yan, 2014)."""
    return mean(images, (-3, -2))


def global_maximum(images: Node) -> Node:
    """(channels, height, width, n) to (channels, n): each channel's largest number, wherever it stands."""
    *front, height, width, n = images.shape
    return reshape(max_pool(images, (height, width), 1), (*front, n))


def flatten(images: Node) -> Node:
    """(channels, height, width, n) to (channels * height * width, n)."""
    return reshape(images, (*images.shape[:-4], int(np.prod(images.shape[-4:-1])), images.shape[-1]))


def _filtered(name: str, images: Node, taps: tuple[float, ...], stride: int, border: int) -> Node:
    """The same smoothing down and then across, each as a product with a small constant matrix."""
    down, across = _windows(name, images, (len(taps), len(taps)), stride, border)
    *front, height, width, n = images.shape
    constant = images.graph.constant
    rows = matmul(constant(_smoothing(taps, height, down, stride, border)), reshape(images, (*front, height, width * n)))
    return matmul(constant(_smoothing(taps, width, across, stride, border)), reshape(rows, (*front, down, width, n)))


def _smoothing(taps: tuple[float, ...], length: int, made: int, stride: int, border: int) -> Array:
    """The matrix (made, length) that smooths a row of numbers, mirrored at its ends without repeating the last."""
    matrix = np.zeros((made, length))
    for place in range(made):
        for offset, tap in enumerate(taps):
            source = abs(place * stride + offset - border)
            source = 2 * (length - 1) - source if source >= length else source
            matrix[place, max(source, 0)] += tap / sum(taps)
    return matrix


def _positive(name: str, **sizes: int) -> None:
    if min(sizes.values()) < 1:
        got = ", ".join(f"{key} {value}" for key, value in sizes.items())
        raise GraphError(f"{name}: got {got}, wanted at least 1 of each")


def _windows(name: str, images: Node, size: Window, stride: int, padding: int) -> Window:
    try:
        return windows(images.shape, size, stride, padding)
    except GraphError as problem:
        raise GraphError(f"{name}: got {images.title} {images.shape}; {problem}") from None


def _fit(name: str, images: Node, channels: int) -> None:
    if images.shape[:-4] not in images.graph.leads or images.shape[-4:-3] != (channels,):
        raise GraphError(f"{name}: got {images.title} {images.shape}, wanted images ({channels}, height, width, n)")
