"""The colours of every chart: safe for the colour-blind, told apart on white and on near-black, one quantity one colour.

Each has a contrast of at least 3 to 1 against both themes' paper, which is why none is as light or as dark as in the
palette they come from (Okabe & Ito, 2008). A test measures it.
"""

from __future__ import annotations

BLUE = "#3b7dd8"
VERMILION = "#d9622b"
GREEN = "#1a9a6c"
PURPLE = "#b05cae"
OCHRE = "#ad8210"
CYAN = "#2595ba"
GREY = "#84888f"

PALETTE = (BLUE, VERMILION, GREEN, PURPLE, OCHRE, CYAN, GREY)
"""In the order in which a chart of unnamed quantities takes them."""

TRAIN, TEST = BLUE, VERMILION
LOSS, ACCURACY = BLUE, GREEN
REAL, FORGED = BLUE, VERMILION
CLASSES = (BLUE, VERMILION, GREEN, PURPLE)

PROBABILITY_SCALE = ((0.0, "#3b7dd8"), (0.5, "#f4f1ec"), (1.0, "#d9622b"))
"""From class 0 over undecided to class 1."""

HEIGHT_SCALE = ((0.0, "#12355b"), (0.35, "#2f7f93"), (0.7, "#a9cfa4"), (1.0, "#fbf7dc"))
"""Low to high of a landscape; lightness rises all the way, so it reads in grey as well."""
