"""Gates and cell over time: two LSTMs that differ in one number, the forget gates' first bias, and must keep one symbol."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, SequenceMap, Series
from app.charts.colours import ACCURACY, GREY
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
    Title,
    at_least,
    at_most,
    between,
    slider,
    streams,
)
from app.topics.lstm import common, guesses
from app.topics.lstm.common import BATCH_SIZE, CHANCE, CLIP_NORM, FEATURES, FORGET, INPUT, LEARNING_RATE, OUTPUT, SYMBOLS, UNITS
from engine import Graph, Guard, Session, dense, losses, optimizers, recurrent
from engine.datasets.sequences import first_symbol
from engine.graph import Array
from engine.probabilities import sigmoid

JUDGED = 10
"""So many of the last batches the accuracy at the end is measured on. Each is new to the network."""


class GatesParams(Params):
    """The forget bias, how long the symbol must be kept, and how long both networks train."""

    forget_bias: float = common.forget_bias(5.0)
    time_steps: int = slider(
        40,
        (10, 20, 30, 40, 50, 60),
        label="sequence length",
        unit="steps",
        help="The symbol comes first and is asked for after the last step.",
        minimum=5,
    )
    updates: int = common.updates(300, "How long both networks train, on 32 fresh sequences per update.")


def pace(params: GatesParams) -> Pace:
    """Sixty-one frames: each holds a map of all cells."""
    return Pace(params.updates, 61)


def charts(params: GatesParams) -> dict[str, Chart]:
    """Gates, accuracy, what the forget gates leave of the first content, and the cells of one sequence."""
    length = params.time_steps
    at, time, bias = np.arange(1, length + 1), Axis("time step", (0, length + 1)), f"forget bias {params.forget_bias:g}"
    return {
        "gates": Curves(
            title="The three gates by time step, mean over cells and sequences",
            at=at,
            series={
                "forget": Series(f"forget, {bias}", FORGET, width=3),
                "input": Series(f"input, {bias}", INPUT),
                "output": Series(f"output, {bias}", OUTPUT),
                "forget 0": Series("forget, forget bias 0", GREY, "dash"),
            },
            x=time,
            y=Axis("gate, 0 closed, 1 open", (0, 1.02)),
        ),
        "accuracy": Lines(
            title=TITLE.at(params),
            series={"yours": Series(bias, ACCURACY, width=3), "zero": Series("forget bias 0", GREY, "dash")},
            levels={"guessing": CHANCE},
            x=Axis("update", (0, params.updates)),
            y=Axis("accuracy on fresh sequences", (0, 1.02)),
        ),
        "kept": Curves(
            title="What the forget gates leave of the first step’s cell",
            at=at,
            series={"yours": Series(bias, FORGET, width=3), "zero": Series("forget bias 0", GREY, "dash")},
            fixed={f"σ({params.forget_bias:g}) per step": sigmoid(np.array(params.forget_bias)) ** (at - 1.0)},
            x=time,
            y=Axis("share left, mean over cells", (10.0 ** (-0.35 * length), 3), log=True),
        ),
        "cells": SequenceMap(
            title=f"The {UNITS} cells while one sequence is read, {bias}",
            rows=UNITS,
            columns=length,
            low=-4,
            high=4,
            of="cell",
            y=Axis("cell"),
        ),
    }


def run(params: GatesParams) -> Run:
    """Two LSTMs of 24 cells in one plan, alike in all weights but the forget bias; Adam, on the symbol after the last step."""
    rng, length, both = streams(params.seed), params.time_steps, np.array([params.forget_bias, 0.0])
    probe, _ = first_symbol(rng.data, BATCH_SIZE, length, SYMBOLS)

    graph = Graph(sweep=len(both))
    inputs, targets = graph.placeholder("inputs", probe.shape), graph.placeholder("targets", (SYMBOLS, BATCH_SIZE))
    states = recurrent.lstm(graph, "lstm", FEATURES, UNITS, rng.weights)(inputs)
    logits = dense(graph, "head", UNITS, SYMBOLS, rng.weights)(states.last)
    loss = losses.softmax_cross_entropy(logits, targets)
    yield NOT_YET
    update = optimizers.adam(loss, LEARNING_RATE, clip_norm=CLIP_NORM)
    yield NOT_YET

    session, weights = Session(graph), graph.variables["lstm/weights"]
    start = session.value(weights)
    start[:, UNITS : 2 * UNITS, -1] = both[:, None]
    session.assign(weights, start)
    step = yield from session.planning([loss, logits], [update])
    traces = (states.gates["forget"], states.gates["input"], states.gates["output"], states.cells)
    look = yield from session.planning([node for trace in traces for node in trace])

    guard, right, first = Guard(session, step, [loss], copy=0), list[Array](), dict[str, float]()
    best = 0.0  # Adam may jump away from what was learned, and come back
    for done, shown in pace(params):
        sequences, labels = first_symbol(rng.batches, BATCH_SIZE, length, SYMBOLS)
        if broke := guard.step(inputs=sequences, targets=losses.one_hot(labels, SYMBOLS)):
            return Diverged(done, broke)
        right.append((step.outputs[1].argmax(axis=1) == labels).mean(axis=1))
        if shown:
            seen = np.stack(look(inputs=probe)).reshape(len(traces), length, len(both), UNITS, BATCH_SIZE)
            first = first or _at_the_start(seen[0], params)
            judged = np.mean(right[-JUDGED:], axis=0)
            best = max(best, float(judged[0]) if len(right) >= JUDGED else 0.0)
            yield _snapshot(done, seen, judged, first | {"best": best})
    return None


def left_by(forget: Array) -> Array:
    """What is left of the first step's cell at each step, by forget gates (time, ..., cells, n) alone: mean over cells and n."""
    opened = np.concatenate([np.ones_like(forget[:1], float), forget[1:]])
    shares: Array = opened.cumprod(axis=0).mean(axis=(-2, -1))
    return shares


