"""One forward pass, one product per frame: what a node computes, down to the output biases and the softmax."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import numpy as np

from app.charts import Axis, Chart, Matrix, Working, latex
from app.topic import Claim, Demo, Ground, Preset, Run, Snapshot, at_least, at_most, checked, entry, numbers, slider
from app.topics.neural_network.flowers import PARTS, SPECIES, Classifier, FlowerParams, chosen, diagram, lengths_below, scaled
from engine.graph import Array
from engine.probabilities import softmax

FIRES: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


APPLIED = {"tanh": r"\tanh({})", "relu": r"\max(0, {})", "sigmoid": r"\sigma({})"}
"""How each is written in LaTeX."""


def node_weights(text: str) -> str:
    """Four weights and a bias, or nothing. Raises ValueError for anything else."""
    return ", ".join(f"{each:g}" for each in numbers(text, 5, -10, 10)) if text.strip() else ""


class ForwardParams(FlowerParams):
    """How far the network has been trained, and on request a first node of your own."""

    training_steps: int = slider(
        200,
        (0, 10, 25, 50, 100, 200),
        label="training",
        unit="steps",
        help="How long the network was trained beforehand. 0: random weights.",
    )
    first_node: Annotated[str, checked(node_weights)] = entry(
        "",
        label="weights of h1",
        help="Four weights and a bias for the first hidden node, such as 0, 0, 1, 1, 0. Empty: what it has learned.",
        longest=80,
    )


def charts(params: ForwardParams) -> dict[str, Chart]:
    """The network filling up edge by edge, and the same numbers as two tables."""
    hidden = [f"h{place + 1}" for place in range(params.hidden_units)]
    return {
        "network": diagram(params, f"One forward pass for {chosen(params)[1]}, one product at a time", "weight × input"),
        "working": Working(title="The arithmetic of this frame", lines=2, wide=True),
        "hidden": Matrix(
            title=f"Hidden nodes: products, bias, sum, {params.activation}",
            rows=hidden,
            columns=(*(part.replace(" ", "<br>") for part in PARTS), "bias", "sum", params.activation),
            x=Axis("what is added up, and what comes out"),
            y=Axis("hidden node"),
        ),
        "output": Matrix(
            title="Output nodes: products, bias, sum, softmax",
            rows=SPECIES,
            columns=(*hidden, "bias", "sum", "soft-<br>max"),
            x=Axis("what is added up, and what comes out"),
            y=Axis("species"),
        ),
    }


@dataclass
class Page:
    """What has been computed so far, NaN for the rest: `edges` are weight × input, `tables` what the two tables show."""

    nodes: list[Array]
    edges: list[Array]
    tables: list[Array]
    notes: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def empty(cls, inputs: Array, units: tuple[int, int]) -> Page:
        """Nothing but the inputs."""
        fan_in = (inputs.size, units[0])
        edges = [np.full((size, before + 1), np.nan) for size, before in zip(units, fan_in, strict=True)]
        tables = [np.full((size, before + 3), np.nan) for size, before in zip(units, fan_in, strict=True)]
        return cls([inputs, *(np.full(size, np.nan) for size in units)], edges, tables)

    def charts(self, marked: list[tuple[int, int, int]], lines: Sequence[str] = ()) -> dict[str, Any]:
        """Copies, for a snapshot; `lines` of LaTeX are the arithmetic of it."""
        network: dict[str, Any] = {"nodes": [each.copy() for each in self.nodes], "edges": [each.copy() for each in self.edges]}
        network |= {"notes": dict(self.notes), "highlight": marked}
        return {"network": network, "working": lines, "hidden": self.tables[0].copy(), "output": self.tables[1].copy()}


def run(params: ForwardParams) -> Run:
    """The other demo's network after so many steps; then a forward pass with plain numbers, checked against the matrices."""
    classifier = Classifier(params)
    page = Page.empty(classifier.flower[:, 0], (params.hidden_units, 3))
    page.notes = lengths_below(classifier.lengths)
    yield Snapshot(0, page.charts([]))
    for _ in range(params.training_steps):
        classifier.step()
    if params.first_node:
        classifier.replace_first_node(numbers(params.first_node, 5, -10, 10))
    every, hidden, logits = classifier.look()
    moments = list(enumerate(_moments(page, classifier.weights, params.activation), start=1))
    for step, drawn in moments[:-1]:
        yield Snapshot(step, drawn)
    step, drawn = moments[-1]
    apart = max(np.abs(page.nodes[1] - hidden).max(), np.abs(page.tables[1][:, -2] - logits).max())
    measured = {"apart": float(apart), "sum": abs(float(page.nodes[2].sum()) - 1), **_left_out(every, classifier.weights)}
    yield Snapshot(step, drawn, measured=measured)
    return None


