"""The engine against PyTorch eager, JAX, scikit-learn and NumPy written by hand: one training step of the same network.

All take the same batch, compute the loss at every step, and run on one thread. The hand-written NumPy is an honest best effort:
the same buffers, folded biases and flat Adam as the engine's plan, without a graph.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np  # noqa: E402  # the number of threads must be set before NumPy starts its BLAS

from benchmarks.by_hand import HandWritten  # noqa: E402  # as above
from benchmarks.peers import (  # noqa: E402  # as above
    RATE,
    by_hand,
    jax_descent,
    jax_scan,
    jax_state,
    jax_steps,
    jax_update,
    stepping,
)
from benchmarks.rows import Program, Row, compared, interleaved, programs  # noqa: E402  # as above
from engine import Graph, Session, losses, mlp, optimizers  # noqa: E402  # as above

WORKS: dict[str, tuple[tuple[int, ...], int, str, int]] = {
    "mlp-tiny": ((2, 8, 8, 1), 10, "sgd", 2000),
    "mlp-small": ((2, 32, 32, 2), 64, "adam", 600),
    "mlp-digits": ((64, 128, 64, 10), 64, "adam", 200),
}
"""Work -> sizes, batch, optimizer, steps a round. One output is regression by squared error, more are classes."""


def batch_of(sizes: tuple[int, ...], batch: int) -> tuple[Any, Any, Any]:
    """Inputs (d, n), labels (n,) and targets (k, n), float32."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(sizes[0], batch)).astype(np.float32)
    labels = rng.integers(0, max(sizes[-1], 2), batch)
    targets = labels[None].astype(np.float32) if sizes[-1] == 1 else losses.one_hot(labels, sizes[-1])
    return inputs, labels, targets


def ours(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """The engine's plan, fed at every step."""
    graph = Graph()
    inputs = graph.placeholder("inputs", (sizes[0], batch))
    targets = graph.placeholder("targets", (sizes[-1], batch))
    network = mlp(graph, sizes, np.random.default_rng(0), "tanh")
    of = losses.mean_squared_error if sizes[-1] == 1 else losses.softmax_cross_entropy
    loss = of(network(inputs), targets)
    plan = Session(graph).plan([loss], [optimizers.OPTIMIZERS[optimizer](loss, graph.placeholder("learning_rate"))])
    x, _, t = batch_of(sizes, batch)
    return stepping(plan, inputs=x, targets=t)


def torch_eager(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """PyTorch as its tutorials have it."""
    import torch

    torch.set_num_threads(1)
    parts: list[Any] = []
    for fan_in, units in pairwise(sizes):
        parts += [torch.nn.Linear(fan_in, units), torch.nn.Tanh()]
    model = torch.nn.Sequential(*parts[:-1])
    kind = torch.optim.SGD if optimizer == "sgd" else torch.optim.Adam
    updater = kind(model.parameters(), lr=RATE)
    x, labels, targets = batch_of(sizes, batch)
    inputs = torch.from_numpy(np.ascontiguousarray(x.T))
    wanted = torch.from_numpy(np.ascontiguousarray(targets.T)) if sizes[-1] == 1 else torch.from_numpy(labels)
    of = torch.nn.MSELoss() if sizes[-1] == 1 else torch.nn.CrossEntropyLoss()

    def run(steps: int) -> None:
        for _ in range(steps):
            updater.zero_grad()
            of(model(inputs), wanted).backward()
            updater.step()

    return run


def sklearn_partial_fit(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """scikit-learn's multilayer perceptron, one `partial_fit` a step."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    kind = MLPRegressor if sizes[-1] == 1 else MLPClassifier
    model = kind(
        hidden_layer_sizes=sizes[1:-1], activation="tanh", solver=optimizer, batch_size=batch, learning_rate_init=RATE, alpha=0.0
    )
    x, labels, _ = batch_of(sizes, batch)
    inputs, wanted = x.T, labels.astype(np.float32) if sizes[-1] == 1 else labels
    more = {} if sizes[-1] == 1 else {"classes": np.arange(max(sizes[-1], 2))}

    def run(steps: int) -> None:
        for _ in range(steps):
            model.partial_fit(inputs, wanted, **more)

    return run


def jax_peer(step_by: Callable[..., Program], sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """JAX, compiled: `step_by` is `jax_steps`, the whole step in one call, or `jax_scan`, the whole loop in one."""
    import jax
    import jax.numpy as jnp

    x, _, targets = batch_of(sizes, batch)
    rng = np.random.default_rng(0)
    pairs = pairwise(sizes)
    weights = [(rng.normal(0, (2 / (a + b)) ** 0.5, (b, a)).astype(np.float32), np.zeros((b, 1), np.float32)) for a, b in pairs]

    def loss(weights: Any, x: Any, t: Any) -> Any:
        for place, (w, b) in enumerate(weights):
            x = w @ x + b
            x = jnp.tanh(x) if place + 1 < len(weights) else x
        if sizes[-1] == 1:
            return jnp.mean((x - t) ** 2)
        return -jnp.mean(jnp.sum(t * jax.nn.log_softmax(x, axis=0), axis=0))

    if optimizer == "adam":
        return step_by(jax_update(loss), jax_state(weights), (x, targets))
    return step_by(jax_descent(loss), weights, (x, targets))


def numpy_hand(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """NumPy by hand: forward, backward and update written out on buffers made ahead."""
    x, _, t = batch_of(sizes, batch)
    return by_hand(HandWritten(sizes, batch, optimizer), x, t)


PEERS: dict[str, Callable[[tuple[int, ...], int, str], Program]] = {
    "torch-eager": torch_eager,
    "jax-jit": partial(jax_peer, jax_steps),
    "jax-scan": partial(jax_peer, jax_scan),
    "sklearn": sklearn_partial_fit,
    "numpy-hand": numpy_hand,
}


def rows() -> list[Row]:
    """A row for each work and each peer that is installed."""
    table: list[Row] = []
    for work, (sizes, batch, optimizer, steps) in WORKS.items():
        peers = {name: partial(peer, sizes, batch, optimizer) for name, peer in PEERS.items()}
        made = programs(partial(ours, sizes, batch, optimizer), peers, work)
        table += compared(work, interleaved(made, max(steps // 4, 20)))
    return table
