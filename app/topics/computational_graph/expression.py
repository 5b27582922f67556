"""An expression that the visitor types becomes a graph: values flow through it node by node, then its gradient's nodes follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np

from app.charts import Chart, Working
from app.topic import (
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    at_most,
    checked,
    entry,
    exactly,
    slider,
    written,
)
from app.topics.computational_graph.arithmetic import line, number
from app.topics.computational_graph.drawing import diagram, keys_of, kinds_of, label_of
from engine import Graph, Node, Session, gradients
from engine.expressions import expression
from engine.gradcheck import differences
from engine.graph import LEAVES, topological_order

NAMES = ("x", "y")
MOST_OPERATIONS, MOST_NODES = 24, 150
USUAL = "sin(x*y)*exp(x-y)"
LINES = 4
VALUE_STOPS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Built:
    """An expression as a graph: its value, its derivative in each variable, and all nodes, those of the value first."""

    session: Session
    value: Node
    slopes: Mapping[Node, Node]
    order: tuple[Node, ...]
    forward: int

    @property
    def names(self) -> dict[Node, str]:
        """What formulas call each node: x, y, a number, or v and where it stands among the operations."""
        operations = [node for node in self.order if node.inputs]
        numbered = {node: f"v_{{{place}}}" for place, node in enumerate(operations, start=1)}
        leaves = {node: node.name or number(float(node.attributes["value"])) for node in self.order if not node.inputs}
        return numbered | leaves


def build(text: str, x: float, y: float) -> Built:
    """The graph of a checked expression at a point, and its gradient as more nodes of it."""
    parsed, graph = expression(text, NAMES), Graph(np.float64)
    variables = {name: graph.variable(name, value) for name, value in zip(NAMES, (x, y), strict=True)}
    value = parsed(**variables)
    forward = topological_order([value])
    used = [node for node in variables.values() if node in set(forward)]
    slopes = dict(zip(used, gradients(value, used), strict=True))
    added = [node for node in topological_order(slopes.values()) if node not in set(forward)]
    return Built(Session(graph), value, slopes, (*forward, *added), len(forward))


def parse(text: str) -> str:
    """The expression in its canonical form. Raises ValueError saying what was got and what is allowed."""
    canonical = expression(text, NAMES, MOST_OPERATIONS).text
    nodes = len(build(canonical, 0.0, 0.0).order)
    if nodes > MOST_NODES:
        raise ValueError(f"an expression whose graph, with its gradient, has at most {MOST_NODES} nodes (got {nodes})")
    return canonical


class ExpressionParams(Params):
    """What is computed, and where."""

    seeded = False

    expression: Annotated[str, checked(parse)] = entry(
        USUAL,
        label="expression",
        help="In x and y: + − * / **, parentheses, sin cos exp log sqrt abs tanh, pi.",
        longest=120,
    )
    x: float = slider(1.0, VALUE_STOPS, label="x", help="The value of the variable x.", minimum=-10, maximum=10)
    y: float = slider(0.5, VALUE_STOPS, label="y", help="The value of the variable y.", minimum=-10, maximum=10)


@lru_cache(maxsize=32)
def _shape(text: str) -> Built:
    """The graph that every point shares, for charts that are drawn before a run."""
    return build(text, 0.0, 0.0)


def charts(params: ExpressionParams) -> dict[str, Chart]:
    """The graph, and the arithmetic of the node at work."""
    built = _shape(params.expression)
    names = built.names
    kinds = kinds_of(built.order, built.order[: built.forward])

    def label(node: Node) -> str:
        return f"{names[node].translate(PLAIN)}: {label_of(node)}" if node.inputs else node.name or "constant"

    return {
        "graph": diagram("Nodes compute, edges carry: first the value, then the gradient as more nodes", kinds, label),
        "working": Working(title="The node at work, in symbols and in numbers", lines=LINES, wide=True),
    }


PLAIN = str.maketrans("", "", "_{}")


def _frames(params: ExpressionParams) -> int:
    return len(_shape(params.expression).order) + 2


def run(params: ExpressionParams) -> Run:
    """One node a frame, inputs before those who read them: all of the expression, then all that its gradient adds."""
    built = build(params.expression, params.x, params.y)
    keys, names = keys_of(built.order), built.names
    values = built.session.trace([built.value, *built.slopes.values()])
    added = [keys[node] for node in built.order[built.forward :]]

    yield Snapshot(0, {"graph": {"values": {}, "gone": added, "lit": [], "focus": None}, "working": []})
    lines: list[str] = []
    for place, node in enumerate(built.order):
        lines = [*lines[-LINES + 1 :], line(node, names, values)]
        there = {"gone": added[max(0, place + 1 - built.forward) :], "focus": keys[node]}
        graph = {"values": {keys[node]: _short(float(values[node]))}} | there
        yield Snapshot(place + 1, {"graph": graph, "working": lines})
    ends = [keys[built.value], *(keys[slope] for slope in built.slopes.values())]
    said = list(_answers(built, names, {node: float(value) for node, value in values.items()}))
    yield Snapshot(len(built.order) + 1, {"graph": {"lit": ends, "focus": None}, "working": said}, measured=_measured(built))
    return None


def _short(value: float) -> str:
    """What a node has room for."""
    if np.isfinite(value):
        return written(value)
    return "no number" if np.isnan(value) else "∞" if value > 0 else "−∞"


def _answers(built: Built, names: Mapping[Node, str], values: Mapping[Node, float]) -> Iterator[str]:
    yield f"f = {names[built.value]} = {number(values[built.value])}"
    for variable, slope in built.slopes.items():
        by_name = "" if slope.op in LEAVES else f" = {names[slope]}"
        yield rf"\partial f / \partial {variable.name}{by_name} = {number(values[slope])}"


def _measured(built: Built) -> dict[str, float]:
    """Counts of operations, and how far the gradient is from differences, and the plan from the interpreter."""
    outputs = [built.value, *built.slopes.values()]
    plain, planned = built.session.run(outputs), built.session.plan(outputs)()
    graph = built.session.graph
    by_difference = [float(differences(graph, built.value, variable)) for variable in built.slopes]
    by_graph = [float(value) for value in plain[1:]]
    alone = [_operations([built.value, *gradients(built.value, [variable])]) for variable in built.slopes]
    of_value, of_all = _operations([built.value]), _operations(outputs)
    return {
        "gap": max(abs(a - b) / max(1.0, abs(a), abs(b)) for a, b in zip(by_graph, by_difference, strict=True)),
        "plan gap": max(float(abs(a - b)) for a, b in zip(plain, planned, strict=True)),
        "operations": float(of_value),
        "added": float(of_all - of_value),
        "share": (of_all - of_value) / max(1, sum(count - of_value for count in alone)),
    }


def _operations(outputs: list[Node]) -> int:
    return sum(1 for node in topological_order(outputs) if node.inputs)


def _finite(params: ExpressionParams) -> bool:
    built = build(params.expression, params.x, params.y)
    with np.errstate(all="ignore"):
        return bool(np.isfinite(built.session.run([built.value, *built.slopes.values()])).all())


FINITE = Ground("a point where the value and its derivatives are finite numbers", _finite)
DEFAULT = Ground(expression=USUAL)

demo = Demo(
    name="expression",
    title="An expression",
    params=ExpressionParams,
    charts=charts,
    run=run,
    frames=_frames,
    claims=(
        Claim(
            "The gradient’s nodes give what central differences give: the largest relative difference.",
            "gap",
            at_most(1e-6),
            FINITE,
        ),
        Claim(
            "Both derivatives come from one walk back, which adds fewer operations than one walk for each: their share.",
            "share",
            at_most(0.75),
            DEFAULT,
        ),
        Claim(
            "The compiled plan gives the same numbers as the nodes one by one: the largest difference.",
            "plan gap",
            exactly(0),
            FINITE,
        ),
    ),
    presets=(
        Preset("two factors", {}),
        Preset("a neuron", {"expression": "tanh(0.8*x-0.5*y+0.1)"}),
        Preset("a squared error", {"expression": "(2*x+1-y)**2"}),
        Preset("Rosenbrock’s valley", {"expression": "(1-x)**2+100*(y-x**2)**2"}),
        Preset("no finite value", {"expression": "log(x-2)+y", "x": 1.0}),
    ),
    hint="Step frame by frame: blue nodes compute the value, then dashed nodes appear, which compute its gradient.",
    frame_seconds=0.7,
)
