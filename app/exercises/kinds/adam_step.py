"""One step of Adam on a parabola, the means and their corrections one by one (Kingma and Ba, 2015)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.exercises.answers import Number
from app.exercises.arithmetic import inner, number, term
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Values

EPSILON = 1e-8


@dataclass(frozen=True)
class Step:
    """The numbers of a sheet: loss `steepness` (w - `lowest`)^2, the weight, step number t, means before it, and the settings."""

    steepness: float
    lowest: float
    weight: float
    t: int
    mean: float
    square: float
    learning_rate: float
    beta1: float = 0.9
    beta2: float = 0.99

    @property
    def young(self) -> tuple[float, float]:
        """What the means are divided by, since they began at 0."""
        return 1 - self.beta1**self.t, 1 - self.beta2**self.t

    def moved(self, mean: float, square: float) -> float:
        """How far two means move the weight."""
        return self.learning_rate * mean / (math.sqrt(square) + EPSILON)


def step(rng: np.random.Generator) -> Step:
    """One of the first three steps, on the way that Adam may have gone."""
    t, learning_rate = int(rng.integers(1, 4)), float(rng.choice((0.01, 0.05, 0.1, 0.2)))
    steepness, lowest = float(rng.choice((0.5, 1, 2))), float(rng.integers(-2, 3))
    weight = lowest + float(rng.choice((-1, 1)) * rng.integers(5, 21)) / 10
    slope = 2 * steepness * (weight - lowest)
    shares = [
        round(float(rng.integers(11, 16)) / 10, 1) if t > 1 else 0.0 for _ in (1, 2)
    ]  # earlier slopes were a little steeper
    mean, square = (1 - 0.9 ** (t - 1)) * slope * shares[0], (1 - 0.99 ** (t - 1)) * (slope * shares[1]) ** 2
    return Step(steepness, lowest, round(weight, 1), t, round(mean, 2), round(square, 3), learning_rate)


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of seven lines."""
    it = step(rng)
    scale = "" if it.steepness == 1 else f"{number(it.steepness)} \\, "
    minus = f"(w {term(-it.lowest)})^2" if it.lowest else "w^2"
    before = it.t - 1
    return Sheet(
        f"Adam takes step {it.t} on a loss of one weight. Calculate the slope, both running means, their corrections, and "
        "the new weight.",
        (
            rf"L(w) = {scale}{minus}, \quad w_{{{before}}} = {number(it.weight)}, \quad t = {it.t}",
            rf"m_{{{before}}} = {number(it.mean)}, \quad v_{{{before}}} = {number(it.square)}",
            rf"\eta = {number(it.learning_rate)}, \quad \beta_1 = {number(it.beta1)}, \quad \beta_2 = {number(it.beta2)}, "
            r"\quad \epsilon = 10^{-8}",
        ),
        (_slope(it), *_means(it), *_corrected(it), *_moved(it)),
    )


def _slope(it: Step) -> Line:
    slope = 2 * it.steepness * (it.weight - it.lowest)
    rate, difference = number(2 * it.steepness), f"({number(it.weight)} {term(-it.lowest) if it.lowest else ''})"
    return Line(
        "g",
        "g",
        "slope of the loss at the weight",
        r"\partial L / \partial w",
        lambda v: slope,
        lambda v: rf"{rate} \cdot {difference}",
        slips=(
            Slip(lambda v: slope / 2, "The 2 that comes down from the square is missing."),
            Slip(lambda v: slope * (it.weight - it.lowest) / 2, "This is the loss itself: take its derivative."),
        ),
    )


