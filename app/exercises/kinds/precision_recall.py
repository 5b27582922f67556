"""A confusion matrix: precision, recall and what is made of them, and why accuracy says little of a rare class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.exercises.arithmetic import number
from app.exercises.nouns import Exercise, Line, Sheet, Slip, Table


@dataclass(frozen=True)
class Counts:
    """The numbers of a sheet: true and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def all(self) -> int:
        """Of all samples."""
        return self.tp + self.fp + self.fn + self.tn


def counts(rng: np.random.Generator) -> Counts:
    """A rare class, more or less well found."""
    positives, negatives = int(rng.choice((20, 25, 40, 50))), int(rng.choice((60, 100, 150, 200)))
    found = int(rng.integers(positives // 2, positives - 1))
    alarms = int(rng.integers(2, max(4, positives // 2)))
    return Counts(found, alarms, positives - found, negatives - alarms)


def make(rng: np.random.Generator) -> Sheet:
    """A sheet of six lines."""
    it = counts(rng)
    return Sheet(
        "A classifier looks for a class that is rarer than the other one. Calculate how good it is from its confusion matrix.",
        (),
        (*_of_the_class(it), _f1(), *_of_all(it)),
        Table(
            ("", "predicted positive", "predicted negative"),
            (
                ("is positive", rf"\text{{TP}} = {it.tp}", rf"\text{{FN}} = {it.fn}"),
                ("is negative", rf"\text{{FP}} = {it.fp}", rf"\text{{TN}} = {it.tn}"),
            ),
        ),
    )


def _share(name: str, words: str, formula: str, numbers: tuple[int, int], slips: tuple[Slip, ...]) -> Line:
    """A line that is a share of two counts."""
    above, below = numbers
    return Line(
        name,
        rf"\text{{{words}}}",
        f"share of {SHARES[name]}",
        formula,
        lambda v: above / below,
        lambda v: rf"\frac{{{above}}}{{{below}}}",
        slips=slips,
    )


SHARES = {
    "precision": "the samples predicted positive that are positive",
    "recall": "the positive samples that it found",
    "false_positive_rate": "the negative samples that it predicted positive",
    "accuracy": "all samples that it got right",
    "baseline": "all samples that one gets right by always predicting negative",
}


def _of_the_class(it: Counts) -> tuple[Line, Line]:
    precision, recall = (it.tp, it.tp + it.fp), (it.tp, it.tp + it.fn)
    return (
        _share(
            "precision",
            "precision",
            r"\frac{\text{TP}}{\text{TP} + \text{FP}}",
            precision,
            (
                Slip(lambda v: recall[0] / recall[1], "This is the recall: divide by all samples predicted positive."),
                Slip(lambda v: it.fp / precision[1], "This is the share of false alarms: one minus the precision."),
            ),
        ),
        _share(
            "recall",
            "recall",
            r"\frac{\text{TP}}{\text{TP} + \text{FN}}",
            recall,
            (
                Slip(lambda v: precision[0] / precision[1], "This is the precision: divide by all positive samples."),
                Slip(lambda v: it.fn / recall[1], "This is the share that it missed: one minus the recall."),
            ),
        ),
    )


def _f1() -> Line:
    return Line(
        "f1",
        "F_1",
        "harmonic mean of precision and recall",
        r"\frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}",
        lambda v: 2 * v["precision"] * v["recall"] / (v["precision"] + v["recall"]),
        lambda v: (
            rf"\frac{{2 \cdot {number(v['precision'], 3)} \cdot {number(v['recall'], 3)}}}"
            rf"{{{number(v['precision'], 3)} + {number(v['recall'], 3)}}}"
        ),
        slips=(
            Slip(lambda v: (v["precision"] + v["recall"]) / 2, "This is the arithmetic mean: the harmonic one is asked for."),
            Slip(lambda v: v["precision"] * v["recall"] / (v["precision"] + v["recall"]), "The 2 is missing."),
        ),
    )


def _of_all(it: Counts) -> tuple[Line, Line, Line]:
    negatives = it.fp + it.tn
    return (
        _share(
            "false_positive_rate",
            "false positive rate",
            r"\frac{\text{FP}}{\text{FP} + \text{TN}}",
            (it.fp, negatives),
            (
                Slip(lambda v: it.fp / (it.tp + it.fp), "Divided by all samples predicted positive: take all negative samples."),
                Slip(lambda v: it.tn / negatives, "This is the specificity: one minus what is asked for."),
            ),
        ),
        _share(
            "accuracy",
            "accuracy",
            r"\frac{\text{TP} + \text{TN}}{\text{TP} + \text{FP} + \text{FN} + \text{TN}}",
            (it.tp + it.tn, it.all),
            (Slip(lambda v: (it.fp + it.fn) / it.all, "This is the share of errors: one minus the accuracy."),),
        ),
        _share(
            "baseline",
            "baseline",
            r"\frac{\text{FP} + \text{TN}}{\text{TP} + \text{FP} + \text{FN} + \text{TN}}",
            (negatives, it.all),
            (Slip(lambda v: it.tn / it.all, "Always predicting negative is right for the false positives too."),),
        ),
    )


exercise = Exercise(
    "precision-recall",
    "Precision, recall and F₁",
    "The confusion matrix of a rare class: how much of it is found, how many alarms are false, and what accuracy hides.",
    7,
    make,
)
