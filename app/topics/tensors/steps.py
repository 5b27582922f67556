"""Steps: slice, transpose, reshape, broadcast, one per frame, and after each whether NumPy made a view or a copy."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np

from app.charts import Axis, Bars, Cells, Chart, Series, Working, room
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
    checked,
    checked_lines,
    editor,
    entry,
    exactly,
)
from app.topics.tensors import guesses
from app.topics.tensors.memory import ITEMSIZE, Numbers, bracketed, memory_chart
from app.topics.tensors.pipeline import State, history, parse_shape, parse_steps, read_shape, read_steps
from app.topics.tensors.typed import said

TOUR = "[1:]\n[:, ::2]\n.T\n[::-1]\nreshape 9\nreshape 3 3\n+ row\n[0]\nbroadcast 4 3\n+ column\nflatten\n[2::4]"
LETTERS = 90
"""Of a sentence, in one line of the board."""


class StepsParams(Params):
    """The array at the start, and the chain of steps."""

    seeded = False

    start: Annotated[str, checked(parse_shape)] = entry(
        "4 6", label="shape at the start", help="One to three sizes; the array then holds 0, 1, 2 and so on.", longest=20
    )
    steps: Annotated[str, checked_lines(parse_steps)] = editor(
        TOUR,
        label="steps",
        help="One step per line, from: [1:, ::2] · .T · transpose 1 0 · reshape 3 -1 · ravel · flatten · copy · broadcast 4 3 · "
        "take 2 0 · sum 0 · + row · + column · + 10 · + (4, 1) · @ (6, 2).",
        longest=160,
    )


def states_of(params: StepsParams) -> tuple[State, ...]:
    """The array at the start and after each step."""
    return history(read_shape(params.start), read_steps(params.steps))


def charts(params: StepsParams) -> dict[str, Chart]:
    """The array, the memory it reads, what the step did, and the bytes of each step."""
    states = states_of(params)
    rooms = [room(state.array.shape) for state in states]
    memory = max(state.memory.size for state in states)
    largest = max(*(state.array.nbytes for state in states), 8)
    return {
        "array": Cells(
            title="The array, in the colours of its memory",
            rows=max(rows for rows, _ in rooms),
            columns=max(columns for _, columns in rooms),
        ),
        "memory": memory_chart("The memory it reads, and which index reads what", memory, ITEMSIZE, lines=2),
        "said": Working(title="What the step did", lines=7 if states[-1].mistake else 4, wide=True),
        "bytes": Bars(
            title=TITLE.at(params),
            categories=[str(place) for place in range(len(states))],
            series={"shown": Series("the array as it looks", BLUE), "written": Series("written anew by the step", VERMILION)},
            x=Axis("step"),
            y=Axis("bytes", (0, 1.05 * largest)),
            wide=True,
            height=240,
        ),
    }


def run(params: StepsParams) -> Run:
    """One step per frame, done by NumPy; whether memory is shared is what `np.shares_memory` says."""
    states = states_of(params)
    shown, new = np.zeros(len(states)), np.zeros(len(states))
    for place, state in enumerate(states):
        shown[place], new[place] = state.array.nbytes, 0 if place == 0 else state.written
        drawn = {
            "array": {"text": _texts(state.array), "shades": state.memory.shades(state.memory.places(state.array)), "lit": None},
            "memory": _memory(state),
            "said": _lines(place, state),
            "bytes": {"shown": shown.copy(), "written": new.copy()},
        }
        yield Snapshot(place, drawn, measured=measured(states[: place + 1]) if place else {})
    return None


def measured(states: tuple[State, ...]) -> dict[str, float]:
    """What the claims are about, of the steps that went well so far."""
    done = [state for state in states[1:] if not state.mistake]
    right = [state.shares == state.foreseen for state in done]
    stood_for = sum(state.array.nbytes for state in done)
    return {
        "foreseen": float(np.mean(right)) if right else 1.0,
        "views": float(sum(state.shares for state in done)),
        "changed": float(_changed_by_writing(states)),
        "written": sum(state.written for state in done) / max(1, stood_for),
    }


def _changed_by_writing(states: tuple[State, ...]) -> int:
    """How many numbers of the array at the start are others after one number of the last array is written over (and put back)."""
    first, last = states[0].array, states[-1].array
    if not last.size or not last.flags.writeable:
        return 0
    before, place = first.copy(), (0,) * last.ndim
    kept, last[place] = int(last[place]), -1
    changed = int(np.sum(first != before))
    last[place] = kept
    return changed


def _texts(array: Numbers) -> Numbers:
    return np.array([said(number) for number in array.ravel()], object).reshape(array.shape)


def _memory(state: State) -> dict[str, Any]:
    """Every number in memory with the index that reads it, or how many do; without colour where none does."""
    block, size = state.memory, state.memory.size
    numbers, readers = [""] * size, [list[str]() for _ in range(size)]
    for array in (state.block, state.array):
        for place, number in zip(block.places(array).ravel(), array.ravel(), strict=True):
            numbers[place] = said(number)
    for index, place in zip(np.ndindex(state.array.shape), block.places(state.array).ravel(), strict=True):
        readers[place].append(",".join(map(str, index)))
    texts = [f"{number}<br>{_read_by(each)}" for number, each in zip(numbers, readers, strict=True)]
    places = [place if each else np.nan for place, each in enumerate(readers)]
    return block.drawn(texts, places) | {"lit": None}


def _read_by(indices: list[str]) -> str:
    if len(indices) > 1:
        return f"× {len(indices)}"
    return f"[{indices[0]}]" if indices else "–"


def _lines(place: int, state: State) -> list[str]:
    """What a step did, or why it could not be done."""
    array = state.array
    head = rf"\text{{step {place}: {state.said}}}" if place else r"\text{the start}"
    sizes = rf"\text{{shape }} {bracketed(array.shape)} \quad \text{{strides }} {bracketed(array.strides)} \text{{ bytes}}"
    if state.mistake:
        numpy, *ours = state.mistake
        sentences = [f"NumPy: {numpy}"] * bool(numpy) + ours
        told = [line for sentence in sentences for line in _broken(sentence)]
        stays = rf"\text{{the array stays as it was, shape }} {bracketed(array.shape)}"
        return [head, *[rf"\text{{{line}}}" for line in told][:5], stays]
    if not place:
        return [head, sizes]
    verdict = "a view: the same memory, no byte copied" if state.shares else f"a copy: {state.written} bytes of new memory"
    verdict = verdict if array.size else "an empty array: there is no memory to share or to write"
    again = array.size and 0 in array.strides and array.size > 1
    note = [r"\text{a stride of 0 reads the same number again at each index of that axis}"] if again else []
    return [head, sizes, rf"\text{{{verdict}}}", *note]


def _broken(sentence: str) -> list[str]:
    """A sentence in lines for the board."""
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) >= LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


ON_TOUR = Ground("the tour from shape 4 6", lambda params: (params.steps, params.start) == (TOUR, "4 6"))
FORESEEN = Claim(
    "The rule of thumb foresees what NumPy says about sharing memory: the share of steps at which it is right.",
    "foreseen",
    exactly(1),
    ON_TOUR,
)
VIEWS = Claim("Of the twelve steps this many are views, which copy nothing.", "views", exactly(8), ON_TOUR)
WRITTEN = Claim(
    "The bytes that all steps wrote, as a share of the bytes that their arrays seem to take.", "written", at_most(0.6), ON_TOUR
)
TITLE = Title(
    "Views write nothing; copies pay for every byte", "Bytes that the arrays look like, and bytes written", (VIEWS, WRITTEN)
)

demo = Demo(
    name="steps",
    title="Views and copies",
    params=StepsParams,
    charts=charts,
    run=run,
    frames=lambda params: len(states_of(params)),
    frame_seconds=2,
    claims=(
        FORESEEN,
        VIEWS,
        WRITTEN,
        Claim(
            "A number written into a view of a view is written into the array at the start: this many of its numbers change.",
            "changed",
            exactly(1),
            Ground(steps="[1:]\n.T\n[::-1]"),
        ),
    ),
    presets=(
        Preset("a tour", {}),
        Preset("a view of a view of a view", {"steps": "[1:] .T [::-1]"}),
        Preset("broadcasting a column", {"start": "4 1", "steps": "broadcast 4 6 + row"}),
        Preset("reshape is not transpose", {"start": "2 3", "steps": "reshape 3 2 reshape 2 3 .T"}),
        Preset("shapes that do not broadcast", {"start": "4 3", "steps": "+ (3) + (4)"}),
        Preset("a product that does not fit", {"start": "4 6", "steps": ".T @ (6, 2)"}),
        Preset("a reshape that does not fit", {"steps": "[:3] reshape 4 5"}),
        Preset("an index out of range", {"steps": "[:, 2] [4]"}),
    ),
    guesses=guesses.STEPS,
    hint="Step through the tour: where the colours only change places, nothing was copied.",
)
