"""The engine's nodes as a `GraphDiagram` has them: what each is called, which kind it is, and the edges between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.charts import GraphDiagram, GraphNode
from app.topic import written
from engine import Node
from engine.graph import LEAVES


def keys_of(order: Iterable[Node]) -> dict[Node, str]:
    """A key for each node, the same for every graph that is built alike."""
    return {node: f"n{place}" for place, node in enumerate(order)}


def diagram(title: str, kinds: Mapping[Node, str], label: Callable[[Node], str] | None = None, **more: Any) -> GraphDiagram:
    """The graph of the nodes that have a kind, in their order; edges to others are left out."""
    keys, named = keys_of(kinds), label or label_of
    nodes = [GraphNode(keys[node], named(node), kind, detail_of(node)) for node, kind in kinds.items()]  # type: ignore[arg-type]
    edges = [(keys[source], keys[node]) for node in kinds for source in node.inputs if source in keys]
    return GraphDiagram(title=title, nodes=nodes, edges=edges, **more)


def kinds_of(order: Sequence[Node], forward: Iterable[Node], sets: Iterable[Node] = ()) -> dict[Node, str]:
    """The kind of each node: leaves by what they are, operations by whether they are of the network, `forward`, or of its
    gradient, or what variables are set to at the end.
    """
    forward, updates = set(forward), set(sets)
    return {node: _kind(node, forward, updates) for node in order}


def _kind(node: Node, forward: set[Node], updates: set[Node]) -> str:
    if node.op in LEAVES:
        return node.op
    if node in forward:
        return "operation"
    return "update" if node in updates else "gradient"


def label_of(node: Node) -> str:
    """The name it was given, the number it is, or its operation."""
    if node.name:
        return node.name.replace("/", " ")
    if node.op == "constant" and not node.shape:
        return written(float(node.attributes["value"]))
    return node.op.replace("_", " ")


def detail_of(node: Node) -> str:
    """Its operation, where its name does not say so, and the shape of its tensor."""
    shape = "shape " + " × ".join(map(str, node.shape)) if node.shape else "a single number"
    return f"{node.op.replace('_', ' ')}, {shape}" if node.name and node.op not in LEAVES else shape
