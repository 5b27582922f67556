"""A batch on its way: a small network learns to read digits, and a batch of them then flows through it, stage by stage."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series, Working
from app.charts.colours import BLUE, PROBABILITY_SCALE, TEST, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    choice,
    exactly,
    slider,
    streams,
)
from app.topics.tensors.memory import Numbers, bracketed
from app.topics.tensors.stages import NAMES, SIDE, Stage, network, picture, stages
from engine import Graph, Guard, Session, datasets, losses, optimizers
from engine.datasets import Dataset
from engine.graph import Array

STEPS = 160
PACE = Pace(STEPS, 21)
TRAIN, TRAINED_ON = 1297, 64
"""Of the 1,797 digits so many are learned from, in batches of so many; the rest are for testing."""
INK = 16
CANVAS = (24, 96)


class BatchParams(Params):
    """How many digits flow through at once, and in what type of number."""

    batch_size: int = slider(
        64, (1, 8, 32, 64, 256), label="batch size", unit="digits", help="How many digits flow through the network at once."
    )
    dtype: Literal["float64", "float32", "float16"] = choice(
        "float32",
        {"float64": "float64, 8 bytes", "float32": "float32, 4 bytes", "float16": "float16, 2 bytes"},
        label="dtype",
        help="Of the weights and of all that is computed with them. The network is always trained in float32.",
    )


def charts(params: BatchParams) -> dict[str, Chart]:
    """What the first digit looks like at a stage, its shape in words, the bytes of every stage, and how the network learned."""
    largest = params.batch_size * 324 * np.dtype(params.dtype).itemsize / 1024
    return {
        "picture": ImageGrid(
            title="The first digit of the batch, at this stage",
            rows=1,
            columns=1,
            image=CANVAS,
            low=-1,
            high=1,
            colours=PROBABILITY_SCALE,
            x=Axis("axis −1, and side by side the axes before −2"),
            y=Axis("axis −2"),
            height=220,
        ),
        "stage": Working(title="The array at this stage", lines=5),
        "bytes": Bars(
            title=TITLE.at(params),
            categories=NAMES,
            series={"shown": Series("the array as it looks", BLUE), "written": Series("written anew", VERMILION)},
            x=Axis("stage"),
            y=Axis("kB", (0, 1.05 * largest)),
            wide=True,
            height=320,
        ),
        "learning": Lines(
            title="First the network learns",
            series={"accuracy": Series("test accuracy", TEST)},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of 500 unseen digits", (0, 1)),
            wide=True,
            height=220,
        ),
    }


class Reader:
    """The network in training: convolution of 3 × 3, ReLU, max pooling, a dense layer; cross-entropy, Adam."""

    def __init__(self, train: Dataset, rng: np.random.Generator) -> None:
        self._train, self._graph = train, Graph()
        self.network = network(self._graph, rng)

    def prepare(self, unseen: Array) -> Generator[None, None, None]:
        """The plans of a step and of a look at all unseen digits (64, n), in pieces."""
        graph, images = self._graph, self._graph.placeholder("images", (1, SIDE, SIDE, TRAINED_ON))
        loss = losses.softmax_cross_entropy(self.network(images), graph.placeholder("targets", (10, TRAINED_ON)))
        update = optimizers.adam(loss, 0.01)
        everything = graph.constant(unseen.reshape(1, SIDE, SIDE, -1))
        session = Session(graph)
        yield
        step = yield from session.planning([loss], [update])
        self.look = yield from session.planning([self.network(everything)])
        self._session, self._guard = session, Guard(session, step)

    def step(self, picked: Array) -> str:
        """One update on these digits; in words what broke, "" while the loss is finite."""
        images = self._train.inputs[:, picked].reshape(1, SIDE, SIDE, -1)
        return self._guard.step(images=images, targets=self._train.one_hot[:, picked])

    @property
    def weights(self) -> tuple[Array, Array]:
        """Of the convolution (8, 10) and of the dense layer (10, 73), as they stand."""
        first, second = self._graph.trainable()
        return self._session.value(first).copy(), self._session.value(second).copy()


def run(params: BatchParams) -> Run:
    """Trains on 1,297 digits in batches of 64; then a batch of the others goes through, one stage per frame."""
    rng = streams(params.seed)
    train, test = datasets.split(rng.data, datasets.digits(), TRAIN)
    images = np.round(INK * test.inputs.T).astype(np.uint8).reshape(-1, SIDE, SIDE)
    reader, batches = Reader(train, rng.weights), datasets.batches(rng.batches, train.size, TRAINED_ON)
    yield from reader.prepare(test.inputs)
    for done, shown in PACE:
        if shown:
            (logits,) = reader.look()
            accuracy = float(np.mean(logits.argmax(axis=0) == test.labels))
            yield Snapshot(done, _learning(images, done, accuracy), measured={"accuracy": accuracy})
        if done < STEPS and (broke := reader.step(next(batches))):
            return Diverged(done, broke)

    flow = stages(images[: params.batch_size], test.labels[: params.batch_size], *reader.weights, params.dtype)
    measured = _compared(images, test.labels, reader, flow)
    for place, stage in enumerate(flow):
        yield Snapshot(STEPS + 1 + place, _flowing(flow[: place + 1], stage), measured=measured)
    return None


def _compared(images: Numbers, labels: Numbers, reader: Reader, flow: list[Stage]) -> dict[str, float]:
    """The answers to all test digits in single and in half precision, and how far single precision is from the engine's."""
    (logits,) = reader.look()
    single, half = (
        {stage.name: stage.array for stage in stages(images, labels, *reader.weights, dtype)} for dtype in ("float32", "float16")
    )
    windows = next(stage for stage in flow if stage.name == "windows")
    return {
        "same": float(np.mean(single["answers"] == half["answers"])),
        "apart": float(np.abs(single["dense"] - logits.T).max()),
        "views": float(sum(stage.shares for stage in flow)),
        "windows": windows.written / windows.array.nbytes,
    }


