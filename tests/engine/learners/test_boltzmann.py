"""The restricted Boltzmann machine: its shortcuts against sums written out, its draws against exact shares, what it learns."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neural_network import BernoulliRBM

from engine.datasets import bars_and_stripes
from engine.graph import Array
from engine.learners.boltzmann import RestrictedBoltzmannMachine, all_states, drawn

VISIBLE, HIDDEN = 4, 3


def machine(visible: int = VISIBLE, hidden: int = HIDDEN, seed: int = 0, spread: float = 1.0) -> RestrictedBoltzmannMachine:
    rng = np.random.default_rng(seed)
    made = RestrictedBoltzmannMachine.start(rng, visible, hidden, spread)
    made.visible_bias[...] = rng.normal(size=(visible, 1))
    made.hidden_bias[...] = rng.normal(size=(hidden, 1))
    return made


def joint(made: RestrictedBoltzmannMachine) -> Array:
    """exp(-E) of every pair of states, (visible states, hidden states), without any shortcut."""
    hidden, visible = made.weights.shape
    return np.array(
        [[np.exp(-made.energy(v[:, None], h[:, None])[0]) for h in all_states(hidden).T] for v in all_states(visible).T]
    )


def test_the_energy_is_the_sum_over_units_and_links() -> None:
    made, rng = machine(), np.random.default_rng(1)
    v, h = drawn(rng, np.full((VISIBLE, 1), 0.5)), drawn(rng, np.full((HIDDEN, 1), 0.5))
    links = sum(made.weights[j, i] * v[i, 0] * h[j, 0] for i in range(VISIBLE) for j in range(HIDDEN))
    expected = -links - (made.visible_bias * v).sum() - (made.hidden_bias * h).sum()
    assert made.energy(v, h)[0] == pytest.approx(expected, abs=1e-12)


def test_what_one_layer_says_of_the_other_is_bayes_on_the_joint_distribution() -> None:
    made = machine()
    odds, visible, hidden = joint(made), all_states(VISIBLE), all_states(HIDDEN)
    on = odds @ hidden.T / odds.sum(1, keepdims=True)
    np.testing.assert_allclose(made.hidden_given(visible), on.T, rtol=1e-12)
    on = odds.T @ visible.T / odds.sum(0)[:, None]
    np.testing.assert_allclose(made.visible_given(hidden), on.T, rtol=1e-12)


def test_free_energy_partition_and_probabilities_are_the_sums_over_all_states() -> None:
    made = machine()
    odds = joint(made)
    np.testing.assert_allclose(made.free_energy(all_states(VISIBLE)), -np.log(odds.sum(1)), rtol=1e-12)
    assert made.log_partition() == pytest.approx(np.log(odds.sum()), rel=1e-12)
    np.testing.assert_allclose(made.probabilities(), odds.sum(1) / odds.sum(), rtol=1e-12)
    likelihood = np.log(odds.sum(1) / odds.sum()).mean()
    assert made.log_likelihood(all_states(VISIBLE)) == pytest.approx(likelihood, rel=1e-12)


@pytest.mark.parametrize(("visible", "hidden"), [(6, 2), (2, 6)])
def test_the_partition_is_the_same_whichever_layer_is_summed(visible: int, hidden: int) -> None:
    made = machine(visible, hidden)
    assert made.log_partition() == pytest.approx(np.log(joint(made).sum()), rel=1e-12)


def test_it_agrees_with_scikit_learn() -> None:
    made, theirs = machine(), BernoulliRBM(n_components=HIDDEN)
    theirs.components_, theirs.intercept_hidden_ = made.weights, made.hidden_bias[:, 0]
    theirs.intercept_visible_ = made.visible_bias[:, 0]
    states = all_states(VISIBLE)
    np.testing.assert_allclose(made.hidden_given(states), theirs.transform(states.T).T, rtol=1e-12)
    np.testing.assert_allclose(made.free_energy(states), theirs._free_energy(states.T), rtol=1e-12)


def test_long_gibbs_chains_visit_states_as_often_as_the_energy_says() -> None:
    made, rng = machine(spread=0.7), np.random.default_rng(2)
    visited = made.gibbs(rng, drawn(rng, np.full((VISIBLE, 20_000), 0.5)), 30)
    places = (2 ** np.arange(VISIBLE)) @ visited
    shares = np.bincount(places.astype(int), minlength=2**VISIBLE) / visited.shape[1]
    np.testing.assert_allclose(shares, made.probabilities(), atol=0.012)


def test_the_exact_gradient_is_the_slope_of_the_likelihood() -> None:
    made, data = machine(), all_states(VISIBLE)[:, [1, 6, 9]]
    moved, step = made.copy(), 1e-6
    moved.learn(moved.expectations(data), moved.expectations(all_states(VISIBLE), moved.probabilities()), 1.0)
    for name in ("weights", "visible_bias", "hidden_bias"):
        parameter = getattr(made, name)
        for place in np.ndindex(parameter.shape):
            ends, begin = [], parameter[place]
            for sign in (1, -1):
                parameter[place] = begin + sign * step
                ends.append(made.log_likelihood(data))
            parameter[place] = begin
            slope = (ends[0] - ends[1]) / (2 * step)
            assert getattr(moved, name)[place] - begin == pytest.approx(slope, abs=1e-8)


def test_shares_all_alike_are_a_plain_mean() -> None:
    made, data = machine(), all_states(VISIBLE)
    plain, shared = made.expectations(data), made.expectations(data, np.full(16, 1 / 16))
    for name in ("products", "visible", "hidden"):
        np.testing.assert_allclose(getattr(plain, name), getattr(shared, name), rtol=1e-12)


def test_contrastive_divergence_from_the_data_follows_the_exact_gradient_when_it_walks_long_enough() -> None:
    data = np.repeat(bars_and_stripes(2), 4000, axis=1)
    made = machine(4, 3, spread=0.5)
    exact, sampled = made.copy(), made.copy()
    exact.learn(exact.expectations(data), exact.expectations(all_states(4), exact.probabilities()), 1.0)
    sampled.contrastive_step(np.random.default_rng(0), data, data, 1.0, cd_steps=50)
    np.testing.assert_allclose(sampled.weights, exact.weights, atol=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_bars_and_stripes_persistent_chains_beat_one_step_though_both_reconstruct(seed: int) -> None:
    data, likelihoods = bars_and_stripes(), {}
    for persistent in (False, True):
        rng = np.random.default_rng(seed)
        made = RestrictedBoltzmannMachine.start(rng, 9, 16, 0.1)
        chains = drawn(rng, np.full((9, 50), 0.5))
        for step in range(3000):
            rate = 0.1 * (1 - step / 3000) + 0.01
            chains = made.contrastive_step(rng, data, chains if persistent else data, rate)
        likelihoods[persistent] = made.log_likelihood(data)
        assert np.square(made.reconstruct(data) - data).mean() <= 0.005
    assert likelihoods[True] - likelihoods[False] >= 0.2
    assert likelihoods[True] <= -np.log(14)


def test_a_copy_learns_apart() -> None:
    made = machine()
    other, before = made.copy(), made.weights.copy()
    other.weights[...] += 1
    np.testing.assert_array_equal(made.weights, before)


@pytest.mark.parametrize(("visible", "hidden"), [(0, 3), (3, 0)])
def test_a_layer_without_units_is_refused(visible: int, hidden: int) -> None:
    with pytest.raises(ValueError, match="wanted at least 1"):
        RestrictedBoltzmannMachine.start(np.random.default_rng(0), visible, hidden)


def test_too_many_states_are_refused() -> None:
    with pytest.raises(ValueError, match="wanted 1 to 18"):
        machine(19, 19).log_partition()
