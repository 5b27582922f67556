"""Running parity: is the number of ones so far odd? One bit of state is enough for any length, and no window is."""

from __future__ import annotations

from functools import partial

import numpy as np

from app.charts import Chart
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Title, at_least, between, slider
from app.topics.feedforward_vs_recurrent import guesses
from app.topics.feedforward_vs_recurrent.contest import Contest, charts_of, contest
from engine import Array
from engine.datasets import parity

STEPS = 600
PACE = Pace(STEPS, 81)


class ParityParams(Params):
    """How long the sequences are, how far the feedforward network sees, and how large both are."""

    time_steps: int = slider(
        8, (4, 6, 8, 10, 12), label="length", unit="bits", help="How many bits each sequence has.", minimum=2, maximum=14
    )
    window: int = slider(
        4,
        (1, 2, 4, 6, 8),
        label="window",
        unit="inputs",
        help="How many bits the feedforward network sees at once, the newest among them.",
        minimum=1,
        maximum=14,
    )
    hidden_units: int = slider(
        32, (4, 8, 16, 32, 64), label="hidden units", help="Of each hidden layer of both networks.", minimum=1, maximum=64
    )


def theory(params: ParityParams) -> Array:
    """What a window allows at each position: all answers as long as it holds every bit so far, then a coin's half."""
    return np.where(np.arange(params.time_steps) < params.window, 1.0, 0.5)


def charts(params: ParityParams) -> dict[str, Chart]:
    """Accuracy by step and position, and the state."""
    return charts_of("bits read", theory(params), PACE, params.hidden_units, TITLE.at(params))


def run(params: ParityParams) -> Run:
    """A recurrent network 1-h-1 against a feedforward one w-h-h-1, both tanh, on sequences of bits."""
    net = Contest(params, params.hidden_units, params.window, params.time_steps, first=0)
    return (yield from contest(params, net, partial(parity, steps=params.time_steps), theory(params), PACE))


COUNTS = Claim(
    "The recurrent network keeps the parity of all bits so far: its share of right answers.",
    "recurrent",
    at_least(0.97),
    Ground(time_steps=between(4, 8), hidden_units=32),
)
BOUND = Claim(
    "The feedforward network does what its window allows: its share of right answers less what theory gives.",
    "off theory",
    between(-0.04, 0.04),
    Ground(time_steps=between(4, 8), window=between(1, 4), hidden_units=32),
)
TITLE = Title("A state keeps the parity; a window loses it", "Share of right answers, by step", (COUNTS, BOUND))

demo = Demo(
    name="parity",
    title="Running parity",
    params=ParityParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(COUNTS, BOUND),
    presets=(
        Preset("eight bits, a window of four", {}),
        Preset("only the current bit", {"window": 1}),
        Preset("a window over all eight", {"window": 8}),
        Preset("twelve bits", {"time_steps": 12}),
    ),
    guesses=guesses.PARITY,
    hint="Watch the accuracy by position: the feedforward network is right up to the end of its window and guesses after it.",
)
