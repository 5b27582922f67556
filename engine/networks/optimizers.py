"""Optimizers: (loss, learning rate) to an update of all variables at once. Each is its formula, written on nodes.

w, g and the means are flat vectors of all variables, so that a formula is a handful of calls whatever the number of layers. What
an optimizer remembers belongs to it and not to a plan: `Update.by` goes on with it for another batch size. The learning rate is a
node, mostly a placeholder of shape () or in a sweep (k, 1), so that changing it rebuilds nothing. The arithmetic is PyTorch's,
step for step (`tests/engine/test_golden.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log2, sqrt

from engine import ops
from engine.gradients import gradients
from engine.graph import GraphError, Node, Operand
from engine.updates import Rule, Update

Optimizer = Callable[..., Update]


def sgd(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, clip_norm: float | None = None) -> Update:
    """Gradient descent (Cauchy, 1847; on batches, Robbins and Monro, 1951): w -= rate g."""
    w, rate = _moved(loss, learning_rate, variables)
    return _update(loss, w, lambda g: {w: w - clipped(g, clip_norm) * rate})


def momentum(
    loss: Node,
    learning_rate: Operand,
    variables: Sequence[Node] | None = None,
    momentum: float = 0.9,
    clip_norm: float | None = None,
) -> Update:
    """Heavy ball (Polyak, 1964): v = momentum v + g; w -= rate v."""
    w, rate = _moved(loss, learning_rate, variables)
    velocity = w.graph.memory("velocity", w.shape)

    def rule(g: Node) -> dict[Node, Node]:
        v = velocity * momentum + clipped(g, clip_norm)
        return {velocity: v, w: w - v * rate}

    return _update(loss, w, rule)


def nesterov(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, momentum: float = 0.9) -> Update:
    """Nesterov's momentum (1983) in the form of Sutskever et al. (2013): v = momentum v + g; w -= rate (g + momentum v).

    The two parts are taken away one by one: the sum of two finite ones may be infinite.
    """
    w, rate = _moved(loss, learning_rate, variables)
    velocity = w.graph.memory("velocity", w.shape)
    onward = rate * momentum

    def rule(g: Node) -> dict[Node, Node]:
        v = velocity * momentum + g
        return {velocity: v, w: w - v * onward - g * rate}

    return _update(loss, w, rule)


def rmsprop(
    loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, decay: float = 0.99, epsilon: float = 1e-8
) -> Update:
    """RMSProp (Tieleman and Hinton, lecture 6.5, 2012): s = decay s + (1 - decay) g^2; w -= rate g / (sqrt(s) + epsilon)."""
    w, rate = _moved(loss, learning_rate, variables)
    squares = w.graph.memory("squares", w.shape)

    def rule(g: Node) -> dict[Node, Node]:
        s = squares * decay + g * g * (1 - decay)
        return {squares: s, w: w - g / (ops.sqrt(s) + epsilon) * rate}

    return _update(loss, w, rule)


def adagrad(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, epsilon: float = 1e-10) -> Update:
    """AdaGrad (Duchi, Hazan and Singer, 2011): s += g^2; w -= rate g / (sqrt(s) + epsilon). The steps only ever shrink."""
    w, rate = _moved(loss, learning_rate, variables)
    squares = w.graph.memory("squares", w.shape)

    def rule(g: Node) -> dict[Node, Node]:
        s = squares + g * g
        return {squares: s, w: w - g / (ops.sqrt(s) + epsilon) * rate}

    return _update(loss, w, rule)


def adam(
    loss: Node,
    learning_rate: Operand,
    variables: Sequence[Node] | None = None,
    beta1: float = 0.9,
    beta2: float = 0.999,
    *,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
    clip_norm: float | None = None,
) -> Update:
    """Adam (Kingma and Ba, 2015); with `weight_decay` decoupled from the gradient as in AdamW (Loshchilov and Hutter, 2019).

    What is remembered are sums of a share of g and of its square. What makes means of them, and the corrections of the young
    means, go into two scalars of a step, so that neither costs a pass over the weights. The share, for beta1 0.9 a sixteenth,
    keeps the first sum below the largest g, lest ten times 1e38 be infinite in float32; as a power of two it rounds nothing.
    """
    w, rate = _moved(loss, learning_rate, variables)
    mean, squares, clock = (w.graph.memory(*each) for each in (("mean", w.shape), ("squares", w.shape), ("clock", ())))
    step = ops.number(lambda step: step + 1, clock)
    share = 2.0 ** floor(log2(1 - beta1))

    def unit(step: float) -> float:
        return sqrt((1 - beta2**step) / (1 - beta2))

    scale = rate * ops.number(lambda step: unit(step) * (1 - beta1) / (1 - beta1**step), step)
    small = ops.number(lambda step: epsilon * share * unit(step), step)

    def rule(g: Node) -> dict[Node, Node]:
        part = clipped(g, clip_norm) * share
        m, v = mean * beta1 + part, squares * beta2 + part * part
        decayed = w - w * weight_decay * rate if weight_decay else w
        return {clock: step, mean: m, squares: v, w: decayed - m / (ops.sqrt(v) + small) * scale}

    return _update(loss, w, rule)


def adamw(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, weight_decay: float = 0.01) -> Update:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019): each step also w -= rate weight_decay w."""
    return adam(loss, learning_rate, variables, weight_decay=weight_decay)


def weight_average(update: Update, decay: float = 0.99) -> Update:
    """The same update, keeping also an exponential moving average of its weights (after Polyak and Juditsky, 1992) in its memory.

    `Session.plan(outputs, averaged=...)` computes outputs by the average.
    """
    w = update.vector
    average = w.graph.memory("average", w.shape, begin=w)

    def rule(g: Node) -> dict[Node, Node]:
        sets = update.rule(g)
        return {**sets, average: average + (sets[w] - average) * (1 - decay)}

    return Update(w, update.gradients, rule)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


def clipped(g: Node, norm: float | None) -> Node:
    """A gradient (p,), in a sweep each copy's (k, p), cut to a length of `norm` where it is longer (Pascanu et al., 2013).

    It is first divided by its largest number: in float32 the square of 1e20 is infinite, and a step cut by an infinite length
    would be none, just when a gradient explodes and clipping is there to help.
    """
    if norm is None:
        return g
    size = ops.maximum(ops.greatest(ops.absolute(g), axis=-1), 1e-6 * norm)  # of zeros there is nothing to cut
    direction, wanted = g / size, norm / size
    length = ops.sqrt(ops.total(direction * direction, -1, keepdims=True))
    return g * (wanted / ops.maximum(length, wanted))


def _moved(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None) -> tuple[Node, Node]:
    """The variables as one vector, and the rate as a node. Raises GraphError for a rate of the wrong shape."""
    graph = loss.graph
    rate = graph.as_node(learning_rate)
    wanted = () if graph.sweep is None else (graph.sweep, 1)
    if rate.shape not in ((), wanted):
        raise GraphError(f"learning rate {rate.title}: got shape {rate.shape}, wanted {wanted}")
    return graph.vector(graph.trainable() if variables is None else variables), rate


def _update(loss: Node, w: Node, rule: Rule) -> Update:
    return Update(w, tuple(gradients(loss, w.attributes["parts"])), rule)
