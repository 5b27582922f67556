"""A convolutional network on images of 8x8, batch 64, Adam: conv 8, ReLU, pool, conv 16, ReLU, pool, ten classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.by_hand import Adam, CrossEntropy
from benchmarks.peers import by_hand, jax_adam, stepping, torch_adam
from benchmarks.rows import Program, Row, compared, interleaved, programs
from engine import Graph, Session, datasets, dense, losses, ops, optimizers
from engine.networks.convolution import convolution, flatten, maximum_pool

BATCH, FIRST, SECOND, CLASSES = 64, 8, 16, 10


def batch() -> tuple[Any, Any, Any]:
    """Digits (1, 8, 8, n), labels (n,) and targets (classes, n)."""
    data = datasets.digits()
    labels = data.labels[:BATCH].copy()
    return np.ascontiguousarray(data.inputs[:, :BATCH]).reshape(1, 8, 8, BATCH), labels, losses.one_hot(labels, CLASSES)


def ours() -> Program:
    """The engine's plan, fed at every step."""
    graph, rng = Graph(), np.random.default_rng(0)
    images, targets = graph.placeholder("images", (1, 8, 8, BATCH)), graph.placeholder("targets", (CLASSES, BATCH))
    hidden = maximum_pool(ops.relu(convolution(graph, "first", 1, FIRST, rng, padding=1)(images)))
    hidden = maximum_pool(ops.relu(convolution(graph, "second", FIRST, SECOND, rng, padding=1)(hidden)))
    loss = losses.softmax_cross_entropy(dense(graph, "head", SECOND * 4, CLASSES, rng)(flatten(hidden)), targets)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    x, _, t = batch()
    return stepping(plan, images=x, targets=t)


def torch_eager() -> Program:
    """PyTorch as its tutorials have it."""

    def make(torch: Any) -> Any:
        nn = torch.nn
        first, second = nn.Conv2d(1, FIRST, 3, padding=1), nn.Conv2d(FIRST, SECOND, 3, padding=1)
        between = [nn.ReLU(), nn.MaxPool2d(2)]
        model = nn.Sequential(first, *between, second, *between, nn.Flatten(), nn.Linear(SECOND * 4, CLASSES))
        x, labels, _ = batch()
        inputs, wanted = torch.from_numpy(np.ascontiguousarray(x.transpose(3, 0, 1, 2))), torch.from_numpy(labels)
        of = nn.CrossEntropyLoss()
        return model, lambda: of(model(inputs), wanted)

    return torch_adam(make)