def _learning(images: Numbers, done: int, accuracy: float) -> dict[str, Any]:
    said = rf"\text{{the network learns: after {done} steps it reads }} {100 * accuracy:.0f} \text{{ \% of unseen digits}}"
    nothing = np.zeros(len(NAMES))
    return {
        "learning": {"accuracy": accuracy},
        "picture": [picture(images[:1], *CANVAS)],
        "stage": [said],
        "bytes": {"shown": nothing, "written": nothing},
    }


def _flowing(so_far: list[Stage], stage: Stage) -> dict[str, Any]:
    """The stages that the batch has passed, and the one where it is."""
    array = stage.array
    kilobytes = {
        "shown": [one.array.nbytes / 1024 for one in so_far],
        "written": [one.written / 1024 for one in so_far],
    }
    rest = [0.0] * (len(NAMES) - len(so_far))
    strides = rf"\text{{strides }} {bracketed(array.strides)}"
    verdict = "a view of the stage before" if stage.shares else "new memory"
    return {
        "picture": [picture(array, *CANVAS)],
        "stage": [
            rf"\text{{{stage.name}: rank }} {array.ndim}",
            rf"\text{{shape }} {bracketed(array.shape)} \quad \text{{dtype {array.dtype}}}",
            strides,
            rf"{array.size} \cdot {array.itemsize} = {array.nbytes} \text{{ bytes}}",
            rf"\text{{{verdict}}}",
        ],
        "bytes": {name: np.array(values + rest) for name, values in kilobytes.items()},
    }


VIEWS = Claim("This many of the fourteen stages are views of the one before.", "views", exactly(4))
WINDOWS = Claim(
    "All windows of the convolution together: bytes written, as a share of the bytes they seem to take.", "windows", exactly(0)
)
TITLE = Title("The windows look largest, but cost nothing: they are a view", "Bytes of every stage", (VIEWS, WINDOWS))

demo = Demo(
    name="batch",
    title="A batch on its way",
    params=BatchParams,
    charts=charts,
    run=run,
    frames=len(PACE) + len(NAMES),
    frame_seconds=0.8,
    claims=(
        Claim("The network learns to read: its share of unseen digits that are right.", "accuracy", at_least(0.9)),
        Claim(
            "In float16, with half the bytes, it gives the same answers as in float32 for this share of digits.",
            "same",
            at_least(0.98),
        ),
        VIEWS,
        WINDOWS,
        Claim(
            "Computed with samples first in NumPy and samples last in the engine, the logits differ by this much.",
            "apart",
            at_most(1e-3),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("a batch of 64", {}),
        Preset("a batch of one keeps its axis", {"batch_size": 1}),
        Preset("a large batch", {"batch_size": 256}),
        Preset("half precision", {"dtype": "float16"}),
        Preset("double precision", {"dtype": "float64"}),
    ),
    hint="Let it learn, then pause and step: one stage per frame. Watch the rank rise to 6 and fall to 0.",
)
