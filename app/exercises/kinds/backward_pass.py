r"""One forward and one backward pass: two inputs, two hidden units, one linear output, half the squared error.

The chain rule from the back: $\delta = \partial L / \partial \hat y$, then one unit and one weight after the other (Rumelhart,
Hinton and Williams, 1986).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.exercises.arithmetic import inner, number, products, sigmoid, term
from app.exercises.nouns import Exercise, Line, Sheet, Slip, drawn

INPUTS = (-1.0, 0.5, 1.0, 2.0)
NO_BIAS = "This is the result without the bias."


class Activation(NamedTuple):
    """A function of the hidden units: its value, its slope by that value, and both as LaTeX of an argument."""

    words: str
    of: Callable[[float], float]
    slope: Callable[[float], float]
    written: str
    slope_written: str


ACTIVATIONS = (
    Activation("sigmoid", sigmoid, lambda a: a * (1 - a), r"\sigma({})", r"{0} \cdot (1 - {0})"),
    Activation("tanh", math.tanh, lambda a: 1 - a * a, r"\tanh({})", "(1 - {}^2)"),
    Activation("ReLU", lambda z: max(z, 0.0), lambda a: float(a > 0), r"\max(0, {})", r"[{} > 0]"),
)
"""[condition] is 1 where it holds and 0 elsewhere."""


@dataclass(frozen=True)
class Net:
    """The numbers of a sheet: inputs (2), hidden weights (2, 2) and biases (2), output weights (2) and bias, the target."""

    activation: Activation
    x: tuple[float, ...]
    w: tuple[tuple[float, ...], ...]
    b: tuple[float, ...]
    v: tuple[float, ...]
    c: float
    target: float

    def pairs(self, unit: int) -> list[tuple[float, float]]:
        """Weights and inputs of a hidden unit."""
        return list(zip(self.w[unit], self.x, strict=True))

    def weighted(self, unit: int) -> float:
        """The sum of a hidden unit without its bias."""
        return math.fsum(weight * value for weight, value in self.pairs(unit))

    def fits(self) -> bool:
        """Whether no unit is saturated or at ReLU's kink, the first lets something through, and there is something to learn."""
        z = [self.weighted(unit) + self.b[unit] for unit in (0, 1)]
        output = math.fsum(weight * self.activation.of(total) for weight, total in zip(self.v, z, strict=True)) + self.c
        shown = self.activation.words != "ReLU" or z[0] > 0
        return shown and all(0.05 < abs(total) < 2.5 for total in z) and abs(output - self.target) > 0.3


