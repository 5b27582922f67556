"""Four points: the perceptron (Rosenblatt, 1958) and its rule beside a network with one hidden layer, on one Boolean function."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Field, Lines, Plane, Series
from app.charts.colours import GREEN, VERMILION
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
    between,
    choice,
    exactly,
    one_of,
    slider,
    streams,
)
from app.topics.multilayer_perceptron import guesses
from app.topics.multilayer_perceptron.hidden_view import SIZE, HiddenView, hidden_chart
from app.topics.multilayer_perceptron.points import CORNERS, TABLES
from engine import Graph, Guard, Session, losses, mlp, optimizers
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import sigmoid

STEPS = 160
PACE = Pace.evenly(STEPS, 1)
REACH = (-1.6, 1.6)
PLANE = Plane(Axis("first input (false −1, true 1)", REACH), Axis("second input", REACH), SIZE)
NAMES = ("false", "true")
LARGE = 15
"""Pixels: four points are to be seen from afar."""


class FourPointsParams(Params):
    """The function to learn, and the network next to the perceptron."""

    hidden_units: int = slider(
        6, (1, 2, 3, 4, 6, 8), label="hidden units", help="Width of the network’s one hidden layer. The perceptron has none."
    )
    task: Literal["and", "or", "nand", "xor"] = choice(
        "xor",
        {"and": "AND", "or": "OR", "nand": "NAND", "xor": "XOR"},
        label="function",
        help="The function of two inputs to learn. A straight line separates the points for the first three, not for the last.",
    )
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Step length of the network (Adam). The perceptron needs none: its rate only scales its weights.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


class Perceptron:
    """A weighted sum and a threshold, trained by Rosenblatt's rule: a point sorted wrong is added to the weights or taken off.

    The start is in eighths and the points are of -1 and 1, so weights are exact: when they come back to where they were, after
    a whole epoch, the rule is in a circle that it will never leave.
    """

    def __init__(self, rng: np.random.Generator, targets: Array) -> None:
        self.weights = rng.integers(-8, 9, 3) / 8
        self._points, self._targets = np.concatenate([CORNERS, np.ones((1, 4))]).T, targets
        self._seen: dict[bytes, int] = {}
        self.last_error = self.period = 0

    def answers(self, points: Array) -> Array:
        """0 or 1 for points (2, n)."""
        fired: Array = (self.weights[:2] @ points + self.weights[2] > 0).astype(int)
        return fired

    def picture(self) -> Array:
        """Its answers over the plane, (SIZE, SIZE); blended within a cell of the cut, which is then drawn straight."""
        cell = (REACH[1] - REACH[0]) / (SIZE - 1)
        distances = (self.weights[:2] @ PLANE.points + self.weights[2]) / max(float(np.linalg.norm(self.weights[:2])), 1e-9)
        return PLANE.picture(np.clip(0.5 + distances / (2 * cell), 0, 1))

    def look(self, step: int, place: int) -> bool:
        """One point, and whether it was sorted wrong; `step` counts from 1, four to an epoch."""
        point, target = self._points[place], self._targets[place]
        error = target - int(self.weights @ point > 0)
        self.weights = self.weights + error * point
        self.last_error = step if error else self.last_error
        if step % 4 == 0 and not self.period and self.last_error > step - 4:
            met = self._seen.setdefault(self.weights.tobytes(), step)
            self.period = (step - met) // 4
        return bool(error)


def charts(params: FourPointsParams) -> dict[str, Chart]:
    """Both boundaries, the mistakes that add up, and where the hidden layer puts the points."""
    return {
        "perceptron": _map("The perceptron: one straight cut", params),
        "network": _map(
            "The network: its cut can bend" if params.hidden_units > 1 else "One hidden unit: one straight cut", params
        ),
        "mistakes": Lines(
            title=(NEVER_END if params.task == "xor" else SOON_END).at(params),
            series={"perceptron": Series("perceptron", VERMILION), "network": Series("network", GREEN)},
            x=Axis("step, one point each (four to an epoch)", (0, STEPS)),
            y=Axis("mistakes so far", (0, STEPS) if params.task == "xor" else (0, 12)),
        ),
        "hidden": hidden_chart(MOVED.at(params), NAMES, LARGE),
    }


def _map(title: str, params: FourPointsParams) -> Field:
    labels = np.array(TABLES[params.task])
    return Field(
        title=title,
        points=CORNERS,
        labels=labels,
        class_names=NAMES,
        **PLANE.axes,
        size=PLANE.size,
        of="true",
        point_size=LARGE,
    )


def run(params: FourPointsParams) -> Run:
    """A perceptron shown one point per step, over and over in the same order; a 2-h-1 tanh network by full-batch Adam.

    Both are asked the same point before each step; the network then learns from all four.
    """
    rng, labels = streams(params.seed), np.array(TABLES[params.task])
    perceptron, order = Perceptron(rng.noise, labels), rng.batches.permutation(4)
    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, 4)), graph.placeholder("targets", (1, 4))
    network = mlp(graph, (2, params.hidden_units, 1), rng.weights, "tanh")
    inside = network.apply(inputs)
    loss = losses.sigmoid_cross_entropy(inside.outputs, targets)
    session = Session(graph)
    look = session.plan([loss, inside.outputs, inside.activations[0], network(graph.placeholder("plane", PLANE.points.shape))])
    step = session.plan([loss], [optimizers.adam(loss, params.learning_rate)])
    feeds = {"inputs": CORNERS, "targets": labels[None]}
    look.feed({**feeds, "plane": PLANE.points})
    step.feed(feeds)
    guard, view, best = Guard(session, step), HiddenView(NAMES, labels), 0.0
    mistakes = {"perceptron": 0, "network": 0}
    for done, _ in PACE:
        look.step()
        value, outputs, hidden, plane = look.outputs
        best, right = max(best, float((perceptron.answers(CORNERS) == labels).mean())), accuracy(outputs, labels)
        fields = {
            "perceptron": perceptron.picture(),
            "network": PLANE.picture(sigmoid(plane)),
            "hidden": view.value(hidden, session.value(network.variables[-1])),
        }
        story = {
            "network": right,
            "loss": float(value),
            "best": best,
            "period": perceptron.period,
            "last epoch": (perceptron.last_error + 3) // 4,
        }
        yield Snapshot(done, {**fields, "mistakes": dict(mistakes)}, measured=story)
        place = int(order[done % 4])
        mistakes["network"] += int((outputs[0, place] > 0) != labels[place])
        mistakes["perceptron"] += int(perceptron.look(done + 1, place))
        if broke := guard.step():
            return Diverged(done, broke)
    return None


XOR, SEPARABLE = Ground(task="xor"), Ground(task=one_of("and", "or", "nand"))
WIDE_ENOUGH = Ground(hidden_units=at_least(6), learning_rate=between(0.05, 0.1))
NO_LINE = Claim(
    "XOR: the perceptron never sorts more than three of the four points right. Its best share:",
    "best",
    at_most(0.75),
    XOR,
    by_construction=True,
)
GOES_ROUND = Claim(
    "XOR: the perceptron goes round in a circle. Epochs after which its weights are exactly what they were:",
    "period",
    exactly(1),
    XOR,
)
SETTLES = Claim(
    "AND, OR, NAND: the perceptron makes its last mistake within the first four epochs. It is in epoch:",
    "last epoch",
    at_most(4),
    SEPARABLE,
)
SOLVES = Claim("The network sorts all four points right. Its accuracy:", "network", exactly(1), WIDE_ENOUGH)
CONFIDENT = Claim("And it is confident about them. Its mean cross-entropy after 160 steps:", "loss", at_most(0.02), WIDE_ENOUGH)
NEVER_END = Title("The perceptron’s mistakes never end", "Mistakes so far", (GOES_ROUND,))
SOON_END = Title("The perceptron’s mistakes soon end", "Mistakes so far", (SETTLES,))
MOVED = Title("In the hidden layer one straight cut is enough", "Where the hidden layer puts the points", (SOLVES,))

demo = Demo(
    name="four-points",
    title="Four points",
    params=FourPointsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(NO_LINE, GOES_ROUND, SETTLES, SOLVES, CONFIDENT),
    presets=(
        Preset("XOR", {}),
        Preset("AND", {"task": "and"}),
        Preset("OR", {"task": "or"}),
        Preset("NAND", {"task": "nand"}),
        Preset("XOR, one hidden unit", {"hidden_units": 1}),
        Preset("XOR, two hidden units", {"hidden_units": 2}),
    ),
    guesses=guesses.FOUR,
    hint="Watch the perceptron’s cut jump about for ever, while the network bends its own round the points.",
)
