"""Shapes of arrays: products of matrices, broadcasting, sums along an axis, convolution, in the order that NumPy and PyTorch use.

Broadcasting by NumPy's rule: sizes are compared from the right, and fit where they are equal or one of them is 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from app.exercises.answers import MISFIT, Shape
from app.exercises.arithmetic import shape
from app.exercises.nouns import Exercise, Line, Sheet, Slip

SHAPE = Shape()
Sizes = tuple[int, ...]
TIMES = r" \cdot "
RULE = r"\text{from the right: equal, or one of them } 1"


@dataclass(frozen=True)
class Arrays:
    """The shapes of a sheet: a batch X and weights W, what is added, a column, images and filters."""

    x: Sizes
    w: Sizes
    b: Sizes
    u: Sizes
    images: Sizes
    filters: Sizes
    stride: int
    padding: int
    keeps: bool
    """Whether a mean keeps its axis at size 1."""

    def mean_of(self, sizes: Sizes) -> Sizes:
        """The shape of a mean over axis 1."""
        return (kept if self.keeps else without)(sizes, 1)


def arrays(rng: np.random.Generator) -> Arrays:
    """Small sizes, those of X and W all different, so that what fits fits by the rule and not by chance."""
    n, d, h = (int(one) for one in rng.choice(np.arange(2, 8), 3, replace=False))
    added: list[Sizes] = [(h,), (h,), (n,), (n, 1), (1, h), (d, h)]
    batch, channels, side, count = (int(rng.choice(sizes)) for sizes in ((2, 4, 8, 16), (1, 3), (8, 12, 28, 32), (4, 6, 8)))
    kernel, stride, padding = int(rng.choice((3, 5))), int(rng.choice((1, 2))), int(rng.choice((0, 1)))
    return Arrays(
        (n, d),
        (d, h),
        added[int(rng.integers(len(added)))],
        (int(rng.integers(2, 8)), 1),
        (batch, channels, side, side),
        (count, channels, kernel, kernel),
        stride,
        padding,
        bool(rng.integers(2)),
    )


def broadcast(one: Sizes, other: Sizes) -> Sizes:
    """The shape of a sum of two arrays; MISFIT where they do not fit."""
    if MISFIT in (one, other):
        return MISFIT
    pairs = list(zip_longest(reversed(one), reversed(other), fillvalue=1))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return MISFIT
    return tuple(b if a == 1 else a for a, b in reversed(pairs))


def product(one: Sizes, other: Sizes) -> Sizes:
    """The shape of a product of two matrices; MISFIT where they do not fit."""
    fits = len(one) == len(other) == 2 and one[1] == other[0]
    return (one[0], other[1]) if fits else MISFIT


def without(sizes: Sizes, axis: int) -> Sizes:
    """A shape without one of its axes. Raises ValueError where there is none, or no such axis."""
    return (*_whole(sizes, axis)[:axis], *sizes[axis + 1 :])


def kept(sizes: Sizes, axis: int) -> Sizes:
    """A shape with one of its axes at size 1. Raises ValueError as `without` does."""
    return (*_whole(sizes, axis)[:axis], 1, *sizes[axis + 1 :])


def flattened(sizes: Sizes) -> Sizes:
    """A shape whose axes but the first are one. Raises ValueError as `without` does."""
    return _whole(sizes, 0)[0], math.prod(sizes[1:])


def _whole(sizes: Sizes, axis: int) -> Sizes:
    if sizes == MISFIT or len(sizes) <= axis:
        raise ValueError(f"{sizes} has no axis {axis}")
    return sizes


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of eight lines."""
    it = arrays(rng)
    named = {"X": it.x, "W": it.w, "b": it.b, "u": it.u}
    return Sheet(
        "Give the shape of each array, or write none where two shapes do not fit. A batch of images has its axes in the order "
        "batch, channels, height, width; filters have the order filters, channels, height, width.",
        (
            r", \quad ".join(rf"{name}{{:}}\ {shape(sizes)}" for name, sizes in named.items()),
            rf"\text{{images }} I{{:}}\ {shape(it.images)}",
            rf"\text{{filters }} K{{:}}\ {shape(it.filters)}",
            rf"\text{{stride }} s = {it.stride}, \quad \text{{padding }} p = {it.padding}",
        ),
        (*_products(it), *_sums(it), *_images(it)),
    )


