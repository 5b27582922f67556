"""Dropout: in training a random share of a layer's units is silenced at every step; in evaluation all of them speak.

The masks are placeholders, drawn anew for each step from the run's own generator: a plan stays the same calls on the same
buffers, and a run that draws the same masks is the same run.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.graph import Array, GraphError, Node


@dataclass(frozen=True)
class Dropout:
    """Inverted dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014) for any number of layers of a graph.

    Apply it to each layer's activations, then feed a plan `draw(rng)` at every step. `drop_rate` is the share dropped; what is
    kept is divided by the share kept, so that every sum keeps its mean and evaluation needs no correction. `name` keeps the
    masks of two networks in one graph apart. Raises GraphError for a rate outside [0, 1).
    """

    drop_rate: float
    name: str = "dropout"
    masks: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not 0 <= self.drop_rate < 1:
            raise GraphError(f"{self.name}: got a drop_rate of {self.drop_rate}, wanted at least 0 and below 1")

    def __call__(self, inputs: Node, training: bool = True) -> Node:
        """In training `inputs` times a mask of its shape, a new placeholder; in evaluation `inputs` as they are."""
        if not training:
            return inputs
        mask = inputs.graph.placeholder(f"{self.name}/mask {len(self.masks) + 1}", inputs.shape)
        self.masks.append(mask)
        return inputs * mask

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        """One step's feeds, a mask for each application so far: 0 for a unit dropped, 1 / (1 - drop_rate) for one kept."""
        return {mask.name: self._mask(rng, mask) for mask in self.masks}

    def _mask(self, rng: np.random.Generator, mask: Node) -> Array:
        kept = rng.random(mask.shape) >= self.drop_rate
        return np.where(kept, 1 / (1 - self.drop_rate), 0.0).astype(mask.graph.dtype)
