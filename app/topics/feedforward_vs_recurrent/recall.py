"""Recall: which toss came some steps ago? A window either holds it or does not; a state has to carry it."""

from __future__ import annotations

from functools import partial

import numpy as np

from app.charts import Chart
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Title, at_least, at_most, between, slider
from app.topics.feedforward_vs_recurrent import guesses
from app.topics.feedforward_vs_recurrent.contest import Contest, charts_of, contest
from engine import Array
from engine.datasets import recall

STEPS, TIME = 400, 20
PACE = Pace(STEPS, 81)


class RecallParams(Params):
    """How far back the answer lies, how far the feedforward network sees, and how large both are."""

    delay: int = slider(
        6,
        (1, 2, 3, 4, 5, 6, 8, 10),
        label="delay",
        unit="steps",
        help="How many steps ago the toss in question came.",
        minimum=1,
        maximum=12,
    )
    window: int = slider(
        4,
        (1, 2, 4, 5, 7, 10),
        label="window",
        unit="inputs",
        help="How many inputs the feedforward network sees at once, the newest among them.",
        minimum=1,
        maximum=14,
    )
    hidden_units: int = slider(
        32, (4, 8, 16, 32, 64), label="hidden units", help="Of each hidden layer of both networks.", minimum=1, maximum=64
    )


def theory(params: RecallParams) -> Array:
    """What a window allows at each position: all answers when it reaches back far enough, else a coin's half."""
    best = 1.0 if params.window > params.delay else 0.5
    return np.where(np.arange(TIME) < params.delay, np.nan, best)


def charts(params: RecallParams) -> dict[str, Chart]:
    """Accuracy by step and position, and the state."""
    return charts_of(f"asked from {params.delay + 1} on", theory(params), PACE, params.hidden_units, TITLE.at(params))


def run(params: RecallParams) -> Run:
    """A recurrent network 1-h-1 against a feedforward one w-h-h-1, both tanh, on sequences of 20 coin tosses."""
    net = Contest(params, params.hidden_units, params.window, TIME, first=params.delay)
    return (yield from contest(params, net, partial(recall, steps=TIME, delay=params.delay), theory(params), PACE))


CARRIES = Claim(
    "The recurrent network carries the toss along: its share of right answers.",
    "recurrent",
    at_least(0.97),
    Ground(delay=between(1, 10), hidden_units=32),
)
BLIND = Claim(
    "A window that does not reach back to the toss is no better than a coin: the feedforward network’s share of right answers.",
    "feedforward",
    at_most(0.54),
    Ground("a window that does not reach back to the toss", lambda params: params.window <= params.delay),
)
SEES = Claim(
    "A window that holds the toss is enough: the feedforward network’s share of right answers.",
    "feedforward",
    at_least(0.97),
    Ground("a window that reaches back to the toss", lambda params: params.window > params.delay, hidden_units=32),
)
TITLE = Title("Only the recurrent network knows what came before the window", "Share of right answers, by step", (CARRIES, BLIND))

demo = Demo(
    name="recall",
    title="Recall a toss",
    params=RecallParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(CARRIES, BLIND, SEES),
    presets=(
        Preset("six steps back, a window of four", {}),
        Preset("a window that reaches back", {"window": 7}),
        Preset("only the current input", {"delay": 1, "window": 1}),
        Preset("ten steps back", {"delay": 10}),
    ),
    guesses=guesses.RECALL,
    hint="Both get the same coin tosses. Watch the green line learn what the orange one cannot see.",
)
