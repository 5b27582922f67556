"""An LSTM of 32 units over 30 steps, batch 32, Adam: the engine's unrolled plan against the peers, classes at the last step.

PyTorch's is `nn.LSTM`, whose steps run in C++; JAX's is a `lax.scan` compiled whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from benchmarks.by_hand import Adam, CrossEntropy
from benchmarks.peers import by_hand, jax_adam, stepping, torch_adam
from benchmarks.rows import Program, Row, compared, interleaved, programs
from engine import Graph, Session, dense, losses, optimizers
from engine.networks.recurrent import lstm

FEATURES, UNITS, STEPS, BATCH, CLASSES = 8, 32, 30, 32, 4


def batch() -> tuple[Any, Any, Any]:
    """Sequences (features, steps, n), labels (n,) and targets (classes, n)."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, BATCH)
    return rng.normal(size=(FEATURES, STEPS, BATCH)).astype(np.float32), labels, losses.one_hot(labels, CLASSES)


def ours() -> Program:
    """The engine's plan, fed at every step."""
    graph, rng = Graph(), np.random.default_rng(0)
    inputs, targets = graph.placeholder("inputs", (FEATURES, STEPS, BATCH)), graph.placeholder("targets", (CLASSES, BATCH))
    states = lstm(graph, "lstm", FEATURES, UNITS, rng)(inputs)
    loss = losses.softmax_cross_entropy(dense(graph, "head", UNITS, CLASSES, rng)(states.last), targets)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    x, _, t = batch()
    return stepping(plan, inputs=x, targets=t)


def torch_eager() -> Program:
    """`nn.LSTM` and a linear head on its last state."""

    def make(torch: Any) -> Any:
        layer, head = torch.nn.LSTM(FEATURES, UNITS), torch.nn.Linear(UNITS, CLASSES)
        x, labels, _ = batch()
        inputs, wanted = torch.from_numpy(np.ascontiguousarray(x.transpose(1, 2, 0))), torch.from_numpy(labels)
        of = torch.nn.CrossEntropyLoss()
        return torch.nn.ModuleList([layer, head]), lambda: of(head(layer(inputs)[0][-1]), wanted)

    return torch_adam(make)


def jax_jit() -> Program:
    """All gates in one product, the steps in a scan."""
    import jax
    import jax.numpy as jnp

    x, _, targets = batch()
    rng = np.random.default_rng(0)
    shapes = ((4 * UNITS, UNITS + FEATURES), (4 * UNITS, 1), (CLASSES, UNITS), (CLASSES, 1))
    weights = [(rng.normal(size=shape) * 0.1).astype(np.float32) for shape in shapes]

    def loss(weights: Any, x: Any, t: Any) -> Any:
        w, b, head, shift = weights

        def step(state: Any, x: Any) -> Any:
            hidden, cell = state
            z = w @ jnp.concatenate([hidden, x]) + b
            i, f, o = jnp.split(jax.nn.sigmoid(z[: 3 * UNITS]), 3)
            cell = f * cell + i * jnp.tanh(z[3 * UNITS :])
            return (o * jnp.tanh(cell), cell), None

        begin = jnp.zeros((UNITS, BATCH))
        (hidden, _), _ = jax.lax.scan(step, (begin, begin), x)
        return -jnp.mean(jnp.sum(t * jax.nn.log_softmax(head @ hidden + shift, axis=0), axis=0))

    return jax_adam(loss, weights, (np.ascontiguousarray(x.transpose(1, 0, 2)), targets))


class Step(NamedTuple):
    """What one step of time reads and leaves, each a view made once: gates in the order i, f, o, g."""

    read: Any
    turned: Any
    gates: Any
    opened: Any
    i: Any
    f: Any
    o: Any
    g: Any
    before: Any
    cell: Any
    bent: Any
    hidden: Any


