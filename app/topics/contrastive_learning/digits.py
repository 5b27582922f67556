"""Digits without labels: two views of a picture have to find each other. Then one label per digit, and rivals with the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import CYAN, GREEN, GREY, LOSS, PROBABILITY_SCALE, PURPLE
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
    Title,
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from app.topics.contrastive_learning import guesses
from app.topics.contrastive_learning.captions import unit
from app.topics.contrastive_learning.few_labels import CLASSES, FewLabels
from app.topics.contrastive_learning.judging import COMPARED, NAMES, TRAINED, Judge
from app.topics.contrastive_learning.views import SIDE, viewed
from engine import Array, Graph, Guard, Node, Session, dense, losses, mlp, ops, optimizers
from engine.datasets import batches, digits, split

HIDDEN, FEATURES, HEAD = 128, 64, 32
STEPS, BATCH_SIZE, RATE, FALL, VIEWS = 1000, 64, 0.003, 0.9, 10
PACE = Pace(STEPS, 31)
COLOURS = {"features": GREEN, "head": PURPLE}
"""What is learned; on the bars its rivals are grey."""


class DigitsParams(Params):
    """What the loss asks for, how far views differ, and how many labels there are afterwards."""

    loss: Literal["contrast", "pull"] = choice(
        "contrast",
        {"contrast": "contrast", "pull": "only pull together"},
        label="loss",
        help="Whether a view has to find its partner among all others in the batch, or only to be near it.",
    )
    labels: int = slider(
        1, (1, 2, 5, 10), label="labels", unit="per digit", help="Revealed after training, in ten draws.", maximum=10
    )
    strength: float = slider(
        1.0,
        (0.0, 0.25, 0.5, 1.0, 1.5),
        label="how much views differ",
        help="1: turned by about 15 degrees, moved by up to 0.8 pixels. 0: only noise is added.",
    )
    temperature: float = slider(
        0.5,
        (0.1, 0.2, 0.5, 1.0),
        label="temperature",
        help="What similarities are divided by before softmax. Low: only the nearest wrong views count.",
        log=True,
        minimum=0.05,
        maximum=2.0,
    )


def charts(params: DigitsParams) -> dict[str, Chart]:
    """Similarities of unseen digits, what labels are worth by step and beside rivals, some views, and how near partners are."""
    steps = Axis("step", (0, STEPS))
    groups = [f"{digit}" for digit in range(CLASSES)]
    return {
        "similarity": ImageGrid(
            title=BLOCKS.at(params),
            rows=1,
            columns=1,
            image=(COMPARED * CLASSES, COMPARED * CLASSES),
            low=-1,
            colours=PROBABILITY_SCALE,
            x=Axis("unseen digits: six 0s, six 1s, ... six 9s"),
            y=Axis("the same, in the same order"),
            height=400,
        ),
        "right": Bars(
            title=RIVALS.at(params),
            categories=list(NAMES.values()),
            series={"right": Series("named right", GREEN)},
            colours=[COLOURS.get(name, GREY) for name in NAMES],
            x=Axis("way of naming, with the same labels"),
            y=Axis("share of unseen digits named right", (0, 1)),
            height=400,
        ),
        "views": ImageGrid(
            title="Digits, and two views of each",
            rows=3,
            columns=CLASSES,
            image=(SIDE, SIDE),
            row_names=("itself", "view", "view"),
            column_names=groups,
            x=Axis("digit"),
            y=Axis("8 × 8 pixels"),
            wide=True,
            height=260,
        ),
        "learned": Lines(
            title="What the labels are worth, by step",
            series={name: Series(NAMES[name], colour) for name, colour in COLOURS.items()},
            levels={"guessing": 1 / CLASSES},
            x=steps,
            y=Axis("share of unseen digits named right", (0, 1.02)),
        ),
        "partners": Lines(
            title="How similar two views are",
            series={"partners": Series("of the same picture", LOSS), "others": Series("of different pictures", CYAN)},
            x=steps,
            y=Axis("mean cosine", (-0.3, 1.05)),
        ),
    }


def run(params: DigitsParams) -> Run:
    """64-128-64 ReLU with a head of 32 learns from views; labels come in when its vectors are judged, and for its rivals."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED)
    few = FewLabels(train, test, params.labels, rng.data)
    supervised = yield from few.supervised(rng.weights, rng.noise, params.strength)
    propagated = yield from few.propagated()
    views = []
    for _ in range(VIEWS):
        views.append(viewed(train.inputs, rng.noise, params.strength))
        yield NOT_YET

    graph = Graph()
    see = mlp(graph, (SIDE * SIDE, HIDDEN, FEATURES), rng.weights, "relu")
    head = dense(graph, "head", FEATURES, HEAD, rng.weights)
    one, other = (graph.placeholder(name, (SIDE * SIDE, BATCH_SIZE)) for name in ("one", "other"))
    loss = asked(params, *(unit(head(ops.relu(see(view)))) for view in (one, other)))
    session = Session(graph)
    step = yield from session.planning([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    features = ops.relu(see(graph.constant(np.concatenate([train.inputs, test.inputs], axis=1))))
    look = session.plan([features, head(features)])
    pair = session.plan([head(ops.relu(see(graph.constant(each[:, :BATCH_SIZE])))) for each in views[:2]])

    judge = Judge(train, test, few, supervised | propagated)
    guard, deal = Guard(session, step), pairs(rng.batches, views)
    for done, shown in PACE:
        if shown:
            two = [views[(done + which) % VIEWS] for which in (0, 1)]
            yield judge.look(done, look(), pair(), two)
        rate = RATE * (1 - FALL * done / STEPS)
        if broke := guard.step(**next(deal), learning_rate=rate):
            return Diverged(done, broke)
    return None


def asked(params: DigitsParams, ones: Node, others: Node) -> Node:
    """The loss of two views (32, n) of each picture, 1 long: NT-Xent (Chen et al., 2020), or their mean squared distance."""
    if params.loss == "pull":
        return ops.mean(ops.total(ops.square(ones - others), -2, keepdims=True))
    graph, both = ones.graph, ops.concatenate([ones, others], axis=-1)
    similarity = ops.matmul(ops.transpose(both), both) * (1 / params.temperature)
    not_itself = graph.constant(-1e4 * np.eye(2 * BATCH_SIZE))
    partner = graph.constant(np.roll(np.eye(2 * BATCH_SIZE), BATCH_SIZE, axis=0))
    return losses.softmax_cross_entropy(similarity + not_itself, partner)


def pairs(rng: np.random.Generator, views: list[Array]) -> Iterator[dict[str, Array]]:
    """Batches without end: two of the views of each picture in it."""
    for places in batches(rng, TRAINED, BATCH_SIZE):
        first, second = rng.choice(len(views), 2, replace=False)
        yield {"one": views[first][:, places], "other": views[second][:, places]}


GIVEN = {"strength": 1, "temperature": 0.5}
HOME = Ground(loss="contrast", labels=1, **GIVEN)
PULLED = Ground(loss="pull", labels=1, **GIVEN)
PIXELS = Claim(
    "With one label per digit, class means of learned vectors get more unseen digits right than those of pixels, by this share.",
    "head over pixels",
    at_least(0.06),
    HOME,
)
SUPERVISED = Claim(
    "They name more than networks trained on the same labelled pictures and fresh views of them, by this share.",
    "head over supervised on views",
    at_least(0.04),
    HOME,
)
RIVAL = Claim(
    "Label propagation in pixel space gets even more right: the learned vectors’ lead over it is negative.",
    "head over propagation",
    at_most(-0.02),
    HOME,
)
FIVE = Claim(
    "With five labels per digit, the learned features’ lead over pixels is small.",
    "features over pixels",
    at_most(0.07),
    Ground(loss="contrast", labels=5, **GIVEN),
)
NOISE = Claim(
    "Where views differ by noise only, class means of the learned vectors get fewer right than those of pixels.",
    "head over pixels",
    at_most(-0.05),
    Ground(loss="contrast", labels=1, strength=0, temperature=0.5),
)
ALIKE = Claim(
    "Only pulled together, even views of different pictures get the same vector: their mean cosine.",
    "others",
    at_least(0.95),
    PULLED,
)
WORSE = Claim(
    "Only pulled together, features end up worse than those of the untrained network: the difference in the share named right.",
    "features over untrained",
    at_most(-0.02),
    PULLED,
)
BLOCKS = Title(
    "Without labels, pictures of one digit become similar: blocks on the diagonal", "Similarity of unseen digits", (PIXELS,)
)
RIVALS = Title(
    "Learned vectors beat pixels and supervised networks; label propagation beats them",
    "Unseen digits named right, with the same few labels",
    (PIXELS, SUPERVISED, RIVAL),
)

demo = Demo(
    name="digits",
    title="Digits without labels",
    params=DigitsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(PIXELS, SUPERVISED, RIVAL, FIVE, NOISE, ALIKE, WORSE),
    presets=(
        Preset("one label per digit", {}),
        Preset("five labels per digit", {"labels": 5}),
        Preset("only pull together", {"loss": "pull"}),
        Preset("views differ by noise only", {"strength": 0.0}),
    ),
    guesses=guesses.DIGITS,
    hint="Watch blocks appear on the diagonal, one for each digit, though no label is used; then compare the bars.",
)
