"""A base trained on digits learns slanted ones: by a low-rank addition, by its last layer, or by all its weights."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Curves, ImageGrid, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, PROBABILITY_SCALE, VERMILION
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
    choice,
    slider,
    streams,
)
from app.topics.lora import guesses
from app.topics.lora.racers import Adapted, Tuned, added, cut, singular_values
from app.topics.lora.tasks import BATCH_SIZE, TASKS, Layers, outputs, trained
from engine import Array, Graph, Guard, Session, losses, optimizers
from engine.datasets import Dataset, batches, digits, split
from engine.metrics import accuracy

TRAINED, STEPS, FALL = 1200, 600, 0.9
FULL_RATE, LAST_RATE = 0.001, 0.01
SHOWN, DRAWN = 32, 64
PACE = Pace(STEPS, 41)
ADAPTED = Series("LoRA", VERMILION, width=3)
FULL = Series("all weights", BLUE)
RACERS = {
    "lora": ADAPTED,
    "full": FULL,
    "last": Series("last layer only", GREEN),
    "untrained": Series("LoRA on an untrained base", GREY, "dash"),
}


class AdaptingParams(Params):
    """The rank of the addition, its learning rate, and the new task."""

    rank: int = slider(1, (1, 2, 4, 8, 16), label="rank", help="Of the matrix that is added to each layer’s weights.", log=True)
    learning_rate: float = slider(
        0.01,
        (0.001, 0.003, 0.01, 0.03),
        label="learning rate of LoRA",
        help="All weights are tuned at 0.001, whatever this is.",
        log=True,
    )
    samples: int = slider(
        1200, (30, 100, 300, 1200), label="new images", help="How many images of the new task it trains on.", minimum=30, log=True
    )
    task: Literal["slanted", "side"] = choice(
        "slanted",
        {"slanted": "slanted digits", "side": "digits on their side"},
        label="new task",
        help="The base has seen neither.",
    )


def charts(params: AdaptingParams) -> dict[str, Chart]:
    """Accuracy on the new and on the old task, the ranks of what was added, and what was added to the last layer."""
    steps = Axis("step on the new task", (0, STEPS))
    return {
        "new": Lines(title=TITLE.at(params), series=RACERS, x=steps, y=Axis("share of unseen new digits right", (0, 1.02))),
        "old": Lines(
            title="The old task meanwhile",
            series={"lora": ADAPTED, "full": FULL, "unplugged": Series("LoRA, unplugged", VERMILION, "dot")},
            x=steps,
            y=Axis("share of unseen old digits right", (0, 1.02)),
        ),
        "ranks": Curves(
            title="How many directions the change of the first layer has",
            at=np.arange(1, SHOWN + 1),
            series={"lora": ADAPTED, "full": FULL},
            x=Axis("singular value", (0.5, SHOWN + 0.5)),
            y=Axis("its size over the largest", (0, 1.02)),
            mode="lines+markers",
        ),
        "changes": ImageGrid(
            title="What is added to the last layer",
            rows=2,
            columns=1,
            image=(10, DRAWN),
            low=-0.3,
            high=0.3,
            colours=PROBABILITY_SCALE,
            row_names=("LoRA", "all weights"),
            x=Axis("the first 64 of 128 hidden units, from −0.3 blue to 0.3 red"),
            y=Axis("digit"),
        ),
    }


class Race:
    """All four learn the new task from the same batches."""

    def __init__(self, params: AdaptingParams, untrained: Layers, base: Layers, batch_size: int) -> None:
        self._params, self._batch_size, self._graph = params, batch_size, Graph()
        last = len(base) - 1
        self.racers: dict[str, Adapted | Tuned] = {
            "lora": Adapted(self._graph, "LoRA", base, params.rank, streams(params.seed).noise),
            "full": Tuned(self._graph, "all", base, 0),
            "last": Tuned(self._graph, "last", base, last),
            "untrained": Adapted(self._graph, "untrained", untrained, params.rank, streams(params.seed).noise),
        }

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plan, in pieces."""
        inputs, wanted = (
            self._graph.placeholder(name, (size, self._batch_size)) for name, size in (("inputs", 64), ("targets", 10))
        )
        falling, rate = self._graph.placeholder("falling"), self._params.learning_rate
        rates = {"lora": rate, "full": FULL_RATE, "last": LAST_RATE, "untrained": rate}
        costs = {name: losses.softmax_cross_entropy(racer(inputs), wanted) for name, racer in self.racers.items()}
        updates = [optimizers.adam(cost, falling * rates[name], self.racers[name].variables) for name, cost in costs.items()]
        self.session = Session(self._graph)
        together = costs["lora"] + costs["full"] + costs["last"] + costs["untrained"]
        train = yield from self.session.planning([together], updates)
        self.guard = Guard(self.session, train)

    def layers(self) -> dict[str, Layers]:
        """The weights of all, additions merged."""
        return {
            name: racer.merged(self.session) if isinstance(racer, Adapted) else racer.layers(self.session)
            for name, racer in self.racers.items()
        }


