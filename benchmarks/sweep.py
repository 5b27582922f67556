"""Eight learning rates on 2-8-8-2, batch 10, gradient descent: one plan with an axis of copies against eight plans."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.rows import Program, Row, compared, interleaved
from engine import Graph, Plan, Session, losses, mlp, optimizers

SIZES, BATCH = (2, 8, 8, 2), 10
RATES = np.geomspace(0.001, 1.0, 8)


def planned(sweep: int | None) -> Plan:
    """A step of the network, or of `sweep` copies of it."""
    graph = Graph(sweep=sweep)
    inputs, targets = graph.placeholder("inputs", (2, BATCH)), graph.placeholder("targets", (2, BATCH))
    loss = losses.softmax_cross_entropy(mlp(graph, SIZES, np.random.default_rng(0))(inputs), targets)
    rate = graph.placeholder("learning_rate", () if sweep is None else (sweep, 1))
    return Session(graph).plan([loss], [optimizers.sgd(loss, rate)])


def together(batch: dict[str, Any]) -> Program:
    """All copies in one call."""
    plan, rates = planned(len(RATES)), RATES[:, None].astype(np.float32)

    def run(steps: int) -> None:
        for _ in range(steps):
            plan.step(**batch, learning_rate=rates)

    return run


def one_by_one(batch: dict[str, Any]) -> Program:
    """A plan a rate, the same step for each."""
    pairs = [(planned(None), float(rate)) for rate in RATES]

    def run(steps: int) -> None:
        for _ in range(steps):
            for plan, rate in pairs:
                plan.step(**batch, learning_rate=rate)

    return run


def rows() -> list[Row]:
    """One row: a step of all eight."""
    rng = np.random.default_rng(0)
    batch = {
        "inputs": rng.normal(size=(2, BATCH)).astype(np.float32),
        "targets": losses.one_hot(rng.integers(0, 2, BATCH), 2),
    }
    return compared("sweep-of-8", interleaved({"ours": together(batch), "one-by-one": one_by_one(batch)}, 300))
