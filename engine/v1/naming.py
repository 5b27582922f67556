"""Names as TensorFlow 1 gives them, and the nodes they stand for: made unique as add, add_1, add_2."""

from __future__ import annotations

from engine.graph import Graph, Node
from engine.v1.mistakes import no_such_name


class Names:
    """The names taken in a graph. Nodes that operators like + made without one get theirs when somebody asks."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._taken: dict[str, int] = {}
        self._named = 0

    def unique(self, name: str) -> str:
        """The name, or with the first number behind it that makes it new, capitals or not; taken from now on."""
        unique, count = name, self._taken.get(name.lower(), 0)
        while unique.lower() in self._taken:
            count += 1
            unique = f"{name}_{count}"
        self._taken[name.lower()] = count
        self._taken.setdefault(unique.lower(), 0)
        return unique

    def give(self, prefix: str = "") -> None:
        """Gives a name to every node that has none."""
        for node in self.graph.nodes[self._named :]:
            if not node.name:
                node.named(self.unique(prefix + ("Const" if node.op == "constant" else node.op)))
        self._named = len(self.graph.nodes)

    def node(self, name: str) -> Node:
        """The node of a name, "add_1" or "add_1:0". Raises Mistake when there is none."""
        self.give()
        wanted = name.removesuffix(":0")
        for node in self.graph.nodes:
            if node.name == wanted:
                return node
        raise no_such_name(name, self.graph.nodes[-1].name)
