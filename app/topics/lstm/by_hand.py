"""An LSTM of two cells by hand: one step after another in plain NumPy, and a step of one cell as lines of arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.charts import latex
from engine.graph import Array
from engine.probabilities import sigmoid

CELLS = 2
ALPHABET = "ABx."
"""Two letters to remember, one that clears, one that changes nothing."""
INPUT_GATE, FORGET_GATE, OUTPUT_GATE, CANDIDATE = range(4)
"""Their order in the weights."""
LINES = 7
"""What is read, then forget, input, candidate, cell, output, hidden state."""


@dataclass(frozen=True)
class Weights:
    """All there is: an LSTM of two cells (8, 2 + 4 + 1), gates in the order input, forget, output, candidate; a head (3, 3)."""

    lstm: Array
    head: Array

    def unrolled(self, inputs: Array, gates_at_one: Sequence[int] = ()) -> dict[str, Array]:
        """By plain NumPy, each (steps, cells, n): the states before and after, and the gates; gates named are held open."""
        hidden = cell = np.zeros((CELLS, inputs.shape[-1]))
        said: dict[str, list[Array]] = {name: [] for name in ("before", "opened", "cell", "hidden")}
        for x in inputs.swapaxes(0, 1):
            sums = (self.lstm @ np.vstack([hidden, x, np.ones((1, x.shape[-1]))])).reshape(4, CELLS, -1)
            opened = np.concatenate([sigmoid(sums[:3]), np.tanh(sums[3:])])
            opened[list(gates_at_one)] = 1
            before, (taken, kept, shown, candidate) = np.stack([hidden, cell]), opened
            cell = kept * cell + taken * candidate
            hidden = shown * np.tanh(cell)
            for name, value in zip(said, (before, opened, cell, hidden), strict=True):
                said[name].append(value)
        return {name: np.stack(values) for name, values in said.items()}

    def answers(self, hidden: Array) -> Array:
        """Logits (3, steps * n) of hidden states (steps, cells, n)."""
        flat = hidden.transpose(1, 0, 2).reshape(CELLS, -1)
        logits: Array = self.head @ np.vstack([flat, np.ones((1, flat.shape[-1]))])
        return logits


def lines(weights: Weights, seen: dict[str, Array], place: int, cell: int, letter: str) -> list[str]:
    """One step of one cell as LaTeX: the letter's one-hot input leaves one weight of its four."""
    (h, c), t = seen["before"][place, :, :, 0], place + 1
    i, f, o, g = (_said(value) for value in seen["opened"][place, :, cell, 0])
    before, now, hidden = (_said(value) for value in (c[cell], seen["cell"][place, cell, 0], seen["hidden"][place, cell, 0]))

    def total(gate: int) -> str:
        row = weights.lstm[gate * CELLS + cell]
        products = (f"{_term(row[one], one == 0)} \\cdot {_factor(_said(h[one]))}" for one in range(CELLS))
        return f"({' '.join([*products, _term(row[CELLS + ALPHABET.index(letter)]), _term(row[-1])])})"

    named = "a dot" if letter == "." else letter
    return [
        f"\\text{{Letter {t} is {named}}} \\quad h_{{{t - 1}}} = ({_said(h[0])}, {_said(h[1])}) \\quad c_{{{t - 1}}} = {before}",
        f"\\text{{Forget}} \\quad f_{{{t}}} = \\sigma {total(FORGET_GATE)} = {f}",
        f"\\text{{Update}} \\quad i_{{{t}}} = \\sigma {total(INPUT_GATE)} = {i}",
        f"\\text{{Update}} \\quad g_{{{t}}} = \\tanh {total(CANDIDATE)} = {g}",
        f"\\text{{Update}} \\quad c_{{{t}}} = f_{{{t}}} \\cdot c_{{{t - 1}}} + i_{{{t}}} \\cdot g_{{{t}}} "
        f"= {f} \\cdot {_factor(before)} + {i} \\cdot {_factor(g)} = {now}",
        f"\\text{{Output}} \\quad o_{{{t}}} = \\sigma {total(OUTPUT_GATE)} = {o}",
        f"\\text{{Output}} \\quad h_{{{t}}} = o_{{{t}}} \\cdot \\tanh (c_{{{t}}}) = {o} \\cdot \\tanh ({now}) = {hidden}",
    ]


def _said(value: float) -> str:
    """Two decimals, and no minus before a 0.00."""
    return latex(round(float(value), 2) + 0.0)


def _factor(number: str) -> str:
    """In brackets when it is negative."""
    return f"({number})" if "-" in number else number


def _term(value: float, first: bool = False) -> str:
    """A number as a term of a sum."""
    number = _said(value)
    return number if first else f"- {_said(-value)}" if "-" in number else f"+ {number}"
