"""Left half, right half: trained on shapes in one half of the image, tested in the other. What carries over is up to the head."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Curves, ImageGrid, Lines, Series
from app.charts.colours import GREY, PROBABILITY_SCALE, TEST, TRAIN
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
    choice,
    slider,
    streams,
)
from app.topics.cnn_layers import guesses
from app.topics.cnn_layers.network import HEAD_NAMES, cnn, pictures
from engine import Graph, Guard, Session, convolution, losses, mlp, optimizers
from engine.datasets import shapes
from engine.datasets.drawings import MASKS, SHAPES, SIDE, SIZE
from engine.graph import Array
from engine.probabilities import one_hot, softmax

STEPS, BATCH, LEARNING_RATE = 250, 64, 0.01
PACE = Pace(STEPS, 51)
IMAGES, HIDDEN, NOISE = 2000, 64, 0.1
PLACES = SIDE - SIZE + 1
"""So many columns a shape can begin at, and as many rows."""
SEEN, UNSEEN = slice(0, SIDE // 2 - SIZE + 1), slice(SIDE // 2, PLACES)
"""The columns at which a shape lies wholly in the left half, and those at which it lies in the right one."""
ROW, COLUMN, MOVED = 5, 2, SIDE // 2
"""Where the shape that is looked at stands, and by how much its double is moved."""
LOOKED_AT, SHOWN = "triangle", 4
"""The shape that is looked at, and how many maps of each layer are shown."""
ACTIVATION = 2.5
"""What is drawn in full colour."""


class PositionParams(Params):
    """The head, where the training shapes stand, and how many filters there are."""

    head: Literal["flatten", "average", "maximum"] = choice(
        "flatten", HEAD_NAMES, label="head", help="How the last maps become the numbers that the dense layer weighs."
    )
    trained_on: Literal["left", "both"] = choice(
        "left",
        {"left": "the left half", "both": "both halves"},
        label="training shapes in",
        help="Where in the image the training shapes are.",
    )
    filters: int = slider(8, (2, 4, 8), label="filters", help="In the first convolution; the second has twice as many.")


def charts(params: PositionParams) -> dict[str, Chart]:
    """Accuracy by column, by step on either side, and one shape with its double on the other side."""
    cnn_name = f"CNN, {HEAD_NAMES[params.head]}"
    names = [f"{layer}.{place + 1}" for layer in (1, 2) for place in range(min(SHOWN, layer * params.filters))]
    return {
        "positions": Curves(
            title=f"Accuracy by where the shape stands. Trained on {_labels(params)}",
            at=np.arange(PLACES),
            series={"network": Series(cnn_name, TEST, width=3), "perceptron": Series("perceptron", GREY)},
            fixed={"by chance": np.full(PLACES, 1 / len(SHAPES))},
            mode="lines+markers",
            x=Axis("first column of the shape: 0–3 left half, 8–11 right", (0, PLACES - 1)),
            y=Axis("accuracy", (0, 1.03)),
            wide=True,
            height=280,
        ),
        "accuracy": Lines(
            title="Accuracy in either half as training goes on",
            series={
                "seen": Series("CNN, left", TRAIN),
                "unseen": Series("CNN, right", TEST),
                "perceptron seen": Series("perceptron, left", GREY),
                "perceptron unseen": Series("perceptron, right", GREY, "dot"),
            },
            further=["perceptron seen"],
            x=Axis("step", (0, STEPS)),
            y=Axis("accuracy", (0, 1.03)),
        ),
        "said": Bars(
            title=f"What the CNN says of the same {LOOKED_AT} on either side",
            categories=SHAPES,
            series={"left": Series("on the left", TRAIN), "right": Series(f"moved by {MOVED}", TEST)},
            x=Axis("shape"),
            y=Axis("probability", (0, 1)),
        ),
        "maps": ImageGrid(
            title="The maps move with the shape, whatever the head makes of them",
            rows=2,
            columns=1 + len(names),
            image=(SIDE, SIDE),
            low=-1.0,
            colours=PROBABILITY_SCALE,
            row_names=("on the left", f"moved by {MOVED}"),
            column_names=["image", *names],
            x=Axis("image, then maps after ReLU by layer and filter"),
            y=Axis("place"),
            wide=True,
            height=260,
        ),
    }


def run(params: PositionParams) -> Run:
    """1-f-2f filters with the chosen head, and 256-64-4 as control, on the same batches of shapes in one half; Adam on both."""
    rng = streams(params.seed)
    images, labels = shapes(rng.data, IMAGES, params.trained_on, NOISE)
    everywhere, answers = _everywhere(rng.noise)
    two = np.stack([_shape(LOOKED_AT, ROW, COLUMN), _shape(LOOKED_AT, ROW, COLUMN + MOVED)], axis=-1)[None]
    yield NOT_YET

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (1, SIDE, SIDE, BATCH)), graph.placeholder("targets", (len(SHAPES), BATCH))
    network = cnn(graph, rng.weights, side=SIDE, filters=params.filters, classes=len(SHAPES), head=params.head)
    dense_layers = mlp(graph, (SIDE * SIDE, HIDDEN, len(SHAPES)), rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    control = losses.softmax_cross_entropy(dense_layers(convolution.flatten(inputs)), targets)
    session = Session(graph)
    both = loss + control  # they share no weight, so that each learns as if it were alone
    step = yield from session.planning([both], [optimizers.adam(both, graph.constant(LEARNING_RATE))])
    tested = graph.constant(everywhere)
    test = yield from session.planning([network(tested), dense_layers(convolution.flatten(tested))])
    seen = network.apply(graph.constant(two))
    look = yield from session.planning([*seen.fired, seen.logits])

    guard = Guard(session, step)
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, [_by_column(outputs, answers) for outputs in test()], two[0], list(look()))
        batch = rng.batches.integers(0, IMAGES, BATCH)
        if broke := guard.step(inputs=images[..., batch], targets=one_hot(labels[batch], len(SHAPES))):
            return Diverged(done, broke)
    return None


def _labels(params: PositionParams) -> str:
    labels: dict[str, str] = type(params).schema_of("trained_on")["control"]["labels"]
    return labels[params.trained_on]


def _shape(name: str, row: int, column: int) -> Array:
    image = np.zeros((SIDE, SIDE), np.float32)
    image[row : row + SIZE, column : column + SIZE] = MASKS[SHAPES.index(name)]
    return image


def _everywhere(rng: np.random.Generator) -> tuple[Array, Array]:
    """Every shape once at every place, column by column, with noise (1, side, side, n), and which it is (n,)."""
    places = [(name, row, column) for column in range(PLACES) for row in range(PLACES) for name in SHAPES]
    images = np.stack([_shape(*place) for place in places], axis=-1)[None]
    labels = np.array([SHAPES.index(name) for name, _, _ in places])
    return (images + NOISE * rng.normal(size=images.shape)).astype(np.float32), labels


def _by_column(outputs: Array, answers: Array) -> Array:
    """The share named right at each column (PLACES,); NaN where outputs are not finite."""
    right = np.where(np.isfinite(outputs).all(axis=0), outputs.argmax(axis=0) == answers, np.nan)
    shares: Array = right.reshape(PLACES, -1).mean(axis=1)
    return shares


def _snapshot(done: int, right: list[Array], two: Array, seen: list[Array]) -> Snapshot:
    """The charts and numbers of a moment: accuracies by column of both networks, two images (side, side, 2) and their maps."""
    *fired, logits = seen
    sides = {name: float(by_column[half].mean()) for name, by_column, half in _halves(right)}
    said = softmax(logits)
    rows = [_row(two[..., place], [each[..., place] for each in fired]) for place in (0, 1)]
    drawn: dict[str, Any] = {
        "positions": dict(zip(("network", "perceptron"), right, strict=True)),
        "accuracy": sides,
        "said": {"left": said[:, 0], "right": said[:, 1]},
        "maps": np.concatenate(rows),
    }
    return Snapshot(done, drawn, measured={**sides, "moves": _not_moved(fired)})


def _halves(right: list[Array]) -> list[tuple[str, Array, slice]]:
    network, perceptron = right
    return [
        ("seen", network, SEEN),
        ("unseen", network, UNSEEN),
        ("perceptron seen", perceptron, SEEN),
        ("perceptron unseen", perceptron, UNSEEN),
    ]


def _row(image: Array, fired: list[Array]) -> Array:
    """An image and up to four maps of each layer, as pictures."""
    return np.concatenate([image[None], *(pictures(maps[:SHOWN], SIDE, ACTIVATION) for maps in fired)])


def _not_moved(fired: list[Array]) -> float:
    """By how much the maps of the moved shape are not the moved maps, at most; a cell off the border, where zeros come in."""
    apart = []
    for maps in fired:
        cells = maps.shape[2] // 2
        still, moved = maps[:, 1:-1, 1 : cells - 1, 0], maps[:, 1:-1, cells + 1 : -1, 1]
        apart.append(float(np.abs(still - moved).max()))
    return max(apart)


def _of(head: str) -> Ground:
    return Ground(head=head, trained_on="left", filters=8)


demo = Demo(
    name="position",
    title="One half, the other half",
    params=PositionParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "In the left half, where it was trained, the CNN gets this share of the shapes right.",
            "seen",
            at_least(0.95),
            Ground(filters=8),
        ),
        Claim(
            "In the other half, with the maps flattened, it gets this share of the shapes right.",
            "unseen",
            at_most(0.7),
            _of("flatten"),
        ),
        Claim(
            "In the other half, with the global average of each map, it gets this share of the shapes right.",
            "unseen",
            at_least(0.75),
            _of("average"),
        ),
        Claim(
            "In the other half, with the global maximum of each map, it gets this share of the shapes right.",
            "unseen",
            at_least(0.95),
            _of("maximum"),
        ),
        Claim(
            "In the other half the perceptron gets this share of the shapes right.",
            "perceptron unseen",
            at_most(0.5),
            Ground(trained_on="left"),
        ),
        Claim(
            "Away from the border, the maps of the moved shape are the moved maps: the largest difference.",
            "moves",
            at_most(1e-4),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("flattened: fails on the right", {}),
        Preset("global maximum: carries over", {"head": "maximum"}),
        Preset("global average: mostly carries over", {"head": "average"}),
        Preset("trained on both halves", {"trained_on": "both"}),
    ),
    guesses=guesses.POSITION,
    hint="Look at the right end of the first chart, then change the head to global maximum.",
)
