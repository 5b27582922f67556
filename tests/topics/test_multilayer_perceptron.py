"""The page's sentences on single starts: Rosenblatt's rule from every start, and which seed of two hidden units gets stuck."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from app.topics.multilayer_perceptron.four_points import Perceptron
from app.topics.multilayer_perceptron.points import TABLES
from tests.topics.measuring import told

START = np.array([-8, -5, 0, 3, 8]) / 8
"""Some of the seventeen values that each of the three weights may begin with, both ends among them."""


@pytest.mark.parametrize("task", ["and", "or", "nand"])
def test_wherever_the_weights_start_the_rule_makes_no_mistake_after_the_fourth_epoch(task: str) -> None:
    for start in np.stack(np.meshgrid(START, START, START)).reshape(3, -1).T:
        for order in permutations(range(4)):
            perceptron = Perceptron(np.random.default_rng(0), np.array(TABLES[task]))
            perceptron.weights = start
            for step in range(1, 33):
                perceptron.look(step, order[(step - 1) % 4])
            assert perceptron.last_error <= 16, (start, order)


@pytest.mark.parametrize(("seed", "accuracy"), [(0, 0.5), (2, 1.0)])
def test_two_hidden_units_get_stuck_with_seed_0_and_solve_xor_with_seed_2(seed: int, accuracy: float) -> None:
    assert told("multilayer-perceptron", "four-points", {"hidden_units": 2, "seed": seed}).done["measured"]["network"] == accuracy
