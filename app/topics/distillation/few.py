"""Sixty images with labels: what a student learns from them by a teacher's soft answers, by labels, and by controls."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, PURPLE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    between,
    slider,
    streams,
)
from app.topics.distillation import guesses
from app.topics.distillation.teaching import BATCH_SIZE, TRAINED, Layers, Students, logits, shuffled, taught
from engine import Array
from engine.datasets import Dataset, batches, digits, split
from engine.metrics import accuracy, classes
from engine.probabilities import softmax

STEPS, RATE, FALL = 600, 0.01, 0.95
PACE = Pace(STEPS, 41)
SOFT, HARD = Series("soft answers", BLUE, width=3), Series("labels", VERMILION)
STUDENTS = {
    "soft": SOFT,
    "hard": HARD,
    "shuffled": Series("soft, wrong classes shuffled", GREEN, "dash"),
    "evened": Series("soft, wrong classes alike", PURPLE, "dash"),
    "all": Series("soft answers for all images", CYAN),
}


class FewParams(Params):
    """How many images the students get, how soft the answers are, and how large the students."""

    images: int = slider(
        60,
        (20, 60, 200, 600, TRAINED),
        label="images",
        help="How many have labels, out of 1397.",
        minimum=20,
        maximum=TRAINED,
        log=True,
    )
    temperature: float = slider(
        8.0,
        (1.0, 2.0, 4.0, 8.0, 16.0),
        label="temperature",
        help="What the logits are divided by before the softmax, in both networks.",
        log=True,
    )
    hidden_units: int = slider(
        16, (8, 16, 32), label="hidden units of a student", help="The teacher has two layers of 128.", minimum=2, log=True
    )


def charts(params: FewParams) -> dict[str, Chart]:
    """Accuracy on unseen images and on the few, agreement with the teacher, and how each digit fares."""
    steps = Axis("step", (0, STEPS))
    teacher = {"teacher": Series("teacher", GREY, "dot")}
    return {
        "unseen": Lines(
            title=TITLE.at(params), series=STUDENTS | teacher, x=steps, y=Axis("share of unseen images right", (0, 1.02))
        ),
        "few": Lines(
            title=f"The {params.images} images themselves",
            series={"soft": SOFT, "hard": HARD},
            x=steps,
            y=Axis("share of them right", (0, 1.02)),
        ),
        "digits": Bars(
            title="Unseen images, digit by digit",
            categories=[str(digit) for digit in range(10)],
            series={"soft": SOFT, "hard": HARD},
            x=Axis("digit"),
            y=Axis("share right", (0, 1)),
        ),
        "agree": Lines(
            title="How often a student answers as the teacher does",
            series=STUDENTS,
            x=steps,
            y=Axis("share of unseen images", (0, 1.02)),
        ),
    }


def run(params: FewParams) -> Run:
    """The teacher learns from all 1397 digits; then five students learn, four of them from the few images alone."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED)
    teacher = yield from taught(train, rng.weights, rng.batches)

    few = train.take(np.arange(params.images))
    soft, every = (softmax(logits(teacher, each.inputs) / params.temperature) for each in (few, train))
    targets = {"soft": soft, "hard": few.one_hot, "shuffled": shuffled(soft, rng.noise), "evened": evened(soft)}

    size = min(BATCH_SIZE, params.images)
    sizes = dict.fromkeys(targets, size) | {"all": BATCH_SIZE}
    students = Students(sizes, params.hidden_units, params.temperature, params.seed)
    yield from students.prepare()

    judge = Judge(teacher, few, test)
    deal, deal_all = batches(rng.batches, few.size, size), batches(rng.noise, train.size, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            yield judge.look(done, students.layers())
        batch, others = next(deal), next(deal_all)
        images = dict.fromkeys(targets, few.inputs[:, batch]) | {"all": train.inputs[:, others]}
        wanted = {name: each[:, batch] for name, each in targets.items()} | {"all": every[:, others]}
        if broke := students.step(images, wanted, RATE * (1 - FALL * done / STEPS)):
            return Diverged(done, broke)
    return None


def evened(soft: Array) -> Array:
    """The same answers (10, n) with the likeliest class as likely as it was, and all others equally likely: smoothed labels."""
    top = soft.max(axis=0)
    made = np.repeat((1 - top)[None] / 9, 10, axis=0)
    np.put_along_axis(made, soft.argmax(axis=0)[None], top[None], axis=0)
    return np.asarray(made, soft.dtype)


class Judge:
    """Tries teacher and students on unseen digits."""

    def __init__(self, teacher: Layers, few: Dataset, test: Dataset) -> None:
        self._few, self._test = few, test
        self._taught = logits(teacher, test.inputs)

    def look(self, done: int, now: dict[str, Layers]) -> Snapshot:
        """Charts and numbers as they stand."""
        labels = self._test.labels
        said = {name: logits(layers, self._test.inputs) for name, layers in now.items()}
        right = {name: accuracy(each, labels) for name, each in said.items()}
        agree = {name: float((classes(each) == classes(self._taught)).mean()) for name, each in said.items()}
        pair = ("soft", "hard")
        drawn = {
            "unseen": right | {"teacher": accuracy(self._taught, labels)},
            "few": {name: accuracy(logits(now[name], self._few.inputs), self._few.labels) for name in pair},
            "digits": {name: by_digit(classes(said[name]), labels) for name in pair},
            "agree": agree,
        }
        told = {f"right {name}": share for name, share in right.items()} | {
            f"agrees {name}": share for name, share in agree.items()
        }
        told |= {f"over {name}": right["soft"] - right[name] for name in ("hard", "shuffled", "evened")}
        told |= {"all over hard": right["all"] - right["hard"], "teacher": accuracy(self._taught, labels)}
        return Snapshot(done, drawn, measured=told)


def by_digit(named: Array, labels: Array) -> Array:
    """Of each digit the share that is named right, (10,)."""
    return np.array([(named[labels == digit] == digit).mean() for digit in range(10)])


HOME = Ground(images=60, temperature=8, hidden_units=16)
MORE = Claim(
    "From sixty images, soft answers teach more than labels: by this share of unseen images.", "over hard", at_least(0.03), HOME
)
WHICH = Claim(
    "What counts is which wrong class is likely: with the wrong classes shuffled, soft answers teach less by this much.",
    "over shuffled",
    at_least(0.05),
    HOME,
)
UNEVEN = Claim("Smoothed labels that are just as sure also teach less, by this much.", "over evened", at_least(0.03), HOME)
UNLABELLED = Claim(
    "Images without labels help, since the teacher answers them: all of them beat sixty with labels by this much.",
    "all over hard",
    at_least(0.04),
    HOME,
)
SHARP = Claim(
    "At a temperature of 1 soft answers are hardly better than labels: the two differ by this much.",
    "over hard",
    between(-0.04, 0.04),
    Ground(images=60, temperature=1, hidden_units=16),
)
ENOUGH = Claim(
    "Where all images have labels, soft answers are no better: the two differ by this much.",
    "over hard",
    between(-0.04, 0.04),
    Ground(images=TRAINED, temperature=8, hidden_units=16),
)
TITLE = Title("Sixty images: soft answers teach more than labels", "Unseen images, by what a student learns from", (MORE, WHICH))

demo = Demo(
    name="few",
    title="Sixty images",
    params=FewParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(MORE, WHICH, UNEVEN, UNLABELLED, SHARP, ENOUGH),
    presets=(
        Preset("sixty images", {}),
        Preset("temperature 1", {"temperature": 1.0}),
        Preset("twenty images", {"images": 20}),
        Preset("all images", {"images": TRAINED}),
    ),
    guesses=guesses.FEW,
    hint="All students but one see the same sixty images. Compare the blue line with the red one, then with the dashed ones.",
)
