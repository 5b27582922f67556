"""The bottleneck: an encoder, a few numbers, a decoder, trained to give back its input, beside PCA with as many numbers."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, ImageGrid, Lines, Series
from app.charts.colours import CYAN, TEST, TRAIN
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
    choice,
    slider,
    streams,
)
from app.topics.autoencoder import guesses
from app.topics.autoencoder.digits import (
    BATCH_SIZE,
    KINDS,
    LEARNING_RATE,
    PIXELS,
    SIDE,
    Pca,
    dealt,
    one_of_each,
    pictures,
    squared,
)
from app.topics.autoencoder.network import halves
from engine import Graph, Guard, Layer, Session, datasets, losses, optimizers, schedules
from engine.datasets import Dataset
from engine.graph import Array
from engine.networks.activations import activation

STEPS = 2000
PACE = Pace(STEPS, 81)
SIZES = np.arange(1, 33)
ERRORS = (1e-3, 0.3)
ENDS = {"relu": "sigmoid", "linear": "linear"}
"""What bends the outputs: ink lies between 0 and 1, but a linear autoencoder has to be linear to its end."""


class BottleneckParams(Params):
    """How many numbers go through the middle, and whether the layers around it may bend."""

    code_size: int = slider(
        8,
        (1, 2, 4, 8, 16, 32),
        label="code size",
        unit="numbers",
        help="How many numbers each image of 64 pixels has to pass through.",
        minimum=1,
        maximum=32,
    )
    activation: Literal["relu", "linear"] = choice(
        "relu",
        {"relu": "ReLU", "linear": "none (linear)"},
        label="activation",
        help="In both hidden layers; with ReLU, a sigmoid keeps the outputs between 0 and 1.",
    )


def charts(params: BottleneckParams) -> dict[str, Chart]:
    """Digits it has not seen and what comes back, the error as it learns, and the error by code size with PCA's."""
    return {
        "images": ImageGrid(
            title="Digits it has never seen, and what comes back",
            rows=3,
            columns=KINDS,
            image=(SIDE, SIDE),
            row_names=("input", "autoencoder", "PCA"),
            x=Axis(f"{PIXELS} pixels in, {params.code_size} numbers in the middle, {PIXELS} pixels out"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            wide=True,
            height=260,
        ),
        "error": Lines(
            title=(TITLE if params.activation == "relu" else LINEAR_TITLE).at(params),
            series={
                "train": Series("autoencoder, training", TRAIN),
                "test": Series("autoencoder, test", TEST),
                "pca": Series("PCA, test", CYAN, "dash"),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("mean squared error per pixel", ERRORS, log=True),
        ),
        "by_size": Curves(
            title="Test error by code size",
            at=SIZES,
            series={"pca": Series("PCA", CYAN, "dash")},
            dots={"now": Series("this autoencoder, now", TEST)},
            x=Axis("code size", (0, 33)),
            y=Axis("mean squared error per pixel", ERRORS, log=True),
        ),
    }


class Autoencoder:
    """64-128-k-128-64, the mean squared error between output and input, Adam with a rate that falls along half a cosine."""

    def __init__(self, params: BottleneckParams, train: Dataset, rng: np.random.Generator) -> None:
        self._train, self._graph = train, Graph()
        encode, decode = halves(self._graph, params.code_size, rng, params.activation)
        end = activation(ENDS[params.activation])
        self._through: Layer = lambda images: end(decode(encode(images)))

    def prepare(self, test: Array) -> Generator[None, None, None]:
        """The plans to train and to look at all digits, in pieces."""
        graph, images = self._graph, np.concatenate([self._train.inputs, test], axis=1)
        inputs = graph.placeholder("inputs", (PIXELS, BATCH_SIZE))
        loss = losses.mean_squared_error(self._through(inputs), inputs)
        yield
        update = optimizers.adam(loss, graph.placeholder("learning_rate"))
        everything = graph.constant(images)
        session = Session(graph)
        yield
        train = yield from session.planning([loss], [update])
        self.look = yield from session.planning([self._through(everything)])
        self._guard, self._rate = Guard(session, train), schedules.cosine(LEARNING_RATE, STEPS)

    def step(self, done: int, picked: Array) -> str:
        """One update on these images; in words what broke, "" while the loss is finite."""
        return self._guard.step(inputs=self._train.inputs[:, picked], learning_rate=self._rate(done))


def run(params: BottleneckParams) -> Run:
    """Trains on batches of 128 of 1,297 digits; the targets are the inputs themselves, no label is used."""
    rng = streams(params.seed)
    train, test = dealt(rng.data)
    net, pca = Autoencoder(params, train, rng.weights), Pca.of(train.inputs)
    yield from net.prepare(test.inputs)
    shown_at, batches = one_of_each(test.labels), datasets.batches(rng.batches, train.size, BATCH_SIZE)
    by_pca = np.array([pca.error(test.inputs, int(size)) for size in SIZES])
    rebuilt = pca.decode(pca.code(test.inputs[:, shown_at], params.code_size))
    for done, shown in PACE:
        if shown:
            (images,) = net.look()
            seen, unseen = squared(images[:, : train.size], train.inputs), squared(images[:, train.size :], test.inputs)
            best = float(by_pca[params.code_size - 1])
            out = images[:, train.size :][:, shown_at]
            drawn: dict[str, Any] = {
                "images": pictures(test.inputs[:, shown_at], out, rebuilt),
                "error": {"train": seen, "test": unseen, "pca": best},
                "by_size": {"pca": by_pca, "now": np.array([[params.code_size], [unseen]])},
            }
            measured = {"test": unseen, "pca": best, "ratio": unseen / best, "gap": unseen / seen}
            yield Snapshot(done, drawn, measured=measured | {"overlap": overlap(images, pca, params.code_size)})
        if broke := net.step(done, next(batches)):
            return Diverged(done, broke)
    return None


def overlap(images: Array, pca: Pca, size: int) -> float:
    """How much of PCA's subspace the images (64, n) fill: the mean squared cosine of the angles between the two, at most 1."""
    steepest = np.linalg.eigh(np.cov(images))[1][:, -size:]
    return float(np.sum((steepest.T @ pca.axes[:, :size]) ** 2)) / size


BENT = Ground(activation="relu", code_size=between(2, 16))
WINS = Claim(
    "With the same code size, the autoencoder’s test error is this share of PCA’s.",
    "ratio",
    at_most(0.8),
    BENT,
)
FITS = Claim(
    "The autoencoder also overfits a little: the test error is this many times the training error.",
    "gap",
    at_least(1.05),
    BENT,
)
STRAIGHT = Ground(activation="linear", code_size=between(2, 32))
EQUAL = Claim(
    "Without activations the autoencoder does as well as PCA, and no better: its test error over PCA’s.",
    "ratio",
    between(0.95, 1.05),
    STRAIGHT,
)
SUBSPACE = Claim(
    "Without activations its reconstructions fill PCA’s subspace: the mean squared cosine of the angles between the two.",
    "overlap",
    at_least(0.9),
    Ground(activation="linear", code_size=between(2, 8)),
)
TITLE = Title("With the same code size it loses less than PCA", "Error by step, beside PCA’s", (WINS,))
LINEAR_TITLE = Title("A linear autoencoder comes down to PCA’s error", "Error by step, beside PCA’s", (EQUAL,))

demo = Demo(
    name="bottleneck",
    title="Bottleneck",
    params=BottleneckParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(WINS, FITS, EQUAL, SUBSPACE),
    presets=(
        Preset("eight numbers", {}),
        Preset("two numbers", {"code_size": 2}),
        Preset("thirty-two numbers", {"code_size": 32}),
        Preset("one number", {"code_size": 1}),
        Preset("no activations", {"activation": "linear"}),
    ),
    guesses=guesses.BOTTLENECK,
    hint="Compare the middle row with the top one while the network learns, then change the code size.",
)
