"""The race: one network, six learning rates, the same start, the same data. Only the step length differs."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, CYAN, GREEN, GREY, OCHRE, PURPLE, VERMILION
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
    slider,
    streams,
)
from app.topics.learning_rate import guesses
from engine import Curvature, Graph, Guard, Session, beyond_the_edge, losses, mlp, optimizers
from engine.datasets import Standardizer, split, wine
from engine.metrics import accuracy

RATES = (0.001, 0.01, 0.1, 1.0, 10.0)
"""The five that always run; the visitor's is the sixth."""
COLOURS = (GREY, CYAN, BLUE, GREEN, PURPLE)
STEPS = 200
PACE = Pace(STEPS, 101)


class RaceParams(Params):
    """The visitor's own rate, and what it is tried on."""

    learning_rate: float = slider(
        0.3,
        (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
        label="your learning rate",
        help="Of the sixth network. Low crawls, high overshoots.",
        log=True,
        minimum=1e-5,
        maximum=100,
    )
    momentum: float = slider(
        0.0, (0.0, 0.5, 0.9), label="momentum", help="Share of the last step that carries on into the next.", maximum=0.99
    )
    hidden_units: int = slider(16, (4, 16, 64), label="hidden units", help="Width of the one hidden layer.", minimum=1)


def charts(params: RaceParams) -> dict[str, Chart]:
    """Loss by step for all six, and how well each sorts wines it has not seen."""
    series = {f"rate {rate:g}": Series(f"{rate:g}", colour) for rate, colour in zip(RATES, COLOURS, strict=True)}
    yours = {"yours": Series(f"yours: {params.learning_rate:g}", VERMILION)}
    names = [f"{rate:g}" for rate in RATES] + ["yours"]
    return {
        "loss": Lines(
            title=TITLE.at(params),
            series=series | yours,
            further=["rate 0.01", "rate 0.1"],
            x=Axis("step", (0, STEPS)),
            y=Axis("training loss", (1e-4, 1e3), log=True),
            height=330,
        ),
        "accuracy": Bars(
            title="Share of the 45 unseen wines sorted right",
            categories=names,
            series={"accuracy": Series("test accuracy", OCHRE)},
            colours=[*COLOURS, VERMILION],
            x=Axis("learning rate"),
            y=Axis("test accuracy", (0, 1)),
            height=330,
        ),
    }


def run(params: RaceParams) -> Run:
    """Six copies of 13-h-3 ReLU on the UCI wines, full batch, in one plan with a leading axis."""
    rng = streams(params.seed)
    train, test = split(rng.data, wine(), 133)
    scale = Standardizer.fit(train.inputs)
    rates = np.array([*RATES, params.learning_rate])[:, None]

    graph = Graph(sweep=len(rates))
    inputs, targets = graph.placeholder("inputs", train.inputs.shape), graph.placeholder("targets", (3, train.size))
    network = mlp(graph, (13, params.hidden_units, 3), rng.weights, "relu")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    update = optimizers.momentum(loss, graph.placeholder("learning_rate", rates.shape), momentum=params.momentum)
    unseen = network(graph.placeholder("unseen", test.inputs.shape))

    session = Session(graph)
    step, look = session.plan([loss], [update]), session.plan([loss, unseen])
    feeds = {"inputs": scale(train.inputs), "targets": train.one_hot, "learning_rate": rates}
    guard = Guard(session, step, [loss], copy=len(RATES))
    broke = None
    for done, shown in PACE:
        if shown:
            values, outputs = look(inputs=feeds["inputs"], targets=feeds["targets"], unseen=scale(test.inputs))
            yield _snapshot(done, values, [accuracy(each, test.labels) for each in outputs])
        if (what := guard.step(**feeds)) and broke is None:
            why = beyond_the_edge(params.learning_rate, _first_sharpness(params, feeds), 0)
            broke = Diverged(done, what, why)
    return broke


def _first_sharpness(params: RaceParams, feeds: dict[str, np.ndarray]) -> float:
    """λmax where your network begins, the same for all six: rebuilt from the seed, alone, and only when it has diverged.

    Where it breaks its units are dead and its loss is flat, which tells nothing of why it left.
    """
    rng, graph = streams(params.seed), Graph()
    inputs, targets = (graph.placeholder(name, feeds[name].shape) for name in ("inputs", "targets"))
    network = mlp(graph, (13, params.hidden_units, 3), rng.weights, "relu")
    curvature = Curvature(Session(graph), losses.softmax_cross_entropy(network(inputs), targets), network.variables)
    data = {"inputs": feeds["inputs"], "targets": feeds["targets"]}
    return curvature.sharpness(data, rng.noise.normal(size=curvature.size), 60)[0]


def _snapshot(step: int, values: np.ndarray, accuracies: list[float]) -> Snapshot:
    names = [f"rate {rate:g}" for rate in RATES] + ["yours"]
    series = dict(zip(names, values.tolist(), strict=True))
    blown_up = {name: value if np.isfinite(value) else np.inf for name, value in series.items()}
    return Snapshot(step, {"loss": series, "accuracy": accuracies}, measured=blown_up)


AS_MEASURED = Ground(momentum=0.0, hidden_units=16)
TOO_LOW = Claim("Rate 0.001 is too low: after 200 steps the loss is still high.", "rate 0.001", at_least(0.5), AS_MEASURED)
LOW = Claim("At rate 0.1 the training loss has come down.", "rate 0.1", at_most(0.08), AS_MEASURED)
GOOD = Claim("At rate 1 it is lower still.", "rate 1", at_most(0.01), AS_MEASURED)
TOO_HIGH = Claim("Rate 10 is too high: the training loss has blown up.", "rate 10", at_least(50), AS_MEASURED)
TITLE = Title("Too low hardly falls, too high leaves the chart", "Training loss of six rates", (TOO_LOW, LOW, GOOD, TOO_HIGH))

demo = Demo(
    name="race",
    title="A race of rates",
    params=RaceParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=TITLE.claims,
    presets=(
        Preset("too low", {"learning_rate": 0.001}),
        Preset("just right", {"learning_rate": 1.0}),
        Preset("too high", {"learning_rate": 10.0}),
        Preset("low, with momentum", {"learning_rate": 0.03, "momentum": 0.9}),
    ),
    guesses=guesses.RACE,
    hint="All six begin with the same weights. Watch which fall, which crawl and which leave the chart.",
)
