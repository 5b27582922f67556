"""Dropout: two networks from the same start on the same few digits, partly mislabelled; one loses random units at every step."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Scatter, Series
from app.charts.colours import GREEN, GREY, OCHRE, PURPLE
from app.topic import Claim, Demo, Diverged, Ground, Params, Preset, Run, Snapshot, at_least, at_most, between, slider, streams
from app.topics.dropout_and_batch_norm.learner import BATCH_SIZE, CLASSES, MASKS, UNITS, Digits, Learner
from engine.datasets import batches
from engine.graph import Array

EPOCHS = 60
LATE = 10
"""Accuracy is judged by its mean over this many last epochs."""
LEARNT = 0.8
ACROSS = 16


class DropoutParams(Params):
    """How many units fall silent, and how easily the network overfits."""

    drop_rate: float = slider(
        0.5,
        (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8),
        label="drop rate",
        help="Share of hidden units that is silenced, drawn anew for every digit and step. 0 is no dropout.",
        maximum=0.95,
    )
    samples: int = slider(
        150, (100, 150, 200, 300, 600, 1000), label="training digits", help="How many there are to learn from.", minimum=50
    )
    label_noise: float = slider(
        0.2, (0.0, 0.1, 0.2, 0.4), label="wrong labels", help="Share of training digits given a wrong label.", maximum=0.8
    )


def charts(params: DropoutParams) -> dict[str, Chart]:
    """Accuracy on unseen and on training digits, one mask, and what one digit is taken for with and without masks."""
    series = {"plain": Series("without dropout", GREY), "dropped": Series(f"dropout {params.drop_rate:g}", GREEN, width=3)}
    epochs = Axis("epoch", (0, EPOCHS))
    return {
        "test": Lines(
            title="Unseen digits: dropout helps where labels lie",
            series=series,
            x=epochs,
            y=Axis("share read right", (0, 1)),
        ),
        "train": Lines(
            title="Training digits: dropout is slower to fit them",
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
            title="One unseen digit: what it is taken for",
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
    """Sixty epochs on digits, batch 32; both networks begin with the same weights and get the same batches."""
    rng = streams(params.seed)
    data = Digits(rng, params.samples, params.label_noise)
    rates = {"plain": 0.0, "dropped": params.drop_rate}
    learners = {name: Learner(data, rate, streams(params.seed)) for name, rate in rates.items()}
    for learner in learners.values():
        yield from learner.prepare()
    deal, story, step = batches(rng.batches, params.samples, BATCH_SIZE), Story(), 0
    for epoch in range(EPOCHS + 1):
        yield story.snapshot(step, epoch, {name: learner.look() for name, learner in learners.items()})
        for _ in range(params.samples // BATCH_SIZE if epoch < EPOCHS else 0):
            places, step = next(deal), step + 1
            for learner in learners.values():
                if broke := learner.step(places):
                    return Diverged(step - 1, broke)
    return None


class Story:
    """What the epochs so far add up to."""

    def __init__(self) -> None:
        self._tests: list[tuple[float, float]] = []
        self._learnt: dict[str, int] = {}
        self._apart: list[float] = []
        self._sums: list[float] = []

    def snapshot(self, step: int, epoch: int, looks: dict[str, dict[str, Any]]) -> Snapshot:
        """The charts of an epoch, and the numbers of the claims."""
        plain, dropped = looks["plain"], looks["dropped"]
        self._tests.append((plain["test"], dropped["test"]))
        self._apart.append(float(np.abs(dropped["mean"] - dropped["evaluation"]).mean()))
        self._sums.append(dropped["sums"])
        for name, look in looks.items():
            if look["train"] >= LEARNT:
                self._learnt.setdefault(name, epoch)
        kept = dropped["first layer"] > 0
        charts = {
            "test": {name: (epoch, look["test"]) for name, look in looks.items()},
            "train": {name: (epoch, look["train"]) for name, look in looks.items()},
            "mask": {"kept": _seats(kept), "silenced": _seats(~kept)},
            "modes": {name: dropped[name] for name in ("evaluation", "mask", "mean")},
        }
        return Snapshot(step, charts, epoch, self._measured())

    def _measured(self) -> dict[str, float]:
        """Where a network never learnt, the epochs run stand in, which can only understate the ratio for the slower one."""
        without, within = np.mean(self._tests[-LATE:], axis=0).tolist()
        never = len(self._tests)
        slower = self._learnt.get("dropped", never) / max(self._learnt.get("plain", never), 1)
        return {
            "gain": within - without,
            "slower": slower,
            "apart": float(np.mean(self._apart[-LATE:])),
            "sums": float(np.mean(self._sums[-LATE:])),
        }


def _seats(which: Array) -> Array:
    """The places of these units on the chart, (2, n)."""
    units = np.flatnonzero(which)
    return np.stack([units % ACROSS, units // ACROSS])


def _as_measured(params: DropoutParams) -> bool:
    return (params.drop_rate, params.samples, params.label_noise) == (0.5, 150, 0.2)


def _clean(params: DropoutParams) -> bool:
    return (params.drop_rate, params.samples, params.label_noise) == (0.5, 200, 0.0)


GROUND = "drop rate 0.5, 150 digits, 20 % wrong labels"

demo = Demo(
    name="dropout",
    title="Dropout",
    params=DropoutParams,
    charts=charts,
    run=run,
    frames=EPOCHS + 1,
    claims=(
        Claim(
            "What dropout adds to the accuracy on unseen digits (last ten epochs)",
            "gain",
            at_least(0.01),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "Epochs until 80 % of the training labels are fitted: with dropout over without",
            "slower",
            at_least(1.5),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "Layer 2’s sums, averaged over 100 masks, as a multiple of those in evaluation (last ten epochs)",
            "sums",
            between(0.9, 1.1),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "So evaluation answers as the 100 masks do on average: mean difference of a probability (last ten epochs)",
            "apart",
            at_most(0.06),
            Ground(GROUND, _as_measured),
        ),
        Claim(
            "With clean labels dropout changes little here: the accuracy it adds",
            "gain",
            between(-0.02, 0.02),
            Ground("drop rate 0.5, 200 digits, no wrong labels", _clean),
        ),
    ),
    presets=(
        Preset("a fifth mislabelled", {}),
        Preset("clean labels: no gain", {"samples": 200, "label_noise": 0.0}),
        Preset("more digits", {"samples": 1000}),
        Preset("drop 80 %: too much", {"drop_rate": 0.8}),
    ),
)
