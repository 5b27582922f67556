r"""One round of AdaBoost: the error of a stump on weighted samples, its vote, and the weights of the next round.

Freund and Schapire (1997), with labels +1 and -1 and the vote $\alpha = \frac{1}{2} \ln((1 - \varepsilon) / \varepsilon)$.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.exercises.arithmetic import number, total
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Table, drawn

SAMPLES, PARTS = 6, 20
"""Weights are twentieths."""


@dataclass(frozen=True)
class Round:
    """The numbers of a sheet: labels and weights of six samples at x = 1 to 6; the stump says +1 above `threshold`."""

    labels: tuple[int, ...]
    parts: tuple[int, ...]
    threshold: int

    @property
    def weights(self) -> tuple[float, ...]:
        """Of the samples, summing to 1."""
        return tuple(part / PARTS for part in self.parts)

    @property
    def said(self) -> tuple[int, ...]:
        """What the stump says of each sample."""
        return tuple(1 if x > self.threshold else -1 for x in range(1, SAMPLES + 1))

    @property
    def wrong(self) -> list[int]:
        """The places of the samples that it gets wrong."""
        return [place for place, (label, said) in enumerate(zip(self.labels, self.said, strict=True)) if label != said]

    @property
    def right(self) -> list[int]:
        """The places of the others."""
        return [place for place in range(SAMPLES) if place not in self.wrong]

    def fits(self) -> bool:
        """Whether the stump is worth its vote on either side of its threshold, and does err."""
        sides = [math.fsum(self.labels[place] * self.parts[place] for place in side) for side in self._sides()]
        return bool(self.wrong) and sides[0] < 0 < sides[1]

    def _sides(self) -> tuple[range, range]:
        return range(self.threshold), range(self.threshold, SAMPLES)


def round_of(rng: np.random.Generator) -> Round:
    """The first round, as it were, or a later one, whose weights differ."""

    def draw() -> Round:
        cuts = np.sort(rng.choice(np.arange(1, PARTS), SAMPLES - 1, replace=False))
        parts = tuple(int(one) for one in np.diff([0, *cuts, PARTS]))
        return Round(tuple(int(one) for one in rng.choice((-1, 1), SAMPLES)), parts, int(rng.integers(2, 5)))

    made: Round = drawn(draw, Round.fits)
    return made


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of seven lines, the last four on the first sample that is wrong and the first that is right."""
    it = round_of(rng)
    wrong, right = it.wrong[0], it.right[0]
    rows = tuple(
        (str(x), f"{label:+d}".replace("-1", "{-1}"), number(weight))
        for x, label, weight in zip(range(1, SAMPLES + 1), it.labels, it.weights, strict=True)
    )
    return Sheet(
        "Six samples with weights from the round before, and a stump h. Find the samples that it gets wrong, its "
        "weighted error and its vote, and the weights of two samples in the next round.",
        (rf"h(x) = +1 \text{{ for }} x > {it.threshold + 0.5}, \quad h(x) = {{-1}} \text{{ otherwise}}",),
        (
            *_vote(it),
            _raised(it, wrong, "wrong"),
            _raised(it, right, "right"),
            _sum(),
            _next(wrong, "wrong"),
            _next(right, "right"),
        ),
        Table(("x", "label y", "weight w"), rows),
    )


def _vote(it: Round) -> tuple[Line, Line]:
    weights = it.weights
    error = math.fsum(weights[place] for place in it.wrong)
    half = "The half in front of the logarithm is missing."
    return (
        Line(
            "error",
            r"\varepsilon",
            "weighted error of the stump",
            r"\sum_{h(x) \neq y} w",
            lambda v: error,
            lambda v: total([weights[place] for place in it.wrong], 2) if len(it.wrong) > 1 else "",
            slips=(
                Slip(lambda v: 1 - error, "This is the weight of the samples that it gets right."),
                Slip(lambda v: len(it.wrong) / SAMPLES, "This is the share of samples: add up their weights."),
            ),
        ),
        Line(
            "vote",
            r"\alpha",
            "vote of the stump",
            r"\frac{1}{2} \ln \frac{1 - \varepsilon}{\varepsilon}",
            lambda v: math.log((1 - v["error"]) / v["error"]) / 2,
            lambda v: rf"\frac{{1}}{{2}} \ln \frac{{{number(1 - v['error'], 3)}}}{{{number(v['error'], 3)}}}",
            slips=(
                Slip(lambda v: math.log((1 - v["error"]) / v["error"]), half),
                Slip(lambda v: math.log10((1 - v["error"]) / v["error"]) / 2, "This is the logarithm to base 10: ln has base e."),
                Slip(lambda v: math.log10((1 - v["error"]) / v["error"]), "This has base 10, and the half in front is missing."),
            ),
        ),
    )


def _raised(it: Round, place: int, how: str) -> Line:
    sign, weight = (1 if how == "wrong" else -1), it.weights[place]
    does = "raised" if how == "wrong" else "lowered"
    power = r"\alpha" if sign > 0 else r"-\alpha"
    return Line(
        f"{does}",
        rf"\tilde w_{place + 1}",
        f"{does} weight of the sample at {place + 1}, which the stump gets {how}",
        f"w_{place + 1} \\, e^{{{power}}}",
        lambda v: weight * math.exp(sign * v["vote"]),
        lambda v: rf"{number(weight)} \cdot e^{{{number(sign * v['vote'], 3)}}}",
        slips=(
            Slip(
                lambda v: weight * math.exp(-sign * v["vote"]),
                "The sign of the vote is wrong: samples that the stump gets wrong gain weight, the others lose some.",
            ),
            Slip(lambda v: math.exp(sign * v["vote"]), "This is the factor: multiply the weight by it."),
        ),
    )


def _sum() -> Line:
    return Line(
        "sum",
        "Z",
        "sum of all new weights",
        r"\varepsilon \, e^{\alpha} + (1 - \varepsilon) \, e^{-\alpha}",
        lambda v: v["error"] * math.exp(v["vote"]) + (1 - v["error"]) * math.exp(-v["vote"]),
        lambda v: (
            rf"{number(v['error'], 3)} \cdot e^{{{number(v['vote'], 3)}}} + {number(1 - v['error'], 3)} \cdot "
            rf"e^{{{number(-v['vote'], 3)}}}"
        ),
        slips=(
            Slip(lambda v: v["error"] * math.exp(v["vote"]), "This is the sum over the wrong samples only: add the others."),
            Slip(lambda v: v["raised"] + v["lowered"], "This is the sum of two samples: take all six."),
        ),
    )


def _next(place: int, how: str) -> Line:
    before = "raised" if how == "wrong" else "lowered"
    return Line(
        f"next_{how}",
        f"w'_{place + 1}",
        f"weight of the sample at {place + 1} in the next round",
        rf"\tilde w_{place + 1} / Z",
        lambda v: v[before] / v["sum"],
        lambda v: f"{number(v[before], 3)} / {number(v['sum'], 3)}",
        slips=(
            Slip(lambda v: v[before], "Not divided by the sum yet."),
            Slip(lambda v: v[before] * v["sum"], "Divide by the sum instead of multiplying."),
        ),
    )


exercise = Exercise(
    "adaboost-round",
    "One round of AdaBoost",
    "A stump on six weighted samples: its error, its vote, and how the weights of the samples change for the next round.",
    30,
    make,
)