def net(rng: np.random.Generator) -> Net:
    """Numbers with one decimal, none of them 0."""
    activation = ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))]

    def weights(count: int, largest: int = 9) -> tuple[float, ...]:
        return tuple(float(one) for one in (rng.integers(1, largest + 1, count) * rng.choice((-1, 1), count) / 10).round(1))

    def draw() -> Net:
        x = tuple(float(one) for one in rng.choice(INPUTS, 2, replace=False))
        return Net(
            activation, x, (weights(2), weights(2)), weights(2, 5), weights(2), weights(1, 5)[0], float(rng.choice((0, 0.5, 1)))
        )

    made: Net = drawn(draw, Net.fits)
    return made


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of ten lines, seven forward and back to the output, three further back."""
    it = net(rng)
    named = [(rf"w_{{{unit + 1}{place + 1}}}", it.w[unit][place]) for unit in (0, 1) for place in (0, 1)]
    rows = (
        [("x_1", it.x[0]), ("x_2", it.x[1]), ("t", it.target)],
        [*named[:2], ("b_1", it.b[0])],
        [*named[2:], ("b_2", it.b[1])],
        [("v_1", it.v[0]), ("v_2", it.v[1]), ("c", it.c)],
    )
    return Sheet(
        f"Two inputs, two hidden units with {it.activation.words}, one linear output, and half the squared error as the loss. "
        "Go forward to the loss, and then back to one weight of each layer.",
        tuple(r", \quad ".join(f"{name} = {number(value)}" for name, value in row) for row in rows),
        (*_hidden(it, 0), *_hidden(it, 1), *_output(it), _output_slope(it), *_back(it)),
    )


def _hidden(it: Net, unit: int) -> tuple[Line, Line]:
    n = unit + 1

    def mixed_up(other: Activation) -> Slip:
        return Slip(lambda v: other.of(v[f"z{n}"]), f"This is {other.words}: here it is {it.activation.words}.")

    return (
        Line(
            f"z{n}",
            f"z_{n}",
            f"sum of hidden unit {n}",
            rf"w_{{{n}1}} x_1 + w_{{{n}2}} x_2 + b_{n}",
            lambda v: it.weighted(unit) + it.b[unit],
            lambda v: f"{products(it.pairs(unit))} {term(it.b[unit])}",
            slips=(
                Slip(lambda v: it.weighted(unit), NO_BIAS),
                Slip(lambda v: it.weighted(unit) - it.b[unit], "The bias was subtracted instead of added."),
            ),
        ),
        Line(
            f"h{n}",
            f"h_{n}",
            f"activation of hidden unit {n}",
            it.activation.written.format(f"z_{n}"),
            lambda v: it.activation.of(v[f"z{n}"]),
            lambda v: it.activation.written.format(number(v[f"z{n}"], 3)),
            slips=(
                *(mixed_up(other) for other in ACTIVATIONS[:2] if other is not it.activation),
                Slip(lambda v: v[f"z{n}"], "This is the sum itself: the activation is still to be applied."),
            ),
        ),
    )


def _output(it: Net) -> tuple[Line, ...]:
    def linear(h1: float, h2: float) -> float:
        return it.v[0] * h1 + it.v[1] * h2

    return (
        Line(
            "y",
            r"\hat y",
            "output",
            r"v_1 h_1 + v_2 h_2 + c",
            lambda v: linear(v["h1"], v["h2"]) + it.c,
            lambda v: f"{products(zip(it.v, (v['h1'], v['h2']), strict=True), 3)} {term(it.c)}",
            slips=(
                Slip(lambda v: linear(v["h1"], v["h2"]), NO_BIAS),
                Slip(lambda v: it.activation.of(linear(v["h1"], v["h2"]) + it.c), "The output is linear: it has no activation."),
            ),
        ),
        Line(
            "loss",
            "L",
            "loss",
            r"\frac{1}{2} (\hat y - t)^2",
            lambda v: (v["y"] - it.target) ** 2 / 2,
            lambda v: rf"\frac{{1}}{{2}} ({number(v['y'], 3)} {term(-it.target)})^2",
            slips=(
                Slip(lambda v: (v["y"] - it.target) ** 2, "This is the whole square: the loss is half of it."),
                Slip(lambda v: (v["y"] - it.target) / 2, "The difference was not squared."),
            ),
        ),
        Line(
            "delta",
            r"\delta",
            "gradient with respect to the output",
            r"\partial L / \partial \hat y = \hat y - t",
            lambda v: v["y"] - it.target,
            lambda v: f"{number(v['y'], 3)} {term(-it.target)}",
            slips=(Slip(lambda v: 2 * (v["y"] - it.target), "The 2 of the square and the half of the loss cancel."),),
        ),
    )


def _output_slope(it: Net) -> Line:
    return Line(
        "slope_v1",
        r"\partial L / \partial v_1",
        "gradient with respect to the first output weight",
        r"\delta \, h_1",
        lambda v: v["delta"] * v["h1"],
        lambda v: rf"{number(v['delta'], 3)} \cdot {inner(v['h1'], 3)}",
        slips=(
            Slip(lambda v: v["delta"] * v["z1"], "The weight is multiplied by the activation of its unit, not by its sum."),
            Slip(lambda v: v["delta"] * it.v[0], "This goes back to the unit: a weight’s slope has the weight’s input in it."),
        ),
    )


def _back(it: Net) -> tuple[Line, Line]:
    slope = it.activation.slope
    return (
        Line(
            "delta1",
            r"\delta_1",
            "gradient with respect to the sum of hidden unit 1",
            rf"\delta \, v_1 \cdot {it.activation.slope_written.format('h_1')}",
            lambda v: v["delta"] * it.v[0] * slope(v["h1"]),
            lambda v: (
                rf"{number(v['delta'], 3)} \cdot {inner(it.v[0])} \cdot {it.activation.slope_written.format(inner(v['h1'], 3))}"
            ),
            slips=(
                Slip(lambda v: v["delta"] * it.v[0], "The slope of the activation is missing."),
                Slip(lambda v: v["delta"] * slope(v["h1"]), "The weight on the way back is missing."),
                Slip(lambda v: v["delta"] * it.v[0] * slope(v["z1"]), "The slope was taken at the sum: put the activation in."),
            ),
        ),
        Line(
            "slope_w12",
            r"\partial L / \partial w_{12}",
            "gradient with respect to the weight from the second input to hidden unit 1",
            r"\delta_1 \, x_2",
            lambda v: v["delta1"] * it.x[1],
            lambda v: rf"{number(v['delta1'], 3)} \cdot {inner(it.x[1])}",
            slips=(
                Slip(lambda v: v["delta1"] * it.x[0], "This is the slope of the weight from the first input."),
                Slip(lambda v: v["delta1"] * it.w[0][1], "A weight’s slope has the weight’s input in it, not the weight."),
            ),
        ),
    )


exercise = Exercise(
    "backward-pass",
    "One forward and one backward pass",
    "A network of two hidden units: calculate its output and its loss, and then by the chain rule how the loss depends on a "
    "weight of each layer.",
    9,
    make,
)
