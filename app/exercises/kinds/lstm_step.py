"""One step of an LSTM with one cell and one input: what to forget, what to update, what to output.

Hochreiter and Schmidhuber (1997); the forget gate is that of Gers, Schmidhuber and Cummins (2000).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.exercises.arithmetic import inner, number, products, sigmoid, term
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Table

GATES = {"f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate"}
"""In the order in which one calculates them."""


@dataclass(frozen=True)
class Step:
    """The numbers of a sheet: input, hidden state and cell before; by gate the weights of input and hidden state, and bias."""

    x: float
    h: float
    c: float
    weights: dict[str, tuple[float, float, float]]

    def products(self, gate: str) -> float:
        """The sum of a gate without its bias."""
        w, u, _ = self.weights[gate]
        return w * self.x + u * self.h


def step(rng: np.random.Generator) -> Step:
    """Numbers with one decimal, none of them 0."""

    def one(largest: int) -> float:
        return round(int(rng.integers(1, largest + 1)) * int(rng.choice((-1, 1))) / 10, 1)

    return Step(float(rng.choice((-1, 0.5, 1, 2))), one(9), one(15), {gate: (one(9), one(9), one(10)) for gate in GATES})


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of ten lines: sum and value of each gate, then cell and hidden state."""
    it = step(rng)
    rows = tuple((f"{words} {gate}", *(number(one) for one in it.weights[gate])) for gate, words in GATES.items())
    return Sheet(
        "An LSTM with a single cell reads one number. Calculate its three gates and its candidate, and from these the new cell "
        "and the new hidden state.",
        (rf"x_t = {number(it.x)}, \quad h_{{t-1}} = {number(it.h)}, \quad c_{{t-1}} = {number(it.c)}",),
        (*(line for gate in GATES for line in _gate(it, gate)), *_states(it)),
        Table(("", "w (input)", "u (state)", "b (bias)"), rows),
    )


def _gate(it: Step, gate: str) -> tuple[Line, Line]:
    w, u, b = it.weights[gate]
    squash, other = (math.tanh, sigmoid) if gate == "g" else (sigmoid, math.tanh)
    written = r"\tanh({})" if gate == "g" else r"\sigma({})"
    mixed = "This is the sigmoid: a candidate has tanh." if gate == "g" else "This is tanh: a gate has the sigmoid."
    return (
        Line(
            f"z_{gate}",
            f"z_{gate}",
            f"sum of the {GATES[gate]}",
            rf"w_{gate} x_t + u_{gate} h_{{t-1}} + b_{gate}",
            lambda v: it.products(gate) + b,
            lambda v: f"{products([(w, it.x), (u, it.h)])} {term(b)}",
            slips=(
                Slip(lambda v: it.products(gate), "This is the result without the bias."),
                Slip(lambda v: w * it.h + u * it.x + b, "The weights of the input and of the hidden state were swapped."),
            ),
        ),
        Line(
            gate,
            f"{gate}_t",
            GATES[gate],
            written.format(f"z_{gate}"),
            lambda v: squash(v[f"z_{gate}"]),
            lambda v: written.format(number(v[f"z_{gate}"], 3)),
            slips=(Slip(lambda v: other(v[f"z_{gate}"]), mixed),),
        ),
    )


def _states(it: Step) -> tuple[Line, Line]:
    return (
        Line(
            "c",
            "c_t",
            "new cell",
            r"f_t \, c_{t-1} + i_t \, g_t",
            lambda v: v["f"] * it.c + v["i"] * v["g"],
            lambda v: rf"{number(v['f'], 3)} \cdot {inner(it.c)} + {inner(v['i'], 3)} \cdot {inner(v['g'], 3)}",
            slips=(
                Slip(lambda v: v["i"] * it.c + v["f"] * v["g"], "The forget gate and the input gate were swapped."),
                Slip(lambda v: (1 - v["f"]) * it.c + v["i"] * v["g"], "The forget gate says how much to keep, not to forget."),
                Slip(lambda v: v["f"] * it.c, "The candidate times the input gate is missing."),
                Slip(lambda v: v["i"] * v["g"], "What is kept of the old cell is missing."),
            ),
        ),
        Line(
            "h",
            "h_t",
            "new hidden state",
            r"o_t \tanh(c_t)",
            lambda v: v["o"] * math.tanh(v["c"]),
            lambda v: rf"{number(v['o'], 3)} \cdot \tanh({number(v['c'], 3)})",
            slips=(
                Slip(lambda v: v["o"] * v["c"], "The tanh of the cell is missing."),
                Slip(lambda v: math.tanh(v["c"]), "The output gate is missing."),
            ),
        ),
    )


exercise = Exercise(
    "lstm-step",
    "One step of an LSTM",
    "One cell reads one number: three gates and a candidate, then the new cell and the new hidden state.",
    21,
    make,
)
