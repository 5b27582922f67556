"""A teacher has seen all ten digits; two students are shown no 3: one learns from the teacher's soft answers, one from labels."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Matrix, Series
from app.charts.colours import BLUE, GREEN, GREY, HEIGHT_SCALE, VERMILION
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
    at_most,
    between,
    slider,
    streams,
)
from app.topics.distillation import guesses
from app.topics.distillation.teaching import BATCH_SIZE, TRAINED, Students, logits, shuffled, taught
from engine import Array
from engine.datasets import Dataset, batches, digits, split
from engine.metrics import accuracy, classes
from engine.probabilities import softmax

STEPS, RATE, FALL = 1000, 0.01, 0.95
PACE = Pace(STEPS, 61)
STUDENTS = {
    "soft": Series("learns from soft answers", BLUE, width=3),
    "hard": Series("learns from labels", VERMILION),
    "shuffled": Series("soft, wrong classes shuffled", GREEN, "dash"),
}
TENS = tuple(str(digit) for digit in range(10))


class UnseenParams(Params):
    """How soft the teacher's answers are, which digit the students are not shown, and how large they are."""

    temperature: float = slider(
        8.0,
        (1.0, 2.0, 4.0, 8.0, 16.0),
        label="temperature",
        help="What the logits are divided by before the softmax, in both networks.",
        log=True,
    )
    missing: int = slider(3, tuple(range(10)), label="digit left out", help="No student sees an image of it.")
    hidden_units: int = slider(
        32, (8, 16, 32, 64), label="hidden units of a student", help="The teacher has two layers of 128.", minimum=2, log=True
    )


def charts(params: UnseenParams) -> dict[str, Chart]:
    """The digit left out and the others by step, what the soft student makes of each digit, and how soft an answer is."""
    steps = Axis("step", (0, STEPS))
    return {
        "missing": Lines(
            title=TITLE.at(params),
            series=STUDENTS,
            x=steps,
            y=Axis(f"share of unseen {params.missing}s named {params.missing}", (0, 1.02)),
        ),
        "others": Lines(
            title="The nine digits that the students were shown",
            series={**STUDENTS, "teacher": Series("teacher", GREY, "dot")},
            x=steps,
            y=Axis("share of unseen ones right", (0, 1.02)),
        ),
        "confusion": Matrix(
            title="What the student taught by soft answers calls each digit",
            rows=TENS,
            columns=TENS,
            limit=1,
            low=0,
            colours=HEIGHT_SCALE,
            height=380,
            x=Axis("named, share of the row"),
            y=Axis("digit"),
        ),
        "answer": Bars(
            title=f"One answer after another, at temperature {params.temperature:g}",
            categories=TENS,
            series={"teacher": Series("teacher", GREY), "soft": STUDENTS["soft"]},
            x=Axis("class"),
            y=Axis("probability", (0, 1)),
        ),
        "image": ImageGrid(
            title="The image in question",
            rows=1,
            columns=1,
            image=(8, 8),
            x=Axis("column of one of the training digits"),
            y=Axis("row"),
        ),
    }


def kept(labels: Array, missing: int) -> Array:
    """The places of all images that are not of the missing digit."""
    return np.flatnonzero(labels != missing)


