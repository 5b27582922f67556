"""Trees: the same as scikit-learn's, splits against all possible ones by hand, limits, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from engine.datasets import Dataset, digits, moons, split, wine, xor
from engine.graph import Array
from engine.learners.trees import LEAF, STUMP, Limits, Samples, Tree, best_split, grow
from engine.networks.losses import one_hot

RNG = np.random.default_rng(0)


def noisy_line(seed: int = 0, n: int = 200) -> tuple[Array, Array]:
    """A regression of three features, all values different: inputs (3, n), targets (1, n)."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(3, n)).astype(np.float32)
    return inputs, (inputs[0] + np.sin(3 * inputs[1]) + rng.normal(size=n) * 0.3)[None].astype(np.float64)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("depth", "min_leaf"), [(1, 1), (3, 1), (None, 7)])
def test_a_regression_is_the_tree_that_scikit_learn_grows(seed: int, depth: int | None, min_leaf: int) -> None:
    inputs, targets = noisy_line(seed)
    fresh, _ = noisy_line(seed + 100)
    theirs = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=min_leaf, random_state=0).fit(inputs.T, targets[0])
    tree = grow(inputs, targets, Limits(depth, min_leaf))
    np.testing.assert_allclose(tree(fresh)[0], theirs.predict(fresh.T), rtol=1e-10)
    assert (tree.depth, len(tree.leaves)) == (theirs.get_depth(), theirs.get_n_leaves())


def test_grown_until_pure_on_one_feature_it_is_scikit_learns() -> None:
    inputs, targets = noisy_line()
    theirs = DecisionTreeRegressor(random_state=0).fit(inputs[:1].T, targets[0])  # on more, it draws among equal splits
    tree = grow(inputs[:1], targets)
    np.testing.assert_allclose(tree(noisy_line(1)[0][:1])[0], theirs.predict(noisy_line(1)[0][:1].T), rtol=1e-10)
    np.testing.assert_allclose(tree(inputs[:1]), targets)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_classification_is_the_tree_that_scikit_learn_grows_by_gini(seed: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    data, fresh = moons(rng, 300, 0.3), moons(rng, 300, 0.3)
    weights = rng.random(300) + 0.1
    theirs = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(data.inputs.T, data.labels, weights)
    tree = grow(data.inputs, one_hot(data.labels, 2), Limits(depth), weights)
    np.testing.assert_allclose(tree(fresh.inputs), theirs.predict_proba(fresh.inputs.T).T, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "classes", "lowest"), [("wine", 3, 0.85), ("digits", 10, 0.78)])
