"""What a visitor types as a chain of steps, "[1:, ::2]", ".T", "reshape 3 3", "+ row": read by a whitelist, with limits.

As a rule a step has a line of its own; several in one line are taken as well.

Nothing is evaluated. Every size that the text names is bounded here, before any array is made; `history` then does the steps with
NumPy itself. A step that NumPy refuses is a result, with NumPy's words and ours (`mistakes`), and ends the chain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from app.topic import LineError
from app.topics.tensors.memory import Memory, Numbers
from app.topics.tensors.mistakes import explained

MOST_STEPS, MOST_NUMBERS, MOST_AXES = 14, 48, 4
NAMED = {"reshape": (1, 4), "transpose": (1, 4), "broadcast": (1, 4), "take": (1, 8), "sum": (0, 1)}
"""Steps with a name, and how many whole numbers they take, the least and the most."""
ALONE = ("ravel", "flatten", "copy")
INTEGER = "-?[0-9]{1,2}"
ITEM = re.compile(rf"new|\.\.\.|{INTEGER}|(?:{INTEGER})?:(?:{INTEGER})?(?::(?:{INTEGER})?)?")
OPERAND = r"(?:(?P<word>row|column)|(?P<number>[0-9]{1,3})|\((?P<shape>[0-9, ]*)\))"
STEP = re.compile(
    rf" ?(?:\[(?P<index>[^\[\]]*)\]|(?P<turn>\.T)(?![A-Za-z])|(?P<sign>[+@]) ?{OPERAND}"
    rf"|(?P<name>[a-z]+)(?P<numbers>(?: {INTEGER})*)(?![0-9]))"
)
WHAT = (
    "steps such as [1:, ::2], .T, transpose 1 0, reshape 3 -1, ravel, flatten, copy, broadcast 4 3, take 2 0, sum 0, + row, "
    "+ column, + 10, + (4, 1), @ (6, 2)"
)
Operation = Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class Step:
    """One word of the chain: its spelling, what it does, and whether by the rule of thumb its result is a view."""

    text: str
    apply: Operation
    view: Callable[[Numbers, Numbers], bool]
    """Of the array before and after."""


@dataclass(frozen=True, eq=False)
class State:
    """What there is after a step: an array, the memory it reads, whether that is the memory from before, and what went wrong."""

    said: str
    array: Numbers
    block: Numbers
    """The first array with this memory."""
    shares: bool = False
    foreseen: bool = False
    mistake: tuple[str, ...] = ()

    @property
    def memory(self) -> Memory:
        """The stretch of memory that the array reads."""
        return Memory.of(self.block)

    @property
    def written(self) -> int:
        """Bytes that the step wrote into memory of its own."""
        return 0 if self.shares or self.mistake else int(self.block.nbytes)


def read_shape(text: str) -> tuple[int, ...]:
    """The sizes of the array at the start. Raises ValueError saying what is wanted."""
    words = text.replace(",", " ").split()
    if not 1 <= len(words) <= 3 or not all(re.fullmatch("[0-9]{1,2}", word) and int(word) for word in words):
        raise ValueError("one to three whole numbers from 1 on, such as 4 6")
    shape = tuple(map(int, words))
    if prod(shape) > MOST_NUMBERS:
        raise ValueError(f"sizes that multiply to at most {MOST_NUMBERS}: these multiply to {prod(shape):,}")
    return shape


def parse_shape(text: str) -> str:
    """The shape in its one spelling."""
    return " ".join(map(str, read_shape(text)))


def parse_steps(text: str) -> str:
    """The chain in its one spelling, a step a line. Raises LineError naming the line and what cannot be read in it."""
    return "\n".join(step.text for step in read_steps(text))


@lru_cache(maxsize=256)
def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of a chain. Raises LineError naming the line with the word that is none, or where a limit is passed."""
    steps = list[Step]()
    for number, line in enumerate(text.split("\n"), start=1):
        said = " ".join(line.replace("−", "-").split())
        try:
            steps += _steps(said)
        except ValueError as wrong:
            raise LineError(number, said, str(wrong)) from wrong
        if len(steps) > MOST_STEPS:
            raise LineError(number, said, f"at most {MOST_STEPS} steps", "a step too many")
    return tuple(steps)


def _steps(line: str) -> Iterator[Step]:
    """The steps of one line. Raises ValueError saying what is allowed in place of what cannot be read."""
    place = 0
    while place < len(line):
        found = STEP.match(line, place)
        if found is None:
            raise ValueError(f"{WHAT}; from “{line[place:].strip()[:12]}” on it cannot be read")
        yield _step(found)
        place = found.end()


def _step(found: re.Match[str]) -> Step:
    if found["index"] is not None:
        return _indexed(found["index"])
    if found["turn"]:
        return Step(".T", lambda array: array.T, _always)
    if found["sign"]:
        return _combined(found)
    return _named(found["name"], [int(word) for word in found["numbers"].split()])


def _always(_before: Numbers, _after: Numbers) -> bool:
    return True


def _never(_before: Numbers, _after: Numbers) -> bool:
    return False