def run(params: UnseenParams) -> Run:
    """The teacher learns from 1397 digits; then three students 64-h-10 from those that are not the missing one, by Adam."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED)
    teacher = yield from taught(train, rng.weights, rng.batches)

    shown_to_students = train.take(kept(train.labels, params.missing))
    images, heat = shown_to_students.inputs, params.temperature
    soft = softmax(logits(teacher, images) / heat)
    targets = {"soft": soft, "hard": shown_to_students.one_hot, "shuffled": shuffled(soft, rng.noise)}

    students = Students(dict.fromkeys(STUDENTS, BATCH_SIZE), params.hidden_units, heat, params.seed)
    yield from students.prepare()

    judge = Judge(params, teacher, test, images)
    deal = batches(rng.batches, shown_to_students.size, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            yield judge.look(done, students.layers())
        batch = next(deal)
        seen = dict.fromkeys(STUDENTS, images[:, batch])
        wanted = {name: each[:, batch] for name, each in targets.items()}
        if broke := students.step(seen, wanted, RATE * (1 - FALL * done / STEPS)):
            return Diverged(done, broke)
    return None


class Judge:
    """Tries teacher and students on unseen digits."""

    def __init__(self, params: UnseenParams, teacher: list[Array], test: Dataset, images: Array) -> None:
        self._params, self._teacher, self._test, self._images = params, teacher, test, images
        self._out = test.labels == params.missing
        self._taught = logits(teacher, test.inputs)

    def look(self, done: int, now: dict[str, list[Array]]) -> Snapshot:
        """Charts and numbers as they stand."""
        out, labels, missing = self._out, self._test.labels, self._params.missing
        said = {name: logits(layers, self._test.inputs) for name, layers in now.items()}
        named = {name: float((classes(each)[out] == missing).mean()) for name, each in said.items()}
        others = {name: accuracy(each[:, ~out], labels[~out]) for name, each in said.items()}
        place = done // 20 % self._images.shape[1]
        image = self._images[:, place : place + 1]
        answers = {"teacher": self._teacher, "soft": now["soft"]}
        drawn = {
            "missing": named,
            "others": others | {"teacher": accuracy(self._taught[:, ~out], labels[~out])},
            "confusion": confusion(classes(said["soft"]), labels),
            "answer": {name: softmax(logits(each, image) / self._params.temperature)[:, 0] for name, each in answers.items()},
            "image": image.T.reshape(1, 8, 8),
        }
        false = float((classes(said["soft"])[~out] == missing).mean())
        told = named | {f"others {name}": share for name, share in others.items()} | {"false alarms": false}
        told |= {"teacher": accuracy(self._taught, labels), "order": named["soft"] - named["shuffled"]}
        return Snapshot(done, drawn, measured=told)


def confusion(named: Array, labels: Array) -> Array:
    """(10, 10): of each digit the share that is named each."""
    counts = np.zeros((10, 10))
    np.add.at(counts, (labels, named), 1)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


HOME = Ground(missing=3, temperature=8, hidden_units=32)
KNOWS = Claim(
    "A student that never saw a 3 recognizes 3s: the share of them named 3.",
    "soft",
    at_least(0.6),
    HOME,
)
NOTHING = Claim(
    "From labels alone a student never says 3, since no label was a 3: the share of 3s named 3.",
    "hard",
    at_most(0),
    Ground(missing=3, hidden_units=32),
)
SHARP = Claim(
    "At a temperature of 1 the soft answers tell the student little: the share of 3s named 3.",
    "soft",
    at_most(0.4),
    Ground(missing=3, temperature=1, hidden_units=32),
)
WHICH = Claim(
    "What counts is which wrong class is likely: with the wrong classes shuffled the share is lower by this much.",
    "order",
    at_least(0.5),
    HOME,
)
QUIET = Claim(
    "The student does not say 3 at random: the share of other digits that it names 3.",
    "false alarms",
    at_most(0.03),
    Ground(missing=3, temperature=between(4, 8), hidden_units=32),
)
TITLE = Title("A student that never saw a 3 knows it, from soft answers", "The digit left out, by step", (KNOWS, NOTHING, WHICH))

demo = Demo(
    name="unseen",
    title="A digit never seen",
    params=UnseenParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(KNOWS, NOTHING, SHARP, WHICH, QUIET),
    presets=(
        Preset("no 3", {}),
        Preset("temperature 1", {"temperature": 1.0}),
        Preset("no 8", {"missing": 8}),
        Preset("eight hidden units", {"hidden_units": 8}),
    ),
    guesses=guesses.UNSEEN,
    hint="No student is shown a 3. Watch the blue line, and the row for 3 in the table.",
)
