"""Data to learn from: points in the plane made from a generator, and small real tables that ship with the engine.

Batch-last like everything else: inputs (d, n). What is random takes the `rng` it draws from.
"""

from engine.datasets.patterns import bars_and_stripes
from engine.datasets.plane import RING_RADIUS, blobs, circles, moons, ring_of_gaussians, spirals, xor
from engine.datasets.sampling import batches, k_fold, split
from engine.datasets.scaling import Standardizer
from engine.datasets.table import Dataset
from engine.datasets.tables import breast_cancer, digits, iris, wine

__all__ = [
    "RING_RADIUS",
    "Dataset",
    "Standardizer",
    "bars_and_stripes",
    "batches",
    "blobs",
    "breast_cancer",
    "circles",
    "digits",
    "iris",
    "k_fold",
    "moons",
    "ring_of_gaussians",
    "spirals",
    "split",
    "wine",
    "xor",
]
