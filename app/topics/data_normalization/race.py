"""The race: one network, the same weights, the same learning rate; only the scale of the inputs differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Histogram, Lines
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, Title, at_least, at_most, choice, slider, streams
from app.topics.data_normalization import guesses
from app.topics.data_normalization.scalings import LABELS, SCALINGS, SHORT_NAMES, chosen, scaler, thick, wines
from engine import Graph, Mlp, Session, losses, mlp
from engine.datasets import Dataset
from engine.graph import Array
from engine.metrics import accuracy
from engine.networks.optimizers import OPTIMIZERS

STEPS = 600
PACE = Pace(STEPS, 121)
UNITS = 16
TARGET = 0.95
NEVER = STEPS + 1
"""Told as the step of a network that did not get there, or did not stay."""


class RaceParams(Params):
    """How all four train, and which scaling is looked at closely."""

    learning_rate: float = slider(
        0.1,
        (1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 0.3, 1.0, 3.0),
        label="learning rate",
        help="Step length, the same for all four. Look for one that saves the raw data.",
        log=True,
    )
    optimizer: Literal["sgd", "momentum", "adam"] = choice(
        "sgd",
        {"sgd": "gradient descent", "momentum": "momentum 0.9", "adam": "Adam"},
        label="optimizer",
        help="Full batch in any case. Adam rescales each weight’s step: does it make scaling needless?",
    )
    scaling: Literal["raw", "centred", "minmax", "standardized"] = choice(
        "standardized", LABELS, label="scaling", help="All four run; this one is drawn thick and set beside the raw data."
    )


def charts(params: RaceParams) -> dict[str, Chart]:
    """Accuracy and loss of all four; what the features add to the hidden sums, and what tanh makes of these, of two."""
    steps = Axis("step", (0, STEPS))
    return {
        "accuracy": Lines(
            title=DECIDES.at(params),
            series=thick(params.scaling),
            x=steps,
            y=Axis("share of the 133 trained on", (0, 1.02)),
        ),
        "loss": Lines(
            title="The same network, the same rate: the loss",
            series=thick(params.scaling),
            x=steps,
            y=Axis("training loss", (1e-3, 30), log=True),
        ),
        "sizes": Bars(
            title="What each feature adds to a hidden unit’s sum",
            categories=SHORT_NAMES,
            series=chosen(params.scaling),
            x=Axis("feature"),
            y=Axis("size of weight × input", (1e-2, 1e3), log=True),
            wide=True,
            height=330,
        ),
        "outputs": Histogram(
            title=SATURATED.at(params),
            series=chosen(params.scaling),
            x=Axis("output of a hidden unit (tanh)", (-1, 1)),
            y=Axis("share of outputs", (0, 0.8)),
            wide=True,
        ),
    }


def run(params: RaceParams) -> Run:
    """Four copies of 13-16-3 tanh on the UCI wines, full batch, scalers fitted on the 133 training wines."""
    train, test = wines(params.seed)
    graph = Graph()
    networks = {name: mlp(graph, (13, UNITS, 3), streams(params.seed).weights, "tanh", name=name) for name in SCALINGS}
    targets, rate = graph.placeholder("targets", (3, train.size)), graph.placeholder("learning_rate")
    seen = {name: graph.placeholder(name, train.inputs.shape) for name in SCALINGS}
    costs = {name: losses.softmax_cross_entropy(networks[name](seen[name]), targets) for name in SCALINGS}
    updates = [OPTIMIZERS[params.optimizer](costs[name], rate, networks[name].variables) for name in SCALINGS]
    session = Session(graph)
    step, view = session.plan(list(costs.values()), updates), View(session, networks, train, test, params.scaling)
    step.feed({name: view.scalers[name](train.inputs) for name in SCALINGS})
    step.feed({"targets": train.one_hot, "learning_rate": params.learning_rate})
    for done, shown in PACE:
        inside = view.look(done)
        step.step()
        if shown:
            yield view.snapshot(done, inside, [float(value) for value in step.outputs])
    return None


class View:
    """What is looked at: the answers of all at every step, and from time to time the inside of two networks."""

    def __init__(self, session: Session, networks: Mapping[str, Mlp], train: Dataset, test: Dataset, scaling: str) -> None:
        graph, self._session, self._networks = session.graph, session, networks
        self._train, self._test = train.labels, test.labels
        self.scalers = {name: scaler(name, train.inputs) for name in SCALINGS}
        everything = np.concatenate([train.inputs, test.inputs], axis=1)
        passes = {name: networks[name].apply(graph.placeholder(f"all {name}", everything.shape)) for name in SCALINGS}
        self._pair = list(chosen(scaling))
        inside = [passes[name].activations[0] for name in self._pair]
        self._plan = session.plan([*(passes[name].outputs for name in SCALINGS), *inside])
        self._plan.feed({f"all {name}": self.scalers[name](everything) for name in SCALINGS})
        self._sizes = {name: np.sqrt((self.scalers[name](train.inputs) ** 2).mean(axis=1)) for name in self._pair}
        self._reached = dict.fromkeys(SCALINGS, NEVER)
        self._best = dict.fromkeys(SCALINGS, 0.0)
        self._right: dict[str, float] = {}

    def look(self, step: int) -> dict[str, tuple[Array, Array]]:
        """Notes the accuracies, and since when each has kept to the target; gives what is inside two of the networks."""
        self._plan.step()
        n = self._train.size
        for name, answers in zip(SCALINGS, self._plan.outputs, strict=False):
            self._right[name] = share = accuracy(answers[:, :n], self._train)
            self._best[name] = max(self._best[name], share)
            self._reached[name] = min(self._reached[name], step) if share >= TARGET else NEVER
        self._unseen = accuracy(self._plan.outputs[list(SCALINGS).index("standardized")][:, n:], self._test)
        return {
            name: self._inside(name, each) for name, each in zip(self._pair, self._plan.outputs[len(SCALINGS) :], strict=True)
        }

    def _inside(self, name: str, outputs: Array) -> tuple[Array, Array]:
        """What each feature adds to a hidden sum, root mean square over units and wines (13,); and the hidden outputs."""
        weights = self._session.value(self._networks[name].variables[0])[:, :-1]
        return np.sqrt((weights**2).mean(axis=0)) * self._sizes[name], np.nan_to_num(outputs)

    def snapshot(self, step: int, inside: Mapping[str, tuple[Array, Array]], values: list[float]) -> Snapshot:
        """The state before the update of this step."""
        sizes = {name: size for name, (size, _) in inside.items()}
        outputs = {name: output for name, (_, output) in inside.items()}
        loss = dict(zip(SCALINGS, values, strict=True))
        charts = {"accuracy": dict(self._right), "loss": loss, "sizes": sizes, "outputs": outputs}
        reached = {f"{name} reached": float(at) for name, at in self._reached.items()}
        best = {f"{name} best": share for name, share in self._best.items()}
        stuck = float((np.abs(outputs["raw"]) > 0.99).mean())
        return Snapshot(step, charts, measured={**reached, **best, "stuck": stuck, "unseen": self._unseen})


AS_TRIED = Ground(optimizer="sgd", learning_rate=0.1)
DESCENT = Ground(optimizer="sgd")
STANDARDIZED = Claim(
    "Standardized, the network gets 95 % of the 133 training wines right, and stays there, from this step on:",
    "standardized reached",
    at_most(40),
    AS_TRIED,
)
MINMAX = Claim("With min-max it does so from this step on:", "minmax reached", at_most(250), AS_TRIED)
RAW = Claim("Raw, gradient descent gets nowhere near 95 % in 600 steps. Its best accuracy:", "raw best", at_most(0.8), DESCENT)
UNSEEN = Claim("Standardized, the network’s accuracy on the 45 new wines:", "unseen", at_least(0.9), AS_TRIED)
STUCK = Claim("Raw, hidden units are saturated. Share of their outputs beyond ±0.99 at the end:", "stuck", at_least(0.9), DESCENT)
DECIDES = Title("The scaling decides: wines sorted right", "Wines sorted right", (STANDARDIZED, MINMAX, RAW))
SATURATED = Title("The hidden units’ outputs: raw, nearly all at −1 or 1", "The hidden units’ outputs", (STUCK,))

demo = Demo(
    name="race",
    title="A race of four scalings",
    params=RaceParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(STANDARDIZED, MINMAX, RAW, UNSEEN, STUCK),
    presets=(
        Preset("standardized", {}),
        Preset("min-max", {"scaling": "minmax"}),
        Preset("centred only", {"scaling": "centred"}),
        Preset("raw at a tiny rate", {"learning_rate": 1e-4, "scaling": "raw"}),
        Preset("Adam on raw data", {"optimizer": "adam", "learning_rate": 0.01, "scaling": "raw"}),
    ),
    guesses=guesses.RACE,
    hint="Watch four networks with the same weights and the same rate: the thick line is the scaling you choose.",
)
