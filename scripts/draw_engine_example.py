"""Writes the pictures of docs/engine.md: one small network on its way from nodes to a flat function, as the engine itself has it.

Each picture stands between two comments in the document; everything else there is left alone. `tests/engine/test_document.py`
makes them again and compares, so that they cannot go stale. `PYTHONPATH=. python scripts/draw_engine_example.py`
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import Graph, Node, Plan, Session, dense, losses, ops, optimizers
from engine.calls import block, parted
from engine.graph import Array, topological_order
from engine.passes import Simplified, simplified

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "engine.md"

SIGN = {"x": 7.0, "t": 8.0}
"""What is fed, so that the pictures can tell by the numbers which block of memory holds which placeholder."""


class Example:
    """Two inputs, three tanh units, one output, a batch of four, squared error, gradient descent."""

    def __init__(self) -> None:
        self.graph, rng = Graph(), np.random.default_rng(0)
        inputs, targets = self.graph.placeholder("x", (2, 4)), self.graph.placeholder("t", (1, 4))
        hidden = ops.tanh(dense(self.graph, "hidden", 2, 3, rng)(inputs)).named("activations")
        outputs = dense(self.graph, "output", 3, 1, rng)(hidden).named("outputs")
        self.loss = losses.mean_squared_error(outputs, targets).named("loss")
        self.forward = topological_order([self.loss])
        self.update = optimizers.sgd(self.loss, self.graph.placeholder("learning_rate"))
        wanted = [self.loss, *self.update.reads(), *self.update.sets.values()]
        self.everything = topological_order(wanted)
        self.backward = topological_order([self.loss, *self.update.gradients])
        self.simplified = simplified(wanted)
        self.session = Session(self.graph)
        self.plan: Plan = self.session.plan([self.loss], [self.update])
        self.plan.feed({"x": np.full((2, 4), SIGN["x"]), "t": np.full((1, 4), SIGN["t"]), "learning_rate": 0.1})


def pictures() -> dict[str, str]:
    """Name of each picture -> its Markdown."""
    made = Example()
    backward = [node for node in made.backward if node not in set(made.forward)]
    step = [node for node in made.everything if node not in set(made.backward)]
    return {
        "build": fenced(listed(made.forward), "text"),
        "gradients": fenced([*listed(backward), "", *_results(made)], "text"),
        "optimizer": fenced([*listed(step), "", *_sets(made)], "text"),
        "passes": fenced([*fates(made), "", *_counts(made)], "text"),
        "small": fenced(flowchart(made.simplified.order), "mermaid"),
        "calls": fenced(legible(made.plan, made.session.values), "text"),
        "function": fenced(abridged(made.plan.source), "python"),
    }


def fenced(lines: Sequence[str], language: str) -> str:
    """Lines as a block of code."""
    return "\n".join([f"```{language}", *(line.rstrip() for line in lines), "```"])


def title(node: Node) -> str:
    """Its name, or for a constant its number, or its operation; with its number in the graph."""
    if node.op == "constant" and not node.shape:
        return f"{float(node.attributes['value']):g}"
    return f"{node.name or node.op}.{node.number}"


def listed(nodes: Sequence[Node]) -> list[str]:
    """A line a node: title, shape, and the operation with what it reads."""
    return [f"{title(node):22}{node.shape!s:10}{_written(node)}" for node in nodes if node.op != "constant" or node.shape]


def _written(node: Node) -> str:
    return f"{node.op}({', '.join(title(source) for source in node.inputs)})" if node.inputs else node.op


def _results(made: Example) -> list[str]:
    pairs = zip(made.update.variables, made.update.gradients, strict=True)
    return [f"d loss / d {title(variable)} = {title(gradient)}" for variable, gradient in pairs]


def _sets(made: Example) -> list[str]:
    return [f"{title(target)} becomes {title(value)}" for target, value in made.update.sets.items()]


def fates(made: Example) -> list[str]:
    """A line for each node that a pass took away: which pass, and what stands for the node now."""
    first: dict[Node, Node] = {}
    lines = []
    for node in made.everything:
        now = made.simplified.stand_in[node]
        fate = _fate(made.simplified, node, first)
        stands = f"a constant {now.shape}" if fate == "folded" else title(first.setdefault(now, node))
        if fate:
            lines.append(f"{fate:10}{title(node):18}{_written(node):39}{'' if fate == 'dead' else f'now {stands}'}")
    return lines


def _fate(small: Simplified, node: Node, seen: Mapping[Node, Node]) -> str:
    now = small.stand_in[node]
    if any(now is small.stand_in[source] for source in node.inputs):
        return "identity"
    if now.op == "constant" and node.op != "constant":
        return "folded"
    if now in seen:
        return "shared"
    return "" if now in set(small.order) else "dead"


def _counts(made: Example) -> list[str]:
    removed = ", ".join(f"{count} {name}" for name, count in sorted(made.simplified.removed.items()) if count)
    return [f"{len(made.everything)} nodes before, {removed}, {len(made.simplified.order)} left"]


def flowchart(nodes: Sequence[Node]) -> list[str]:
    """Nodes and arrows for Mermaid; lone numbers stand in the box of who reads them."""
    drawn = [node for node in nodes if node.op != "constant" or node.shape]
    place = {node: f"n{number}" for number, node in enumerate(drawn)}
    lines = ["flowchart TD"]
    for node in drawn:
        numbers = "".join(f" {title(source)}" for source in node.inputs if source not in place)
        name = f"<b>{node.name}</b><br>" if node.name else ""
        lines.append(f'    {place[node]}["{name}{node.op}{numbers}<br>{node.shape}"]')
        lines += [f"    {place[source]} --> {place[node]}" for source in node.inputs if source in place]
    return lines


def legible(plan: Plan, weights: Array) -> list[str]:
    """The calls of a plan, arrays by a letter for each block of memory: W is the flat vector of weights. Numbers are shown."""
    letters, outs = {id(weights): "W"}, {id(block(out)) for *_, out in map(parted, plan.calls)}
    held: dict[str, str] = {}

    def said(thing: Any) -> str:
        if not isinstance(thing, np.ndarray):
            return str(thing)
        held_in = block(thing)
        if not thing.shape and id(held_in) not in outs:
            return f"{float(thing):g}"
        letter = letters.setdefault(id(held_in), chr(ord("A") + len(letters) - 1))
        for name, sign in SIGN.items():
            if id(held_in) not in outs and held_in.flat[0] == sign:
                held[letter] = name
        return f"{letter}{thing.shape}"

    lines = []
    for number, (name, read, out) in enumerate(map(parted, plan.calls), start=1):
        words = ", ".join(said(thing) for thing in read)
        lines.append(f"{number:2}  {said(out):8} <- {name}({words})")
    given = ", ".join(f"{letter} holds {name}" for letter, name in held.items())
    return [*lines, "", f"W is the flat vector of weights {weights.shape}, {given}"]


def abridged(source: str) -> list[str]:
    """The function without the middle of its list of locals."""
    return re.sub(r"(v1=v1, ).*(v\d+=v\d+\):)", r"\1..., \2", source).splitlines()


def document(text: str) -> str:
    """The document with every picture drawn anew. Raises KeyError for one it has no place for."""
    for name, picture in pictures().items():
        place = re.compile(rf"(<!-- {name}: drawn by scripts/draw_engine_example\.py -->\n).*?(<!-- {name} ends -->)", re.DOTALL)
        found = place.search(text)
        if found is None:
            raise KeyError(name)
        text = f"{text[: found.end(1)]}\n{picture}\n\n{text[found.start(2) :]}"
    return text


def main() -> None:
    """Draws them."""
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
