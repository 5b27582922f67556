"""What a program looks like: its graph as a chart, values as short texts, and the listing as lines print and fail."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from app.charts import GraphDiagram, GraphNode
from app.topic import written
from engine.graph import Array, Node
from engine.v1.programs import Event, Failed, Made, Outcome, Printed, Ran, Tape

LETTERS, LONGEST_LABEL = 11, 16
MOST_PRINTED = 3
"""How many lines of output are kept for a line that prints in a loop."""
EMPTY = GraphNode("no nodes", "no nodes", "operation", "the program makes none")


def diagram(tape: Tape, title: str) -> GraphDiagram:
    """The graph at the end of a program, operations such as initializers and optimizers included."""
    shown = set(tape.nodes)
    nodes = [GraphNode(node.name, _label(node.name), _kind(node), _detail(node)) for node in tape.nodes]
    nodes += [GraphNode(one.name, _label(one.name), "update", one.kind) for one in tape.operations]
    edges = [(source.name, node.name) for node in tape.nodes for source in node.inputs if source in shown]
    edges += [(source.name, one.name) for one in tape.operations for source in one.inputs if source in shown]
    unique = tuple(dict.fromkeys(edges))
    return GraphDiagram(title=title, nodes=tuple(nodes) or (EMPTY,), edges=unique, value_letters=LETTERS)


def _label(name: str) -> str:
    """Names of gradients begin alike; of a long name the end says most."""
    label = name.removeprefix("gradients/")
    return label if len(label) <= LONGEST_LABEL else label.rpartition("/")[2][:LONGEST_LABEL]


def _kind(node: Node) -> Any:
    if node.name.startswith("gradients"):
        return "gradient"
    return node.op if node.op in ("constant", "variable", "placeholder") else "operation"


def _detail(node: Node) -> str:
    said = "" if node.op == _kind(node) else f"{node.op}, "
    return f"{said}shape {node.shape}"


def short(value: Array) -> str:
    """A value in a few letters: a number, the numbers of a small array, else its shape."""
    if value.ndim == 0:
        return written(float(value), 3)
    numbers = " ".join(written(float(one), 2) for one in value.ravel()) if value.size <= 4 else ""
    return f"[{numbers}]" if 0 < len(numbers) <= LETTERS - 2 else str(value.shape)


def order_of(tape: Tape, event: Ran) -> list[Node]:
    """The nodes that a run computes, without the inside of an optimizer."""
    shown = set(tape.nodes)
    return [node for node in event.wanted.order if node in shown]


class Transcript:
    """The listing as it fills: what each line printed last, and the mistake at its line."""

    def __init__(self) -> None:
        self._printed: defaultdict[int, list[str]] = defaultdict(list)
        self._wrong: tuple[int, tuple[str, ...]] | None = None

    def take(self, event: Event, outcome: Outcome) -> None:
        """Takes in what a line printed, or the words of its mistake."""
        if isinstance(event, Printed):
            lines = self._printed[event.line]
            lines += outcome.text.split("\n")
            del lines[:-MOST_PRINTED]
        elif isinstance(event, Failed):
            self._wrong = (event.line, (f"{event.mistake.kind}: {outcome.text}", f"In plain words: {event.mistake.meaning}"))

    def shown(self, event: Event | None, note: str) -> dict[str, Any]:
        """The listing at an event."""
        printed = {line: tuple(texts) for line, texts in self._printed.items()}
        return {"at": event.line if event else None, "printed": printed, "wrong": self._wrong, "note": note}


def told(event: Event, tape: Tape) -> str:
    """What a line does, in words."""
    if isinstance(event, Made):
        names = names_made(event)
        return f"adds to the graph: {', '.join(names[:4])}{f' and {len(names) - 4} more' if len(names) > 4 else ''}"
    if isinstance(event, Ran):
        count = len(order_of(tape, event))
        return f"session {event.session + 1} runs: {count} of {len(tape.nodes)} nodes are evaluated"
    if isinstance(event, Failed):
        return "the program ends here"
    return "prints" if isinstance(event, Printed) else "closes its session"


def names_made(event: Made) -> list[str]:
    """What a line adds to the graph."""
    return [node.name for node in event.nodes] + [one.name for one in event.operations]


def variables_of(tape: Tape) -> list[Node]:
    """The variables of a program, in order."""
    return list(tape.tf.graph.variables.values())


def finite(values: list[Array]) -> bool:
    """Whether all numbers are."""
    return all(bool(np.isfinite(value).all()) for value in values)
