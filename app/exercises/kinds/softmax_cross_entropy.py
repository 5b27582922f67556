"""Softmax and cross-entropy of three logits, and the gradient with respect to them: probability minus target."""

from __future__ import annotations

import math

import numpy as np

from app.exercises.arithmetic import number, total
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Values

CLASSES = (1, 2, 3)


def drawn_case(rng: np.random.Generator) -> tuple[list[float], int, int]:
    """Three logits, all different, the right class, and another one."""
    logits = [float(one) for one in rng.choice(np.arange(-4, 7), len(CLASSES), replace=False) / 2]
    target, other = (int(one) for one in rng.choice(CLASSES, 2, replace=False))
    return logits, target, other


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of ten lines."""
    logits, target, other = drawn_case(rng)
    given = r", \quad ".join(f"z_{n} = {number(logit)}" for n, logit in zip(CLASSES, logits, strict=True))
    return Sheet(
        f"A classifier gives these logits to three classes, and class {target} is the right one. Turn them into probabilities by "
        "softmax, and calculate the cross-entropy and its gradient with respect to two of the logits.",
        (given, rf"\text{{right class}} = {target}"),
        (
            *(_power(n, logit) for n, logit in zip(CLASSES, logits, strict=True)),
            _sum(),
            *(_share(n) for n in CLASSES),
            *_loss(target),
            _gradient(target, target),
            _gradient(other, target),
        ),
    )


def _power(n: int, logit: float) -> Line:
    return Line(
        f"e{n}",
        f"e^{{z_{n}}}",
        f"exponential of logit {n}",
        rf"\exp(z_{n})",
        lambda v: math.exp(logit),
        lambda v: f"e^{{{number(logit)}}}",
        slips=(
            Slip(lambda v: math.exp(-logit), "This is e to the power of minus the logit."),
            Slip(lambda v: 10**logit, "This is a power of 10: softmax takes powers of e."),
            Slip(lambda v: math.e * logit, "This is e times the logit: take e to its power."),
        ),
    )


def _powers(v: Values) -> list[float]:
    return [v[f"e{n}"] for n in CLASSES]


def _sum() -> Line:
    formula = " + ".join(f"e^{{z_{n}}}" for n in CLASSES)
    return Line("sum", "S", "sum of the exponentials", formula, lambda v: math.fsum(_powers(v)), lambda v: total(_powers(v), 3))


def _share(n: int) -> Line:
    return Line(
        f"p{n}",
        f"p_{n}",
        f"probability of class {n}",
        f"e^{{z_{n}}} / S",
        lambda v: v[f"e{n}"] / v["sum"],
        lambda v: f"{number(v[f'e{n}'], 3)} / {number(v['sum'], 3)}",
        slips=(
            Slip(
                lambda v: v[f"e{n}"] / (math.fsum(_powers(v)) - v[f"e{n}"]),
                "Divided by the sum of the others: the sum in softmax runs over all classes.",
            ),
        ),
    )


def _loss(target: int) -> tuple[Line]:
    p = f"p{target}"
    return (
        Line(
            "loss",
            "L",
            "cross-entropy",
            rf"-\ln p_{target}",
            lambda v: -math.log(v[p]),
            lambda v: rf"-\ln {number(v[p], 3)}",
            slips=(
                Slip(lambda v: -math.log10(v[p]), "This is the logarithm to base 10: ln has base e."),
                Slip(lambda v: -math.log2(v[p]), "This is the logarithm to base 2, and the loss in bits: ln has base e."),
                Slip(
                    lambda v: -math.fsum(math.log(v[f"p{n}"]) for n in CLASSES),
                    "Only the right class counts in the sum over classes.",
                ),
                Slip(lambda v: 1 - v[p], "This is one minus the probability: take minus the logarithm of the probability."),
            ),
        ),
    )


def _gradient(n: int, target: int) -> Line:
    goal = int(n == target)
    return Line(
        f"delta{n}",
        rf"\partial L / \partial z_{n}",
        f"gradient with respect to logit {n}",
        f"p_{n} - {goal}",
        lambda v: v[f"p{n}"] - goal,
        lambda v: f"{number(v[f'p{n}'], 3)} - {goal}",
        slips=(
            Slip(lambda v: v[f"p{n}"] - (1 - goal), f"Class {n} is {'' if goal else 'not '}the right one: its target is {goal}."),
        ),
    )


exercise = Exercise(
    "softmax-cross-entropy",
    "Softmax and cross-entropy",
    "Three logits become probabilities, and then a loss and its gradient, which is simpler than either.",
    12,
    make,
)