def _at_the_start(forget: Array, params: GatesParams) -> dict[str, float]:
    """What is left after the last step before any training, and that over what a gate at σ(bias) would leave."""
    yours, zero = left_by(forget)[-1]
    predicted = sigmoid(np.array(params.forget_bias)) ** (params.time_steps - 1)
    return {"kept": float(yours), "kept 0": float(zero), "as predicted": float(yours / predicted)}


def _snapshot(step: int, seen: Array, right: Array, first: dict[str, float]) -> Snapshot:
    forget, taken, shown = (each.mean(axis=(-2, -1)) for each in seen[:3])
    left = left_by(seen[0])
    drawn: dict[str, Any] = {
        "gates": {"forget": forget[:, 0], "input": taken[:, 0], "output": shown[:, 0], "forget 0": forget[:, 1]},
        "accuracy": {"yours": float(right[0]), "zero": float(right[1])},
        "kept": {"yours": left[:, 0].astype(np.float32), "zero": left[:, 1].astype(np.float32)},
        "cells": seen[3, :, 0, :, 0].T,
    }
    open_after = float(forget[1:, 0].mean())
    return Snapshot(step, drawn, measured=first | {"yours": float(right[0]), "zero": float(right[1]), "open": open_after})


LEARNS = Claim(
    "With its forget gates open at the start the LSTM learns to keep the symbol: its best accuracy on 320 sequences in a row.",
    "best",
    at_least(0.95),
    Ground(forget_bias=between(4, 6), time_steps=between(10, 40), updates=at_least(300)),
)
GUESSES = Claim(
    "With a forget bias of 0 and all else equal it stays near guessing within this budget: accuracy on the last 320 sequences.",
    "zero",
    at_most(0.45),
    Ground(time_steps=at_least(40), updates=at_most(300)),
)
TITLE = Title("With open forget gates it learns, with half-open ones it guesses", "Accuracy of both networks", (LEARNS, GUESSES))

demo = Demo(
    name="gates",
    title="Gates and cell over time",
    params=GatesParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        LEARNS,
        GUESSES,
        Claim(
            "Before training, what is left of the first step’s cell at the end is about σ(bias) per step: "
            "the measured share over that formula’s.",
            "as predicted",
            between(0.6, 1.7),
            Ground(forget_bias=at_least(3)),
        ),
        Claim(
            "With a forget bias of 0, hardly anything of the first step’s cell is left before training: the share at the end.",
            "kept 0",
            at_most(1e-6),
            Ground(time_steps=at_least(40)),
        ),
        Claim(
            "After training, the forget gates of the network that learned stay open from the second step on: their mean.",
            "open",
            at_least(0.9),
            Ground(forget_bias=between(4, 6), time_steps=between(10, 40), updates=at_least(300)),
        ),
    ),
    presets=(
        Preset("gates open at the start", {}),
        Preset("bias 1, the usual advice", {"forget_bias": 1.0}),
        Preset("bias 1, half the length", {"forget_bias": 1.0, "time_steps": 20}),
        Preset("bias 3", {"forget_bias": 3.0}),
        Preset("sixty steps", {"time_steps": 60}),
        Preset("ten steps", {"time_steps": 10}),
    ),
    guesses=guesses.GATES,
    hint="Look at the forget gates first: near 1 they keep the cell, at one half they wipe it within a few steps.",
)
