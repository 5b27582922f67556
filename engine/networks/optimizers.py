"""Optimizers: (loss, learning rate) to an update of all variables at once, as a handful of calls on one flat vector.

The learning rate is a node, mostly a placeholder of shape () or in a sweep (k, 1), so that changing it rebuilds nothing.
The arithmetic is PyTorch's, step for step (`tests/engine/test_golden.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

import numpy as np

from engine.gradients import gradients
from engine.graph import Array, Call, GraphError, Node, Operand
from engine.updates import Update

Slots = Mapping[str, Array]
Optimizer = Callable[..., Update]


def sgd(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, clip_norm: float | None = None) -> Update:
    """Gradient descent (Cauchy, 1847; on batches, Robbins and Monro, 1951): w -= rate g."""

    def bind(w: Array, g: Array, inputs: Sequence[Array], _slots: Slots) -> list[Call]:
        change = np.empty_like(w)
        return [*_clip(g, clip_norm), (np.multiply, (g, inputs[0], change)), (np.subtract, (w, change, w))]

    return _update(loss, learning_rate, variables, bind)


def momentum(
    loss: Node,
    learning_rate: Operand,
    variables: Sequence[Node] | None = None,
    momentum: float = 0.9,
    clip_norm: float | None = None,
) -> Update:
    """Heavy ball (Polyak, 1964): v = momentum v + g; w -= rate v."""

    def bind(w: Array, g: Array, inputs: Sequence[Array], slots: Slots) -> list[Call]:
        v, change, keep = slots["velocity"], np.empty_like(w), np.array(momentum, w.dtype)
        faster: list[Call] = [(np.multiply, (v, keep, v)), (np.add, (v, g, v))]
        return [*_clip(g, clip_norm), *faster, (np.multiply, (v, inputs[0], change)), (np.subtract, (w, change, w))]

    return _update(loss, learning_rate, variables, bind, {"velocity": "zeros"})


def nesterov(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, momentum: float = 0.9) -> Update:
    """Nesterov's momentum (1983) in the form of Sutskever et al. (2013): v = momentum v + g; w -= rate (g + momentum v)."""

    def bind(w: Array, g: Array, inputs: Sequence[Array], slots: Slots) -> list[Call]:
        v, change, keep = slots["velocity"], np.empty_like(w), np.array(momentum, w.dtype)
        faster: list[Call] = [(np.multiply, (v, keep, v)), (np.add, (v, g, v))]
        ahead: list[Call] = [(np.multiply, (v, keep, change)), (np.add, (change, g, change))]
        return [*faster, *ahead, (np.multiply, (change, inputs[0], change)), (np.subtract, (w, change, w))]

    return _update(loss, learning_rate, variables, bind, {"velocity": "zeros"})


def rmsprop(
    loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, decay: float = 0.99, epsilon: float = 1e-8
) -> Update:
    """RMSProp (Tieleman and Hinton, lecture 6.5, 2012): s = decay s + (1 - decay) g^2; w -= rate g / (sqrt(s) + epsilon)."""

    def bind(w: Array, g: Array, inputs: Sequence[Array], slots: Slots) -> list[Call]:
        s, change, root = slots["squares"], np.empty_like(w), np.empty_like(w)
        keep, rest, small = (np.array(number, w.dtype) for number in (decay, 1 - decay, epsilon))
        mean_square: list[Call] = [(np.multiply, (s, keep, s)), (np.multiply, (g, g, root)), (np.multiply, (root, rest, root))]
        scale: list[Call] = [(np.add, (s, root, s)), (np.sqrt, (s, root)), (np.add, (root, small, root))]
        move: list[Call] = [(np.divide, (g, root, change)), (np.multiply, (change, inputs[0], change))]
        return [*mean_square, *scale, *move, (np.subtract, (w, change, w))]

    return _update(loss, learning_rate, variables, bind, {"squares": "zeros"})