def _if_in_order(before: Numbers, _after: Numbers) -> bool:
    """A reshape gives a view where the numbers lie in memory in the order in which they are read."""
    return bool(before.flags.c_contiguous)


def _indexed(text: str) -> Step:
    """Integers, slices, `...` and `new` in brackets. A single number out of an array is a copy, all else a view."""
    items = [item.strip().replace(" ", "") for item in text.split(",")] if text.strip() else []
    if len(items) > MOST_AXES or not all(ITEM.fullmatch(item) for item in items):
        raise ValueError(f"up to {MOST_AXES} of these in brackets: whole numbers, slices such as 1:, ::2 or ::-1, new, and ...")
    index: Any = tuple(map(_item, items))
    one = all(isinstance(item, int) for item in index)
    return Step(f"[{', '.join(items)}]", lambda array: np.asarray(array[index]), lambda _, after: not (one and after.ndim == 0))


def _item(text: str) -> object:
    if ":" in text:
        return slice(*(int(end) if end else None for end in text.split(":")))
    return {"new": None, "...": Ellipsis}[text] if text in ("new", "...") else int(text)


def _combined(found: re.Match[str]) -> Step:
    """`+` and `@` with a row, a column, a number, or ones of a shape."""
    sign, word = found["sign"], found["word"]
    combine: Callable[[Numbers, Numbers], Numbers] = np.add if sign == "+" else np.matmul
    if word:
        if sign == "@":
            raise ValueError("a shape in brackets after @, such as @ (6, 2)")
        return Step(f"+ {word}", lambda array: combine(array, _beside(array, word)), _never)
    if found["number"]:
        number = np.array(int(found["number"]))
        return Step(f"{sign} {number}", lambda array: np.asarray(combine(array, number)), _never)
    shape = _sizes([int(size) for size in found["shape"].replace(",", " ").split()][: MOST_AXES + 1])
    said = str(shape)
    return Step(f"{sign} {said}", lambda array: np.asarray(combine(array, np.ones(shape, np.int64))), _never)


def _beside(array: Numbers, word: str) -> Numbers:
    """0, 100, 200, ... as a row as long as the last axis, or as a column as long as the one before it."""
    height, width = (1, 1, *array.shape)[-2:]
    return 100 * (np.arange(width) if word == "row" else np.arange(height)[:, None])


def _named(name: str, numbers: list[int]) -> Step:
    if name not in NAMED and name not in ALONE:
        raise ValueError(f"{WHAT}; “{name[:12]}” is none of them")
    least, most = NAMED.get(name, (0, 0))
    if not least <= len(numbers) <= most:
        raise ValueError(f"{least} to {most} whole numbers after {name}" if most else f"no number after {name}")
    said = " ".join([name, *map(str, numbers)])
    if name in ("reshape", "broadcast"):
        shape = _sizes(numbers, least=-1 if name == "reshape" else 0)
        if name == "reshape":
            return Step(said, lambda array: array.reshape(shape), _if_in_order)
        return Step(said, lambda array: np.broadcast_to(array, shape), _always)
    plain: dict[str, tuple[Operation, Callable[[Numbers, Numbers], bool]]] = {
        "transpose": (lambda array: array.transpose(numbers), _always),
        "take": (lambda array: array[numbers], _never),
        "sum": (lambda array: np.asarray(array.sum(axis=numbers[0] if numbers else None)), _never),
        "ravel": (lambda array: array.ravel(), _if_in_order),
        "flatten": (lambda array: array.flatten(), _never),
        "copy": (lambda array: array.copy(), _never),
    }
    return Step(said, *plain[name])


def _sizes(numbers: list[int], least: int = 0) -> tuple[int, ...]:
    """A shape the text names. Raises ValueError beyond the limits."""
    if len(numbers) > MOST_AXES or min(numbers, default=0) < least or abs(prod(numbers)) > MOST_NUMBERS:
        raise ValueError(
            f"shapes of at most {MOST_AXES} axes and {MOST_NUMBERS} numbers: {tuple(numbers[:MOST_AXES])} is not one"
        )
    return tuple(numbers)


def history(shape: tuple[int, ...], steps: tuple[Step, ...]) -> tuple[State, ...]:
    """The array 0, 1, 2, ... of that shape, and what each step makes of it, up to the first that goes wrong."""
    first = np.arange(prod(shape)).reshape(shape).copy()
    states = [State("start", first, first)]
    for step in steps:
        states.append(after(states[-1], step))
        if states[-1].mistake:
            break
    return tuple(states)


def after(before: State, step: Step) -> State:
    """The state after one more step."""
    try:
        array = step.apply(before.array)
    except (ValueError, IndexError) as said:
        return State(step.text, before.array, before.block, mistake=(str(said), *explained(step.text, before.array)))
    if array.size > MOST_NUMBERS or array.ndim > MOST_AXES:
        limit = f"This page draws at most {MOST_NUMBERS} numbers on {MOST_AXES} axes, and this would be {array.shape}."
        return State(step.text, before.array, before.block, mistake=("", limit))
    shares = bool(np.shares_memory(before.array, array))
    return State(step.text, array, before.block if shares else array, shares, step.view(before.array, array))