def run(params: AdaptingParams) -> Run:
    """Base 64-128-128-10 by Adam on 1200 digits; then 600 steps of Adam on the new task, with rates falling to a tenth."""
    rng = streams(params.seed)
    train, test = split(rng.data, digits(), TRAINED)
    untrained, base = yield from trained(train, rng.weights, rng.batches)
    changed = TASKS[params.task]
    new, targets = changed(train.inputs[:, : params.samples]), train.one_hot[:, : params.samples]
    size = min(BATCH_SIZE, params.samples)

    race = Race(params, untrained, base, size)
    yield from race.prepare()
    judge, deal = Judge(params, base, test, changed(test.inputs)), batches(rng.batches, params.samples, size)
    for done, shown in PACE:
        if shown:
            yield judge.look(done, race)
        batch, falling = next(deal), 1 - FALL * done / STEPS
        if broke := race.guard.step(inputs=new[:, batch], targets=targets[:, batch], falling=falling):
            return Diverged(done, broke)
    return None


class Judge:
    """Tries all on unseen digits of both tasks."""

    def __init__(self, params: AdaptingParams, base: Layers, test: Dataset, new: Array) -> None:
        self._rank, self._base, self._test, self._new = params.rank, base, test, new
        self._before = accuracy(outputs(base, new), test.labels)
        self._old = outputs(base, test.inputs)

    def look(self, done: int, race: Race) -> Snapshot:
        """Charts and numbers as they stand."""
        layers = race.layers()
        right = {name: accuracy(outputs(mine, self._new), self._test.labels) for name, mine in layers.items()}
        lora, full = ([now - was for now, was in zip(layers[name], self._base, strict=True)] for name in ("lora", "full"))
        old = {name: accuracy(outputs(layers[name], self._test.inputs), self._test.labels) for name in ("lora", "full")}
        old["unplugged"] = accuracy(self._old, self._test.labels)
        drawn = {
            "new": right,
            "old": old,
            "ranks": {name: singular_values(change[0], SHOWN) for name, change in (("lora", lora), ("full", full))},
            "changes": np.stack([lora[-1][:, :DRAWN], full[-1][:, :DRAWN]]),
        }
        told = right | {f"old {name}": share for name, share in old.items()} | {"before": self._before}
        told |= {"base counts": right["lora"] - right["untrained"], "full minus LoRA": right["full"] - right["lora"]}
        if done == 0:
            told["start"] = float(np.abs(outputs(layers["lora"], self._test.inputs) - self._old).max())
        if done == STEPS:
            told |= self._at_the_end(race, layers["lora"], full, right["lora"])
        return Snapshot(done, drawn, measured=told)

    def _at_the_end(self, race: Race, merged: Layers, full: Layers, right: float) -> dict[str, float]:
        """Whether merging is exact, what a low rank leaves of the full change, and how many weights were trained."""
        adapter, whole = race.racers["lora"], race.racers["full"]
        graph = race.session.graph
        beside = race.session.run([adapter(graph.constant(self._new))])[0]
        one = outputs(merged, self._new)
        short = accuracy(outputs(added(self._base, [cut(each, self._rank) for each in full]), self._new), self._test.labels)
        few, all_of_them = (sum(each.attributes["initial"].size for each in racer.variables) for racer in (adapter, whole))
        return {
            "merged": float(np.abs(one - beside).max() / np.abs(one).max()),
            "cut": short,
            "trained beats cut": right - short,
            "trained weights": float(few),
            "all weights": float(all_of_them),
            "share": few / all_of_them,
        }


HOME = Ground(task="slanted", samples=1200, learning_rate=0.01)
RANK_ONE = Ground(rank=1, task="slanted", samples=1200, learning_rate=0.01)
LEARNS = Claim("LoRA of this rank learns the slanted digits: its share of unseen ones right.", "lora", at_least(0.88), HOME)
BEFORE = Claim("The base alone does not read them: its share right.", "before", at_most(0.65), Ground(task="slanted"))
BASE = Claim(
    "The base matters: rank 1 on the trained base reads more of them than on an untrained one, by this share.",
    "base counts",
    at_least(0.03),
    RANK_ONE,
)
NOT_FOUND = Claim(
    "LoRA trained at rank 1 beats the best approximation of rank 1 to the full change, by this share.",
    "trained beats cut",
    at_least(0.15),
    RANK_ONE,
)
FORGETS = Claim(
    "With the addition on, LoRA forgets as well: its share of old digits right.",
    "old lora",
    at_most(0.94),
    Ground(rank=at_least(4), task="slanted", samples=1200, learning_rate=0.01),
)
SLOW = Claim(
    "At the rate that suits full tuning, LoRA lags behind it, by this share.",
    "full minus LoRA",
    at_least(0.04),
    Ground(rank=4, learning_rate=0.001, samples=1200, task="slanted"),
)
MERGES = Claim(
    "Merged into the weights it computes the same: the largest difference, relative to the largest output.",
    "merged",
    at_most(1e-4),
    by_construction=True,
)
STARTS = Claim(
    "With B at zero training starts at the base: the largest difference of an output.", "start", at_most(0), by_construction=True
)
TITLE = Title("Rank one is enough to learn the slanted digits", "Share of new digits right, by step", (LEARNS, BEFORE, BASE))

demo = Demo(
    name="adapting",
    title="Learn slanted digits",
    params=AdaptingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LEARNS, BEFORE, BASE, NOT_FOUND, FORGETS, SLOW, MERGES, STARTS),
    presets=(
        Preset("rank 1", {}),
        Preset("rank 4", {"rank": 4}),
        Preset("at the rate of full tuning", {"learning_rate": 0.001, "rank": 4}),
        Preset("thirty images", {"samples": 30}),
        Preset("digits on their side", {"task": "side"}),
    ),
    guesses=guesses.ADAPTING,
    hint="The solid lines start from the same base. Compare LoRA with the dashed line: the same addition to an untrained base.",
)
