"""The race: one deep network, nine activation functions, the same points, batches and random numbers for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
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
    choice,
    exactly,
    slider,
    streams,
)
from app.topics.activation_functions import guesses
from app.topics.activation_functions.functions import LINES, SUMS, drawn, labels_of, lines, shares_of
from app.topics.activation_functions.two_moons import PLANE, POINTS, data, field_chart, field_of
from engine import Array, Graph, Guard, Mlp, Node, Session, Update, losses, mlp, optimizers
from engine.datasets import batches
from engine.metrics import accuracy

NAMES = tuple(LINES)
LEARNERS = ("tanh", "relu", "leaky_relu", "elu", "gelu", "silu")
"""The six that train a network this deep."""
COMPARED = ("sigmoid", "tanh", "relu")
"""Whose gradient is followed from the output layer down to the first."""
STEPS = 400
PACE = Pace(STEPS, 141)
UNITS = 16
BATCH_SIZE = 100


class RaceParams(Params):
    """Which function to look at, and what all nine have to learn in."""

    activation: Literal["step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu"] = choice(
        "relu", labels_of(NAMES), label="activation", help="All nine train; this one is drawn thick, with its curve and field."
    )
    hidden_layers: int = slider(
        6, (1, 2, 3, 4, 6, 8), label="hidden layers", help="Depth of every network. The deeper, the more slopes are multiplied."
    )
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Step length, the same for all; momentum is 0.9.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: RaceParams) -> dict[str, Chart]:
    """The race of all nine, then the chosen function with its inputs and what its network learnt, then all nine's gradients."""
    name, layers = LINES[params.activation].name, params.hidden_layers + 1
    title = name[0].upper() + name[1:]
    return {
        "accuracy": Lines(
            title=LEARN.at(params),
            series=lines(NAMES, params.activation),
            further=set(NAMES) - {"sigmoid", "tanh", "relu", params.activation},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of points sorted right", (0, 1.02)),
            wide=True,
            height=320,
        ),
        "curve": Curves(
            title=f"{title}: where the sums fall, and how steep it is there",
            at=SUMS,
            series={"function": Series("function", BLUE, width=3), "slope": Series("its slope", VERMILION, width=3)}
            | _layers_shown(params),
            x=Axis("weighted sum of a unit (at the ends, all beyond)", (SUMS[0], SUMS[-1])),
            y=Axis("value · share of sums (tallest = 1)", (-1.1, 2.1)),
        ),
        "field": field_chart(f"{title}: what its network makes of the points", params.seed),
        "gradient": Curves(
            title="The gradient that reaches each layer, from the output down to layer 1",
            at=np.arange(1, layers + 1),
            series=lines(NAMES, params.activation),
            further=set(NAMES) - {"sigmoid", "tanh", "relu", params.activation},
            mode="lines+markers",
            x=Axis("layer", (0.8, layers + 0.2), ticks={k: str(k) if k < layers else "output" for k in range(1, layers + 1)}),
            y=Axis("norm of the gradient of its weights", (1e-7, 30), log=True),
            wide=True,
            height=340,
        ),
    }


def _layers_shown(params: RaceParams) -> dict[str, Series]:
    """The hidden layers whose sums are counted: the first and the last, or the only one."""
    last = {"last": Series(f"sums in layer {params.hidden_layers}", PURPLE, width=1)} if params.hidden_layers > 1 else {}
    return {"first": Series("sums in layer 1", GREEN, width=1)} | last