def jax_jit() -> Program:
    """`lax.conv` and `reduce_window`, compiled whole."""
    import jax
    import jax.numpy as jnp

    x, _, targets = batch()
    rng = np.random.default_rng(0)
    shapes = ((FIRST, 1, 3, 3), (FIRST, 1, 1), (SECOND, FIRST, 3, 3), (SECOND, 1, 1), (SECOND * 4, CLASSES), (CLASSES,))
    weights = [(rng.normal(size=shape) * 0.2).astype(np.float32) for shape in shapes]

    def block(x: Any, w: Any, b: Any) -> Any:
        z = jax.nn.relu(jax.lax.conv(x, w, (1, 1), "SAME") + b)
        return jax.lax.reduce_window(z, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss(weights: Any, x: Any, t: Any) -> Any:
        a, b, c, d, e, f = weights
        logits = block(block(x, a, b), c, d).reshape(BATCH, -1) @ e + f
        return -jnp.mean(jnp.sum(t * jax.nn.log_softmax(logits), axis=1))

    return jax_adam(loss, weights, (np.ascontiguousarray(x.transpose(3, 0, 1, 2)), np.ascontiguousarray(targets.T)))


class Block:
    """Convolution 3x3, ReLU and max pool by hand: batch-last patches with a row of ones, every buffer made ahead."""

    def __init__(self, channels: int, filters: int, side: int, w: Any, dw: Any) -> None:
        f4, n, half = np.float32, BATCH, side // 2
        self.w, self.dw, self.back = w, dw, w[:, :-1].T
        self.padded = np.zeros((channels, side + 2, side + 2, n), f4)
        self.inside = self.padded[:, 1:-1, 1:-1]
        strides = self.padded.strides
        shape = (channels, 3, 3, side, side, n)
        self.windows = np.lib.stride_tricks.as_strided(self.padded, shape, (strides[0], *strides[1:3], *strides[1:3], strides[3]))
        self.columns = np.ones((channels * 9 + 1, side * side * n), f4)
        self.inner = self.columns[:-1].reshape(shape)
        self.z, self.dz = (np.empty((filters, side, side, n), f4) for _ in range(2))
        self.z2, self.dz2, self.columns_t = self.z.reshape(filters, -1), self.dz.reshape(filters, -1), self.columns.T
        places = [(slice(None), slice(y, None, 2), slice(x, None, 2)) for y in (0, 1) for x in (0, 1)]
        self.corners, self.dcorners = [self.z[where] for where in places], [self.dz[where] for where in places]
        self.pooled, self.left, self.mask = (np.empty((filters, half, half, n), f4) for _ in range(3))
        self.dcolumns = np.empty((channels * 9, side * side * n), f4)
        self.parts = self.dcolumns.reshape(channels, 9, side, side, n)
        self.dpadded = np.zeros_like(self.padded)
        self.targets = [self.dpadded[:, y : y + side, x : x + side] for y in range(3) for x in range(3)]
        self.dinputs, self.zero = self.dpadded[:, 1:-1, 1:-1], f4(0)

    def forward(self, x: Any) -> Any:
        """(channels, side, side, n) to the pooled (filters, side / 2, side / 2, n)."""
        np.copyto(self.inside, x)
        np.copyto(self.inner, self.windows)
        in_halves(self.w, self.columns, self.z2)
        np.maximum(self.z, self.zero, out=self.z)
        a, b, c, d = self.corners
        np.maximum(a, b, out=self.pooled)
        np.maximum(self.pooled, c, out=self.pooled)
        np.maximum(self.pooled, d, out=self.pooled)
        return self.pooled

    def backward(self, g: Any, wanted: bool) -> Any:
        """The weights' gradient, and the inputs' where it is wanted; ReLU's zeros are cut before ties are looked at."""
        np.greater(self.pooled, self.zero, self.mask)
        np.multiply(g, self.mask, self.left)
        for corner, target in zip(self.corners[:-1], self.dcorners, strict=False):
            np.equal(corner, self.pooled, self.mask)
            np.multiply(self.left, self.mask, target)
            np.subtract(self.left, target, self.left)
        np.copyto(self.dcorners[-1], self.left)
        in_halves(self.dz2, self.columns_t, self.dw)
        if not wanted:
            return None
        in_halves(self.back, self.dz2, self.dcolumns)
        self.dpadded.fill(0)
        for place, target in enumerate(self.targets):
            np.add(target, self.parts[:, place], target)
        return self.dinputs


def in_halves(a: Any, b: Any, out: Any) -> None:
    """OpenBLAS is twice as fast on products of less than a million multiplications."""
    if 1_000_000 < a.shape[0] * b.size < 2_000_000:
        half = len(a) // 2
        a[:half].dot(b, out[:half])
        a[half:].dot(b, out[half:])
    else:
        a.dot(b, out)


class HandWritten:
    """The whole network by hand."""

    def __init__(self) -> None:
        f4, n = np.float32, BATCH
        shapes = ((FIRST, 10), (SECOND, FIRST * 9 + 1), (CLASSES, SECOND * 4 + 1))
        sizes = [rows * columns for rows, columns in shapes]
        self.flat = (np.random.default_rng(0).normal(size=sum(sizes)) * 0.2).astype(f4)
        self.slope = np.zeros_like(self.flat)
        cuts = np.cumsum(sizes)[:-1]
        w, dw = (
            [part.reshape(shape) for part, shape in zip(np.split(flat, cuts), shapes, strict=True)]
            for flat in (self.flat, self.slope)
        )
        self.first, self.second = Block(1, FIRST, 8, w[0], dw[0]), Block(FIRST, SECOND, 4, w[1], dw[1])
        self.head, self.dhead, self.back = w[2], dw[2], w[2][:, :-1].T
        self.hidden, self.dhidden = np.ones((SECOND * 4 + 1, n), f4), np.empty((SECOND * 4, n), f4)
        self.second.pooled = self.hidden[:-1].reshape(SECOND, 2, 2, n)
        self.z, self.error = np.empty((CLASSES, n), f4), CrossEntropy(CLASSES, n)
        self.update = Adam(self.flat, self.slope).step

    def step(self, x: Any, targets: Any, rate: float) -> None:
        """One update; `error.loss` is the value before it."""
        self.second.forward(self.first.forward(x))
        self.head.dot(self.hidden, self.z)
        e = self.error.step(self.z, targets)
        e.dot(self.hidden.T, self.dhead)
        self.back.dot(e, self.dhidden)
        between = self.second.backward(self.dhidden.reshape(SECOND, 2, 2, BATCH), True)
        self.first.backward(between, False)
        self.update(rate)


def numpy_hand() -> Program:
    """NumPy by hand, fed at every step."""
    x, _, t = batch()
    return by_hand(HandWritten(), x, t)


def rows() -> list[Row]:
    """A row a peer."""
    peers = {"torch-eager": torch_eager, "jax-jit": jax_jit, "numpy-hand": numpy_hand}
    return compared("cnn", interleaved(programs(ours, peers, "cnn"), 50))
