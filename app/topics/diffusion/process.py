"""The process: noise added level by level, and taken away again by whoever can tell which part of a point is noise.

`points` trains a network to tell that; `exact` is the best answer there is for a finite training set (Ho, Jain and Abbeel, 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from engine.graph import Array

Teller = Callable[[Array, int], Array]
"""A function from points (2, n) and their noise level t to the noise (2, n) that it takes to be in them."""
FREQUENCIES = 4
FARTHEST = 3.5
"""Guesses of a clean point are held to this many units: at the last levels hardly any signal is left to guess it from."""


def kept(levels: int) -> Array:
    """The share of a point's variance that is still signal at levels 0 to `levels`, (levels + 1,), falling from 1.

    Half a cosine, squared; no level loses more than 99.9 % of what the one before had (Nichol and Dhariwal, 2021).
    """
    course = np.cos((np.arange(levels + 1) / levels + 0.008) / 1.008 * np.pi / 2) ** 2
    loses = np.minimum(1 - course[1:] / course[:-1], 0.999)
    return np.concatenate([[1.0], np.cumprod(1 - loses)])


def noised(clean: Array, share: Array | float, noise: Array) -> Array:
    """Clean points (2, n) mixed with noise (2, n), so that `share` of the variance is signal."""
    return np.asarray(np.sqrt(share) * clean + np.sqrt(1 - share) * noise, np.float32)


def waves(level: Array, levels: int) -> Array:
    """What a network is told of noise levels (n,), each 1 to `levels`: sines and cosines of four frequencies, (8, n)."""
    angles = np.outer(2.0 ** np.arange(FREQUENCIES) * np.pi / 2, (np.asarray(level) - 0.5) / levels)
    return np.concatenate([np.sin(angles), np.cos(angles)]).astype(np.float32)


def visited(levels: int, steps: int) -> list[int]:
    """The levels at which a sampler of so many steps stands, from the noisiest to 0; all of them where it has steps enough."""
    return sorted({*np.linspace(1, levels, min(steps, levels)).round().astype(int).tolist(), 0}, reverse=True)


def denoised(tell: Teller, start: Array, signal: Array, stands: Sequence[int], fresh: Array | None) -> list[Array]:
    """Points at each level where the sampler stands, from noise `start` (2, n) to samples.

    At each it guesses the clean points, and goes to the next level by mixing them with the noise told. `fresh` (steps, 2, n) puts
    new noise in place of a part of it, with the variance of the next state in the forward process given the clean point and this
    state: DDPM where the sampler stands at all levels (Ho et al., 2020). None puts none: DDIM (Song, Meng and Ermon, 2021, whose
    formula with eta = 1 and 0 this is).
    """
    points = np.asarray(start, np.float32)
    states = [points]
    for step, (level, below) in enumerate(pairwise(stands)):
        here, there = signal[level], signal[below]
        clean = np.clip((points - np.sqrt(1 - here) * tell(points, level)) / np.sqrt(here), -FARTHEST, FARTHEST)
        noise = (points - np.sqrt(here) * clean) / np.sqrt(1 - here)
        renewed = 0.0 if fresh is None else (1 - there) / (1 - here) * (1 - here / there)
        points = np.sqrt(there) * clean + np.sqrt(np.maximum(1 - there - renewed, 0)) * noise
        points = (points + np.sqrt(renewed) * (0 if fresh is None else fresh[step])).astype(np.float32)
        states.append(points)
    return states


def exact(training: Array, signal: Array) -> Teller:
    """The minimizer of the training loss: the noise that is left when the mean of the training points (2, m) is taken out, each
    weighted by how likely it is that the noised point came from it.
    """
    stored = training.astype(np.float64)

    def tell(points: Array, level: int) -> Array:
        share = signal[level]
        gaps = ((points[:, :, None] - np.sqrt(share) * stored[:, None, :]) ** 2).sum(axis=0) / (2 * (1 - share))
        weights = np.exp(gaps.min(axis=1, keepdims=True) - gaps)
        means = stored @ (weights / weights.sum(axis=1, keepdims=True)).T
        return np.asarray((points - np.sqrt(share) * means) / np.sqrt(1 - share), np.float32)

    return tell
