"""Views of a digit: turned, slanted, scaled and moved a little at random, and with noise, so that it stays the same digit."""

from __future__ import annotations

import numpy as np

from engine.graph import Array

SIDE = 8
TURN, SLANT, SCALE, SHIFT, NOISE = np.deg2rad(15), 0.25, 0.1, 0.8, 0.05
"""At strength 1: spreads of an angle, a slope and a factor less 1; the furthest move in pixels; the spread of the noise."""


def viewed(pictures: Array, rng: np.random.Generator, strength: float) -> Array:
    """A view of each of the pictures (64, n), ink from 0 to 1, as (64, n); strength 0 leaves noise alone."""
    low, part = _seen_from(rng, pictures.shape[1], strength)
    inked = np.pad(pictures.T.reshape(-1, SIDE, SIDE), ((0, 0), (1, 2), (1, 2)))
    each, view = np.arange(len(inked))[:, None], np.zeros((len(inked), SIDE * SIDE), np.float32)
    for down, across in np.ndindex(2, 2):
        rows, columns = (np.clip(low[:, axis] + 1 + step, 0, SIDE + 2) for axis, step in enumerate((down, across)))
        share = np.abs(1 - down - part[:, 0]) * np.abs(1 - across - part[:, 1])
        view += share * inked[each, rows, columns]
    return view.T + NOISE * rng.standard_normal(view.T.shape, np.float32)


def _seen_from(rng: np.random.Generator, n: int, strength: float) -> tuple[Array, Array]:
    """Where each pixel of n views lies in its picture: whole rows and columns, and the parts beyond, both (n, 2, 64)."""
    turn, slant, scale = (strength * spread * rng.standard_normal(n) for spread in (TURN, SLANT, SCALE))
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn) + slant, np.cos(turn)]]) * (1 + scale)
    middle = (SIDE - 1) / 2
    pixels = np.mgrid[:SIDE, :SIDE].reshape(2, -1) - middle
    places = axes.transpose(2, 0, 1) @ pixels + middle + strength * SHIFT * rng.uniform(-1, 1, (n, 2, 1))
    low = np.floor(places)
    return low.astype(int), (places - low).astype(np.float32)
