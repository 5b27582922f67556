"""Dropout: two networks from the same start on the same few digits, partly mislabelled; one loses random units at every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Scatter, Series
from app.charts.colours import GREEN, GREY, OCHRE, PURPLE
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Diverged,
    Ground,
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
from app.topics.dropout_and_batch_norm import guesses
from app.topics.dropout_and_batch_norm.mislabelled import CLASSES, mislabelled
from engine import Array, Dropout, Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches
from engine.metrics import accuracy
from engine.probabilities import softmax

EPOCHS = 60
LATE = 10
"""Accuracy at the end is its mean over this many last epochs."""
LEARNT = 0.8
BATCH_SIZE = 32
PIXELS, UNITS = 64, 128
MASKS = 100
"""Under how many masks one digit is read."""
NAMES = ("plain", "dropped")
PLAIN, DROPPED = range(2)
ACROSS = 16


class DropoutParams(Params):
    """How many units fall silent, and how easily the network overfits."""

    drop_rate: float = slider(
        0.5,
        (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8),
        label="drop rate",
        help="Share of hidden units that are silenced, drawn afresh for every digit and step. 0 is no dropout.",
        maximum=0.95,
    )
    samples: int = slider(
        150, (100, 150, 200, 300, 600, 1000), label="training digits", help="How many there are to learn from.", minimum=50
    )
    label_noise: float = slider(
        0.2, (0.0, 0.1, 0.2, 0.4), label="wrong labels", help="Share of training digits given a wrong label.", maximum=0.8
    )


def charts(params: DropoutParams) -> dict[str, Chart]:
    """Accuracy on unseen and on training digits, one mask, and how one digit is read with and without masks."""
    series = {"plain": Series("without dropout", GREY), "dropped": Series(f"dropout {params.drop_rate:g}", GREEN, width=3)}
    best = {
        "best plain": Series("best epoch so far, without", GREY, "dot"),
        "best dropped": Series(f"best epoch so far, {params.drop_rate:g}", GREEN, "dot"),
    }
    epochs = Axis("epoch", (0, EPOCHS))
    return {
        "test": Lines(
            title=FALLS.at(params),
            series=series | best,
            further=["best dropped"],
            x=epochs,
            y=Axis("accuracy on unseen digits", (0, 1)),
        ),
        "train": Lines(
            title=SLOW.at(params),
            series=series,
            levels={"labels that are true": 1 - params.label_noise} if params.label_noise else {},
            x=epochs,
            y=Axis("share that agrees with its label", (0, 1.02)),
        ),
        "mask": Scatter(
            title="One mask: hidden units of layer 1",
            groups={"kept": Series("kept", GREEN), "silenced": Series("silenced", GREY)},
            size=9,
            x=Axis("unit of its row", (-1, ACROSS)),
            y=Axis("row", (-1, UNITS // ACROSS)),
        ),
        "modes": Bars(
            title="How one unseen digit is read",
            categories=[str(digit) for digit in range(CLASSES)],
            series={
                "evaluation": Series("evaluation: all units", GREEN),
                "mask": Series("training: this mask", OCHRE),
                "mean": Series(f"mean of {MASKS} masks", PURPLE),
            },
            x=Axis("digit"),
            y=Axis("probability", (0, 1)),
        ),
    }


def run(params: DropoutParams) -> Run:
    """Two copies of 64-128-128-10 ReLU from one start, Adam .003, the same batches of 32; the first copy keeps all its units."""
    rng = streams(params.seed)
    train, test = mislabelled(rng, params.samples, params.label_noise)
    everything = np.concatenate([train.inputs, test.inputs], axis=1)

    graph, dropout = Graph(sweep=len(NAMES)), Dropout(params.drop_rate)
    inputs, targets = graph.placeholder("inputs", (PIXELS, BATCH_SIZE)), graph.placeholder("targets", (CLASSES, BATCH_SIZE))
    network = mlp(graph, (PIXELS, UNITS, UNITS, CLASSES), rng.weights, "relu", dropout=dropout)
    loss = losses.softmax_cross_entropy(network.apply(inputs, training=True).outputs, targets)
    whole = network.apply(graph.constant(everything), training=False)
    masked = network.apply(graph.constant(np.repeat(everything[:, -1:], MASKS, axis=1)), training=True)
    session = Session(graph)
    look = yield from session.planning([one for each in (whole, masked) for one in (each.outputs, each.pre_activations[1])])
    yield NOT_YET
    step = yield from session.planning([loss], [optimizers.adam(loss, 0.003)])
    guard, deal, story, done = Guard(session, step), batches(rng.batches, train.size, BATCH_SIZE), Story(), 0
    silence = rng.noise.spawn(1)[0]  # a child: the stream itself has made the wrong labels

    for epoch in range(EPOCHS + 1):
        masks = drawn(dropout, silence)
        answers, sums, asked, masked_sums = look(**masks)
        of_train, of_test = np.split(answers, [train.size], axis=2)
        story.add({"train": told(of_train, train.labels), "test": told(of_test, test.labels)})
        digit = read(of_test[DROPPED, :, -1:], asked[DROPPED])
        measured = story.measured() | {"sums": multiple(masked_sums[DROPPED].mean(axis=1), sums[DROPPED, :, -1])}
        charts = story.charts() | {"modes": digit, "mask": seats(masks[dropout.masks[2].name][DROPPED, :, 0])}
        yield Snapshot(done, charts, epoch, measured)
        for _ in range(train.size // BATCH_SIZE if epoch < EPOCHS else 0):
            places, done = next(deal), done + 1
            fed = {"inputs": train.inputs[:, places], "targets": train.one_hot[:, places]}
            if broke := guard.step(**fed, **drawn(dropout, silence)):
                return Diverged(done - 1, broke)
    return None


def drawn(dropout: Dropout, rng: np.random.Generator) -> dict[str, Array]:
    """One step's masks, (2, units, n); of the copy without dropout every unit is kept as it is."""
    masks = dropout.draw(rng)
    for mask in masks.values():
        mask[PLAIN] = 1
    return masks


