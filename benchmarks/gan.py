"""A GAN of two MLPs of 32 units, batch 64, Adam: the discriminator's step on real and generated points, then the generator's."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.by_hand import Adam
from benchmarks.peers import RATE, by_hand, jax_state, jax_update
from benchmarks.rows import Program, Row, compared, interleaved, programs
from engine import Graph, Session, losses, mlp, ops, optimizers

NOISE, WIDTH, POINTS, BATCH = 2, 32, 2, 64
GENERATOR, DISCRIMINATOR = (NOISE, WIDTH, WIDTH, POINTS), (POINTS, WIDTH, WIDTH, 1)


def batch() -> tuple[Any, Any]:
    """Noise and real points, (2, n)."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(NOISE, BATCH)).astype(np.float32), rng.normal(2, 0.5, (POINTS, BATCH)).astype(np.float32)


def ours() -> Program:
    """Two plans over the variables of one session; real and generated points are one batch to the discriminator."""
    graph, rng = Graph(), np.random.default_rng(0)
    noise, samples = graph.placeholder("noise", (NOISE, BATCH)), graph.placeholder("samples", (POINTS, 2 * BATCH))
    generator, discriminator = mlp(graph, GENERATOR, rng, name="G"), mlp(graph, DISCRIMINATOR, rng, name="D")
    rate, made = graph.placeholder("learning_rate"), generator(noise)
    answers = graph.constant(np.repeat([[1.0, 0.0]], BATCH, axis=1))
    judged = losses.sigmoid_cross_entropy(discriminator(samples), answers)
    fooled = ops.mean(ops.softplus(-discriminator(made)))
    session = Session(graph)
    generate = session.plan([made])
    judge = session.plan([judged], [optimizers.adam(judged, rate, discriminator.variables)])
    forge = session.plan([fooled], [optimizers.adam(fooled, rate, generator.variables)])
    z, real = batch()
    both = np.concatenate([real, real], axis=1)

    def run(steps: int) -> None:
        for _ in range(steps):
            generate.step(noise=z)
            both[:, :BATCH], both[:, BATCH:] = real, generate.outputs[0]
            judge.step(samples=both, learning_rate=RATE)
            forge.step(noise=z, learning_rate=RATE)

    return run


def torch_eager() -> Program:
    """PyTorch as its DCGAN tutorial has it, with dense layers."""
    import torch

    torch.set_num_threads(1)
    nn = torch.nn

    def network(sizes: tuple[int, ...]) -> Any:
        a, b, c, d = sizes
        return nn.Sequential(nn.Linear(a, b), nn.Tanh(), nn.Linear(b, c), nn.Tanh(), nn.Linear(c, d))

    generator, discriminator = network(GENERATOR), network(DISCRIMINATOR)
    of = nn.BCEWithLogitsLoss()
    g_updater, d_updater = (torch.optim.Adam(model.parameters(), lr=RATE) for model in (generator, discriminator))
    z, real = (torch.from_numpy(np.ascontiguousarray(each.T)) for each in batch())
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def run(steps: int) -> None:
        for _ in range(steps):
            d_updater.zero_grad()
            fake = generator(z)
            of(discriminator(real), ones).backward()
            of(discriminator(fake.detach()), zeros).backward()
            d_updater.step()
            g_updater.zero_grad()
            of(discriminator(fake), ones).backward()
            g_updater.step()

    return run


