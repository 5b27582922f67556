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

from benchmarks.peers import jax_adam  # noqa: E402  # as above
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

    def run(steps: int) -> None:
        for _ in range(steps):
            plan.step(inputs=x, targets=t, learning_rate=0.01)

    return run


def torch_eager(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """PyTorch as its tutorials have it."""
    import torch

    torch.set_num_threads(1)
    parts: list[Any] = []
    for fan_in, units in pairwise(sizes):
        parts += [torch.nn.Linear(fan_in, units), torch.nn.Tanh()]
    model = torch.nn.Sequential(*parts[:-1])
    kind = torch.optim.SGD if optimizer == "sgd" else torch.optim.Adam
    updater = kind(model.parameters(), lr=0.01)
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
        hidden_layer_sizes=sizes[1:-1], activation="tanh", solver=optimizer, batch_size=batch, learning_rate_init=0.01, alpha=0.0
    )
    x, labels, _ = batch_of(sizes, batch)
    inputs, wanted = x.T, labels.astype(np.float32) if sizes[-1] == 1 else labels
    more = {} if sizes[-1] == 1 else {"classes": np.arange(max(sizes[-1], 2))}

    def run(steps: int) -> None:
        for _ in range(steps):
            model.partial_fit(inputs, wanted, **more)

    return run


def jax_jit(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """JAX, the whole step compiled, one call a step; Adam as in the paper."""
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

    def sgd(state: Any, rate: Any, x: Any, t: Any) -> Any:
        value, slopes = jax.value_and_grad(loss)(state, x, t)
        return value, jax.tree.map(lambda w, g: w - rate * g, state, slopes)

    if optimizer == "adam":
        return jax_adam(loss, weights, (x, targets))
    state, update = weights, jax.jit(sgd)

    def run(steps: int) -> None:
        nonlocal state
        for _ in range(steps):
            value, state = update(state, np.float32(0.01), x, targets)
        jax.block_until_ready(value)

    return run


def numpy_hand(sizes: tuple[int, ...], batch: int, optimizer: str) -> Program:
    """NumPy by hand: forward, backward and update written out on buffers made ahead."""
    from benchmarks.by_hand import HandWritten

    x, _, t = batch_of(sizes, batch)
    network = HandWritten(sizes, batch, optimizer)

    def run(steps: int) -> None:
        for _ in range(steps):
            network.step(x, t, 0.01)

    return run


PEERS: dict[str, Callable[[tuple[int, ...], int, str], Program]] = {
    "torch-eager": torch_eager,
    "jax-jit": jax_jit,
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