def told(answers: Array, labels: Array) -> dict[str, float]:
    """The accuracy of both networks, from their answers (2, 10, n)."""
    return {name: accuracy(each, labels) for name, each in zip(NAMES, answers, strict=True)}


def read(answer: Array, asked: Array) -> dict[str, Array]:
    """What one digit is taken for, (10,), from logits in evaluation mode (10, 1) and under masks (10, masks)."""
    under_masks = softmax(asked)
    return {"evaluation": softmax(answer)[:, 0], "mask": under_masks[:, 0], "mean": under_masks.mean(axis=1)}


def multiple(sums: Array, of: Array) -> float:
    """By which factor the one vector of sums is the other, by least squares."""
    return float(sums @ of / (of @ of))


def seats(mask: Array) -> dict[str, Array]:
    """The places on the chart, (2, n), of the units that a mask (units,) keeps and of those that it silences."""
    units = np.arange(mask.size)
    places = np.stack([units % ACROSS, units // ACROSS])
    return {"kept": places[:, mask > 0], "silenced": places[:, mask == 0]}


class Story:
    """The accuracies of the epochs so far, and what they add up to."""

    def __init__(self) -> None:
        self._right: dict[str, list[dict[str, float]]] = {"train": [], "test": []}

    def add(self, right: Mapping[str, dict[str, float]]) -> None:
        """One more epoch's accuracies, on training and on unseen digits."""
        for part, told in right.items():
            self._right[part].append(told)

    def charts(self) -> dict[str, Any]:
        """The newest points of both charts of accuracy."""
        best = {f"best {name}": self._best(name) for name in NAMES}
        points = {"train": self._right["train"][-1], "test": self._right["test"][-1] | best}
        return {
            chart: {name: (len(self._right[chart]) - 1, value) for name, value in told.items()} for chart, told in points.items()
        }

    def measured(self) -> dict[str, float]:
        """The numbers of the claims."""
        plain, dropped = (float(np.mean([one[name] for one in self._right["test"][-LATE:]])) for name in NAMES)
        return {
            "gain": dropped - plain,
            "fall": self._best("plain") - plain,
            "best gain": self._best("dropped") - self._best("plain"),
            "slower": self._fitted("dropped") / max(self._fitted("plain"), 1),
        }

    def _best(self, name: str) -> float:
        return max(one[name] for one in self._right["test"])

    def _fitted(self, name: str) -> int:
        """The first epoch from which on enough training labels are fitted; where there is none, the epochs run."""
        right = [one[name] >= LEARNT for one in self._right["train"]]
        return len(right) - right[::-1].index(False) if False in right else 0


LYING = Ground(drop_rate=0.5, samples=between(150, 1000), label_noise=0.2)
FEW = Ground(drop_rate=0.5, samples=150, label_noise=0.2)
GAIN = Claim("Over the last ten epochs dropout adds this much to the accuracy on unseen digits.", "gain", at_least(0.02), LYING)
FALL = Claim(
    "Without dropout, accuracy on unseen digits falls by this much from its best epoch to the last ten.",
    "fall",
    at_least(0.03),
    LYING,
)
BEST = Claim(
    "Best epoch against best epoch, as with early stopping, dropout adds less: the gain in accuracy.",
    "best gain",
    between(-0.01, 0.05),
    LYING,
)
SLOWER = Claim(
    "With dropout it takes this many times the epochs to fit 80 % of the training labels for good.", "slower", at_least(1.5), FEW
)
FALLS = Title("Unseen digits: without dropout, accuracy falls again", "Unseen digits, with dropout and without", (GAIN, FALL))
SLOW = Title("Training digits: dropout is slower to fit them", "Training digits, with dropout and without", (SLOWER,))

demo = Demo(
    name="dropout",
    title="Dropout",
    params=DropoutParams,
    charts=charts,
    run=run,
    frames=EPOCHS + 1,
    claims=(
        GAIN,
        FALL,
        BEST,
        SLOWER,
        Claim(
            "Layer 2’s pre-activations, averaged over 100 masks, are those of evaluation times this.",
            "sums",
            between(0.85, 1.15),
            Ground(drop_rate=at_most(0.5)),
            by_construction=True,
        ),
        Claim(
            "With clean labels dropout changes little here: the accuracy it adds over the last ten epochs.",
            "gain",
            between(-0.02, 0.02),
            Ground(drop_rate=0.5, samples=200, label_noise=0),
        ),
        Claim(
            "Dropping 80 % underfits: best epoch against best epoch, the change in accuracy.",
            "best gain",
            at_most(-0.02),
            Ground(drop_rate=0.8, samples=150, label_noise=0.2),
        ),
    ),
    presets=(
        Preset("a fifth mislabelled", {}),
        Preset("clean labels: no gain", {"samples": 200, "label_noise": 0.0}),
        Preset("more digits", {"samples": 1000}),
        Preset("drop 80 %: too much", {"drop_rate": 0.8}),
    ),
    guesses=guesses.DROPOUT,
    hint="Watch the grey line for unseen digits turn and fall, and the dotted one that stops at its best epoch.",
)
