"""Data to learn from: points, sequences, drawings and reviews made from a generator; tables, series and a poem that ship.

Batch-last like everything else: inputs (d, n), images (channels, height, width, n), sequences (features, steps, n). What is
random takes the `rng` it draws from.
"""

from engine.datasets.drawings import Scenes, scenes, shapes
from engine.datasets.grammar import Reviews, reviews, same_bags
from engine.datasets.patterns import bars_and_stripes
from engine.datasets.plane import RING_RADIUS, blobs, circles, moons, ring_of_gaussians, spirals, xor
from engine.datasets.sampling import batches, k_fold, split
from engine.datasets.scaling import Standardizer
from engine.datasets.sequences import adding, first_symbol, parity, recall
from engine.datasets.series import Series, stocks, sunspots
from engine.datasets.table import Dataset
from engine.datasets.tables import breast_cancer, digits, iris, wine
from engine.datasets.text import Text, alice, erlkoenig, the_tyger

__all__ = [
    "RING_RADIUS",
    "Dataset",
    "Reviews",
    "Scenes",
    "Series",
    "Standardizer",
    "Text",
    "adding",
    "alice",
    "bars_and_stripes",
    "batches",
    "blobs",
    "breast_cancer",
    "circles",
    "digits",
    "erlkoenig",
    "first_symbol",
    "iris",
    "k_fold",
    "moons",
    "parity",
    "recall",
    "reviews",
    "ring_of_gaussians",
    "same_bags",
    "scenes",
    "shapes",
    "spirals",
    "split",
    "stocks",
    "sunspots",
    "the_tyger",
    "wine",
    "xor",
]