def adagrad(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, epsilon: float = 1e-10) -> Update:
    """AdaGrad (Duchi, Hazan and Singer, 2011): s += g^2; w -= rate g / (sqrt(s) + epsilon). The steps only ever shrink."""

    def bind(w: Array, g: Array, inputs: Sequence[Array], slots: Slots) -> list[Call]:
        s, change, root, small = slots["squares"], np.empty_like(w), np.empty_like(w), np.array(epsilon, w.dtype)
        grow: list[Call] = [
            (np.multiply, (g, g, root)),
            (np.add, (s, root, s)),
            (np.sqrt, (s, root)),
            (np.add, (root, small, root)),
        ]
        move: list[Call] = [(np.divide, (g, root, change)), (np.multiply, (change, inputs[0], change))]
        return [*grow, *move, (np.subtract, (w, change, w))]

    return _update(loss, learning_rate, variables, bind, {"squares": "zeros"})


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

    The slots hold each mean divided by the 1 - beta it is taken with. What undoes that, and the corrections of the young means,
    go into the two scalars of a step, so that neither costs a pass over the weights.
    """

    def bind(w: Array, g: Array, inputs: Sequence[Array], slots: Slots) -> list[Call]:
        m, v, root = slots["mean"], slots["squares"], np.empty_like(w)
        keep1, keep2 = np.array(beta1, w.dtype), np.array(beta2, w.dtype)
        rate, scale, small = inputs[0], np.zeros_like(inputs[0]), np.array(epsilon, w.dtype)
        clock = slots["clock"]

        def tick() -> None:
            clock[()] += 1
            unit = sqrt((1 - beta2 ** int(clock)) / (1 - beta2))
            np.multiply(rate, unit * (1 - beta1) / (1 - beta1 ** int(clock)), scale)
            small[()] = epsilon * unit

        calls: list[Call] = [*_clip(g, clip_norm), (tick, ())]
        if weight_decay:
            shrink = np.array(weight_decay, w.dtype)
            calls += [(np.multiply, (w, shrink, root)), (np.multiply, (root, rate, root)), (np.subtract, (w, root, w))]
        calls += [(np.multiply, (m, keep1, m)), (np.add, (m, g, m))]
        calls += [(np.multiply, (v, keep2, v)), (np.multiply, (g, g, root)), (np.add, (v, root, v))]
        calls += [(np.sqrt, (v, root)), (np.add, (root, small, root))]
        return [*calls, (np.divide, (m, root, root)), (np.multiply, (root, scale, root)), (np.subtract, (w, root, w))]

    slots = {"mean": "zeros", "squares": "zeros", "clock": "clock"}
    return _update(loss, learning_rate, variables, bind, slots)


def adamw(loss: Node, learning_rate: Operand, variables: Sequence[Node] | None = None, weight_decay: float = 0.01) -> Update:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019): each step also w -= rate weight_decay w."""
    return adam(loss, learning_rate, variables, weight_decay=weight_decay)


def weight_average(variables: Sequence[Node], decay: float = 0.99) -> Update:
    """An exponential moving average of the weights (Polyak and Juditsky, 1992), kept beside them.

    Read it as `session.slots(update, session.values)["average"]`, a whole flat vector that `Session.plan(values=...)` takes.
    Give it to a plan after the optimizer's update.
    """

    def bind(w: Array, _gradient: Array, _inputs: Sequence[Array], slots: Slots) -> list[Call]:
        mine, change, rest = slots["average here"], np.empty_like(w), np.array(1 - decay, w.dtype)
        return [(np.subtract, (w, mine, change)), (np.multiply, (change, rest, change)), (np.add, (mine, change, mine))]

    return Update(tuple(variables), (), (), bind, {"average": "values"})


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


def _clip(g: Array, clip_norm: float | None) -> list[Call]:
    """Scales the whole gradient, in a sweep each copy's, to a norm of `clip_norm` when longer (Pascanu et al., 2013)."""
    if clip_norm is None:
        return []

    def clip() -> None:
        norm = np.sqrt(np.vecdot(g, g))[..., None]
        if (norm > clip_norm).any():
            np.multiply(g, clip_norm / np.maximum(norm, clip_norm), g)

    return [(clip, ())]


def _update(
    loss: Node,
    learning_rate: Operand,
    variables: Sequence[Node] | None,
    bind: Callable[..., list[Call]],
    slots: Mapping[str, str] | None = None,
) -> Update:
    chosen = tuple(loss.graph.trainable() if variables is None else variables)
    rate = loss.graph.as_node(learning_rate)
    wanted = () if loss.graph.sweep is None else (loss.graph.sweep, 1)
    if rate.shape not in ((), wanted):
        raise GraphError(f"learning rate {rate.title}: got shape {rate.shape}, wanted {wanted}")
    return Update(chosen, tuple(gradients(loss, chosen)), (rate,), bind, slots or {})