def jax_jit() -> Program:
    """Both steps in one compiled function."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(0)

    def begin(sizes: tuple[int, ...]) -> Any:
        pairs = pairwise(sizes)
        return [((rng.normal(size=(b, a)) * 0.2).astype(np.float32), np.zeros((b, 1), np.float32)) for a, b in pairs]

    def through(weights: Any, x: Any) -> Any:
        for w, b in weights[:-1]:
            x = jnp.tanh(w @ x + b)
        return weights[-1][0] @ x + weights[-1][1]

    def d_loss(d: Any, real: Any, fake: Any) -> Any:
        return (jnp.mean(jax.nn.softplus(-through(d, real))) + jnp.mean(jax.nn.softplus(through(d, fake)))) / 2

    def g_loss(g: Any, d: Any, z: Any) -> Any:
        return jnp.mean(jax.nn.softplus(-through(d, through(g, z))))

    d_update, g_update = jax_update(d_loss), jax_update(g_loss)

    def both(g: Any, d: Any, rate: Any, z: Any, real: Any) -> Any:
        judged, d = d_update(d, rate, real, through(g[0], z))
        fooled, g = g_update(g, rate, d[0], z)
        return judged, fooled, g, d

    update, g, d = jax.jit(both), jax_state(begin(GENERATOR)), jax_state(begin(DISCRIMINATOR))
    z, real = batch()

    def run(steps: int) -> None:
        nonlocal g, d
        for _ in range(steps):
            judged, _, g, d = update(g, d, np.float32(RATE), z, real)
        jax.block_until_ready(judged)

    return run


class Network:
    """Three layers by hand for `n` samples: batch-last, biases folded in, one flat vector, nothing allocated in a step."""

    def __init__(self, sizes: tuple[int, ...], n: int) -> None:
        f4, pairs = np.float32, list(pairwise(sizes))
        self.flat = (np.random.default_rng(0).normal(size=sum(b * (a + 1) for a, b in pairs)) * 0.2).astype(f4)
        self.slope = np.zeros_like(self.flat)
        cuts = np.cumsum([b * (a + 1) for a, b in pairs])[:-1]
        self.w, self.dw = (
            [part.reshape(b, a + 1) for part, (a, b) in zip(np.split(flat, cuts), pairs, strict=True)]
            for flat in (self.flat, self.slope)
        )
        self.backs = [w[:, :-1].T for w in self.w]
        self.inputs = [np.ones((a + 1, n), f4) for a in sizes[:-1]]
        self.hidden, self.turned = [x[:-1] for x in self.inputs], [x.T for x in self.inputs]
        self.outputs, self.deltas, self.bends = (
            np.empty((sizes[-1], n), f4),
            [np.empty((a, n), f4) for a in sizes[:-1]],
            [np.empty((a, n), f4) for a in sizes[:-1]],
        )
        self.one, self.update = f4(1), Adam(self.flat, self.slope).step

    def forward(self) -> Any:
        """From `hidden[0]` to `outputs`."""
        for place in (0, 1):
            out = self.hidden[place + 1]
            self.w[place].dot(self.inputs[place], out)
            np.tanh(out, out)
        self.w[2].dot(self.inputs[2], self.outputs)
        return self.outputs

    def backward(self, delta: Any, weights: bool, inputs: bool) -> Any:
        """From the gradient of the outputs to that of the weights, or of the inputs, or both."""
        for place in (2, 1, 0):
            if weights:
                delta.dot(self.turned[place], self.dw[place])
            if place == 0 and not inputs:
                break
            below = self.deltas[place]
            self.backs[place].dot(delta, below)
            if place:
                bend, hidden = self.bends[place], self.hidden[place]
                np.multiply(hidden, hidden, bend)
                np.subtract(self.one, bend, bend)
                np.multiply(below, bend, below)
            delta = below
        return delta


class Loss:
    """Binary cross-entropy from logits (1, n) by hand: value and gradient."""

    def __init__(self, n: int) -> None:
        self.rest, self.value, self.delta = (np.empty((1, n), np.float32) for _ in range(3))
        self.half, self.zero, self.scale, self.ones = (
            np.array(0.5, np.float32),
            np.float32(0),
            np.array(1 / n, np.float32),
            np.ones(n, np.float32),
        )
        self.loss = 0.0

    def step(self, z: Any, targets: Any) -> Any:
        """The gradient; `loss` is the mean."""
        rest, value, delta, half = self.rest, self.value, self.delta, self.half
        np.absolute(z, rest)
        np.negative(rest, rest)
        np.exp(rest, rest)
        np.log1p(rest, rest)
        np.maximum(z, self.zero, out=value)
        np.add(value, rest, value)
        np.multiply(z, targets, rest)
        np.subtract(value, rest, value)
        self.loss = self.ones.dot(value[0]) * self.scale
        np.multiply(z, half, delta)
        np.tanh(delta, delta)
        np.multiply(delta, half, delta)
        np.add(delta, half, delta)
        np.subtract(delta, targets, delta)
        np.multiply(delta, self.scale, delta)
        return delta


class HandWritten:
    """Both steps; the generator's forward pass serves both, and the discriminator's second one writes into buffers of its own."""

    def __init__(self) -> None:
        self.generator, self.judge = Network(GENERATOR, BATCH), Network(DISCRIMINATOR, 2 * BATCH)
        self.critic = Network(DISCRIMINATOR, BATCH)
        self.critic.w, self.critic.backs = self.judge.w, self.judge.backs
        self.judged, self.fooled = Loss(2 * BATCH), Loss(BATCH)
        self.answers, self.ones = np.repeat(np.array([[1, 0]], np.float32), BATCH, axis=1), np.ones((1, BATCH), np.float32)

    def step(self, z: Any, real: Any, rate: float) -> None:
        """One update of each."""
        generator, judge, critic = self.generator, self.judge, self.critic
        generator.hidden[0][...] = z
        fake = generator.forward()
        judge.hidden[0][:, :BATCH], judge.hidden[0][:, BATCH:] = real, fake
        judge.backward(self.judged.step(judge.forward(), self.answers), True, False)
        judge.update(rate)
        critic.hidden[0][...] = fake
        to_points = critic.backward(self.fooled.step(critic.forward(), self.ones), False, True)
        generator.backward(to_points, True, False)
        generator.update(rate)


def numpy_hand() -> Program:
    """NumPy by hand, fed at every step."""
    return by_hand(HandWritten(), *batch())


def rows() -> list[Row]:
    """A row a peer."""
    peers = {"torch-eager": torch_eager, "jax-jit": jax_jit, "numpy-hand": numpy_hand}
    return compared("gan", interleaved(programs(ours, peers, "gan"), 60))
