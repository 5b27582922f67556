"""The four Boolean points, which two demos of the page learn functions of."""

from __future__ import annotations

import numpy as np

CORNERS = np.array([[-1.0, 1.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 1.0]])
"""False is -1, true is 1: the inputs (2, 4)."""
TABLES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}
"""What each function says of the four points, in their order."""
