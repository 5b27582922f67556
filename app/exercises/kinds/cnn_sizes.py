"""Sizes and numbers of parameters along a small convolutional network, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.exercises.answers import Number
from app.exercises.arithmetic import number, total
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Values

COUNT = Number(0)
POOL, CLASSES = 2, 10


class Layer(NamedTuple):
    """A convolution: filters, side of the kernel, stride, padding at each side."""

    filters: int
    kernel: int
    stride: int
    padding: int

    def size(self, side: float) -> float:
        """The side of what comes out."""
        return (side + 2 * self.padding - self.kernel) // self.stride + 1


@dataclass(frozen=True)
class Network:
    """The numbers of a sheet: images of so many pixels a side and channels, two convolutions, pooling between them."""

    side: int
    channels: int
    first: Layer
    second: Layer

    @property
    def sides(self) -> tuple[float, float, float]:
        """After the first convolution, after pooling, after the second convolution."""
        first = self.first.size(self.side)
        return first, first // POOL, self.second.size(first // POOL)


def network(rng: np.random.Generator) -> Network:
    """Images of 28 to 64 pixels, few filters."""

    def one(*options: int) -> int:
        return int(rng.choice(options))

    first = Layer(one(4, 6, 8), one(3, 5), one(1, 2), one(0, 1, 2))
    return Network(one(28, 32, 48, 64), one(1, 3), first, Layer(one(10, 12, 16), 3, one(1, 2), one(0, 1)))


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of eight lines, all of them counts."""
    it = network(rng)
    return Sheet(
        f"Images of {it.side} by {it.side} pixels go through two convolutions with biases and {POOL} by {POOL} max pooling with "
        f"a stride of {POOL} between them, and then a dense layer to {CLASSES} classes. Give the side of each layer’s "
        "output, and count the parameters.",
        (
            rf"\text{{image: }} {it.side} \times {it.side} \text{{, channels }} C = {it.channels}",
            *(
                rf"\text{{convolution {n}: filters }} F_{n} = {layer.filters}, \quad k_{n} = {layer.kernel}, \quad "
                rf"\text{{stride }} s_{n} = {layer.stride}, \quad \text{{padding }} p_{n} = {layer.padding}"
                for n, layer in ((1, it.first), (2, it.second))
            ),
        ),
        (
            _size(1, 0, it.first, lambda v: it.side),
            _parameters(1, it.first, it.channels, "C"),
            _pooled(),
            _size(3, 2, it.second, lambda v: v["size2"]),
            _parameters(2, it.second, it.first.filters, "F_1"),
            *_dense(it),
        ),
    )


def _size(place: int, before: int, layer: Layer, side: Callable[[Values], float]) -> Line:
    n = 1 if place == 1 else 2
    padding, kernel, stride = layer.padding, layer.kernel, layer.stride
    off_by_padding = (
        (
            Slip(lambda v: layer._replace(padding=0).size(side(v)), "This is without the padding."),
            Slip(lambda v: (side(v) + padding - kernel) // stride + 1, "The padding is on both sides: it counts twice."),
        )
        if padding
        else ()
    )
    return Line(
        f"size{place}",
        f"n_{place}",
        f"side after convolution {n}",
        rf"\left\lfloor \frac{{n_{before} + 2 p_{n} - k_{n}}}{{s_{n}}} \right\rfloor + 1",
        lambda v: layer.size(side(v)),
        lambda v: rf"\left\lfloor \frac{{{number(side(v))} + 2 \cdot {padding} - {kernel}}}{{{stride}}} \right\rfloor + 1",
        form=COUNT,
        slips=(
            *off_by_padding,
            Slip(lambda v: layer.size(side(v)) - 1, "The + 1 is missing: the first window counts as well."),
            Slip(lambda v: layer._replace(stride=1).size(side(v)), "This is with a stride of 1."),
            Slip(
                lambda v: math.ceil((side(v) + 2 * padding - kernel) / stride) + 1,
                "Rounded up: the last window must lie within the image, so round down.",
            ),
        ),
    )


def _parameters(n: int, layer: Layer, channels: int, named: str) -> Line:
    filters, area = layer.filters, layer.kernel**2
    return Line(
        f"parameters{n}",
        f"P_{n}",
        f"parameters of convolution {n}",
        rf"F_{n} \, (k_{n}^2 \, {named} + 1)",
        lambda v: filters * (area * channels + 1),
        lambda v: rf"{filters} \cdot ({layer.kernel}^2 \cdot {channels} + 1)",
        form=COUNT,
        slips=(
            Slip(lambda v: filters * area * channels, "The biases are missing: one for each filter."),
            Slip(lambda v: filters * (area + 1), "A filter reads all channels of its input."),
            Slip(lambda v: filters * channels * (area + 1), "A filter has one bias, not one for each channel."),
            Slip(lambda v: filters * (layer.kernel * channels + 1), "The kernel has two sides: square its size."),
        ),
    )


def _pooled() -> Line:
    return Line(
        "size2",
        "n_2",
        "side after pooling",
        rf"\lfloor n_1 / {POOL} \rfloor",
        lambda v: v["size1"] // POOL,
        lambda v: rf"\lfloor {number(v['size1'])} / {POOL} \rfloor",
        form=COUNT,
        slips=(
            Slip(lambda v: math.ceil(v["size1"] / POOL), "Rounded up: the last window must lie within the image, so round down."),
            Slip(lambda v: v["size1"] - POOL + 1, f"This is with a stride of 1: here it is {POOL}."),
        ),
    )


def _dense(it: Network) -> tuple[Line, Line, Line]:
    filters = it.second.filters
    return (
        Line(
            "flat",
            "d",
            "numbers that the dense layer reads",
            r"F_2 \, n_3^2",
            lambda v: filters * v["size3"] ** 2,
            lambda v: rf"{filters} \cdot {number(v['size3'])}^2",
            form=COUNT,
            slips=(
                Slip(lambda v: v["size3"] ** 2, "This is one channel: there is one for each filter."),
                Slip(lambda v: filters * v["size3"], "A channel has two sides: square the size."),
            ),
        ),
        Line(
            "parameters3",
            "P_3",
            "parameters of the dense layer",
            rf"{CLASSES} \, (d + 1)",
            lambda v: CLASSES * (v["flat"] + 1),
            lambda v: rf"{CLASSES} \cdot ({number(v['flat'])} + 1)",
            form=COUNT,
            slips=(
                Slip(lambda v: CLASSES * v["flat"], "The biases are missing: one for each class."),
                Slip(lambda v: CLASSES * v["flat"] + 1, "There is a bias for each class, not one for all."),
            ),
        ),
        Line(
            "total",
            "P",
            "parameters of the whole network",
            "P_1 + P_2 + P_3",
            lambda v: v["parameters1"] + v["parameters2"] + v["parameters3"],
            lambda v: total((v["parameters1"], v["parameters2"], v["parameters3"]), 0),
            form=COUNT,
            slips=(Slip(lambda v: v["parameters1"] + v["parameters2"], "The dense layer is missing."),),
        ),
    )


exercise = Exercise(
    "cnn-sizes",
    "Sizes and parameters of a CNN",
    "Two convolutions, pooling and a dense layer: how large is the output of each, and how many parameters are there?",
    19,
    make,
)
