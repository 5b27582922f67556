"""What a plan does to variables at the end of a step: a step of an optimizer, or one variable set to a node's value.

Between `engine.plan`, which runs updates, and `engine.networks.optimizers`, which writes their formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.gradients import gradients
from engine.graph import GraphError, Node
from engine.ops.vectors import flat

Rule = Callable[[Node], Mapping[Node, Node]]
"""From the gradient, one vector laid out as the variables are, to what is set to what: weights, running means, a clock."""


@dataclass(frozen=True, eq=False)
class Update:
    """A step of an optimizer: `vector`, all its variables as one, and its memory become what `rule` makes of the gradient.

    `gradients`: that of each variable. `sets`: the vector and each memory -> its new value, a node that sees the values as they
    were before the step.
    """

    vector: Node
    gradients: tuple[Node, ...]
    rule: Rule
    sets: Mapping[Node, Node] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", self.rule(flat(self.gradients)))

    @property
    def variables(self) -> tuple[Node, ...]:
        """What it moves, in order of creation."""
        variables: tuple[Node, ...] = self.vector.attributes["parts"]
        return variables

    @property
    def memory(self) -> dict[str, Node]:
        """What it remembers from step to step, by name; `Session.value` reads it."""
        return {node.name: node for node in self.sets if node is not self.vector}

    def by(self, loss: Node) -> Update:
        """The same optimizer's step by another loss, such as that of another batch size: both share one memory."""
        return Update(self.vector, tuple(gradients(loss, self.variables)), self.rule)

    def reads(self) -> tuple[Node, ...]:
        """What a plan computes before anything is set."""
        return self.gradients


@dataclass(frozen=True, eq=False)
class Assign:
    """Sets a variable that no optimizer moves (a running mean) to a node's value at the end of the step."""

    variable: Node
    value: Node

    def __post_init__(self) -> None:
        if self.variable.op != "variable" or self.variable.attributes["trainable"]:
            raise GraphError(f"assign to {self.variable.title}: wanted a variable that is not trainable")
        if self.variable.shape != self.value.shape:
            raise GraphError(f"assign to {self.variable.title}: got {self.value.shape}, wanted {self.variable.shape}")

    @property
    def sets(self) -> Mapping[Node, Node]:
        """What is set to what."""
        return {self.variable: self.value}

    def reads(self) -> tuple[Node, ...]:
        """What a plan computes before anything is set."""
        return (self.value,)