def _means(it: Step) -> tuple[Line, Line]:
    t, b1, b2 = it.t, it.beta1, it.beta2
    return (
        Line(
            "m",
            f"m_{t}",
            "running mean of the slope",
            rf"\beta_1 m_{t - 1} + (1 - \beta_1) \, g",
            lambda v: b1 * it.mean + (1 - b1) * v["g"],
            lambda v: rf"{number(b1)} \cdot {inner(it.mean)} + {number(1 - b1)} \cdot {inner(v['g'], 3)}",
            slips=(Slip(lambda v: (1 - b1) * it.mean + b1 * v["g"], "β₁ belongs to the old mean, 1 − β₁ to the new slope."),),
        ),
        Line(
            "v",
            f"v_{t}",
            "running mean of its square",
            rf"\beta_2 v_{t - 1} + (1 - \beta_2) \, g^2",
            lambda v: b2 * it.square + (1 - b2) * v["g"] ** 2,
            lambda v: rf"{number(b2)} \cdot {inner(it.square)} + {number(1 - b2)} \cdot {inner(v['g'], 3)}^2",
            form=Number(5),
            slips=(
                Slip(lambda v: b2 * it.square + (1 - b2) * v["g"], "The slope was not squared."),
                Slip(lambda v: (1 - b2) * it.square + b2 * v["g"] ** 2, "β₂ belongs to the old mean, 1 − β₂ to the new square."),
                Slip(lambda v: b1 * it.square + (1 - b1) * v["g"] ** 2, "This is with β₁: the mean of squares takes β₂."),
            ),
        ),
    )


def _corrected(it: Step) -> tuple[Line, Line]:
    t, (young_mean, young_square) = it.t, it.young
    forgotten = "The power of β in the correction is wrong: it should be the step number, here {}."

    def divided(by: str, beta: float) -> str:
        return f"{by} / (1 - {number(beta)}^{t})"

    return (
        Line(
            "m_hat",
            rf"\hat m_{t}",
            "corrected mean",
            rf"m_{t} / (1 - \beta_1^{t})",
            lambda v: v["m"] / young_mean,
            lambda v: divided(number(v["m"], 3), it.beta1),
            slips=_miscorrected(it, "m", it.beta1, forgotten.format(t)),
        ),
        Line(
            "v_hat",
            rf"\hat v_{t}",
            "corrected mean of the square",
            rf"v_{t} / (1 - \beta_2^{t})",
            lambda v: v["v"] / young_square,
            lambda v: divided(number(v["v"], 5), it.beta2),
            slips=_miscorrected(it, "v", it.beta2, forgotten.format(t)),
        ),
    )


def _miscorrected(it: Step, name: str, beta: float, says: str) -> tuple[Slip, ...]:
    def divided(power: int) -> Slip:
        return Slip(lambda v: v[name] / (1 - beta**power), says)

    powers = [power for power in (it.t - 1, it.t + 1, 1) if power > 0 and power != it.t]
    return (
        Slip(lambda v: v[name], "This is the mean before its correction."),
        *(divided(power) for power in powers),
        Slip(lambda v: v[name] * (1 - beta**it.t), "Divide by the correction instead of multiplying."),
    )


def _moved(it: Step) -> tuple[Line, Line]:
    t = it.t

    def root(v: Values) -> str:
        return rf"\sqrt{{{number(v['v_hat'], 3)}}}"

    return (
        Line(
            "change",
            r"\Delta",
            "the step, with its sign",
            rf"\eta \, \hat m_{t} / (\sqrt{{\hat v_{t}}} + \epsilon)",
            lambda v: it.moved(v["m_hat"], v["v_hat"]),
            lambda v: rf"{number(it.learning_rate)} \cdot {inner(v['m_hat'], 3)} / ({root(v)} + 10^{{-8}})",
            form=Number(4),
            slips=(
                Slip(lambda v: it.learning_rate * v["m_hat"] / v["v_hat"], "The root of the mean square is missing."),
                Slip(lambda v: it.moved(v["m"], v["v"]), "These are the means before their corrections."),
                Slip(lambda v: v["m_hat"] / math.sqrt(v["v_hat"]), "The learning rate is missing."),
                Slip(lambda v: it.learning_rate * v["g"], "This is the step of plain gradient descent."),
            ),
        ),
        Line(
            "w",
            f"w_{t}",
            "new weight",
            rf"w_{t - 1} - \Delta",
            lambda v: it.weight - v["change"],
            lambda v: f"{number(it.weight)} - {inner(v['change'], 4)}",
            form=Number(4),
            slips=(Slip(lambda v: it.weight + v["change"], "The step was added: the weight goes against the slope."),),
        ),
    )


exercise = Exercise(
    "adam-step",
    "One step of Adam",
    "One weight on a parabola: the slope, the running means of the slope and of its square, their corrections, and the step.",
    8,
    make,
)
