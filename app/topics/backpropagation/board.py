r"""What is on the board at each moment: the arithmetic of the node or edge under way, in LaTeX with the run's own numbers."""

from __future__ import annotations

from app.charts.working import latex
from app.topics.backpropagation.by_hand import ByHand, Edge, Node
from app.topics.backpropagation.tiny import LAYERS, SIZES

MOST_LINES = 4
DIGITS = 3
LAST = len(LAYERS) - 1
FUNCTIONS = {"tanh": r"\tanh({})", "sigmoid": r"\sigma({})", "relu": r"\max(0, {})"}
SLOPES = {"tanh": "(1 - {}^2)", "sigmoid": r"{0} \cdot (1 - {0})", "relu": "{}"}
"""A slope by its activation; ReLU's is 1 or 0 itself."""

RULES = [
    r"z = w_1 a_1 + w_2 a_2 + \dots + b, \qquad a = f(z)",
    r"\delta = \frac{\partial L}{\partial z}, \qquad \frac{\partial L}{\partial w} = \delta \cdot a",
]
"""Before anything is known."""


def forward(hand: ByHand, edge: Edge | None) -> list[str]:
    """An edge's product and the sum so far; with a node's last edge its activation. Without an edge, softmax and the loss."""
    if edge is None:
        return [*(_share(hand, unit) for unit in range(SIZES[LAST])), loss(hand)]
    layer, unit, source = edge
    weight, value, products = hand.weights[layer][unit][source], hand.fed(layer)[source], hand.products(layer, unit)[: source + 1]
    total = _said(float(hand.sums[layer + 1][unit]))
    added = "".join(f" + {_inner(product)}" for product in products[1:])
    lines = [
        rf"{_weight(edge)} \cdot {_source(layer, source)} = {_said(weight)} \cdot {_inner(value)} = {_said(products[-1])}",
        rf"z_{{{_name(layer + 1, unit)}}} = {_said(products[0])}{added} {'= ' + total if source else ''}",
    ]
    if source == SIZES[layer] and layer + 1 < LAST:
        lines.append(rf"{_name(layer + 1, unit)} = {FUNCTIONS[hand.activation].format(total)} = {_node(hand, layer + 1, unit)}")
    return lines


def loss(hand: ByHand) -> str:
    """The loss of the sample."""
    return rf"L = -\ln {_name(LAST, hand.target)} = -\ln {_node(hand, LAST, hand.target)} = {_said(hand.loss)}"


def delta(hand: ByHand, node: Node) -> list[str]:
    """Where a node's delta comes from."""
    layer, unit = node
    here, found = _node(hand, layer, unit), _said(float(hand.deltas[layer][unit]))
    name = rf"\delta_{{{_name(layer, unit)}}}"
    if layer == LAST:
        return [rf"{name} = {_name(layer, unit)} - {int(unit == hand.target)} = {here} - {int(unit == hand.target)} = {found}"]
    after = range(SIZES[layer + 1])
    names = " + ".join(rf"{_weight((layer, later, unit))} \, \delta_{{{_name(layer + 1, later)}}}" for later in after)
    weights = [(hand.weights[layer][later][unit], float(hand.deltas[layer + 1][later])) for later in after]
    numbers = " + ".join(rf"{_inner(weight)} \cdot {_inner(back)}" for weight, back in weights)
    activation = float(hand.nodes[layer][unit])
    slope = SLOPES[hand.activation].format(int(activation > 0) if hand.activation == "relu" else _inner(activation))
    return [
        rf"{name} = ({names}) \cdot f'(z_{{{_name(layer, unit)}}})",
        rf"{name} = ({numbers}) \cdot {slope} = {found}",
    ]


def slope(hand: ByHand, edge: Edge, nudged: float) -> list[str]:
    """An edge's gradient, by the chain rule and by brute force."""
    layer, unit, source = edge
    product = rf"{_said(float(hand.deltas[layer + 1][unit]))} \cdot {_inner(hand.fed(layer)[source])}"
    found = _said(float(hand.slopes[layer][unit, source]))
    return [
        rf"\partial L / \partial {_weight(edge)} = \delta_{{{_name(layer + 1, unit)}}} \cdot {_source(layer, source)}"
        rf" = {product} = {found}",
        rf"(L(w + h) - L(w - h)) / 2h = {_said(nudged)}",
    ]


def update(hand: ByHand, node: Node, learning_rate: float) -> list[str]:
    """The new weights of all edges that lead to a node."""
    layer, unit = node[0] - 1, node[1]
    pairs = zip(hand.weights[layer][unit], hand.slopes[layer][unit].tolist(), strict=True)
    return [
        rf"{_weight((layer, unit, source))} \leftarrow {_said(weight)} - {learning_rate:g} \cdot {_inner(gradient)}"
        rf" = {_said(weight - learning_rate * gradient)}"
        for source, (weight, gradient) in enumerate(pairs)
    ]


def _share(hand: ByHand, unit: int) -> str:
    """An output's probability by softmax."""
    powers = [f"e^{{{_said(float(total))}}}" for total in hand.sums[LAST]]
    return rf"{_name(LAST, unit)} = {powers[unit]} / ({' + '.join(powers)}) = {_node(hand, LAST, unit)}"


def _said(value: float) -> str:
    return latex(round(value, DIGITS) + 0.0, DIGITS)


def _inner(value: float) -> str:
    """A number after a sign of its own: a negative one in brackets."""
    said = _said(value)
    return f"({said})" if said.startswith("{-") else said


def _node(hand: ByHand, layer: int, unit: int) -> str:
    return _said(float(hand.nodes[layer][unit]))


def _name(layer: int, unit: int) -> str:
    name = LAYERS[layer][unit]
    return f"{name[0]}_{name[1:]}"


def _source(layer: int, source: int) -> str:
    return _name(layer, source) if source < SIZES[layer] else "1"


def _weight(edge: Edge) -> str:
    """The weight of an edge, a bias by its own letter."""
    layer, unit, source = edge
    after = _name(layer + 1, unit)
    return rf"w_{{{_name(layer, source)} \to {after}}}" if source < SIZES[layer] else f"b_{{{after}}}"
