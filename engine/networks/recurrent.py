"""Recurrent layers, unrolled in time: vanilla RNN, GRU and LSTM, and the embedding that turns symbols into vectors.

Each step is a set of nodes of its own, so that a hidden state, a cell or a gate at any time can be fetched, and the gradient of a
loss with respect to it asked for. The weights are shared over time: their gradient is a sum over the steps (Werbos, 1990).
In a sweep states have an axis of copies in front, and inputs may have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.graph import TABLE, Array, Graph, GraphError, Node
from engine.networks.initializers import Initializer, initializer
from engine.networks.layers import Layer
from engine.ops import affine, broadcast_to, concatenate, gates, gates_slope, gather, reshape, rows, sigmoid, tanh, with_gradient


@dataclass(frozen=True)
class Unrolled:
    """What a recurrent layer made of a sequence, each a node (units, n) a step; `gates` by name: "input", "forget", ..."""

    hidden: tuple[Node, ...]
    cells: tuple[Node, ...] = ()
    gates: dict[str, tuple[Node, ...]] = field(default_factory=dict)

    @property
    def last(self) -> Node:
        """The hidden state after the last step."""
        return self.hidden[-1]

    @property
    def sequence(self) -> Node:
        """All hidden states as one node (units, steps, n)."""
        return stacked(self.hidden)


Recurrent = Callable[..., Unrolled]
"""(inputs, hidden=None, cell=None) to what the layer makes of them.

