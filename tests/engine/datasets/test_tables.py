"""The real tables: what is in them, that nobody can change them, and scaling fitted on a part."""

from __future__ import annotations

import numpy as np
import pytest

from engine.datasets import Dataset, Standardizer, breast_cancer, digits, iris, wine


def test_wine_has_thirteen_measurements_of_178_wines_of_three_cultivars() -> None:
    data = wine()
    assert (data.inputs.shape, len(data.feature_names), len(data.class_names)) == ((13, 178), 13, 3)
    assert np.bincount(data.labels).tolist() == [59, 71, 48]
    assert data.features("alcohol").inputs.mean() == pytest.approx(13.0, abs=0.01)


def test_digits_has_1797_images_of_64_pixels_whose_ink_is_from_0_to_1_in_sixteenths() -> None:
    data = digits()
    assert (data.inputs.shape, data.inputs.min(), data.inputs.max()) == ((64, 1797), 0, 1)
    assert set(np.unique(data.inputs * 16)) == set(range(17))
    assert sorted(set(data.labels)) == list(range(10))


def test_iris_has_fifty_flowers_of_each_of_three_species_as_in_fishers_paper() -> None:
    data = iris()
    assert (data.inputs.shape, data.class_names) == ((4, 150), ("setosa", "versicolor", "virginica"))
    assert np.bincount(data.labels).tolist() == [50, 50, 50]
    np.testing.assert_allclose(data.inputs[:, 34], [4.9, 3.1, 1.5, 0.2], rtol=1e-6)  # UCI's file says 0.1
    np.testing.assert_allclose(data.inputs.mean(axis=1), [5.8433, 3.0573, 3.758, 1.1993], atol=1e-4)


def test_breast_cancer_has_thirty_measurements_of_569_tumours_of_two_kinds() -> None:
    data = breast_cancer()
    assert (data.inputs.shape, data.class_names) == ((30, 569), ("malignant", "benign"))
    assert np.bincount(data.labels).tolist() == [212, 357]


@pytest.mark.parametrize("table", [breast_cancer, iris, wine, digits])
def test_a_table_is_read_once_and_cannot_be_written(table: type) -> None:
    assert table() is table()
    with pytest.raises(ValueError, match="read-only"):
        table().inputs[0, 0] = 1


def test_features_are_chosen_by_name_and_a_wrong_name_gets_the_right_ones() -> None:
    data = wine().features("proline", "alcohol")
    assert data.feature_names == ("proline", "alcohol")
    np.testing.assert_array_equal(data.inputs[1], wine().inputs[0])
    with pytest.raises(ValueError, match="'sugar': unknown, wanted one of alcohol"):
        data = wine().features("sugar")


def test_labels_that_do_not_fit_the_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got inputs \(2, 3\) and labels \(4,\)"):
        Dataset(np.zeros((2, 3)), np.zeros(4))


def test_scaling_is_fitted_on_one_part_and_undone_exactly() -> None:
    inputs = np.array([[1.0, 3.0, 5.0], [7.0, 7.0, 7.0]])
    scale = Standardizer.fit(inputs)
    np.testing.assert_allclose(scale(inputs).mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(scale(inputs).std(axis=1), [1, 0], atol=1e-6)  # a constant feature is only shifted
    other = np.array([[10.0], [8.0]])
    np.testing.assert_allclose(scale.undo(scale(other)), other, rtol=1e-6)