def run(params: RaceParams) -> Run:
    """2-16-...-16-2 on two moons by SGD with momentum, batches of 100, all nine in one plan.

    Each network starts from the same random numbers, scaled as suits its function: He for the ReLU family, else Xavier.
    """
    points, chosen = data(params.seed), params.activation
    graph, sizes = Graph(), (2, *[UNITS] * params.hidden_layers, 2)
    inputs, targets = graph.placeholder("inputs", (2, BATCH_SIZE)), graph.placeholder("targets", (2, BATCH_SIZE))
    networks: dict[str, Mlp] = {}
    costs: dict[str, Node] = {}
    updates: dict[str, Update] = {}
    for name in (chosen, *(name for name in NAMES if name != chosen)):  # the guard looks at the first
        networks[name] = mlp(graph, sizes, streams(params.seed).weights, name, name=name)
        costs[name] = losses.softmax_cross_entropy(networks[name](inputs), targets)
        updates[name] = optimizers.momentum(costs[name], params.learning_rate, networks[name].variables)
        yield NOT_YET

    session = Session(graph)
    slopes = [each for update in updates.values() for each in update.gradients]
    step = yield from session.planning([*costs.values(), *slopes], list(updates.values()))
    view = View(tuple(networks), params, drawn(chosen))
    look = yield from session.planning(view.watched(graph, networks, points.inputs.shape))
    look.feed({"points": points.inputs, "plane": PLANE.points})
    guard, deal = Guard(session, step), batches(streams(params.seed).batches, POINTS, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            look.step()
        batch = next(deal)
        if broke := guard.step(inputs=points.inputs[:, batch], targets=points.one_hot[:, batch]):
            return Diverged(done, broke)
        if shown:
            yield view.snapshot(done, look.outputs, step.outputs[len(NAMES) :], points.labels)
    return None


class View:
    """What is shown between steps: every network's answers and gradients, and the inside of the first, the chosen one."""

    def __init__(self, names: Sequence[str], params: RaceParams, curve: Mapping[str, Array]) -> None:
        self._names, self._layers, self._curve = names, params.hidden_layers + 1, curve
        self._ratios: list[list[float]] = []
        self._step_hidden = 0.0

    def watched(self, graph: Graph, networks: Mapping[str, Mlp], shape: tuple[int, ...]) -> list[Node]:
        """The field's logits, the sums in the first and last hidden layer, and all answers."""
        seen, plane = graph.placeholder("points", shape), graph.placeholder("plane", PLANE.points.shape)
        chosen, *others = networks.values()
        inside = chosen.apply(seen)
        hidden = inside.pre_activations[:-1]
        return [chosen(plane), hidden[0], hidden[-1], inside.outputs, *(network(seen) for network in others)]

    def snapshot(self, step: int, looked: Sequence[Array], slopes: Sequence[Array], labels: Array) -> Snapshot:
        """The state after `step` updates: what was looked at, and the gradients of the batch that follows."""
        logits, first, last, *answers = looked
        right = {name: accuracy(each, labels) for name, each in zip(self._names, answers, strict=True)}
        shares = {"first": shares_of(first)} | ({"last": shares_of(last)} if self._layers > 2 else {})
        norms = self._norms(slopes)
        charts = {
            "accuracy": right,
            "curve": {**self._curve, **shares} if step == 0 else shares,
            "field": field_of(logits),
            "gradient": {name: np.where(each > 0, each, np.nan) for name, each in norms.items()},  # 0 has no place on a log scale
        }
        least = {"six": float(np.min([right[name] for name in LEARNERS]))}
        return Snapshot(step, charts, step * BATCH_SIZE / POINTS, {**right, **least, **self._story(norms)})

    def _norms(self, slopes: Sequence[Array]) -> dict[str, Array]:
        """Of each network's gradient, layer by layer (layers,)."""
        norms = np.array([np.linalg.norm(each) for each in slopes]).reshape(len(self._names), self._layers)
        return dict(zip(self._names, norms, strict=True))

    def _story(self, norms: Mapping[str, Array]) -> dict[str, float]:
        """First layer's gradient over the last's, median of the steps shown; and the largest a hidden layer of `step` had."""
        self._ratios.append([norms[name][0] / norms[name][-1] for name in COMPARED])
        self._step_hidden = max(self._step_hidden, float(norms["step"][:-1].max()))
        middle = np.median(self._ratios, axis=0).tolist()
        story = {f"{name} ratio": ratio for name, ratio in zip(COMPARED, middle, strict=True)}
        return story | {"sigmoid fade": 1 / story["sigmoid ratio"], "step hidden": self._step_hidden}


SIX_DEEP = Ground(hidden_layers=6, learning_rate=0.05)
SIX = Claim(
    "Tanh, ReLU and its four relatives all learn: the lowest accuracy of the six after 400 steps.",
    "six",
    at_least(0.98),
    SIX_DEEP,
)
FLAT = Claim("Six layers of sigmoid do not learn in 400 steps: their accuracy.", "sigmoid", at_most(0.55), SIX_DEEP)
LEARN = Title("Six functions solve it; sigmoid stays at the start", "The same network with each function", (SIX, FLAT))

demo = Demo(
    name="race",
    title="A race of nine",
    params=RaceParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        SIX,
        FLAT,
        Claim(
            "Linear layers draw one straight boundary, however many there are: their accuracy.",
            "linear",
            at_most(0.93),
            Ground(learning_rate=at_most(0.05)),
        ),
        Claim(
            "Sigmoid: the gradient of layer 1 over that of the output layer, the median over the run.",
            "sigmoid ratio",
            at_most(0.005),
            SIX_DEEP,
        ),
        Claim("The same ratio for tanh.", "tanh ratio", at_least(1), SIX_DEEP),
        Claim("The same ratio for ReLU.", "relu ratio", at_least(1), SIX_DEEP),
        Claim(
            "Step: the largest gradient that any hidden layer ever had.",
            "step hidden",
            exactly(0),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("ReLU", {}),
        Preset("linear: one straight line", {"activation": "linear"}),
        Preset("sigmoid: the gradient fades", {"activation": "sigmoid"}),
        Preset("sigmoid, one hidden layer", {"activation": "sigmoid", "hidden_layers": 1, "learning_rate": 0.2}),
        Preset("step: no slope at all", {"activation": "step"}),
    ),
    guesses=guesses.RACE,
    hint="Choose another function: all nine train in every run, from the same start.",
)
