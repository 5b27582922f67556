"""Draw a digit: the visitor's own pixels go through a CNN that learned from handwritten digits, and through every map of it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Annotated

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import ACCURACY, OCHRE, PROBABILITY_SCALE, VERMILION
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
    at_least,
    at_most,
    checked,
    entry,
    slider,
    streams,
    switch,
)
from app.topics.cnn_layers import guesses
from app.topics.cnn_layers.network import cnn, pictures
from engine import Graph, Guard, Session, losses, optimizers
from engine.datasets import Dataset, digits, split
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import one_hot, softmax

SIDE, KINDS, TRAIN = 8, 10, 1297
BATCH, LEARNING_RATE = 64, 0.01
STEPS = 500
PACE = Pace(STEPS, 61)
INK = 0.5
"""From so much grey on a pixel of the data is black: a visitor's pixels are either."""
FIVE = "3c20 2038 0404 3800"
ACTIVATION = 2.5
"""What is drawn in full colour."""
TURNED = ((0.0, "#000000"), (0.5, VERMILION), (0.5, "#ffffff"), (1.0, VERMILION))
"""From black, and from white, the redder the more depends on a pixel."""
MUCH = 4.0
"""The change of the log-odds that makes a pixel wholly red."""
SHIFTS = tuple((down, across) for down in (-1, 0, 1) for across in (-1, 0, 1))


def parse_drawing(text: str) -> str:
    """Eight rows of eight pixels as sixteen hexadecimal digits, in fours; "; x y" after them turns a pixel over, as a click does.

    Raises ValueError for anything else, saying what is allowed.
    """
    bitmap, *turned = text.split(";")
    hexadecimal = re.sub(r"[ ,]", "", bitmap).lower()
    pixels = [re.fullmatch(r" *(-?[0-9]{1,3}(?:\.[0-9]{1,8})?) +(-?[0-9]{1,3}(?:\.[0-9]{1,8})?) *", each) for each in turned]
    if not re.fullmatch(r"[0-9a-f]{16}", hexadecimal) or not all(pixels):
        raise ValueError(f"sixteen hexadecimal digits, two for each row of eight pixels, such as {FIVE}")
    image = _pixels(hexadecimal)
    for column, row in (map(float, found.groups()) for found in pixels if found):
        place = _nearest(row), _nearest(column)
        image[place] = 1 - image[place]
    rows = "".join(f"{int(''.join(map(str, row)), 2):02x}" for row in image.tolist())
    return " ".join(rows[start : start + 4] for start in range(0, len(rows), 4))


def _nearest(place: float) -> int:
    return min(max(round(place), 0), SIDE - 1)


def _pixels(hexadecimal: str) -> np.ndarray:
    """(8, 8), 0 or 1, the leftmost pixel from the highest bit."""
    rows = [int(hexadecimal[start : start + 2], 16) for start in range(0, 2 * SIDE, 2)]
    return np.array([[row >> (SIDE - 1 - column) & 1 for column in range(SIDE)] for row in rows])


class DrawingParams(Params):
    """What is drawn, and what the network learned from."""

    drawing: Annotated[str, checked(parse_drawing)] = entry(
        FIVE,
        label="drawing",
        help="Click on pixels to flip them, or type two hexadecimal digits for each row. All zeros: an empty sheet.",
    )
    moved: bool = switch(True, label="train on moved digits", help="Each training digit is moved by up to one pixel at random.")
    filters: int = slider(8, (2, 4, 8), label="filters", help="In the first convolution; the second has twice as many.")