class HandWritten:
    """The same in NumPy by hand: states stand under the next step's inputs, each step's slopes are made where they are used, and
    little is kept, since what a step leaves behind has to be fetched again from beyond the fastest caches.
    """

    def __init__(self) -> None:
        f4, rows, n, u = np.float32, UNITS + FEATURES + 1, BATCH, UNITS
        size = 4 * u * rows
        self.flat = (np.random.default_rng(0).normal(size=size + CLASSES * (u + 1)) * 0.1).astype(f4)
        self.slope = np.zeros_like(self.flat)
        self.w, self.dw = (flat[:size].reshape(4 * u, rows) for flat in (self.flat, self.slope))
        self.head, self.dhead = (flat[size:].reshape(CLASSES, u + 1) for flat in (self.flat, self.slope))
        self.read = np.ones((STEPS + 1, rows, n), f4)  # state, input, one
        self.read[0, :u] = 0
        self.steps = self._views(np.zeros((STEPS, 4 * u, n), f4), *(np.zeros((STEPS + 1, u, n), f4) for _ in range(2)))
        self.dz, self.bends = np.zeros((2, 4 * u, n), f4)
        self.last = np.ones((u + 1, n), f4)
        self.z, self.error = np.empty((CLASSES, n), f4), CrossEntropy(CLASSES, n)
        self.dh, self.dc, self.tmp = (np.empty((u, n), f4) for _ in range(3))
        self.turned, self.part = np.empty((n, rows), f4), np.empty_like(self.w)
        self.half, self.one, self.halved = np.array(0.5, f4), np.array(1, f4), np.empty_like(self.w)
        self.halves = np.repeat(np.array([[0.5], [1]], f4), [3 * u, u], axis=0)
        self.back, self.update = np.empty((u, 4 * u), f4), Adam(self.flat, self.slope).step

    def _views(self, gates: Any, cells: Any, bent: Any) -> list[Step]:
        u = UNITS
        return [
            Step(
                self.read[t],
                self.read[t].T,
                gates[t],
                gates[t, : 3 * u],
                gates[t, :u],
                gates[t, u : 2 * u],
                gates[t, 2 * u : 3 * u],
                gates[t, 3 * u :],
                cells[t],
                cells[t + 1],
                bent[t],
                self.read[t + 1, :u],
            )
            for t in range(STEPS)
        ]

    def step(self, x: Any, targets: Any, rate: float) -> None:
        """One update; `error.loss` is the value before it. x (features, steps, n)."""
        self.read[:-1, UNITS:-1] = x.transpose(1, 0, 2)
        self._forward()
        self._head(targets)
        self._backward()
        self.update(rate)

    def _forward(self) -> None:
        half, tmp, forward = self.half, self.tmp, self.halved.dot
        np.multiply(self.w, self.halves, self.halved)  # a sigmoid is (1 + tanh(z / 2)) / 2
        for read, _, gates, opened, i, f, o, g, before, cell, bent, hidden in self.steps:
            forward(read, gates)
            np.tanh(gates, gates)
            np.multiply(opened, half, opened)
            np.add(opened, half, opened)
            np.multiply(i, g, cell)
            np.multiply(f, before, tmp)
            np.add(cell, tmp, cell)
            np.tanh(cell, bent)
            np.multiply(o, bent, hidden)

    def _head(self, targets: Any) -> None:
        self.last[:-1] = self.steps[-1].hidden
        self.head.dot(self.last, self.z)
        e = self.error.step(self.z, targets)
        e.dot(self.last.T, self.dhead)
        self.head[:, :-1].T.dot(e, self.dh)

    def _backward(self) -> None:
        dh, dc, dz, tmp, u = self.dh, self.dc, self.dz, self.tmp, UNITS
        di, df, do, dg = dz[:u], dz[u : 2 * u], dz[2 * u : 3 * u], dz[3 * u :]
        of_opened, of_candidate, one = self.bends[: 3 * u], self.bends[3 * u :], self.one
        np.copyto(self.back, self.w[:, :u].T)  # turned once, and not by BLAS at every step
        dc.fill(0)
        self.dw.fill(0)
        for _, turned, gates, opened, i, f, o, g, before, _, bent, hidden in reversed(self.steps):
            np.multiply(dh, bent, do)
            np.multiply(dh, o, dh)
            np.multiply(do, hidden, tmp)  # dh o tanh(c)^2
            np.subtract(dh, tmp, dh)
            np.add(dc, dh, dc)
            np.multiply(dc, g, di)
            np.multiply(dc, before, df)
            np.multiply(dc, i, dg)
            np.multiply(gates, gates, self.bends)
            np.subtract(opened, of_opened, of_opened)
            np.subtract(one, of_candidate, of_candidate)
            np.multiply(dz, self.bends, dz)
            np.copyto(self.turned, turned)  # OpenBLAS is slow to read it so
            dz.dot(self.turned, self.part)
            np.add(self.dw, self.part, self.dw)
            np.multiply(dc, f, dc)
            self.back.dot(dz, dh)


def numpy_hand() -> Program:
    """NumPy by hand, fed at every step."""
    x, _, t = batch()
    return by_hand(HandWritten(), x, t)


def rows() -> list[Row]:
    """A row a peer."""
    peers = {"torch-eager": torch_eager, "jax-jit": jax_jit, "numpy-hand": numpy_hand}
    return compared("lstm", interleaved(programs(ours, peers, "lstm"), 20))
