"""The anatomy of a tensor: an array that the visitor types, beside its memory, and how an index becomes a place in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Cells, Chart, Lines, Series, Working, room
from app.charts.colours import BLUE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_most,
    between,
    checked,
    choice,
    entry,
    exactly,
    streams,
)
from app.topics.tensors import guesses
from app.topics.tensors.memory import WIDTH, Memory, Numbers, bracketed, memory_chart, offsets
from app.topics.tensors.typed import parse_array, read, said

DRAWS, LARGEST = 1000, 100_000_000
"""How many numbers are drawn to see what a dtype keeps, and the largest whole one."""
TYPES = {
    "float64": "float64, 8 bytes",
    "float32": "float32, 4 bytes",
    "float16": "float16, 2 bytes",
    "int64": "int64, 8 bytes",
    "int32": "int32, 4 bytes",
    "uint8": "uint8, 1 byte",
}
ORDERS: tuple[Literal["C"], Literal["F"]] = ("C", "F")


class AnatomyParams(Params):
    """The array, what its numbers are stored as, and in which order."""

    array: Annotated[str, checked(parse_array)] = entry(
        "0 1 2 3; 4 5 6 7; 8 9 10 11",
        label="array",
        help="Spaces between numbers, “;” between rows, “|” between sheets. A single number is a scalar, with no axis at all.",
    )
    dtype: Literal["float64", "float32", "float16", "int64", "int32", "uint8"] = choice(
        "float32", TYPES, label="dtype", help="What each number is stored as: the same for all numbers of an array."
    )
    order: Literal["C", "F"] = choice(
        "C",
        {"C": "C, row by row", "F": "F, column by column"},
        label="memory order",
        help="Which axis runs fastest in memory: the last one (as in C) or the first one (as in Fortran).",
    )


def stored(params: AnatomyParams, order: Literal["C", "F"]) -> Numbers:
    """The typed numbers in their dtype: a whole-number type cuts off fractions, and wraps around what it has no room for."""
    return np.array(cast(read(params.array), params.dtype), order=order)


def cast(numbers: Numbers, dtype: str) -> Numbers:
    """Numbers in another dtype, by way of 64 bits where it is one of whole numbers."""
    kind = np.dtype(dtype)
    with np.errstate(over="ignore"):  # a number that a small type has no room for becomes infinite, which is what is to be seen
        return (np.trunc(numbers).astype(np.int64) if kind.kind in "iu" else numbers).astype(kind)


def charts(params: AnatomyParams) -> dict[str, Chart]:
    """The array, its memory, the sum that leads from the one to the other, and the way through memory in both orders."""
    array = stored(params, params.order)
    memory = Memory.of(array)
    rows, columns = room(array.shape)
    return {
        "array": Cells(title="The array, in the colours of its memory", rows=rows, columns=columns),
        "memory": memory_chart("Its memory: one row of numbers, broken into lines", memory.size, memory.itemsize),
        "offset": Working(title="From an index to a place in memory", lines=6),
        "walk": Lines(
            title=TITLE.at(params),
            series={"C": Series("stored row by row (C)", BLUE), "F": Series("stored column by column (F)", VERMILION, "dash")},
            x=Axis("numbers read, row by row", (0, array.size)),
            y=Axis("byte in memory", (0, array.nbytes)),
            height=210,
        ),
    }


def run(params: AnatomyParams) -> Run:
    """Reads the array row by row: each index by its strides to a byte, and from the raw bytes the number again."""
    both = {order: stored(params, order) for order in ORDERS}
    array = both[params.order]
    raw, memory = array.ravel(order="K").tobytes(), Memory.of(array)
    ways = {order: offsets(each).ravel() for order, each in both.items()}
    kept = what_is_kept(params.dtype, streams(params.seed).data)
    measured = kept | {f"next in {order}": neighbours(way, array.itemsize) for order, way in ways.items()}

    yield Snapshot(0, _drawn(array, memory, None) | {"offset": _described(array)})
    found = 0
    for read_so_far, index in enumerate(np.ndindex(array.shape), 1):
        offset = int(offsets(array)[index])
        there = np.frombuffer(raw, array.dtype, 1, offset)[0]
        found += bool(there == array[index])
        lines = [*_described(array), *_sum(index, array.strides, offset, said(there))]
        walk = {order: float(way[read_so_far - 1]) for order, way in ways.items()}
        shown = _drawn(array, memory, index) | {"offset": lines, "walk": walk}
        yield Snapshot(read_so_far, shown, measured=measured | {"found": found / read_so_far})
    return None


def neighbours(way: Numbers, itemsize: int) -> float:
    """The share of moves along a way through memory (bytes, in order) that lead to the very next number; 1 without a move."""
    return float(np.mean(np.diff(way) == itemsize)) if way.size > 1 else 1.0


def what_is_kept(dtype: str, rng: np.random.Generator) -> dict[str, float]:
    """Of numbers drawn at random: the largest relative error of fractions, and the share of whole ones that stay the same."""
    fractions, whole = rng.uniform(0.001, 1000, DRAWS), rng.integers(0, LARGEST, DRAWS)
    errors = np.abs(cast(fractions, dtype).astype(float) / fractions - 1)
    return {"rounding": float(errors.max()), "whole": float(np.mean(cast(whole, dtype).astype(float) == whole))}


def _drawn(array: Numbers, memory: Memory, index: tuple[int, ...] | None) -> dict[str, Any]:
    """Both pictures with the number at `index` framed."""
    places = memory.places(array)
    texts = np.array([said(number) for number in array.ravel()], object).reshape(array.shape)
    in_order = [""] * memory.size
    for place, text in zip(places.ravel(), texts.ravel(), strict=True):
        in_order[place] = text
    lit = None if index is None else divmod(int(places[index]), WIDTH)
    return {
        "array": {"text": texts, "shades": memory.shades(places), "lit": index},
        "memory": memory.drawn(in_order, range(memory.size)) | {"lit": lit},
    }


def _described(array: Numbers) -> list[str]:
    shape, strides = bracketed(array.shape), bracketed(array.strides)
    size = rf"{array.size} \cdot {array.itemsize} = {array.nbytes} \text{{ bytes}}"
    return [
        rf"\text{{rank }} {array.ndim} \quad \text{{shape }} {shape}",
        rf"\text{{dtype {array.dtype}: }} {size}",
        rf"\text{{strides }} {strides} \text{{ bytes, one for each axis}}",
    ]


def _sum(index: tuple[int, ...], strides: tuple[int, ...], offset: int, value: str) -> list[str]:
    terms = " + ".join(rf"{place} \cdot {stride}" for place, stride in zip(index, strides, strict=True)) or "0"
    there = rf"\text{{the number there is }} {value.replace('−', '-')}"
    return [rf"\text{{index }} {bracketed(index)}", rf"\text{{offset }} {terms} = {offset} \text{{ bytes}}", there]


TABLE = Ground("an array with two axes longer than one", lambda params: sum(size > 1 for size in read(params.array).shape) > 1)
STRAIGHT = Claim(
    "Stored row by row and read row by row: the share of moves to the very next number in memory.",
    "next in C",
    exactly(1),
    by_construction=True,
)
JUMPS = Claim(
    "Stored column by column and read row by row: the share of moves to the very next number in memory.",
    "next in F",
    exactly(0),
    TABLE,
    by_construction=True,
)
TITLE = Title(
    "Read row by row, C order goes straight through memory and F order jumps",
    "Where in memory each number lies",
    (STRAIGHT, JUMPS),
)

demo = Demo(
    name="anatomy",
    title="Anatomy",
    params=AnatomyParams,
    charts=charts,
    run=run,
    frames=lambda params: read(params.array).size + 1,
    frame_seconds=0.7,
    claims=(
        Claim(
            "Of a thousand random numbers, float32 gets none wrong by more than this share of itself.",
            "rounding",
            between(3e-8, 6e-8),
            Ground(dtype="float32"),
        ),
        Claim(
            "Of a thousand whole numbers up to a hundred million, float32 keeps only this share exactly.",
            "whole",
            at_most(0.5),
            Ground(dtype="float32"),
        ),
        Claim(
            "Of a thousand random numbers, float16 gets the worst one wrong by this share of itself.",
            "rounding",
            between(3e-4, 5e-4),
            Ground(dtype="float16"),
        ),
        Claim(
            "The sum of index times stride leads to the number: the share of indices at which the raw bytes agree.",
            "found",
            exactly(1),
            by_construction=True,
        ),
        STRAIGHT,
        JUMPS,
    ),
    presets=(
        Preset("a matrix", {}),
        Preset("column by column", {"order": "F"}),
        Preset("a vector", {"array": "1 2 3 4 5 6"}),
        Preset("one row is not a vector", {"array": "1 2 3 4 5 6;"}),
        Preset("a scalar", {"array": "5"}),
        Preset("three axes", {"array": "0 1 2; 3 4 5 | 6 7 8; 9 10 11"}),
        Preset("numbers that float16 cannot hold", {"array": "0.1 2049 1000.1; 70000 3.14159 −1", "dtype": "float16"}),
        Preset("numbers that wrap around", {"array": "255 256 257; 300 −1 3.9", "dtype": "uint8"}),
    ),
    guesses=guesses.ANATOMY,
    hint="Pause and step: the framed number of the array is the framed number in memory, and the sum shows why.",
)
