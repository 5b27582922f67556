"""What the demos share: the task of keeping one symbol, the size of the networks, and the colours of gates and cell."""

from __future__ import annotations

from typing import Any

from app.charts.colours import BLUE, CYAN, OCHRE, PURPLE, VERMILION
from app.topic import slider

SYMBOLS, UNITS, BATCH_SIZE = 4, 24, 32
FEATURES = 2 * SYMBOLS
"""The four symbols to keep, and four others that come in between, one-hot."""
LEARNING_RATE, CLIP_NORM = 0.01, 1.0
CHANCE = 1 / SYMBOLS

FORGET, INPUT, OUTPUT, CELL, HIDDEN = VERMILION, CYAN, OCHRE, PURPLE, BLUE


def forget_bias(default: float) -> Any:
    """The slider that all three demos have."""
    text = "Where the bias of the forget gates begins. Training may move it."
    return slider(default, (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0), label="forget bias", help=text, minimum=-2, maximum=10)


def updates(default: int, help: str) -> Any:
    """The budget."""
    return slider(default, (100, default, 600), label="updates", help=help, minimum=50, maximum=600)
