"""Denoising: a network is shown digits under noise and has to give back the clean ones, beside one that never saw noise."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series
from app.charts.colours import CYAN, GREY, OCHRE, VERMILION
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
    at_most,
    between,
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
    dealt,
    one_of_each,
    pictures,
    squared,
)
from app.topics.autoencoder.network import halves
from engine import Graph, Guard, Session, datasets, losses, ops, optimizers, schedules
from engine.graph import Array

STEPS = 1000
PACE = Pace(STEPS, 61)
LINES = {
    "denoising": Series("denoising autoencoder", VERMILION, width=3),
    "plain": Series("plain autoencoder", OCHRE),
    "linear": Series("best linear filter", CYAN, "dash"),
    "noisy": Series("the noisy digits themselves", GREY, "dot"),
}


class DenoisingParams(Params):
    """How strong the noise is, and how many numbers go through the middle."""

    noise: float = slider(
        0.4,
        (0.1, 0.2, 0.4, 0.6, 0.8),
        label="noise",
        help="Standard deviation of the Gaussian noise on every pixel; ink goes from 0 to 1.",
        minimum=0.01,
        maximum=2,
    )
    code_size: int = slider(
        32,
        (2, 4, 8, 16, 32),
        label="code size",
        unit="numbers",
        help="How many numbers each image has to pass through.",
        minimum=1,
        maximum=32,
    )


def charts(params: DenoisingParams) -> dict[str, Chart]:
    """Noisy digits and what each network makes of them, and how far that is from the clean ones."""
    return {
        "images": ImageGrid(
            title="Digits it has never seen, under noise it has never seen",
            rows=4,
            columns=KINDS,
            image=(SIDE, SIDE),
            row_names=("noisy", "denoising", "plain", "clean"),
            x=Axis(f"both networks get the noisy row; {params.code_size} numbers in the middle"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            wide=True,
            height=330,
        ),
        "error": Lines(
            title=TITLE.at(params),
            series=LINES,
            x=Axis("step", (0, STEPS)),
            y=Axis("mean squared error per pixel", (1e-3, 1), log=True),
            wide=True,
        ),
    }


def run(params: DenoisingParams) -> Run:
    """Two copies of 64-128-k-128-64 from the same weights on the same batches; only one of them trains under noise."""
    rng = streams(params.seed)
    train, test = dealt(rng.data)
    net = Twins(params, rng.weights)
    noisy = test.inputs + params.noise * rng.data.normal(size=test.inputs.shape)
    yield from net.prepare(noisy)
    at, fixed = one_of_each(test.labels), {"linear": filtered(train.inputs, noisy, params.noise), "noisy": noisy}
    constant = {name: squared(images, test.inputs) for name, images in fixed.items()}
    batches = datasets.batches(rng.batches, train.size, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            (made,) = net.look()
            errors = {name: squared(images, test.inputs) for name, images in zip(("denoising", "plain"), made, strict=True)}
            errors |= constant
            rows = pictures(noisy[:, at], *made[:, :, at], test.inputs[:, at])
            against = {f"over {name}": errors["denoising"] / errors[name] for name in ("plain", "linear", "noisy")}
            yield Snapshot(done, {"images": rows, "error": errors}, measured=errors | against)
        clean = train.inputs[:, next(batches)]
        if broke := net.step(done, clean, rng.noise.normal(size=clean.shape)):
            return Diverged(done, broke)
    return None


class Twins:
    """Two copies of one network in a sweep; the first gets noise on its inputs, and both have the clean images as targets."""

    def __init__(self, params: DenoisingParams, rng: np.random.Generator) -> None:
        self._graph = Graph(sweep=2)
        self._strength = self._graph.constant(np.array([params.noise, 0.0]).reshape(2, 1, 1))
        self._encode, self._decode = halves(self._graph, params.code_size, rng)

    def prepare(self, noisy: Array) -> Generator[None, None, None]:
        """The plans to train both and to have both look at the same noisy digits, in pieces."""
        graph = self._graph
        clean, noise = (graph.placeholder(name, (PIXELS, BATCH_SIZE)) for name in ("clean", "noise"))
        seen = clean + noise * self._strength
        loss = losses.mean_squared_error(ops.sigmoid(self._decode(self._encode(seen))), clean)
        yield
        update = optimizers.adam(loss, graph.placeholder("learning_rate"))
        session = Session(graph)
        yield
        train = yield from session.planning([loss], [update])
        self.look = yield from session.planning([ops.sigmoid(self._decode(self._encode(graph.constant(noisy))))])
        self._guard, self._rate = Guard(session, train), schedules.cosine(LEARNING_RATE, STEPS)

    def step(self, done: int, clean: Array, noise: Array) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        return self._guard.step(clean=clean, noise=noise, learning_rate=self._rate(done))


def filtered(known: Array, noisy: Array, noise: float) -> Array:
    """Noisy images (64, n) through the linear map that removes noise best, by the known ones’ covariance (Wiener, 1949)."""
    mean, covariance = known.mean(axis=1, keepdims=True), np.cov(known)
    weights = np.linalg.solve(covariance + noise**2 * np.eye(PIXELS), covariance).T
    return np.asarray(mean + weights @ (noisy - mean))


MIDDLE = Ground(noise=between(0.2, 0.8), code_size=between(8, 32))
CLEANS = Claim(
    "What the denoising autoencoder returns is closer to the clean digit: its error over that of the noisy one.",
    "over noisy",
    at_most(0.5),
    MIDDLE,
)
TRAINED = Claim(
    "The bottleneck alone does not do it: the denoising network’s error over that of the one trained without noise.",
    "over plain",
    at_most(0.6),
    MIDDLE,
)
BENDS = Claim(
    "The denoising autoencoder does better than the best linear filter: its error over the filter’s.",
    "over linear",
    at_most(0.85),
    Ground(noise=between(0.3, 0.5), code_size=32),
)
TITLE = Title("Only the network trained with noise removes it", "Distance from the clean digit, by step", (CLEANS, TRAINED))

demo = Demo(
    name="denoising",
    title="Denoising",
    params=DenoisingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(CLEANS, TRAINED, BENDS),
    presets=(
        Preset("noise of 0.4", {}),
        Preset("hardly any noise", {"noise": 0.1}),
        Preset("twice as much noise", {"noise": 0.8}),
        Preset("eight numbers", {"code_size": 8}),
    ),
    guesses=guesses.DENOISING,
    hint="The first row goes into both networks. Watch the second row turn into the last, and the third one fail to.",
)
