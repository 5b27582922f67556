"""Eight experts for a plane of eight cells: who serves where, what balancing does, and dense networks of as many weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Matrix, SampleGrid, Series
from app.charts.colours import BLUE, DIGITS, GREEN, HEIGHT_SCALE, PURPLE, VERMILION
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
    switch,
)
from app.topics.mixture_of_experts import guesses
from app.topics.mixture_of_experts.mixture import Mixture, imbalance
from app.topics.mixture_of_experts.patchwork import CELLS, Patchwork
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import batches

TRAINED, JUDGED, BATCH_SIZE, STEPS = 4000, 1000, 256, 1500
RATE, FALL, BIAS_STEP = 0.01, 0.9, 0.01
PACE = Pace(STEPS, 41)
SIDE = 40
USED = 0.01
"""An expert that serves less than this share of all points counts as unused."""


class PlacesParams(Params):
    """How many experts there are, how many serve a point, and how their load is balanced."""

    experts: int = slider(8, (1, 2, 4, 8), label="experts", help="Each has 65 weights.", log=True)
    served_by: int = slider(1, (1, 2), label="experts per point", help="Those to which the router gives the highest probability.")
    balance: Literal["loss", "bias", "none"] = choice(
        "loss",
        {"loss": "by a loss", "bias": "by a bias", "none": "not"},
        label="load is balanced",
        help="A term in the loss, or a bias on the choice that rises for experts with too few points.",
    )
    strength: float = slider(
        0.1, (0.001, 0.01, 0.1, 1.0, 10.0), label="weight of that loss", help="Used when load is balanced by a loss.", log=True
    )
    learned: bool = switch(True, label="the router learns", help="If not, it keeps the weights it began with.")


def charts(params: PlacesParams) -> dict[str, Chart]:
    """Who serves where, errors, what is predicted, who serves which cell of the data, and how much each serves."""
    names = [f"{place + 1}" for place in range(params.experts)]
    square: dict[str, Any] = {
        "rows": SIDE,
        "columns": SIDE,
        "x": Axis("x, from −1 to 1"),
        "y": Axis("y, from −1 to 1"),
        "height": 400,
    }
    steps = Axis("step", (0, STEPS))
    return {
        "map": SampleGrid(
            title=WHO.at(params), states={f"expert {name}": DIGITS[place] for place, name in enumerate(names)}, **square
        ),
        "error": Lines(
            title=BETTER.at(params),
            series={
                "mixture": Series("mixture", BLUE, width=3),
                "active": Series("dense, as many as serve a point", VERMILION),
                "total": Series("dense, as many in all", GREEN, "dash"),
            },
            x=steps,
            y=Axis("mean squared error; 1: no better than the mean", (0, 1.1)),
            height=400,
        ),
        "heights": ImageGrid(
            title="What is to be predicted, and what two networks predict",
            rows=1,
            columns=3,
            image=(SIDE, SIDE),
            low=-2,
            high=2,
            colours=HEIGHT_SCALE,
            column_names=("data", "mixture", "dense, as many as serve a point"),
            x=Axis("heights over the plane"),
            y=Axis("y, from −1 to 1"),
            wide=True,
            height=300,
        ),
        "cells": Matrix(
            title="Which expert serves which cell of the data, unknown to the router",
            rows=[f"{cell + 1}" for cell in range(CELLS)],
            columns=names,
            limit=1,
            low=0,
            colours=HEIGHT_SCALE,
            height=340,
            x=Axis("expert, share of the cell"),
            y=Axis("cell"),
        ),
        "load": Bars(
            title="Share of unseen points that each expert serves",
            categories=names,
            series={"load": Series("load", BLUE)},
            colours=DIGITS[: params.experts],
            x=Axis("expert"),
            y=Axis("share of points", (0, 1)),
        ),
        "used": Lines(
            title="Experts that serve at least 1 % of the points",
            series={"used": Series("used", PURPLE)},
            levels={"all": params.experts},
            x=steps,
            y=Axis("experts", (0, params.experts + 0.5)),
        ),
    }


def run(params: PlacesParams) -> Run:
    """A mixture of MLPs 2-16-1 learns heights over the plane, next to dense ones 2-h-1 with as many weights; all by Adam."""
    rng = streams(params.seed)
    world = Patchwork.drawn(rng.data)
    places = rng.data.uniform(-1, 1, (2, TRAINED)).astype(np.float32)
    judge = Judge(world, rng.data, world.heights(places))
    heights = judge.scaled(world.heights(places))

    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (2, BATCH_SIZE)), graph.placeholder("targets", (1, BATCH_SIZE))
    mixture = Mixture.made(graph, params.experts, params.served_by, rng.weights)
    routed = mixture(inputs)
    loss = losses.mean_squared_error(routed.outputs, wanted)
    balanced = loss + imbalance(routed, mixture.served_by) * params.strength if params.balance == "loss" else loss
    learning = (*mixture.variables, *(mixture.router_variables if params.learned else ()))
    rate = graph.placeholder("learning_rate")
    updates = [optimizers.adam(balanced, rate, learning)]
    dense = {}
    for name, count in zip(("total", "active"), mixture.counts, strict=True):
        dense[name] = mlp(graph, (2, round((count - 1) / 4), 1), streams(params.seed).weights, "relu", name=name)
        updates += [optimizers.adam(losses.mean_squared_error(dense[name](inputs), wanted), rate, dense[name].variables)]
    session = Session(graph)
    step = yield from session.planning([loss, routed.chosen], updates)
    everywhere = graph.constant(judge.places)
    whole = mixture(everywhere)
    answer = session.plan([whole.outputs, whole.chosen, whole.gates, dense["active"](everywhere), dense["total"](everywhere)])

    bias = np.zeros((params.experts, 1), np.float32)
    guard, deal = Guard(session, step, [loss]), batches(rng.batches, TRAINED, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            yield judge.look(done, answer(bias=bias), bias, mixture)
        batch = next(deal)
        feeds = {"inputs": places[:, batch], "targets": heights[:, batch], "bias": bias}
        if broke := guard.step(**feeds, learning_rate=RATE * (1 - FALL * done / STEPS)):
            return Diverged(done, broke)
        if params.balance == "bias":
            lack = mixture.served_by / params.experts - step.outputs[1].mean(axis=1, keepdims=True)
            bias = (bias + BIAS_STEP * np.sign(lack)).astype(np.float32)
    return None


class Judge:
    """Unseen points, and behind them the places of the map, with the heights to be predicted in units of their spread."""

    def __init__(self, world: Patchwork, rng: np.random.Generator, heights: Array) -> None:
        self._mean, self._spread = heights.mean(), heights.std()
        across, down = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(1, -1, SIDE))
        self.places = np.concatenate([rng.uniform(-1, 1, (2, JUDGED)), np.stack([across.ravel(), down.ravel()])], axis=1)
        self._wanted = self.scaled(world.heights(self.places[:, :JUDGED]))
        self._cells = np.eye(CELLS)[:, world.cells(self.places[:, :JUDGED])]
        self._heights = self.scaled(world.heights(self.places[:, JUDGED:]))

    def scaled(self, heights: Array) -> Array:
        """Heights in units of the spread of the training points, around their mean."""
        return np.asarray((heights - self._mean) / self._spread, np.float32)

    def look(self, done: int, answered: Sequence[Array], bias: Array, mixture: Mixture) -> Snapshot:
        """Charts and numbers from what mixture, router and dense networks answer at all places."""
        outputs, chosen, gates, active, total = answered
        answers = {"mixture": outputs, "active": active, "total": total}
        errors = {name: float(np.square(each[:, :JUDGED] - self._wanted).mean()) for name, each in answers.items()}
        load = chosen[:, :JUDGED].mean(axis=1) / mixture.served_by
        used = int((load >= USED).sum())
        chooses = (gates + bias).argmax(axis=0)
        maps = np.concatenate([self._heights, outputs[:, JUDGED:], active[:, JUDGED:]]).reshape(3, SIDE, SIDE)
        served = self._cells @ np.eye(len(load))[chooses[:JUDGED]]
        drawn = {
            "map": chooses[JUDGED:],
            "error": errors,
            "heights": maps,
            "cells": served / np.maximum(self._cells.sum(axis=1, keepdims=True), 1),
            "load": load,
            "used": {"used": used},
        }
        whole, serving = mixture.counts
        measured = errors | {
            "used": float(used),
            "largest": float(load.max()),
            "weights": float(whole),
            "serving": float(serving),
        }
        measured |= {f"over {name}": errors["mixture"] / errors[name] for name in ("active", "total")}
        return Snapshot(done, drawn, measured=measured)


SET = {"experts": 8, "served_by": 1}
HOME = Ground(balance="loss", strength=0.1, learned=True, **SET)
BALANCED = Claim("With the balancing loss this many of eight experts are used.", "used", at_least(8), HOME)
EVEN = Claim("The busiest of them serves this share of the points.", "largest", at_most(0.25), HOME)
UNBALANCED = Claim("Without balancing this many are used.", "used", at_most(6), Ground(balance="none", learned=True, **SET))
SEVERAL = Claim(
    "It is not one expert that serves all: this many are used.", "used", at_least(2), Ground(balance="none", learned=True, **SET)
)
TOO_MUCH = Claim(
    "With a hundred times the weight on balance the mixture loses its lead: its error over that of the dense network.",
    "over active",
    at_least(0.97),
    Ground(balance="loss", strength=10, learned=True, **SET),
)
FROZEN = Claim(
    "With a router that does not learn the mixture is worse than the dense network: its error over the other’s.",
    "over active",
    at_least(1.05),
    Ground(balance="none", learned=False, **SET),
)
ACTIVE = Claim(
    "The mixture has less error than a dense network with as many weights as serve a point: the ratio of the two errors.",
    "over active",
    at_most(0.95),
    HOME,
)
BY_BIAS = Claim("Balanced by a bias, this many are used.", "used", at_least(7), Ground(balance="bias", learned=True, **SET))
WHO = Title("Who serves where: the plane is divided among the experts", "Who serves where", (BALANCED, EVEN))
BETTER = Title("Lower error than a dense network that costs as much per point", "Error on unseen points", (ACTIVE,))

demo = Demo(
    name="places",
    title="Who serves where",
    params=PlacesParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(BALANCED, EVEN, ACTIVE, UNBALANCED, SEVERAL, BY_BIAS, TOO_MUCH, FROZEN),
    presets=(
        Preset("balanced", {}),
        Preset("not balanced", {"balance": "none"}),
        Preset("balanced too much", {"strength": 10.0}),
        Preset("by a bias", {"balance": "bias"}),
        Preset("a router that does not learn", {"balance": "none", "learned": False}),
    ),
    guesses=guesses.PLACES,
    hint="Watch the map divide, and compare its borders with those in the data below it.",
)
