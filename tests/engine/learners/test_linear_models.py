"""The perceptron's rule and principal components."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import Perceptron as TheirPerceptron

from engine.datasets import Standardizer, blobs, wine
from engine.learners.linear_models import Perceptron, PrincipalComponents

CORNERS = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])


@pytest.mark.parametrize("labels", [(0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0)], ids=["and", "or", "nand"])
def test_a_perceptron_makes_its_last_error_on_what_a_line_can_part(labels: tuple[int, ...]) -> None:
    perceptron = Perceptron.start(2)
    errors = [perceptron.epoch(CORNERS, np.array(labels)) for _ in range(12)]
    assert errors[-1] == 0
    np.testing.assert_array_equal(perceptron(CORNERS), labels)


def test_on_xor_it_errs_in_every_epoch() -> None:
    perceptron, labels = Perceptron.start(2), np.array([0, 1, 1, 0])
    for _ in range(200):
        assert perceptron.epoch(CORNERS, labels) > 0
        assert (perceptron(CORNERS) == labels).mean() <= 0.75


def test_it_is_scikit_learns() -> None:
    data = blobs(np.random.default_rng(0), 60, 0.8).take(np.arange(1, 60))  # one of class 1 first: it counts a zero as wrong
    theirs = TheirPerceptron(shuffle=False, max_iter=5, tol=None).fit(data.inputs.T.astype(float), data.labels)
    ours = Perceptron.start(2)
    for _ in range(5):
        ours.epoch(data.inputs.astype(float), data.labels)
    np.testing.assert_allclose(ours.weights, theirs.coef_[0], rtol=1e-9)
    assert ours.bias == pytest.approx(theirs.intercept_[0])


def test_only_an_error_moves_it_and_by_the_sample() -> None:
    perceptron, sample = Perceptron.start(2), np.array([2.0, -1.0])
    assert not perceptron.see(sample, 0)
    assert perceptron.see(sample, 1, 0.5)
    np.testing.assert_array_equal(perceptron.weights, [1, -0.5])
    assert perceptron.bias == 0.5


def test_components_are_scikit_learns() -> None:
    inputs = Standardizer.fit(wine().inputs)(wine().inputs).astype(np.float64)
    ours, theirs = PrincipalComponents.fit(inputs, 4), PCA(4).fit(inputs.T)
    np.testing.assert_allclose(np.abs(ours.directions), np.abs(theirs.components_), atol=1e-9)
    np.testing.assert_allclose(ours.variances, theirs.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-9)
    np.testing.assert_allclose(np.abs(ours(inputs)), np.abs(theirs.transform(inputs.T).T), atol=1e-8)


def test_all_components_say_everything_and_fewer_the_nearest() -> None:
    inputs = np.random.default_rng(0).normal(size=(4, 30))
    np.testing.assert_allclose((whole := PrincipalComponents.fit(inputs, 4)).undo(whole(inputs)), inputs, atol=1e-12)
    part = PrincipalComponents.fit(inputs, 2)
    lost = np.square(part.undo(part(inputs)) - inputs).sum() / 29
    assert lost == pytest.approx(whole.variances[2:].sum())


def test_the_largest_weight_of_a_direction_is_positive() -> None:
    directions = PrincipalComponents.fit(wine().inputs, 5).directions
    assert (directions[np.arange(5), np.abs(directions).argmax(1)] > 0).all()


@pytest.mark.parametrize("components", [0, 5])
def test_more_components_than_there_are_are_refused(components: int) -> None:
    with pytest.raises(ValueError, match="wanted 1 to 4"):
        PrincipalComponents.fit(np.ones((4, 30)), components)
