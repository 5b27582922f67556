"""The colours of every chart: safe for the colour-blind, told apart on white and on near-black, one quantity one colour.

Each has a contrast of at least 3 to 1 against both themes' paper, which is why none is as light or as dark as in the
palette they come from (Okabe & Ito, 2008). A test measures it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
DIGITS = (*PALETTE[:-1], "#c4476a", "#7b8a2a", "#8a6fe0", "#a8683f")
"""Of 0 to 9: four more than the palette has, and no grey."""

PROBABILITY_SCALE = ((0.0, "#3b7dd8"), (0.5, "#f4f1ec"), (1.0, "#d9622b"))
"""From class 0 over undecided to class 1."""

HEIGHT_SCALE = ((0.0, "#12355b"), (0.35, "#2f7f93"), (0.7, "#a9cfa4"), (1.0, "#fbf7dc"))
"""Low to high of a landscape; lightness rises all the way, so it reads in grey as well."""

AS_FAR_FROM_BLACK_AS_FROM_WHITE = 0.179
"""The relative luminance at which black and white letters have the same contrast, 4.6 to 1."""


def luminance(scale: Sequence[tuple[float, str]], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The relative luminance (WCAG 2.2) of the colours at `shares` (n,) of a scale of stops `#rrggbb`, as browsers blend them."""
    places = [place for place, _ in scale]
    stops = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for _, colour in scale])
    channels = np.stack([np.interp(shares, places, stop) for stop in stops.T])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return np.array([0.2126, 0.7152, 0.0722]) @ linear


def ink(scale: Sequence[tuple[float, str]], shares: NDArray[np.float64]) -> list[str]:
    """Black or white for letters on the colours at `shares` (n,), whichever is easier to read there."""
    return [str(one) for one in np.where(luminance(scale, shares) > AS_FAR_FROM_BLACK_AS_FROM_WHITE, "#000000", "#ffffff")]
