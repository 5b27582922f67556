"""What a plan does to variables at the end of a step: a rule over a flat stretch of them, or one set to a node's value.

Between `engine.plan`, which runs updates, and `engine.networks.optimizers`, which makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.graph import Array, Call, GraphError, Node

Bind = Callable[[Array, Array, Sequence[Array], Mapping[str, Array]], list[Call]]
"""(values, gradients, inputs, slots) to calls: values and gradients are the flat stretch (p,), in a sweep (k, p)."""


@dataclass(frozen=True, eq=False)
class Update:
    """A rule for all `variables` at once, which lie side by side in the session's flat vector.

    `inputs` are scalar nodes such as the learning rate; `slots` names the rule's own memory and what it begins with: "zeros" for
    a stretch of zeros, "clock" for one counter, "values" for a copy of the whole vector, with this stretch of it as
    "<name> here".
    """

    variables: tuple[Node, ...]
    gradients: tuple[Node, ...]
    inputs: tuple[Node, ...]
    bind: Bind
    slots: Mapping[str, str] = field(default_factory=dict)

    def reads(self) -> tuple[Node, ...]:
        """The nodes a plan must compute for it."""
        return (*self.gradients, *self.inputs)


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

    def reads(self) -> tuple[Node, ...]:
        """The nodes a plan must compute for it."""
        return (self.value,)