def _left_out(logits: Array, weights: list[Array]) -> dict[str, float]:
    """How far the probabilities of the 150 flowers move at most without output biases, and without the activation."""
    hidden, output = weights
    sums = hidden[:, :-1] @ scaled()[0].inputs + hidden[:, -1:]
    other = {"bias": logits - output[:, -1:], "activation": output[:, :-1] @ sums + output[:, -1:]}
    return {name: float(np.abs(softmax(logits) - softmax(changed)).max()) for name, changed in other.items()}


def _moments(page: Page, weights: list[Array], activation: str) -> Iterator[dict[str, Any]]:
    """One product after another, node after node, with nothing but Python's own numbers; a frame each."""
    for layer, matrix in enumerate(weights):
        inputs = [*page.nodes[layer].tolist(), 1.0]
        for unit, row in enumerate(matrix.tolist()):
            total, terms, name = 0.0, "", f"h_{{{unit + 1}}}" if layer == 0 else f"\\text{{{SPECIES[unit]}}}"
            for source, (weight, value) in enumerate(zip(row, inputs, strict=True)):
                total += weight * value
                page.edges[layer][unit, source] = page.tables[layer][unit, source] = weight * value
                page.tables[layer][unit, -2] = total
                page.notes[layer + 1, unit] = f"sum {total:.2f}".replace("-", "−")
                terms += _term(weight, value, first=source == 0, bias=source == len(row) - 1)
                line = f"\\text{{sum of }} {name} = {terms} = {latex(total)}"
                yield page.charts([(layer, unit, source)], [line])
            if layer == 0:
                page.nodes[1][unit] = page.tables[0][unit, -1] = fired = FIRES[activation](total)
                del page.notes[1, unit]  # the table keeps it
                yield page.charts([], [line, f"{name} = {APPLIED[activation].format(latex(total))} = {latex(fired)}"])
    page.nodes[2][:] = page.tables[1][:, -1] = softmax(page.tables[1][:, -2])
    yield page.charts([], _softmax_lines(page.tables[1][:, -2], page.nodes[2]))


def _term(weight: float, value: float, first: bool, bias: bool) -> str:
    """A product of the sum, with its sign in front; of the bias the number alone, as its input is 1."""
    factor = f"({value:.2f})" if value < 0 else f"{value:.2f}"
    number = latex(weight) if first else f" {'-' if weight < 0 else '+'} {abs(weight):.2f}"
    return number + ("" if bias else f" \\cdot {factor}")


def _softmax_lines(sums: Array, shares: Array) -> list[str]:
    """The likeliest species' share, written out."""
    best = int(np.argmax(shares))
    powers = " + ".join(f"e^{{{each:.2f}}}" for each in sums)
    fraction = f"\\frac{{e^{{{sums[best]:.2f}}}}}{{{powers}}}"
    return [f"p(\\text{{{SPECIES[best]}}}) = {fraction} = {shares[best]:.2f}"]


TRAINED = Ground(training_steps=200, first_node="", hidden_units=6)

demo = Demo(
    name="forward",
    title="One forward pass, number by number",
    params=ForwardParams,
    charts=charts,
    run=run,
    frames=lambda params: 2 + params.hidden_units * 6 + 3 * (params.hidden_units + 1),
    frame_seconds=0.5,
    claims=(
        Claim(
            "Computing node by node in plain numbers and all at once with matrices gives the same: the largest difference.",
            "apart",
            at_most(1e-12),
            by_construction=True,
        ),
        Claim("The three probabilities sum to 1: they are off by this much.", "sum", at_most(1e-12), by_construction=True),
        Claim(
            "Without the output biases some flower’s probabilities would change by up to this much.",
            "bias",
            at_least(0.003),
            TRAINED,
        ),
        Claim(
            "If the hidden nodes passed on their sums without an activation, a probability would change by this much.",
            "activation",
            at_least(0.04),
            TRAINED,
        ),
    ),
    presets=(
        Preset("a doubtful versicolor", {}),
        Preset("before any training", {"training_steps": 0}),
        Preset("one it gets wrong", {"flower": 84}),
        Preset("ReLU: some nodes stay at 0", {"activation": "relu"}),
        Preset("h1 adds up the petal", {"first_node": "0, 0, 1, 1, 0"}),
    ),
    hint="Pause and use the step buttons: there is one product per frame.",
)