def charts(params: DrawingParams) -> dict[str, Chart]:
    """The sheet, the ten probabilities, both layers' maps of it, and accuracy where digits stand and a pixel aside."""
    return {
        "drawing": ImageGrid(
            title="Your digit. Red: pixels that the answer depends on",
            rows=1,
            columns=1,
            image=(SIDE, SIDE),
            high=2.0,
            colours=TURNED,
            x=Axis("redder: flipping it changes the odds more"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            height=320,
            click="drawing",
            click_adds=True,
            click_help="Click on a pixel to flip it.",
        ),
        "digits": Bars(
            title="What the network takes it for",
            categories=range(KINDS),
            series={"said": Series("probability", ACCURACY)},
            x=Axis("digit"),
            y=Axis("probability", (0, 1)),
            height=320,
        ),
        "maps": _maps("First layer", params.filters, SIDE, ("sums", "ReLU", "max pool"), 330),
        "deeper": _maps("Second layer", 2 * params.filters, SIDE // 2, ("sums", "ReLU", "max pool"), 230),
        "accuracy": Lines(
            title="Accuracy on unseen handwritten digits",
            series={"right": Series("as they stand", ACCURACY), "aside": Series("moved sideways by one pixel", OCHRE)},
            levels={"by chance": 1 / KINDS},
            x=Axis("step", (0, STEPS)),
            y=Axis("test accuracy", (0, 1)),
            wide=True,
            height=240,
        ),
    }


def _maps(layer: str, filters: int, side: int, stages: tuple[str, ...], height: int) -> ImageGrid:
    return ImageGrid(
        title=f"{layer}: what its {filters} filters make of your digit",
        rows=len(stages),
        columns=filters,
        image=(side, side),
        low=-1.0,
        colours=PROBABILITY_SCALE,
        row_names=stages,
        column_names=[f"{place + 1}" for place in range(filters)],
        x=Axis("filter; blue is below zero, red above"),
        y=Axis("stage"),
        wide=True,
        height=height,
    )


def run(params: DrawingParams) -> Run:
    """1-f-2f filters of 3 × 3, each with ReLU and max pooling, flatten, dense of ten; 1297 digits in black and white; Adam."""
    rng = streams(params.seed)
    train, test = split(rng.data, black_and_white(), TRAIN)
    moved = np.stack([_shifted(train.inputs, *by) for by in (SHIFTS if params.moved else [(0, 0)])])
    unseen = np.concatenate([_shifted(test.inputs, 0, across) for across in (0, -1, 1)], axis=-1)
    yours = _pixels(params.drawing.replace(" ", "")).astype(np.float32)

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (1, SIDE, SIDE, BATCH)), graph.placeholder("targets", (KINDS, BATCH))
    network = cnn(graph, rng.weights, side=SIDE, filters=params.filters, classes=KINDS)
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    session = Session(graph)
    step = yield from session.planning([loss], [optimizers.adam(loss, graph.constant(LEARNING_RATE))])
    look = yield from session.planning(network.apply(graph.constant(_turned_over(yours))).all)
    tested = yield from session.planning([network(graph.constant(unseen))])

    guard = Guard(session, step)
    for done, shown in PACE:
        if shown:
            centred, *beside = (accuracy(part, test.labels) for part in np.split(tested()[0], 3, axis=1))
            yield _snapshot(done, yours, list(look()), centred, float(np.mean(beside)))
        batch, by = rng.batches.integers(0, TRAIN, BATCH), rng.noise.integers(0, len(moved), BATCH)
        given = moved[by, :, :, :, batch].transpose(1, 2, 3, 0)
        if broke := guard.step(inputs=given, targets=one_hot(train.labels[batch], KINDS)):
            return Diverged(done, broke)
    return None


@cache
def black_and_white() -> Dataset:
    """The 1797 digits of UCI (64, n) in 0 and 1."""
    data = digits()
    return replace(data, inputs=(data.inputs >= INK).astype(np.float32))


def _shifted(digits: Array, down: int, across: int) -> Array:
    """Digits (64, n) as images (1, 8, 8, n), moved by at most one pixel; what leaves the sheet is lost."""
    padded = np.pad(digits.reshape(1, SIDE, SIDE, -1), ((0, 0), (1, 1), (1, 1), (0, 0)))
    return padded[:, 1 - down : 1 - down + SIDE, 1 - across : 1 - across + SIDE]


def _turned_over(yours: Array) -> Array:
    """The drawing, and after it each drawing with one pixel flipped (1, 8, 8, 65)."""
    every = np.repeat(yours.reshape(-1, 1), yours.size + 1, axis=1)
    place = np.arange(yours.size)
    every[place, place + 1] = 1 - every[place, place + 1]
    return every.reshape(1, SIDE, SIDE, -1)


def _influence(logits: Array) -> Array:
    """By how much each pixel, flipped, changes the log-odds of the answer (8, 8), as a share of `MUCH` and at most 1."""
    answer = int(logits[:, 0].argmax())
    others = np.delete(logits, answer, axis=0)
    odds = logits[answer] - np.logaddexp.reduce(others, axis=0)
    shares: Array = np.clip(np.abs(odds[1:] - odds[0]) / MUCH, 0, 1).reshape(SIDE, SIDE)
    return shares


def _snapshot(done: int, yours: Array, made: list[Array], right: float, aside: float) -> Snapshot:
    """`made`: maps of the drawing and of its 64 neighbours: sums, fired and pooled of both layers, logits (10, 65)."""
    *every, logits = made
    maps, said = [each[..., 0] for each in every], softmax(logits)[:, 0]
    drawn = {
        "drawing": (yours + 0.98 * _influence(logits))[None],
        "digits": said,
        "maps": np.concatenate([pictures(each, SIDE, ACTIVATION) for each in maps[::2]]),
        "deeper": np.concatenate([pictures(each, SIDE // 2, ACTIVATION) for each in maps[1::2]]),
        "accuracy": {"right": right, "aside": aside},
    }
    return Snapshot(done, drawn, measured={"right": right, "aside": aside, "five": float(said[5])})


demo = Demo(
    name="drawing",
    title="Draw a digit",
    params=DrawingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim("Of 500 unseen handwritten digits the network gets this share right.", "right", at_least(0.84), Ground(filters=8)),
        Claim(
            "Of those digits moved sideways by one pixel, the network still gets this share right.",
            "aside",
            at_least(0.82),
            Ground(moved=True, filters=8),
        ),
        Claim(
            "Trained without moved digits, it gets this share of the digits moved sideways right.",
            "aside",
            at_most(0.75),
            Ground(moved=False, filters=8),
        ),
        Claim(
            "It takes the five on the sheet for a five with this probability.",
            "five",
            at_least(0.8),
            Ground(drawing=FIVE, moved=True, filters=8),
        ),
    ),
    presets=(
        Preset("a five", {}),
        Preset("a two", {"drawing": "1824 0408 1020 3c00"}),
        Preset("a zero", {"drawing": "1824 2424 2424 1800"}),
        Preset("trained on centred digits only", {"moved": False}),
        Preset("a zero moved sideways", {"drawing": "0c12 1212 1212 0c00"}),
        Preset("that zero, trained on centred digits", {"drawing": "0c12 1212 1212 0c00", "moved": False}),
        Preset("an empty sheet", {"drawing": "0000 0000 0000 0000"}),
    ),
    guesses=guesses.DRAWING,
    hint="Click on pixels to change the digit: the network is trained again, and your digit goes through it in every frame.",
)
