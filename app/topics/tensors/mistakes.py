"""The classic shape errors, in the words an engineer wants: which axis, which two sizes, and what would have fitted."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from math import prod

from app.topics.tensors.memory import Numbers

Shape = tuple[int, ...]


def explained(step: str, array: Numbers) -> tuple[str, ...]:
    """Sentences on why a step does not fit an array, and what would. Empty where NumPy has said it all."""
    if step.startswith("["):
        return _index(step, array.shape)
    kind, _, rest = step.partition(" ")
    numbers = tuple(map(int, re.findall("-?[0-9]+", rest))) if kind not in "+@" or "(" in rest else ()
    explain: dict[str, Callable[[Shape, Shape], tuple[str, ...]]] = {
        "+": _added,
        "@": _multiplied,
        "reshape": _reshaped,
        "broadcast": _stretched,
        "transpose": _transposed,
        "take": _taken,
        "sum": _summed,
    }
    return explain[kind](array.shape, numbers) if kind in explain else ()


def _axes(shape: Shape) -> str:
    return f"{len(shape)} {'axis' if len(shape) == 1 else 'axes'}"


def _clash(left: Shape, right: Shape) -> tuple[int, int, int] | None:
    """The first axis from the right, counted from -1 down, where two sizes differ and neither is 1; and the sizes."""
    pairs = zip_longest(reversed(left), reversed(right), fillvalue=1)
    return next(((-place, one, two) for place, (one, two) in enumerate(pairs, 1) if one != two and 1 not in (one, two)), None)


def _added(left: Shape, right: Shape) -> tuple[str, ...]:
    clash = _clash(left, right)
    if clash is None:
        return ()
    axis, one, two = clash
    said = f"Shapes are lined up from the right: on axis {axis}, {one} meets {two}, and neither is 1."
    column = (*right, 1)
    fits = f"As a column, shape {column}, it would fit." if len(right) == 1 and _clash(left, column) is None else ""
    return tuple(filter(None, (said, fits)))


def _multiplied(left: Shape, right: Shape) -> tuple[str, ...]:
    if not left or not right:
        return ("A matrix product needs an axis on either side: + and * take a plain number, @ does not.",)
    inner = right[-2] if len(right) > 1 else right[0]
    said = f"A product sums over the last axis of the left, {left[-1]}, and the last but one of the right, {inner}."
    turned = left[-2] if len(left) > 1 else None
    return (said, f"Turned by .T the left one would fit: its last axis is then {turned}.") if turned == inner else (said,)


def _reshaped(shape: Shape, wanted: Shape) -> tuple[str, ...]:
    size = prod(shape)
    if wanted.count(-1) > 1 or min(wanted) < -1:
        return ("One size may be left open as -1, and only one.",)
    known = prod(each for each in wanted if each != -1)
    if -1 in wanted:
        return (f"The open size would be {size} / {known}, which is no whole number.",)
    return (f"There are {size} numbers, and that shape holds {known}: a reshape never adds or drops any.",)


def _stretched(shape: Shape, wanted: Shape) -> tuple[str, ...]:
    if len(wanted) < len(shape):
        return (f"The array has {_axes(shape)}, and broadcasting adds axes on the left but takes none away.",)
    place = next(place for place in range(1, len(shape) + 1) if shape[-place] not in (1, wanted[-place]))
    return (f"On axis {-place} the size is {shape[-place]}, wanted {wanted[-place]}: only a size of 1 can be stretched.",)


def _transposed(shape: Shape, order: Shape) -> tuple[str, ...]:
    every = " ".join(map(str, range(len(shape)))) or "none"
    return (f"The array has {_axes(shape)}: name each of them once, {every} in any order.",)


def _taken(shape: Shape, indices: Shape) -> tuple[str, ...]:
    return _beyond(shape[0], 0, indices) if shape else ("The array has no axis to take from.",)


def _summed(shape: Shape, axis: Shape) -> tuple[str, ...]:
    return (f"The array has {_axes(shape)}, numbered from 0 or, from the last one, from -1 down.",)


def _index(step: str, shape: Shape) -> tuple[str, ...]:
    items = [item.strip() for item in step[1:-1].split(",")]
    asked = [item for item in items if item not in ("new", "...")]
    if items.count("...") > 1:
        return ("“...” stands for all axes that are not named, so there can be only one.",)
    if len(asked) > len(shape):
        return (f"The array has {_axes(shape)}, and the index names {len(asked)}.",)
    if any(re.fullmatch(".*:.*:-?0+", item) for item in asked):
        return ("The third number of a slice is its step, which cannot be 0.",)
    axis = 0
    for item in items:
        if re.fullmatch("-?[0-9]+", item) and not -shape[axis] <= int(item) < shape[axis]:
            return _beyond(shape[axis], axis, (int(item),))
        axis += {"...": len(shape) - len(asked), "new": 0}.get(item, 1)
    return ()


def _beyond(size: int, axis: int, indices: Shape) -> tuple[str, ...]:
    stray = next((index for index in indices if not -size <= index < size), None)
    if stray is None:
        return ()
    return (f"Axis {axis} has size {size}: index {stray} is outside of 0 to {size - 1} (or {-size} to -1 from the end).",)