`inputs` is a node (features, steps, n) or a sequence of nodes (features, n); `hidden` and `cell` are states (units, n) to begin
with, zeros when left out.
"""


def rnn(
    graph: Graph,
    name: str,
    features: int,
    units: int,
    rng: np.random.Generator,
    *,
    start: str | Initializer = "xavier",
    recurrent: str | Initializer = "orthogonal",
    activation: Layer = tanh,
) -> Recurrent:
    """h_t = tanh(W [h_(t-1); x_t; 1]) (Elman, 1990). One variable `name/weights` (units, units + features + 1).

    `recurrent` begins the columns that read the state, orthogonal by default; Le, Jaitly and Hinton (2015) begin at the identity.
    """
    _positive(name, features, units)
    weights = graph.variable(f"{name}/weights", _begin(rng, features, units, 1, start=start, recurrent=recurrent))

    def apply(inputs: Node | Sequence[Node], hidden: Node | None = None) -> Unrolled:
        states = []
        for place, x in enumerate(_steps(name, inputs, features), start=1):
            state = _zeros(x, units) if hidden is None else _state(name, hidden, units, x)
            hidden = activation(affine(weights, _together(state, x))).named(f"{name}/hidden {place}")
            states.append(hidden)
        return Unrolled(tuple(states))

    return apply


def lstm(
    graph: Graph,
    name: str,
    features: int,
    units: int,
    rng: np.random.Generator,
    *,
    start: str | Initializer = "xavier",
    recurrent: str | Initializer = "orthogonal",
    forget_bias: float = 1.0,
) -> Recurrent:
    """Long short-term memory (Hochreiter and Schmidhuber, 1997) with forget gates (Gers, Schmidhuber and Cummins, 2000).

    All gates in one product: `name/weights` (4 units, units + features + 1), rows for input, forget, output gate and candidate.
    c_t = f c_(t-1) + i g, h_t = o tanh(c_t). `forget_bias` is what the forget gates' bias begins at (1: Jozefowicz et al., 2015).
    A gate's sigmoid is (1 + tanh(z / 2)) / 2, its z halved in the weights, once for all steps: one tanh does for all four.
    """
    _positive(name, features, units)
    begin = _begin(rng, features, units, 4, start=start, recurrent=recurrent)
    begin[units : 2 * units, -1] = forget_bias
    weights = graph.variable(f"{name}/weights", begin)
    halved = weights * np.repeat([[0.5], [1.0]], [3 * units, units], axis=0)

    def apply(inputs: Node | Sequence[Node], hidden: Node | None = None, cell: Node | None = None) -> Unrolled:
        trace: dict[str, list[Node]] = {part: [] for part in ("hidden", "cell", "input", "forget", "output", "candidate")}
        for place, x in enumerate(_steps(name, inputs, features), start=1):
            state = _zeros(x, units) if hidden is None else _state(name, hidden, units, x)
            opened = _opened(weights, halved, _together(state, x), units)
            taken, kept, shown, candidate = (rows(opened, gate * units, (gate + 1) * units) for gate in range(4))
            written = taken * candidate
            cell = written if cell is None else kept * _state(name, cell, units, x) + written
            hidden = _shown(shown, cell)
            for part, node in zip(trace, (hidden, cell, taken, kept, shown, candidate), strict=True):
                trace[part].append(node.named(f"{name}/{part} {place}"))
        states, cells, *seen = (tuple(nodes) for nodes in trace.values())
        return Unrolled(states, cells, dict(zip(list(trace)[2:], seen, strict=True)))

    return apply


def gru(
    graph: Graph,
    name: str,
    features: int,
    units: int,
    rng: np.random.Generator,
    *,
    start: str | Initializer = "xavier",
    recurrent: str | Initializer = "orthogonal",
) -> Recurrent:
    """Gated recurrent unit (Cho et al., 2014), the reset gate applied after the product as in cuDNN and PyTorch.

    Two products a step: `name/state weights` (3 units, units + 1) and `name/input weights` (3 units, features + 1), rows for
    reset, update gate and candidate. h_t = n + z (h_(t-1) - n) with n = tanh(W x + r (U h + b)).
    """
    _positive(name, features, units)
    whole = _begin(rng, features, units, 3, start=start, recurrent=recurrent)
    from_state = graph.variable(f"{name}/state weights", np.delete(whole, slice(units, units + features), 1))
    from_input = graph.variable(f"{name}/input weights", whole[:, units:])

    def apply(inputs: Node | Sequence[Node], hidden: Node | None = None) -> Unrolled:
        trace: dict[str, list[Node]] = {part: [] for part in ("hidden", "reset", "update", "candidate")}
        for place, x in enumerate(_steps(name, inputs, features), start=1):
            state = _zeros(x, units) if hidden is None else _state(name, hidden, units, x)
            ours, theirs = affine(from_state, state), affine(from_input, x)
            opened = sigmoid(rows(ours, 0, 2 * units) + rows(theirs, 0, 2 * units))
            reset, update = rows(opened, 0, units), rows(opened, units, 2 * units)
            candidate = tanh(rows(theirs, 2 * units, 3 * units) + reset * rows(ours, 2 * units, 3 * units))
            hidden = candidate + update * (state - candidate)
            for part, node in zip(trace, (hidden, reset, update, candidate), strict=True):
                trace[part].append(node.named(f"{name}/{part} {place}"))
        states, *gates = (tuple(nodes) for nodes in trace.values())
        return Unrolled(states, (), dict(zip(list(trace)[1:], gates, strict=True)))

    return apply


def embedding(graph: Graph, name: str, entries: int, features: int, rng: np.random.Generator, *, std: float = 0.1) -> Layer:
    """Numbers of symbols (n,) or (steps, n) to their learned vectors, (features, n) or (features, steps, n).

    One variable `name/table` (features, entries). Feed whole numbers; one that is no entry raises GraphError at the run.
    """
    _positive(name, entries, features)
    table = graph.variable(f"{name}/table", rng.normal(0.0, std, (features, entries)))

    def apply(numbers: Node) -> Node:
        flat = reshape(numbers, (int(np.prod(numbers.shape)),))
        found = gather(table, flat)
        return reshape(found, (*found.shape[:-1], *numbers.shape))

    return apply


def step_of(sequence: Node, place: int) -> Node:
    """One step of a sequence (features, steps, n), from 0: (features, n)."""
    return reshape(rows(sequence, place, place + 1), (*sequence.shape[:-2], sequence.shape[-1]))


def stacked(steps: Sequence[Node]) -> Node:
    """Nodes (features, n) as a sequence (features, steps, n)."""
    return concatenate([reshape(step, (*step.shape[:-1], 1, step.shape[-1])) for step in steps])


def at_every_step(layer: Layer, sequence: Node) -> Node:
    """A layer for (features, n) applied to all steps of (features, steps, n) at once: (units, steps, n)."""
    *front, steps, n = sequence.shape
    made = layer(reshape(sequence, (*front, steps * n)))
    return reshape(made, (*made.shape[:-1], steps, n))


def _steps(name: str, inputs: Node | Sequence[Node], features: int) -> list[Node]:
    if isinstance(inputs, Node):
        if inputs.shape[:-3] not in inputs.graph.leads or inputs.shape[-3:-2] != (features,):
            raise GraphError(f"{name}: got {inputs.title} {inputs.shape}, wanted ({features}, steps, n)")
        return [step_of(inputs, place) for place in range(inputs.shape[-2])]
    for x in inputs:
        if x.shape[:-2] not in x.graph.leads or x.shape[-2:-1] != (features,):
            raise GraphError(f"{name}: got {x.title} {x.shape}, wanted ({features}, n) for each step")
    return list(inputs)


def _state(name: str, state: Node, units: int, x: Node) -> Node:
    if state.shape[:-2] not in state.graph.leads or state.shape[-2:] != (units, x.shape[-1]):
        raise GraphError(f"{name}: got the state {state.title} {state.shape}, wanted ({units}, {x.shape[-1]})")
    return state


def _zeros(x: Node, units: int) -> Node:
    return x.graph.constant(np.zeros((units, x.shape[-1])))


def _together(state: Node, x: Node) -> Node:
    """State and input of one step as one column; where one of them is the same for all copies of a sweep, it is repeated."""
    copies = max(state.shape[:-2], x.shape[:-2])
    return concatenate([broadcast_to(part, (*copies, *part.shape[-2:])) for part in (state, x)])


def _opened(weights: Node, halved: Node, inputs: Node, units: int) -> Node:
    """An LSTM's gates and candidate: their value by the halved weights, their gradient by the weights as they are."""
    product, value = affine(weights, inputs), gates(affine(halved, inputs), units)  # the product itself nobody computes
    return with_gradient(value, product.inputs, lambda g: TABLE["affine"].gradient(product, g * gates_slope(value, units)))


def _shown(gate: Node, cell: Node) -> Node:
    """What a cell shows, h = o tanh(c). Of its gradient g o (1 - tanh(c)^2) = g o - g tanh(c) h, all but a product is there."""
    bent = tanh(cell)
    value = gate * bent

    def rule(g: Node) -> tuple[Node, Node]:
        to_gate = g * bent
        return to_gate, g * gate - to_gate * value

    return with_gradient(value, (gate, cell), rule)


def _begin(
    rng: np.random.Generator, features: int, units: int, gates: int, *, start: str | Initializer, recurrent: str | Initializer
) -> Array:
    """Weights (gates * units, units + features + 1), each gate begun alone: state, inputs, and a bias of zero."""
    blocks = [
        np.concatenate([initializer(recurrent)(rng, units, units), initializer(start)(rng, units, features)], axis=1)
        for _ in range(gates)
    ]
    return np.concatenate([np.concatenate(blocks), np.zeros((gates * units, 1))], axis=1)


def _positive(name: str, *sizes: int) -> None:
    if min(sizes) < 1:
        raise GraphError(f"{name}: got sizes {sizes}, wanted at least 1")
