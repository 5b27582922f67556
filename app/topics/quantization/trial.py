"""A trained network tried with its weights rounded: to every number of bits, with a scale per layer, per unit, and equalized."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from app.topic import Snapshot
from app.topics.quantization.network import SIZES, Layers, activations, ranges_of, with_outlier
from engine import Array
from engine.datasets import Dataset
from engine.metrics import accuracy, classes
from engine.networks.quantization import equalized, quantized

EVERY_BITS = tuple(range(2, 9))


class Trial:
    """Rounds weights in all ways and tries them on the unseen digits."""

    def __init__(self, bits: int, outlier: float, rounded: str, seen: Array, test: Dataset) -> None:
        """`bits`: of the weights shown; `rounded`: bits of activations, or "float"; `seen`: the training inputs (64, n)."""
        self._bits, self._outlier, self._rounded, self._seen = bits, outlier, rounded, seen
        self._unseen, self._labels = test.inputs, test.labels

    def look(self, done: int, trained: Layers) -> Snapshot:
        """The charts and numbers for the weights as they stand."""
        layers = with_outlier(trained, self._outlier, self._seen)
        plain = activations(layers, self._unseen)[-1]
        right = defaultdict[str, list[float]](list)
        kept, told = [layers[0]], {}
        for bits in EVERY_BITS:
            for name, made in rounded_in_all_ways(layers, bits).items():
                logits = self._logits(made)
                right[name].append(accuracy(logits, self._labels))
                if bits == self._bits:
                    kept.append(made[0])
                if bits == 8:
                    told[f"{name} unchanged at 8"] = float((classes(logits) == classes(plain)).mean())
        kept_images = np.stack([each[:, :-1] for each in kept])
        in_float = accuracy(plain, self._labels)
        now = {"float": in_float} | {name: each[self._bits - 2] for name, each in right.items()}
        drawn = {
            "bits": {"float": np.full(len(EVERY_BITS), in_float), **right},
            "steps": now,
            "kept": kept_images,
            "weights": {"float": kept_images[0], "tensor": kept_images[1]},
        }
        moved = np.abs(plain - activations(trained, self._unseen)[-1]).max()
        at_two = {f"{name} at 2": each[0] for name, each in right.items()}
        told |= now | at_two | {"moved": float(moved), "decibels": decibels(trained[1]), "cost": in_float - now["channel"]}
        told |= kilobytes(self._bits)
        return Snapshot(done, drawn, measured=told | {"lost at 2": in_float - at_two["tensor at 2"]})

    def _logits(self, layers: Layers) -> Array:
        if self._rounded == "float":
            return activations(layers, self._unseen)[-1]
        return activations(layers, self._unseen, ranges_of(layers, self._seen), int(self._rounded))[-1]


def rounded_in_all_ways(layers: Layers, bits: int) -> dict[str, Layers]:
    """The layers with one scale each, with one scale per unit, and with one each after equalization."""
    return {
        "tensor": [quantized(each, bits) for each in layers],
        "channel": [quantized(each, bits, "channel") for each in layers],
        "equalized": [quantized(each, bits) for each in equalized(layers)],
    }


def kilobytes(bits: int) -> dict[str, float]:
    """What all numbers take in float, with a scale per layer and with one per unit; biases and scales have 32 bits each."""
    weights = sum(fan_in * units for fan_in, units in pairwise(SIZES))
    units = sum(SIZES[1:])
    stored = {"float": 32 * (weights + units), "tensor": bits * weights + 32 * (units + len(SIZES) - 1)}
    stored["channel"] = bits * weights + 32 * (units + units)
    return {f"kilobytes {name}": all_bits / 8000 for name, all_bits in stored.items()}


def decibels(weights: Array) -> float:
    """By how many decibels rounding noise falls per bit from 4 to 8, with one scale, against the weights' power."""
    noise = [((quantized(weights, bits) - weights) ** 2).sum() for bits in (4, 8)]
    return float(10 * np.log10(noise[0] / noise[1]) / 4)
