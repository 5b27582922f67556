"""Lengths that are divided by or counted up to: what cannot be is refused where it is given, not in mid-training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Curvature, Graph, GraphError, Session, batch_norm, layer_norm, ops, schedules
from engine.datasets import Dataset, batches, k_fold, reviews, ring_of_gaussians, same_bags, scenes, shapes, split
from engine.datasets.text import windows
from engine.learners.boltzmann import RestrictedBoltzmannMachine

RNG = np.random.default_rng(0)
STEADY = schedules.constant(0.1)
SCHEDULES: dict[str, Callable[[int], object]] = {
    "warmed_up": lambda steps: schedules.warmed_up(STEADY, steps),
    "cosine": lambda steps: schedules.cosine(0.1, steps),
    "exponential": lambda steps: schedules.exponential(0.1, steps),
    "stepped": lambda steps: schedules.stepped(0.1, steps),
}
RATES: dict[str, Callable[[float], object]] = {
    "constant": schedules.constant,
    "cosine": lambda rate: schedules.cosine(rate, 5),
    "exponential": lambda rate: schedules.exponential(rate, 5),
    "stepped": lambda rate: schedules.stepped(rate, 5),
    "inverse": lambda rate: schedules.inverse(rate, 5),
}


@pytest.mark.parametrize("steps", [0, -3])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_of_no_steps_is_refused_when_it_is_made(name: str, steps: int) -> None:
    with pytest.raises(GraphError, match=f"{name}: got {steps} steps, wanted at least 1"):
        SCHEDULES[name](steps)


@pytest.mark.parametrize("half_after", [0, -1.0, np.nan, np.inf])
def test_a_rate_that_is_halved_at_once_is_refused(half_after: float) -> None:
    with pytest.raises(GraphError, match=f"inverse: got half_after {half_after}, wanted a finite number above 0"):
        schedules.inverse(0.1, half_after)


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf])
@pytest.mark.parametrize("name", RATES)
def test_a_rate_that_is_none_is_refused(name: str, rate: float) -> None:
    with pytest.raises(GraphError, match=f"{name}: got rate {rate}, wanted a finite number of at least 0"):
        RATES[name](rate)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_of_one_step_runs(name: str) -> None:
    schedule = SCHEDULES[name](1)
    assert callable(schedule)
    assert all(0 <= schedule(step) <= 0.1 for step in range(4))


def test_a_warm_up_longer_than_the_run_is_still_climbing_at_its_end() -> None:
    assert schedules.warmed_up(STEADY, 100)(49) == pytest.approx(0.05)


DATA = Dataset(np.zeros((1, 4), np.float32), np.zeros(4, int))
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a batch of none": (lambda: batches(RNG, 4, 0), "batch_size: got 0, wanted 1 to 4"),
    "a batch too large": (lambda: batches(RNG, 4, 5), "batch_size: got 5, wanted 1 to 4"),
    "one fold": (lambda: k_fold(RNG, 4, 1), "folds: got 1, wanted 2 to 4"),
    "all to train": (lambda: split(RNG, DATA, 4), "train: got 4, wanted 1 to 3"),
    "none to train": (lambda: split(RNG, DATA, 0), "train: got 0, wanted 1 to 3"),
    "a text too short": (lambda: windows(RNG, np.arange(4), 4, 2), "steps: got 4, wanted 1 to 3"),
    "no stretches": (lambda: windows(RNG, np.arange(4), 2, 0), "batch_size: got 0, wanted at least 1"),
    "no shapes": (lambda: shapes(RNG, 0), "n: got 0, wanted at least 1"),
    "no scenes": (lambda: scenes(RNG, -1), "n: got -1, wanted at least 1"),
    "no reviews": (lambda: reviews(RNG, 0), "n: got 0, wanted at least 1"),
    "no bags": (lambda: same_bags(RNG, 0), "n: got 0, wanted at least 1"),
    "no modes": (lambda: ring_of_gaussians(RNG, 4, modes=0), "modes: got 0, wanted at least 1"),
    "no Gibbs steps": (
        lambda: RestrictedBoltzmannMachine.start(RNG, 2, 2).gibbs(RNG, np.zeros((2, 1)), 0),
        "steps: got 0 of Gibbs sampling, wanted at least 1",
    ),
    "batch norm of none": (lambda: batch_norm(Graph(), "norm", 0), "norm: got 0 units, wanted at least 1"),
    "layer norm of none": (lambda: layer_norm(Graph(), "norm", 0), "norm: got 0 units, wanted at least 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_when_it_is_asked_for(name: str) -> None:
    ask, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        ask()


def test_sharpness_wants_an_iteration_and_somewhere_to_start() -> None:
    graph = Graph(np.float64)
    w = graph.variable("w", np.ones((1, 2)))
    curvature = Curvature(Session(graph), ops.total(ops.square(w) * np.array([[1.0, 3.0]])), [w])
    with pytest.raises(GraphError, match="sharpness: got 0 iterations, wanted at least 1"):
        curvature.sharpness({}, np.ones(2), 0)
    for start in (np.zeros(2), np.ones(3), np.array([np.nan, 1.0])):
        with pytest.raises(GraphError, match=r"wanted \(2,\) finite numbers that are not all 0"):
            curvature.sharpness({}, start)
    assert curvature.sharpness({}, np.full(2, 1e-200), 60)[0] == pytest.approx(6)
