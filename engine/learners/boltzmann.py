"""The restricted Boltzmann machine: a visible and a hidden layer of on/off units, and an energy for each of their states.

    E(v, h) = -h'Wv - a'v - b'h,      p(v, h) = exp(-E(v, h)) / Z

Learning lowers the energy of the data and raises that of what the machine dreams. No unit has a link within its own layer, so
given one layer the units of the other are independent, and a whole layer is drawn at once: Gibbs sampling (Smolensky, 1986;
Hinton, 2002). It is no graph with a loss, since Z is a sum over all states; for small machines it is taken here all the same.
Arrays are batch-last: visible (visible units, n), hidden (hidden units, n), states 0 and 1 as float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.graph import Array
from engine.probabilities import log_sum, sigmoid, softplus

MOST_ENUMERATED = 18
"""Units of the smaller layer up to which sums over all states are taken exactly: 262,144 terms."""


@dataclass(frozen=True, eq=False)
class Expectations:
    """Means over a set of visible states: of the products h v' (hidden, visible), of v (visible, 1), of h given v (hidden, 1)."""

    products: Array
    visible: Array
    hidden: Array


@dataclass(frozen=True, eq=False)
class RestrictedBoltzmannMachine:
    """`weights` (hidden, visible), `visible_bias` (visible, 1), `hidden_bias` (hidden, 1): learned in place by `learn`."""

    weights: Array
    visible_bias: Array
    hidden_bias: Array

    @classmethod
    def start(cls, rng: np.random.Generator, visible: int, hidden: int, spread: float = 0.01) -> RestrictedBoltzmannMachine:
        """Normal weights of that spread, biases 0. Raises ValueError for a layer without units."""
        if visible < 1 or hidden < 1:
            raise ValueError(f"units: got {visible} visible and {hidden} hidden, wanted at least 1 of each")
        return cls(rng.normal(0.0, spread, (hidden, visible)), np.zeros((visible, 1)), np.zeros((hidden, 1)))

    def copy(self) -> RestrictedBoltzmannMachine:
        """The same machine, to be trained apart."""
        return RestrictedBoltzmannMachine(self.weights.copy(), self.visible_bias.copy(), self.hidden_bias.copy())

    # What one layer says of the other

    def hidden_given(self, visible: Array) -> Array:
        """Probabilities (hidden, n) that each hidden unit is on, given visible (visible, n)."""
        return sigmoid(self.weights @ visible + self.hidden_bias)

    def visible_given(self, hidden: Array) -> Array:
        """Probabilities (visible, n) that each visible unit is on, given hidden (hidden, n)."""
        return sigmoid(self.weights.T @ hidden + self.visible_bias)

    def gibbs(self, rng: np.random.Generator, visible: Array, steps: int = 1) -> Array:
        """Visible states (visible, n) after `steps` times drawing the hidden layer from the visible one and back."""
        if steps < 1:
            raise ValueError(f"steps: got {steps} of Gibbs sampling, wanted at least 1")
        for _ in range(steps):
            hidden = drawn(rng, self.hidden_given(visible))
            visible = drawn(rng, self.visible_given(hidden))
        return visible

    def reconstruct(self, visible: Array) -> Array:
        """Probabilities (visible, n) of the visible layer after going up and down once, without drawing."""
        return self.visible_given(self.hidden_given(visible))

    # Energy

    def energy(self, visible: Array, hidden: Array) -> Array:
        """E (n,) of joint states."""
        linked = (hidden * (self.weights @ visible)).sum(0)
        energies: Array = -linked - (self.visible_bias * visible).sum(0) - (self.hidden_bias * hidden).sum(0)
        return energies

    def free_energy(self, visible: Array) -> Array:
        """F (n,), with p(v) = exp(-F(v)) / Z: the hidden units summed out, each on its own."""
        free: Array = -(self.visible_bias * visible).sum(0) - softplus(self.weights @ visible + self.hidden_bias).sum(0)
        return free

    # Learning

    def expectations(self, visible: Array, shares: Array | None = None) -> Expectations:
        """Means over visible (visible, n), all alike or in these shares (n,), which sum to 1."""
        hidden = self.hidden_given(visible)
        weighted = visible / visible.shape[1] if shares is None else visible * shares
        up = hidden.mean(1, keepdims=True) if shares is None else hidden @ shares[:, None]
        return Expectations(hidden @ weighted.T, weighted.sum(1, keepdims=True), up)

    def learn(self, data: Expectations, model: Expectations, learning_rate: float) -> None:
        """One step up the gradient of the log-likelihood: what the data do, minus what the machine does on its own."""
        for parameter, wanted, dreamt in (
            (self.weights, data.products, model.products),
            (self.visible_bias, data.visible, model.visible),
            (self.hidden_bias, data.hidden, model.hidden),
        ):
            np.add(parameter, learning_rate * (wanted - dreamt), out=parameter)

    def contrastive_step(
        self, rng: np.random.Generator, data: Array, chains: Array, learning_rate: float, cd_steps: int = 1
    ) -> Array:
        """Runs `chains` (visible, m) for `cd_steps`, learns from data (visible, n) against them, and returns them.

        With `chains=data` this is contrastive divergence, CD-k (Hinton, 2002). Given the chains it returned the last time, it is
        persistent contrastive divergence (Tieleman, 2008), whose chains go on dreaming while the weights move.
        """
        chains = self.gibbs(rng, chains, cd_steps)
        self.learn(self.expectations(data), self.expectations(chains), learning_rate)
        return chains

    # Exactly, for small machines

    def log_partition(self) -> float:
        """The log of Z, by a sum over all states of the smaller layer. Raises ValueError when that has more than 18 units."""
        hidden, visible = self.weights.shape
        if visible <= hidden:
            return log_sum(-self.free_energy(all_states(visible)))
        turned = RestrictedBoltzmannMachine(self.weights.T, self.hidden_bias, self.visible_bias)
        return turned.log_partition()

    def log_likelihood(self, visible: Array) -> float:
        """Mean ln p(v) over visible (visible, n), in nats. Raises ValueError as `log_partition` does."""
        return float(-self.free_energy(visible).mean()) - self.log_partition()

    def probabilities(self) -> Array:
        """p(v) of every visible state (2^visible,), in the order of `all_states`. Raises ValueError above 18 visible units."""
        free = self.free_energy(all_states(self.weights.shape[1]))
        odds = np.exp(free.min() - free)
        shares: Array = odds / odds.sum()
        return shares


def all_states(units: int) -> Array:
    """Every state of so many on/off units, (units, 2^units). Raises ValueError when there are too many to be enumerated."""
    if not 1 <= units <= MOST_ENUMERATED:
        raise ValueError(f"units to enumerate: got {units}, wanted 1 to {MOST_ENUMERATED}")
    return (np.arange(2**units) >> np.arange(units)[:, None] & 1).astype(np.float64)


def drawn(rng: np.random.Generator, probabilities: Array) -> Array:
    """States, 0 or 1, each on with its probability."""
    return (rng.random(probabilities.shape) < probabilities).astype(np.float64)
