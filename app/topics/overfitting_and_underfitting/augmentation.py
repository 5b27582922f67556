"""Data augmentation: the same few digits, to one network as they are, to another changed anew at every step; labels stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series
from app.charts.colours import TEST, TRAIN
from app.topic import (
    NOT_YET,
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
    choice,
    slider,
    streams,
    switch,
)
from app.topics.overfitting_and_underfitting import guesses
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches, digits, split
from engine.metrics import accuracy

SIDE, ROOM = 8, 10
"""A digit of eight by eight pixels stands somewhere on a paper of ten by ten."""
PLACES = 9
CENTRE = 4
UNITS, CLASSES = 64, 10
BATCH_SIZE = 25
STEPS = 800
PACE = Pace(STEPS, 61)
SHOWN = 10
NAMES = ("plain", "augmented")


class AugmentationParams(Params):
    """How the training digits are changed, how many there are, and how new ones stand."""

    change: Literal["shift", "mirror"] = choice(
        "shift",
        {"shift": "moved by up to a pixel", "mirror": "half of them mirrored"},
        label="augmentation",
        help="What is done to a training digit each time it is used. A mirrored digit is seldom a digit.",
    )
    samples: int = slider(
        100, (50, 100, 200, 400), label="training digits", help="How many there are to learn from.", minimum=50, maximum=400
    )
    off_centre: bool = switch(
        True, label="off-centre digits", help="Whether digits, both in training and new, may be a pixel off the centre."
    )


def charts(params: AugmentationParams) -> dict[str, Chart]:
    """Accuracy of both networks on training and on unseen digits, and ten training digits as they are and as they are used."""
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series={
                "test augmented": Series("unseen, augmented", TEST, width=3),
                "test plain": Series("unseen, without", TEST, "dash"),
                "train augmented": Series("training, augmented", TRAIN, width=3),
                "train plain": Series("training, without", TRAIN, "dash"),
            },
            further=["train augmented"],
            x=Axis("step", (0, STEPS)),
            y=Axis("accuracy", (0, 1.02)),
            wide=True,
            height=340,
        ),
        "images": ImageGrid(
            title="Ten training digits, and what the augmented network gets now",
            rows=2,
            columns=SHOWN,
            image=(ROOM, ROOM),
            row_names=("as they are", "as used now"),
            x=Axis("training digit"),
            y=Axis("image"),
            wide=True,
            height=220,
        ),
    }


def everywhere(images: Array) -> Array:
    """Digits (64, n) at each of the nine places on the paper: (9, n, 10, 10)."""
    upright = images.T.reshape(-1, SIDE, SIDE)
    ways = [(down, across) for down in range(3) for across in range(3)]
    return np.stack([np.pad(upright, ((0, 0), (down, 2 - down), (across, 2 - across))) for down, across in ways])


def augmented(rng: np.random.Generator, change: str, stand: Array, at: Array) -> Array:
    """Digits (9, n, 10, 10), each standing `at` (n,) one of the places, as the network gets them this time: (n, 10, 10)."""
    n = np.arange(at.size)
    if change == "shift":
        return stand[rng.integers(0, PLACES, at.size), n]
    images, mirrored = stand[at, n], rng.random(at.size) < 0.5
    return np.where(mirrored[:, None, None], images[:, :, ::-1], images)


def flat(images: Array) -> Array:
    """Images (n, 10, 10) as the columns of inputs (100, n)."""
    return images.reshape(len(images), -1).T


def where(rng: np.random.Generator, n: int, off_centre: bool) -> Array:
    """At which of the nine places each of `n` digits stands, (n,)."""
    return rng.integers(0, PLACES, n) if off_centre else np.full(n, CENTRE)


def run(params: AugmentationParams) -> Run:
    """Two copies of 100-64-64-10 ReLU from one start, Adam .003, the same 25 digits a step, for one copy changed anew."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), params.samples)
    stand, at = everywhere(train.inputs), where(rng.data, train.size, params.off_centre)
    seen = stand[at, np.arange(train.size)]
    unseen = everywhere(test.inputs)[where(rng.data, test.size, params.off_centre), np.arange(test.size)]

    graph = Graph(sweep=len(NAMES))
    inputs = graph.placeholder("inputs", (len(NAMES), ROOM**2, BATCH_SIZE))
    targets = graph.placeholder("targets", (CLASSES, BATCH_SIZE))
    network = mlp(graph, (ROOM**2, UNITS, UNITS, CLASSES), rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, 0.003)])
    yield NOT_YET
    look = session.plan([network(graph.constant(flat(seen))), network(graph.constant(flat(unseen)))])
    guard, deal, story = Guard(session, step), batches(rng.batches, train.size, BATCH_SIZE), Story()

    for done, shown in PACE:
        if shown:
            train_answers, test_answers = look()
            right = told("train", train_answers, train.labels) | told("test", test_answers, test.labels)
            now = augmented(rng.noise, params.change, stand[:, :SHOWN], at[:SHOWN])
            images = np.concatenate([seen[:SHOWN], now])
            yield Snapshot(done, {"accuracy": right, "images": images}, measured=story.so_far(right))
        places = next(deal)
        changed = augmented(rng.noise, params.change, stand[:, places], at[places])
        if broke := guard.step(inputs=[flat(seen[places]), flat(changed)], targets=train.one_hot[:, places]):
            return Diverged(done, broke)
    return None


def told(part: str, answers: Array, labels: Array) -> dict[str, float]:
    """The accuracy of both networks, from their answers (2, 10, n), by the names of the chart."""
    return {f"{part} {name}": accuracy(each, labels) for name, each in zip(NAMES, answers, strict=True)}


class Story:
    """What each network read best so far, which is fairer than where it ends."""

    def __init__(self) -> None:
        self._best = dict.fromkeys(NAMES, 0.0)

    def so_far(self, right: Mapping[str, float]) -> dict[str, float]:
        """The numbers of the claims."""
        self._best = {name: max(best, right[f"test {name}"]) for name, best in self._best.items()}
        return self._best | {"gain": self._best["augmented"] - self._best["plain"], "by heart": right["train plain"]}


SHIFTED = Ground(change="shift", samples=at_most(400), off_centre=True)
HEART = Claim(
    "Without augmentation the network learns its training digits by heart: training accuracy.", "by heart", at_least(0.98)
)
GAIN = Claim(
    "With each network at its best, augmentation adds this much to the accuracy on unseen digits.", "gain", at_least(0.1), SHIFTED
)
TITLE = Title("Moving the training digits: unseen ones are read far better", "Accuracy on training and unseen digits", (GAIN,))

demo = Demo(
    name="augmentation",
    title="Data augmentation",
    params=AugmentationParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        HEART,
        GAIN,
        Claim(
            "Mirroring, which new digits never show, adds next to nothing: the change in accuracy, each at its best step.",
            "gain",
            at_most(0.04),
            Ground(change="mirror", samples=between(100, 400)),
        ),
        Claim(
            "Where all digits are centred, moving them adds little: the change in accuracy, each at its best step.",
            "gain",
            at_most(0.04),
            Ground(change="shift", samples=between(100, 400), off_centre=False),
        ),
    ),
    presets=(
        Preset("moved by a pixel", {}),
        Preset("mirrored: the wrong change", {"change": "mirror"}),
        Preset("centred digits: nothing to gain", {"off_centre": False}),
        Preset("four times the digits", {"samples": 400}),
    ),
    guesses=guesses.AUGMENTATION,
    hint="Watch the two lines for unseen digits part, while without augmentation the training digits are soon learned by heart.",
)
