"""Layer by layer: a CNN learns to name shapes, its maps move as it does, and one sum of one filter is written out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Matrix, Series, Working
from app.charts.colours import ACCURACY, GREY, PROBABILITY_SCALE
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
    at_least,
    at_most,
    checked,
    choice,
    entry,
    slider,
    streams,
)
from app.topics.cnn_layers.network import KERNEL, cnn, pictures
from app.topics.cnn_layers.window import IN_WINDOW, MOST, Window, arithmetic, parse_place
from engine import Graph, Guard, Session, convolution, losses, mlp, optimizers
from engine.datasets import shapes
from engine.datasets.drawings import MASKS, SHAPES, SIDE, SIZE
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import one_hot, softmax

STEPS, BATCH, LEARNING_RATE = 250, 64, 0.01
PACE = Pace(STEPS, 26)
TRAIN, TEST = 2000, 500
HIDDEN = 64
"""Units of the perceptron that is trained beside it, on the same batches."""
MOST_FILTERS = 8
ROW, COLUMN = 5, 6
"""Where the shape stands that is looked at."""
WEIGHT, ACTIVATION = 1.0, 2.5
"""What is drawn in full colour."""


class LayersParams(Params):
    """Which image is looked at, where, through which filter, and how many filters there are."""

    filter: int = slider(
        1,
        tuple(range(1, MOST_FILTERS + 1)),
        label="filter",
        help="The filter whose sum is written out; the last one if there are fewer.",
    )
    place: Annotated[str, checked(parse_place)] = entry(
        "8, 6",
        label="window at",
        help=f"Column and row of its middle pixel, each from 0 to {SIDE - 1}. Click on the image, or type 8, 6.",
        longest=40,
    )
    shape: Literal["square", "disc", "triangle", "cross"] = choice(
        "triangle", {name: name for name in SHAPES}, label="shape", help="What the image shows."
    )
    filters: int = slider(
        MOST_FILTERS,
        (1, 2, 4, MOST_FILTERS),
        label="filters",
        help="In the first convolution; the second has twice as many.",
    )


def charts(params: LayersParams) -> dict[str, Chart]:
    """The image, its maps in the first and in the second layer, the sum, what the network says, and how often it is right."""
    window, chosen = Window.at(params.place), _chosen(params)
    return {
        "image": ImageGrid(
            title=f"The image and, in the window, the nine products of filter {chosen + 1}",
            rows=1,
            columns=1,
            image=(SIDE, SIDE),
            high=2.0,
            colours=IN_WINDOW,
            x=Axis(f"the window’s middle: column {window.column}, row {window.row}"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            height=300,
            click="place",
            click_help="Click to move the window.",
        ),
        "classes": Bars(
            title="What the network says",
            categories=SHAPES,
            series={"said": Series("probability", ACCURACY)},
            x=Axis("shape"),
            y=Axis("probability", (0, 1)),
        ),
        "sum": Matrix(
            title=f"Window times filter {chosen + 1}, number by number",
            rows=["", " ", "  "],
            columns=["", "window", " ", "  ", "   ", "filter", "    ", "     ", "      ", "products", "       "],
            limit=MOST,
            x=Axis("window, filter, and their products"),
            y=Axis("row"),
            wide=True,
            height=210,
        ),
        "working": Working(title="The products added up, and what ReLU and pooling make of the sum", lines=6, wide=True),
        "maps": ImageGrid(
            title="First layer: each filter and what it makes of the image",
            rows=4,
            columns=params.filters,
            image=(SIDE, SIDE),
            low=-1.0,
            colours=PROBABILITY_SCALE,
            row_names=("filter", "sums", "ReLU", "max pool"),
            column_names=[f"{place + 1}" for place in range(params.filters)],
            x=Axis("filter; blue is below zero, red above"),
            y=Axis("stage"),
            wide=True,
            height=440,
        ),
        "deeper": ImageGrid(
            title="Second layer: each of its filters looks at all pooled maps of the first",
            rows=2,
            columns=2 * params.filters,
            image=(SIDE // 2, SIDE // 2),
            low=-1.0,
            colours=PROBABILITY_SCALE,
            row_names=("ReLU", "max pool"),
            column_names=[f"{place + 1}" for place in range(2 * params.filters)],
            x=Axis("filter of the second layer"),
            y=Axis("stage"),
            wide=True,
            height=220,
        ),
        "accuracy": Lines(
            title=f"Accuracy on {TEST} unseen shapes, anywhere on the image",
            series={"network": Series("CNN", ACCURACY), "perceptron": Series(f"perceptron, {HIDDEN} hidden units", GREY)},
            levels={"by chance": 1 / len(SHAPES)},
            x=Axis("step", (0, STEPS)),
            y=Axis("test accuracy", (0, 1)),
            wide=True,
            height=240,
        ),
    }


def run(params: LayersParams) -> Run:
    """1-f-2f filters of 3 × 3, each with ReLU and max pooling, flatten, dense; a perceptron beside it. Adam on both."""
    rng = streams(params.seed)
    images, labels = shapes(rng.data, TRAIN)
    unseen, answers = shapes(rng.data, TEST)
    looked_at = _image(params.shape, rng.noise)
    yield NOT_YET

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (1, SIDE, SIDE, BATCH)), graph.placeholder("targets", (len(SHAPES), BATCH))
    network = cnn(graph, rng.weights, side=SIDE, filters=params.filters, classes=len(SHAPES))
    dense_layers = mlp(graph, (SIDE * SIDE, HIDDEN, len(SHAPES)), rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    its_loss = losses.softmax_cross_entropy(dense_layers(convolution.flatten(inputs)), targets)
    session = Session(graph)
    both = loss + its_loss  # they share no weight, so that each learns as if it were alone
    step = yield from session.planning([both], [optimizers.adam(both, graph.constant(LEARNING_RATE))])
    maps = yield from session.planning(network.apply(graph.constant(looked_at)).all)
    tested = graph.constant(unseen)
    test = yield from session.planning([network(tested), dense_layers(convolution.flatten(tested))])
    filters = graph.variables["convolution 1/weights"]
    perceptron = sum(session.value(node).size for node in dense_layers.variables)
    larger = perceptron / (session.values.size - perceptron)

    guard = Guard(session, step)
    for done, shown in PACE:
        if shown:
            made = [each[..., 0] for each in maps()]
            right = [accuracy(outputs, answers) for outputs in test()]
            drawn, apart = _looked_at(params, looked_at[0, ..., 0], session.value(filters), made)
            drawn["accuracy"] = {"network": right[0], "perceptron": right[1]}
            measured = {"right": right[0], "ahead": right[0] - right[1], "apart": apart, "larger": larger}
            yield Snapshot(done, drawn, measured=measured)
        batch = rng.batches.integers(0, TRAIN, BATCH)
        if broke := guard.step(inputs=images[..., batch], targets=one_hot(labels[batch], len(SHAPES))):
            return Diverged(done, broke)
    return None


def _image(shape: str, rng: np.random.Generator) -> Array:
    """The image that is looked at (1, side, side, 1), as noisy as those that are learned from."""
    image = np.zeros((SIDE, SIDE))
    image[ROW : ROW + SIZE, COLUMN : COLUMN + SIZE] = MASKS[SHAPES.index(shape)]
    return (image + 0.1 * rng.normal(size=image.shape))[None, ..., None].astype(np.float32)


def _chosen(params: LayersParams) -> int:
    """The place of the filter whose sum is written out."""
    return min(params.filter, params.filters) - 1


def _looked_at(params: LayersParams, image: Array, filters: Array, made: list[Array]) -> tuple[dict[str, Any], float]:
    """All charts of the image but the accuracy, and how far the sum by hand is from the layer's own.

    `made`: the maps without the samples' axis: sums, fired and pooled of both layers, logits (classes,).
    """
    *maps, logits = made
    sums, deeper_fired, pooled, deeper_pooled = maps[0], maps[3], maps[4], maps[5]
    window = Window.at(params.place)
    pixels = window.pixels(image)
    chosen, weights, gap = _chosen(params), filters[:, :-1].reshape(-1, KERNEL, KERNEL), np.full((KERNEL, 1), np.nan)
    products = pixels * weights[chosen]
    lines, total = arithmetic(pixels, filters[chosen], window.pooled_with(maps[2][chosen]))
    rows = (pictures(weights, SIDE, WEIGHT), *(pictures(each, SIDE, ACTIVATION) for each in (sums, maps[2], pooled)))
    below = [pictures(each, SIDE // 2, ACTIVATION) for each in (deeper_fired, deeper_pooled)]
    drawn = {
        "image": window.marked(image, products)[None],
        "sum": np.hstack([pixels, gap, weights[chosen], gap, products]),
        "working": lines,
        "maps": np.concatenate(rows),
        "deeper": np.concatenate(below),
        "classes": softmax(logits[:, None])[:, 0],
    }
    return drawn, abs(total - float(sums[chosen, window.row, window.column]))


EIGHT = Ground(filters=MOST_FILTERS)

demo = Demo(
    name="layers",
    title="Layer by layer",
    params=LayersParams,
    charts=charts,
    run=run,
    frames=PACE,
    frame_seconds=0.3,
    claims=(
        Claim("The CNN gets this share of the unseen shapes right, wherever they are.", "right", at_least(0.97), EIGHT),
        Claim("The CNN’s accuracy is higher than the perceptron’s by this much.", "ahead", at_least(0.05), EIGHT),
        Claim(
            "The perceptron has this many times as many weights as the CNN.", "larger", at_least(7), EIGHT, by_construction=True
        ),
        Claim("The sum written out and the layer’s own sum differ by this much.", "apart", at_most(1e-4), by_construction=True),
    ),
    presets=(
        Preset("a triangle", {}),
        Preset("a disc", {"shape": "disc"}),
        Preset("a window on the border", {"place": "0, 6"}),
        Preset("a single filter", {"filters": 1}),
    ),
    hint="Click on the image: the nine products below it are those of the window you chose. Then watch the filter learn.",
)