def _products(it: Arrays) -> tuple[Line, Line]:
    (n, d), x, w = it.x, shape(it.x), shape(it.w)
    return (
        Line(
            "product",
            r"\text{shape}(X W)",
            "product of X and W",
            r"(\text{rows of } X, \text{columns of } W)",
            lambda v: product(it.x, it.w),
            lambda v: rf"{x} \cdot {w}",
            SHAPE,
            (Slip(lambda v: MISFIT, "They do fit: X has as many columns as W has rows."),),
        ),
        Line(
            "gram",
            r"\text{shape}(X^\top X)",
            "product of X transposed and X",
            r"(\text{columns of } X, \text{columns of } X)",
            lambda v: (d, d),
            lambda v: rf"{shape((d, n))} \cdot {x}",
            SHAPE,
            (Slip(lambda v: (n, n), "This is the shape of X times X transposed."),),
        ),
    )


def _sums(it: Arrays) -> tuple[Line, ...]:
    def added(one: Sizes, sign: str, other: Sizes) -> str:
        return f"{SHAPE.said(one)} {sign} {SHAPE.said(other)}"

    return (
        Line(
            "sum",
            r"\text{shape}(X W + b)",
            "that product plus b",
            RULE,
            lambda v: broadcast(v["product"], it.b),
            lambda v: added(v["product"], "+", it.b),
            SHAPE,
        ),
        _means(),
        Line(
            "centred",
            r"\text{shape}(X W - \text{mean}_1(X W))",
            "the product minus its mean over axis 1, with that axis " + ("kept at size 1" if it.keeps else "removed"),
            RULE,
            lambda v: broadcast(v["product"], it.mean_of(v["product"])),
            lambda v: added(v["product"], "-", it.mean_of(v["product"])),
            SHAPE,
        ),
        Line(
            "outer",
            r"\text{shape}(u \odot b)",
            "u times b, element by element",
            RULE,
            lambda v: broadcast(it.u, it.b),
            lambda v: added(it.u, r"\odot", it.b),
            SHAPE,
        ),
    )


def _means() -> Line:
    return Line(
        "means",
        r"\text{shape}(\text{mean}_0(X W))",
        "mean of the product over its first axis, axis 0",
        r"\text{without that axis}",
        lambda v: without(v["product"], 0),
        lambda v: "",
        SHAPE,
        (
            Slip(lambda v: without(v["product"], 1), "This is the mean over the other axis: axis 0 goes down the rows."),
            Slip(lambda v: kept(v["product"], 0), "This is with the axis kept at size 1: the mean removes it."),
        ),
    )


def _images(it: Arrays) -> tuple[Line, Line]:
    batch, _, side, _ = it.images
    count, channels, kernel, _ = it.filters

    def convolved(padding: int) -> Sizes:
        out = (side + 2 * padding - kernel) // it.stride + 1
        return batch, count, out, out

    return (
        Line(
            "convolved",
            r"\text{shape}(I * K)",
            "images convolved with the filters",
            r"(\text{images}, \text{filters}, \lfloor (n + 2 p - k) / s \rfloor + 1, \ldots)",
            lambda v: convolved(it.padding),
            lambda v: (
                rf"({batch}, {count}, \lfloor ({side} + 2 \cdot {it.padding} - {kernel}) / {it.stride} \rfloor + 1, \ldots)"
            ),
            SHAPE,
            (
                *((Slip(lambda v: convolved(0), "This is without the padding."),) if it.padding else ()),
                Slip(lambda v: (batch, channels, *convolved(it.padding)[2:]), "What comes out has a channel for each filter."),
            ),
        ),
        Line(
            "flat",
            r"\text{shape}(\text{flattened})",
            "these flattened, one image per row",
            r"(\text{images}, \text{channels} \cdot \text{height} \cdot \text{width})",
            lambda v: flattened(v["convolved"]),
            lambda v: rf"({v['convolved'][0]}, {TIMES.join(map(str, v['convolved'][1:]))})",
            SHAPE,
            (Slip(lambda v: (math.prod(v["convolved"]),), "Here all images are in one row: each needs a row of its own."),),
        ),
    )


exercise = Exercise(
    "shapes",
    "Shapes of arrays",
    "Products, sums that broadcast or do not fit, means along an axis, and a convolution: which shape does each array have?",
    25,
    make,
)
