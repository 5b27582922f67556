"""What the programs of several works share: the loops that step them, Adam in PyTorch as its tutorials have it and in JAX as the
paper has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.rows import Program
from engine import Plan

RATE = 0.01


def stepping(plan: Plan, **feeds: Any) -> Program:
    """The engine's plan, fed at every step."""

    def run(steps: int) -> None:
        for _ in range(steps):
            plan.step(**feeds, learning_rate=RATE)

    return run


def by_hand(network: Any, *batch: Any) -> Program:
    """A network in NumPy by hand, fed at every step: `network.step(*batch, rate)`."""

    def run(steps: int) -> None:
        for _ in range(steps):
            network.step(*batch, RATE)

    return run


def torch_adam(make: Callable[[Any], tuple[Any, Callable[[], Any]]]) -> Program:
    """PyTorch eager on one thread: `make(torch)` gives a model, and a function to its loss."""
    import torch

    torch.set_num_threads(1)
    model, loss = make(torch)
    updater = torch.optim.Adam(model.parameters(), lr=RATE)

    def run(steps: int) -> None:
        for _ in range(steps):
            updater.zero_grad()
            loss().backward()
            updater.step()

    return run


def jax_adam(loss: Callable[..., Any], weights: Any, batch: tuple[Any, ...]) -> Program:
    """JAX, the whole step of `loss(weights, *batch)` compiled, one call a step."""
    return jax_steps(jax_update(loss), jax_state(weights), batch)


def jax_steps(update: Callable[..., Any], state: Any, batch: tuple[Any, ...]) -> Program:
    """JAX, `update(state, rate, *batch)` compiled, one call a step."""
    import jax

    compiled = jax.jit(update)

    def run(steps: int) -> None:
        nonlocal state
        for _ in range(steps):
            value, state = compiled(state, np.float32(RATE), *batch)
        jax.block_until_ready(value)

    return run


def jax_scan(update: Callable[..., Any], state: Any, batch: tuple[Any, ...]) -> Program:
    """JAX, all steps in one call: a scan over `update(state, rate, *batch)`, which gives the loss of every step."""
    import jax

    def whole(state: Any, rate: Any, batch: tuple[Any, ...], steps: int) -> Any:
        return jax.lax.scan(lambda state, _: update(state, rate, *batch)[::-1], state, None, steps)

    compiled = jax.jit(whole, static_argnums=3)

    def run(steps: int) -> None:
        nonlocal state
        state, values = compiled(state, np.float32(RATE), batch, steps)
        jax.block_until_ready(values)

    return run


def jax_state(weights: Any) -> Any:
    """Weights, both means and the clock."""
    import jax

    zeros = jax.tree.map(np.zeros_like, weights)
    return weights, zeros, zeros, np.float32(0)


def jax_descent(loss: Callable[..., Any]) -> Callable[..., Any]:
    """(weights, rate, *batch) to the loss and the weights after a step of gradient descent."""
    import jax

    def update(weights: Any, rate: Any, *batch: Any) -> Any:
        value, slopes = jax.value_and_grad(loss)(weights, *batch)
        return value, jax.tree.map(lambda w, g: w - rate * g, weights, slopes)

    return update


def jax_update(loss: Callable[..., Any]) -> Callable[..., Any]:
    """(state, rate, *batch) to the loss and the next state, by Adam."""
    import jax
    import jax.numpy as jnp

    def update(state: Any, rate: Any, *batch: Any) -> Any:
        weights, m, v, step = state
        value, g = jax.value_and_grad(loss)(weights, *batch)
        step = step + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        scale = rate * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        return value, (jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) + 1e-8), weights, m, v), m, v, step)

    return update
