"""The curvature behind the race: the Hessian of a logistic regression on the wines, its eigenvalues and their ratio."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Lines
from app.topic import (
    Claim,
    Demo,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.data_normalization.scalings import LABELS, SCALINGS, chosen, scaler, thick, wines
from engine import Curvature, Graph, Session, losses, mlp, optimizers
from engine.graph import Array
from engine.networks.initializers import constant

STEPS = 300
PACE = Pace(STEPS, 101)
WEIGHTS = 14


class CurvatureParams(Params):
    """The step, in units in which each scaling gets what it can bear, and which spectrum to look at."""

    rate_times_curvature: float = slider(
        1.0,
        (0.1, 0.3, 1.0, 1.5, 1.9),
        label="rate × steepest curvature",
        help="The rate of each scaling is this number divided by its steepest curvature at the start; above 2 it might diverge.",
        minimum=0.001,
        maximum=2,
    )
    scaling: Literal["raw", "centred", "minmax", "standardized"] = choice(
        "standardized", LABELS, label="scaling", help="All four train; this one is drawn thick and set beside the raw data."
    )


def charts(params: CurvatureParams) -> dict[str, Chart]:
    """The spectrum of two scalings; loss and condition number of all four."""
    steps = Axis("step", (0, STEPS))
    return {
        "spectrum": Bars(
            title="Curvature in the 14 directions, steepest first",
            categories=list(range(1, WEIGHTS + 1)),
            series=chosen(params.scaling),
            x=Axis("direction (eigenvector of the Hessian)"),
            y=Axis("curvature (eigenvalue)", (1e-5, 1e6), log=True),
            wide=True,
        ),
        "loss": Lines(
            title="The loss, each at the rate it can bear",
            series=thick(params.scaling),
            x=steps,
            y=Axis("cross-entropy", (1e-3, 1), log=True),
        ),
        "condition": Lines(
            title="Condition number: steepest over flattest",
            series=thick(params.scaling),
            x=steps,
            y=Axis("condition number", (10, 1e10), log=True),
        ),
    }


def run(params: CurvatureParams) -> Run:
    """Is it the first cultivar? Four logistic regressions from zero weights in float64, full-batch gradient descent.

    The Hessian is largest at the start, where every wine is a toss-up, so a rate below 2 over its largest eigenvalue is safe.
    """
    train, _ = wines(params.seed)
    graph, rng = Graph(np.float64), streams(params.seed).weights
    targets = graph.constant((train.labels == 0)[None].astype(np.float64))
    inputs = {name: graph.constant(scaler(name, train.inputs)(train.inputs).astype(np.float64)) for name in SCALINGS}
    models = {name: mlp(graph, (13, 1), rng, "linear", constant(0.0), name=name) for name in SCALINGS}
    costs = {name: losses.sigmoid_cross_entropy(models[name](inputs[name]), targets) for name in SCALINGS}
    rates = {name: graph.placeholder(f"rate {name}") for name in SCALINGS}
    updates = [optimizers.sgd(costs[name], rates[name], models[name].variables) for name in SCALINGS]
    session = Session(graph)
    step = session.plan(list(costs.values()), updates)
    curvatures = {name: Curvature(session, costs[name], models[name].variables) for name in SCALINGS}
    for done, shown in PACE:
        found = {name: spectrum(each) for name, each in curvatures.items()} if shown else {}
        if done == 0:
            step.feed({f"rate {name}": params.rate_times_curvature / found[name][0] for name in SCALINGS})
        step.step()
        if shown:
            yield _snapshot(done, found, [float(value) for value in step.outputs], list(chosen(params.scaling)))
    return None


def spectrum(curvature: Curvature) -> Array:
    """All eigenvalues, largest first: the Hessian column by column, each an exact product with one unit vector."""
    hessian = np.stack([curvature.product(unit, {}) for unit in np.eye(curvature.size)])
    eigenvalues: Array = np.linalg.eigvalsh((hessian + hessian.T) / 2)[::-1]
    no_lower: Array = np.maximum(eigenvalues, 1e-14 * eigenvalues[0])
    return no_lower


def _snapshot(step: int, found: dict[str, Array], values: list[float], pair: list[str]) -> Snapshot:
    """Before the update of this step."""
    conditions = {name: float(each[0] / each[-1]) for name, each in found.items()}
    loss = dict(zip(SCALINGS, values, strict=True))
    charts = {"spectrum": {name: found[name] for name in pair}, "loss": loss, "condition": conditions}
    losses_now = {f"{name} loss": value for name, value in loss.items()}
    story = losses_now | {"raw over standardized": loss["raw"] / loss["standardized"]}
    return Snapshot(step, charts, measured=story if step else story | _at_start(found, conditions))


def _at_start(found: dict[str, Array], conditions: dict[str, float]) -> dict[str, float]:
    """The condition numbers, and what removing the means does to the two steepest curvatures and the flattest."""
    raw, centred = found["raw"], found["centred"]
    moved = {"steepest falls": raw[0] / centred[0], "second falls": raw[1] / centred[1], "flattest rises": centred[-1] / raw[-1]}
    return {f"{name} condition": value for name, value in conditions.items()} | {
        name: float(each) for name, each in moved.items()
    }


STANDARDIZED = Claim("Condition number at the start, standardized:", "standardized condition", at_most(80))
MINMAX = Claim("The same with min-max:", "minmax condition", between(500, 1000))
CENTRED = Claim("The same with the means removed:", "centred condition", between(5e6, 3e7))
RAW = Claim("The same raw:", "raw condition", between(2e8, 1e9))
LEARNS = Claim(
    "Standardized, the cross-entropy after 300 steps, with each scaling at the rate it can bear:",
    "standardized loss",
    at_most(0.02),
    Ground(rate_times_curvature=at_least(1)),
)
CRAWLS = Claim(
    "Raw, it is still this many times as large:", "raw over standardized", at_least(35), Ground(rate_times_curvature=at_least(1))
)

demo = Demo(
    name="curvature",
    title="The curvature behind it",
    params=CurvatureParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(STANDARDIZED, MINMAX, CENTRED, RAW, LEARNS, CRAWLS),
    presets=(
        Preset("standardized", {}),
        Preset("min-max", {"scaling": "minmax"}),
        Preset("centred only", {"scaling": "centred"}),
        Preset("near the limit", {"rate_times_curvature": 1.9}),
    ),
    hint="See how flat each spectrum is, then how fast each loss falls at the best rate its steepest direction allows.",
)