def test_on_real_tables_it_is_as_good_as_scikit_learn(name: str, classes: int, lowest: float) -> None:
    data: Dataset = {"wine": wine, "digits": digits}[name]()
    train, test = split(np.random.default_rng(1), data, data.size * 3 // 4)
    theirs = DecisionTreeClassifier(random_state=0).fit(train.inputs.T, train.labels).score(test.inputs.T, test.labels)
    tree = grow(train.inputs, one_hot(train.labels, classes))
    assert (tree(train.inputs).argmax(0) == train.labels).all()
    ours = (tree(test.inputs).argmax(0) == test.labels).mean()
    assert ours >= lowest
    assert abs(ours - theirs) <= 0.05


@pytest.mark.parametrize("min_leaf", [1, 4])
def test_a_split_leaves_the_least_squares_of_all_that_are_possible(min_leaf: int) -> None:
    rng = np.random.default_rng(3)
    inputs, targets, weights = rng.integers(0, 6, (3, 20)).astype(float), rng.normal(size=(2, 20)), rng.random(20) + 0.1
    best = best_split(Samples(inputs, targets, weights), np.arange(3), min_leaf)
    left = {
        (feature, edge): squares(targets, weights, inputs[feature] <= edge)
        for feature in range(3)
        for edge in np.arange(0.5, 5)
        if min_leaf <= (inputs[feature] <= edge).sum() <= 20 - min_leaf
    }
    assert best is not None
    assert squares(targets, weights, inputs[best.feature] <= best.threshold) == pytest.approx(min(left.values()))


def squares(targets: Array, weights: Array, goes_left: Array) -> float:
    """Weighted squares of the targets from their mean, within both sides."""
    found = 0.0
    for side in (goes_left, ~goes_left):
        mean = np.average(targets[:, side], axis=1, weights=weights[side])[:, None]
        found += float((weights[side] * np.square(targets[:, side] - mean)).sum())
    return found


def test_weights_count_like_copies() -> None:
    inputs, targets = noisy_line(n=40)
    copies = RNG.integers(1, 4, 40)
    weighted = grow(inputs, targets, Limits(3), copies.astype(float))
    copied = grow(np.repeat(inputs, copies, 1), np.repeat(targets, copies, 1), Limits(3))
    np.testing.assert_allclose(weighted(inputs), copied(inputs), rtol=1e-12)


def test_xor_is_solved_though_the_first_split_gains_nothing() -> None:
    corners = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    tree = grow(corners, one_hot(np.array([0, 1, 1, 0]), 2))
    np.testing.assert_array_equal(tree(corners).argmax(0), [0, 1, 1, 0])
    cloud = xor(np.random.default_rng(0), 200)
    assert (grow(cloud.inputs, one_hot(cloud.labels, 2))(cloud.inputs).argmax(0) == cloud.labels).all()


def test_limits_are_kept() -> None:
    inputs, targets = noisy_line()
    tree = grow(inputs, targets, Limits(max_depth=4, min_leaf=9))
    assert tree.depth <= 4
    assert np.bincount(tree.leaf_of(inputs))[tree.leaves].min() >= 9
    assert grow(inputs, targets, Limits(max_depth=0))(inputs)[0] == pytest.approx(np.full(200, targets.mean()))
    assert len(grow(inputs, targets, STUMP).leaves) == 2


def test_every_split_has_two_children_a_step_deeper() -> None:
    tree = grow(*noisy_line())
    inner = np.flatnonzero(tree.feature != LEAF)
    for side in (tree.left, tree.right):
        np.testing.assert_array_equal(tree.depths[side[inner]], tree.depths[inner] + 1)
        assert (side[tree.leaves] == LEAF).all()
    assert sorted([*tree.left[inner], *tree.right[inner]]) == list(range(1, tree.feature.size))


def test_samples_that_nothing_parts_make_a_leaf_of_their_mean() -> None:
    tree = grow(np.ones((2, 3)), np.array([[1.0, 2.0, 6.0]]))
    assert (tree.depth, tree.values.item()) == (0, 3.0)


def test_alike_targets_are_not_split() -> None:
    assert grow(RNG.normal(size=(2, 9)), np.full((1, 9), 0.1)).depth == 0


def test_neighbours_with_no_number_between_are_parted_all_the_same() -> None:
    low = np.float64(1)
    tree = grow(np.array([[low, np.nextafter(low, 2)]]), np.array([[0.0, 1.0]]))
    np.testing.assert_array_equal(tree(np.array([[low, np.nextafter(low, 2)]])), [[0, 1]])


def test_features_are_drawn_anew_at_each_node_and_useless_ones_are_passed_over() -> None:
    inputs, targets = noisy_line()
    trees = [grow(inputs, targets, Limits(2, features=1), rng=np.random.default_rng(seed)) for seed in range(8)]
    assert len({int(tree.feature[0]) for tree in trees}) > 1
    lame = np.concatenate([np.zeros((4, 200), np.float32), inputs[:1]])
    for seed in range(5):
        assert grow(lame, targets, Limits(1, features=2), rng=np.random.default_rng(seed)).feature[0] == 4


def test_other_values_leave_the_splits() -> None:
    inputs, targets = noisy_line()
    tree: Tree = grow(inputs, targets, Limits(2))
    np.testing.assert_allclose(tree.with_values(2 * tree.values)(inputs), 2 * tree(inputs))


@pytest.mark.parametrize("limits", [{"max_depth": -1}, {"min_leaf": 0}, {"features": 0}])
def test_limits_below_the_least_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="wanted max_depth"):
        Limits(**limits)


def test_what_does_not_fit_is_refused() -> None:
    inputs, targets = noisy_line()
    with pytest.raises(ValueError, match="wanted \\(d, n\\)"):
        grow(inputs, targets[:, :-1])
    with pytest.raises(ValueError, match="each above 0"):
        grow(inputs, targets, weights=np.zeros(200))
    with pytest.raises(ValueError, match="wants an rng"):
        grow(inputs, targets, Limits(features=1))
