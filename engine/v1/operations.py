"""What TensorFlow 1 can run besides nodes: variables with their initializers, and assignments."""

from __future__ import annotations

from dataclasses import dataclass

from engine.graph import Node, Operand
from engine.updates import Update
from engine.v1.mistakes import other_assigned


class Variable(Node):
    """A node whose value lasts from run to run; it has none until its `initializer` was run."""

    __slots__ = ()

    @property
    def initializer(self) -> Initialize:
        """The operation that gives it its first value."""
        return Initialize((self,))

    def assign(self, value: Operand) -> Assignment:
        """The operation that sets it to a value. Raises Mistake for one of another shape."""
        node = self.graph.as_node(value)
        if node.shape != self.shape:
            raise other_assigned(self, node)
        return Assignment(self, node)


@dataclass(frozen=True, eq=False)
class Initialize:
    """Run it to give variables their first values."""

    variables: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Assignment:
    """Run it to set a variable, after all fetches of the same run were read."""

    variable: Node
    value: Node


Fetch = Node | Initialize | Assignment | Update | str
