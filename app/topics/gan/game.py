"""The game of all demos: a generator (the forger) turns noise into samples that a discriminator judges.

`Game` builds both networks in one graph and one plan: a step shows the discriminator a batch of real and a batch of generated
samples, and moves both players at the same moment, each down its own loss. `discriminators` holds the discriminator and its
cures, `images` players for images; `wine`, `ring` and `digits` give the game their data and draw what it does (Goodfellow et al.,
2014).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.topics.gan.discriminators import Discriminator, Rules, discriminator_of, slope_penalty
from engine import Graph, Guard, Node, Plan, Session, losses, minibatch_std, mlp, ops, optimizers
from engine.graph import Array
from engine.metrics import if_finite
from engine.networks.layers import Layer
from engine.probabilities import sigmoid

Generator = tuple[Layer, tuple[Node, ...]]
"""A function from noise (noise, n) to samples (features, n), and its variables."""
Opinion = Callable[..., Array]
BATCH = 64
BETA1, BETA2 = 0.5, 0.99
"""Adam with a shorter memory than usual: the opponent's moves make old gradients stale (Radford et al., 2015)."""
KEEP_REAL = 0.9
"""One-sided label smoothing: the discriminator is to be 90 % sure of a real sample, no more (Salimans et al., 2016)."""
GRADIENT_PENALTY = 1.0
"""Weight of the critic's slope penalty; Gulrajani et al. (2017) take 10, which is too stiff for the points in the plane here."""


def generator_of(graph: Graph, rules: Rules, features: int, rng: np.random.Generator) -> Generator:
    """The generator as a perceptron with hidden layers as wide as the discriminator's."""
    network = mlp(graph, (rules.noise, *rules.hidden, features), rng, "leaky_relu", "xavier", name="generator")
    return network, network.variables


class Game:
    """Two networks, their session and the plans that move them. Samples are (features, n), float32."""

    def __init__(
        self,
        rules: Rules,
        real: Array,
        weights: np.random.Generator,
        draws: np.random.Generator,
        players: tuple[Callable[..., Generator], Callable[..., Discriminator]] = (generator_of, discriminator_of),
    ) -> None:
        """`real` (features, n) is what batches are drawn from; `weights` begins both networks, `draws` deals the batches.

        `players` make the generator's and the discriminator's network: each a function of graph, rules, features and `weights`.
        """
        self.rules, self._real, self._draws = rules, real, draws
        self.graph, features = Graph(), len(real)
        generator, discriminator = players
        self.generate, generators = generator(self.graph, rules, features, weights)
        self.discriminate, discriminators, assigns = discriminator(self.graph, rules, features, weights)
        batch = self.graph.placeholder("real", (features, BATCH))
        generated = self.generate(self.graph.placeholder("noise", (rules.noise, BATCH)))
        discriminator_loss, generator_loss = self._losses(batch, generated)

        learn = optimizers.adam(discriminator_loss, rules.discriminator_rate, discriminators, BETA1, BETA2)
        follow = optimizers.adam(generator_loss, rules.generator_rate, generators, BETA1, BETA2)
        self._follow = optimizers.weight_average(follow)
        self.session = Session(self.graph)
        self._both = self.session.plan([discriminator_loss, generator_loss], [learn, self._follow, *assigns])
        patient = rules.discriminator_moves > 1
        self._discriminator_alone = self.session.plan([discriminator_loss], [learn, *assigns]) if patient else self._both
        self._guard = Guard(self.session, self._both, [discriminator_loss, generator_loss])

    def _losses(self, real: Node, generated: Node) -> tuple[Node, Node]:
        """The discriminator's loss and the generator's, which is not simply its negative."""
        cure = self.rules.cure
        says_real, says_generated = self.discriminate(self._seen(real)), self.discriminate(self._seen(generated))
        if cure == "wgan-gp":
            share = self.graph.placeholder("share", (1, BATCH))
            between = real * share + generated * (1.0 - share)
            stiff = slope_penalty(self.discriminate, between, GRADIENT_PENALTY, slope=1.0)
            return ops.mean(says_generated) - ops.mean(says_real) + stiff, -ops.mean(says_generated)
        wanted = self.graph.constant(np.full(says_real.shape, KEEP_REAL if cure == "label-smoothing" else 1.0))
        loss = losses.sigmoid_cross_entropy(says_real, wanted) + ops.mean(ops.softplus(says_generated))
        if cure == "r1":
            loss = loss + slope_penalty(self.discriminate, real, self.rules.r1 / 2)
        return loss, ops.mean(ops.softplus(-says_generated))

    def _seen(self, samples: Node) -> Node:
        """What the discriminator sees of a batch: the samples, with minibatch standard deviation also how much they differ."""
        return minibatch_std(samples) if self.rules.cure == "minibatch-std" else samples

    def _deal(self) -> dict[str, Array]:
        """A batch of real samples and the noise for a batch of generated ones."""
        places = self._draws.integers(0, self._real.shape[1], BATCH)
        noise = self._draws.standard_normal((self.rules.noise, BATCH), np.float32)
        feeds = {"real": self._real[:, places], "noise": noise}
        return feeds | ({"share": self._draws.random((1, BATCH), np.float32)} if self.rules.cure == "wgan-gp" else {})

    def step(self) -> str:
        """A move of each player, after those that a patient discriminator makes alone; in words what broke, or ""."""
        for _ in range(self.rules.discriminator_moves - 1):
            self._discriminator_alone.step(**self._deal())
        feeds = self._deal()
        return self._guard.step(**feeds)

    @property
    def losses(self) -> tuple[float, float]:
        """Discriminator's and generator's loss of the last step, before it moved them."""
        return float(self._both.outputs[0]), float(self._both.outputs[1])

    def generators(self, noise: Array) -> tuple[Plan, Plan]:
        """Plans that turn this noise (noise, n) into samples (features, n): by the weights now, and by their moving average."""
        samples = self.generate(self.graph.constant(noise))
        return self.session.plan([samples]), self.session.plan([samples], averaged=self._follow)

    def opinion(self, name: str, n: int) -> Opinion:
        """A function that gives the discriminator's logits (1, n), positive for real, of samples (features, n).

        With minibatch standard deviation it judges them as part of a batch as varied as `among`, by default as they are.
        """
        samples = self.graph.placeholder(name, (len(self._real), n))
        spread = self.graph.placeholder(f"{name}/spread", (1, 1))
        varied = self.rules.cure == "minibatch-std"
        shown = ops.concatenate([samples, ops.broadcast_to(spread, (1, n))]) if varied else samples
        plan = self.session.plan([self.discriminate(shown)])

        def ask(points: Array, among: Array | None = None) -> Array:
            batch = points if among is None else among
            return plan(**{name: points, f"{name}/spread": [[batch.std(axis=1).mean()]]})[0]

        return ask


def told_apart(real: Array, generated: Array, edge: float = 0.0) -> float:
    """The share told apart, of real logits above the edge and of generated ones not above it, both kinds counting half."""
    return if_finite(((real > edge).mean() + (generated <= edge).mean()) / 2, real, generated)


def generated_share(logits: Array, edge: float = 0.0) -> Array:
    """How sure the discriminator is that a sample is generated, from its logits: 0 to 1."""
    return sigmoid(edge - logits)
