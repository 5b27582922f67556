"""Ensembles: boosting round for round as scikit-learn has it, bags, and what each is good for."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from sklearn.ensemble import AdaBoostClassifier, GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from engine.datasets import Dataset, moons, split, wine
from engine.graph import Array
from engine.learners.ensembles import Loss, adaboost, average, bagging, gradient_boosting, random_forest, start_of
from engine.learners.trees import STUMP, Limits, grow
from engine.networks.losses import one_hot


def two_sets(seed: int, n: int = 300, fresh: int = 1000) -> tuple[Dataset, Dataset]:
    rng = np.random.default_rng(seed)
    return moons(rng, n, 0.3), moons(rng, fresh, 0.3)


def wave(seed: int, n: int = 80) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (1, n)).astype(np.float32)
    return x, np.sin(3 * x).astype(np.float64) + rng.normal(size=(1, n)) * 0.3


# Averaging


def test_a_bag_is_drawn_with_replacement_and_leaves_out_a_third() -> None:
    data, _ = two_sets(0)
    one = next(bagging(np.random.default_rng(0), data.inputs, one_hot(data.labels, 2)))
    assert one.bag.shape == (300,)
    assert set(np.flatnonzero(one.out_of_bag)) == set(range(300)) - set(one.bag)
    assert 0.3 <= one.out_of_bag.mean() <= 0.44
    grown = grow(data.inputs[:, one.bag], one_hot(data.labels, 2)[:, one.bag])
    np.testing.assert_array_equal(one.tree(data.inputs), grown(data.inputs))


def test_every_round_has_a_bag_of_its_own_and_the_same_seed_the_same_bags() -> None:
    data, _ = two_sets(0, 60)
    first, again = (
        [one.bag for one in islice(bagging(np.random.default_rng(4), data.inputs, one_hot(data.labels, 2)), 3)] for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first[0] != first[1]).any()


def test_averaging_bagged_trees_lowers_the_variance_of_a_regression() -> None:
    line = np.linspace(-1, 1, 50, dtype=np.float32)[None]
    alone, together = [], []
    for seed in range(15):
        x, y = wave(seed, 50)
        alone.append(grow(x, y)(line)[0])
        bags = islice(bagging(np.random.default_rng(seed + 50), x, y), 15)
        together.append(average([one.tree for one in bags], line)[0])
    assert np.var(together, axis=0).mean() <= 0.7 * np.var(alone, axis=0).mean()


def test_a_random_forest_is_as_good_as_scikit_learns_and_its_trees_differ_more_than_bagged_ones() -> None:
    train, test = split(np.random.default_rng(2), wine(), 120)
    targets, apart = one_hot(train.labels, 3), {}
    theirs = RandomForestClassifier(50, random_state=0).fit(train.inputs.T, train.labels).score(test.inputs.T, test.labels)
    for name, method in {"forest": random_forest, "bags": bagging}.items():
        trees = [one.tree for one in islice(method(np.random.default_rng(0), train.inputs, targets), 50)]
        right = (average(trees, test.inputs).argmax(0) == test.labels).mean()
        assert right >= theirs - 0.06
        apart[name] = np.mean([tree(test.inputs) for tree in trees[1:]] != trees[0](test.inputs))
    assert apart["forest"] > apart["bags"]


# AdaBoost


@pytest.mark.parametrize("depth", [1, 2])
def test_adaboost_is_scikit_learns_round_for_round(depth: int) -> None:
    data, fresh = two_sets(1)
    base = DecisionTreeClassifier(max_depth=depth, random_state=0)
    theirs = AdaBoostClassifier(base, n_estimators=30, random_state=0).fit(data.inputs.T, data.labels)
    rounds = list(islice(adaboost(data.inputs, data.labels, Limits(depth)), 30))
    np.testing.assert_allclose([each.error for each in rounds], theirs.estimator_errors_, rtol=1e-7)
    np.testing.assert_allclose([2 * each.vote for each in rounds], theirs.estimator_weights_, rtol=1e-7)
    said = sum(each.votes(fresh.inputs) for each in rounds)
    np.testing.assert_array_equal(said > 0, theirs.predict(fresh.inputs.T) == 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_stump_is_wrong_exactly_half_under_the_next_weights_and_the_bound_holds_in_every_round(seed: int) -> None:
    data, _ = two_sets(seed)
    sides, said, bound = 2 * data.labels - 1, np.zeros(data.size), 1.0
    for each in islice(adaboost(data.inputs, data.labels), 60):
        assert each.weights.sum() == pytest.approx(1, abs=1e-12)
        votes = each.votes(data.inputs)
        assert each.weights[votes * sides < 0].sum() == pytest.approx(each.error, abs=1e-12)
        assert each.next_weights[votes * sides < 0].sum() == pytest.approx(0.5, abs=1e-9)
        said, bound = said + votes, bound * 2 * np.sqrt(each.error * (1 - each.error))
        assert (said * sides <= 0).mean() <= bound


@pytest.mark.parametrize("seed", range(5))
def test_boosted_stumps_beat_one_stump_and_bagged_stumps(seed: int) -> None:
    data, fresh = two_sets(seed)
    rounds = list(islice(adaboost(data.inputs, data.labels), 100))
    boosted = ((np.sum([each.votes(fresh.inputs) for each in rounds], axis=0) > 0) == fresh.labels).mean()
    first = ((rounds[0].votes(fresh.inputs) > 0) == fresh.labels).mean()
    bags = islice(bagging(np.random.default_rng(seed), data.inputs, one_hot(data.labels, 2), STUMP), 100)
    bagged = (average([one.tree for one in bags], fresh.inputs).argmax(0) == fresh.labels).mean()
    assert boosted >= max(first, bagged) + 0.03


def test_flipped_labels_gather_the_weight() -> None:
    data, _ = two_sets(0)
    flipped = np.random.default_rng(9).random(data.size) < 0.2
    rounds = list(islice(adaboost(data.inputs, np.where(flipped, 1 - data.labels, data.labels)), 20))
    assert rounds[-1].weights[flipped].sum() >= 1.5 * flipped.mean()


def test_a_stump_without_errors_ends_it_with_a_finite_vote() -> None:
    rounds = list(adaboost(np.array([[0.0, 1.0, 2.0, 3.0]]), np.array([0, 0, 1, 1])))
    assert [each.error for each in rounds] == [0.0]
    assert np.isfinite(rounds[0].vote)


def test_a_stump_no_better_than_a_coin_ends_it() -> None:
    assert list(adaboost(np.ones((1, 4)), np.array([0, 0, 1, 1]))) == []


def test_labels_other_than_0_and_1_are_refused() -> None:
    with pytest.raises(ValueError, match="wanted 0 and 1"):
        next(adaboost(np.ones((1, 2)), np.array([-1, 1])))


# Gradient boosting


def boosted(inputs: Array, targets: Array, fresh: Array, loss: Loss, rounds: int) -> Array:
    trees = islice(gradient_boosting(inputs, targets, 0.1, loss), rounds)
    sums: Array = np.sum([each.tree(fresh) for each in trees], axis=0)
    return start_of(targets, loss) + 0.1 * sums


@pytest.mark.parametrize("seed", range(3))
def test_a_boosted_regression_is_scikit_learns(seed: int) -> None:
    (x, y), (fresh, _) = wave(seed), wave(seed + 10)
    theirs = GradientBoostingRegressor(n_estimators=60, max_depth=2, learning_rate=0.1, random_state=0).fit(x.T, y[0])
    np.testing.assert_allclose(boosted(x, y, fresh, "squared", 60)[0], theirs.predict(fresh.T), rtol=1e-7, atol=1e-9)


def test_a_boosted_classification_is_scikit_learns() -> None:
    data, fresh = two_sets(2)
    theirs = GradientBoostingClassifier(n_estimators=40, max_depth=2, learning_rate=0.1, random_state=0)
    theirs.fit(data.inputs.T, data.labels)
    logits = boosted(data.inputs, data.labels[None].astype(float), fresh.inputs, "logistic", 40)[0]
    np.testing.assert_allclose(logits, theirs.decision_function(fresh.inputs.T), rtol=1e-6, atol=1e-8)


def test_residuals_shrink_round_after_round() -> None:
    x, y = wave(0)
    spreads = [float(np.square(each.residuals).mean()) for each in islice(gradient_boosting(x, y), 100)]
    assert (np.diff(spreads) <= 1e-12).all()
    assert spreads[-1] <= 0.25 * spreads[0]
