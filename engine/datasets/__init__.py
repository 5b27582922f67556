"""Data to learn from: points in the plane made from a generator, and small real tables that ship with the engine.

Batch-last like everything else: inputs (d, n). What is random takes the `rng` it draws from.
"""

from engine.datasets.plane import RING_RADIUS, blobs, circles, moons, ring_of_gaussians, spirals, xor
from engine.datasets.sampling import batches, split
from engine.datasets.scaling import Standardizer
from engine.datasets.table import Dataset
from engine.datasets.tables import digits, wine

__all__ = [
    "RING_RADIUS",
    "Dataset",
    "Standardizer",
    "batches",
    "blobs",
    "circles",
    "digits",
    "moons",
    "ring_of_gaussians",
    "spirals",
    "split",
    "wine",
    "xor",
]
