"""Softmax of a few logits while the temperature falls, in the safe form and in the plain one, which overflows."""

from __future__ import annotations

import re
from typing import Annotated

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
from app.topic import (
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    checked,
    entry,
    slider,
)
from app.topics.softmax_and_relu import guesses
from engine import Graph, Session, ops
from engine.networks.activations import softmax

HOTTEST, FRAMES = 10.0, 101
USUAL = "2, 1, 0.1, -1"
FEWEST, MOST, LARGEST = 2, 8, 100.0
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII)


def parse_logits(text: str) -> str:
    """From 2 to 8 numbers from -100 to 100, with commas between. Raises ValueError saying so."""
    parts = [part.strip() for part in text.split(",")]
    fits = FEWEST <= len(parts) <= MOST and all(NUMBER.fullmatch(part) and abs(float(part)) <= LARGEST for part in parts)
    if not fits:
        raise ValueError(f"{FEWEST} to {MOST} numbers from -{LARGEST:g} to {LARGEST:g} with commas between, such as {USUAL}")
    return ", ".join(f"{float(part):.8g}" for part in parts)


class TemperatureParams(Params):
    """How far to cool down, what is added to all logits, and the logits."""

    seeded = False

    temperature: float = slider(
        0.1,
        (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
        label="temperature at the end",
        help="It cools from 10 to this. A high temperature evens out the probabilities, a low one leaves all to the largest.",
        log=True,
        minimum=0.01,
        maximum=9,
    )
    shift: float = slider(
        100.0,
        (0.0, 1.0, 10.0, 100.0, 1000.0),
        label="added to every logit",
        help="Changes no probability. The plain form overflows where a logit divided by the temperature is above 709.",
        minimum=-1000,
    )
    logits: Annotated[str, checked(parse_logits)] = entry(
        USUAL, label="logits", help="2 to 8 numbers with commas between: the scores of as many classes.", longest=80
    )


def _numbers(params: TemperatureParams) -> np.ndarray:
    """The logits as a column (classes, 1)."""
    return np.array([float(part) for part in params.logits.split(",")])[:, None]


def charts(params: TemperatureParams) -> dict[str, Chart]:
    """The probabilities, how undecided they are, and what the shift changes."""
    written = params.logits.replace("-", "−").split(", ")
    names = [f"{letter}: {logit}" for letter, logit in zip("ABCDEFGH", written, strict=False)]
    cooling = Axis("temperature, cooling from right to left", (params.temperature, HOTTEST), log=True)
    forms = {
        "safe": Series("safe form: largest logit off first", BLUE),
        "plain": Series("plain form, until it overflows", VERMILION),
    }
    return {
        "probabilities": Bars(
            title=DECIDED.at(params),
            categories=names,
            series=forms,
            x=Axis("class: its logit"),
            y=Axis("probability", (0, 1)),
            height=330,
        ),
        "entropy": Lines(
            title="Entropy, and the largest probability",
            series={"entropy": Series("entropy", GREEN), "largest": Series("largest probability", BLUE)},
            x=cooling,
            y=Axis("probability; entropy / log of the classes", (0, 1.03)),
            height=330,
        ),
        "shift": Lines(
            title="How much adding the shift changes a probability",
            series=forms,
            levels={"spacing of float64 at 1": float(np.finfo(float).eps)},
            x=cooling,
            y=Axis("largest change of a probability", (1e-18, 1), log=True),
            wide=True,
            height=280,
        ),
    }


def run(params: TemperatureParams) -> Run:
    """A sweep of the temperature, evenly on a log scale, in float64; one plan that holds all forms."""
    logits = _numbers(params)
    graph = Graph(np.float64)
    hot = graph.placeholder("temperature")
    given, moved = graph.constant(logits), graph.constant(logits + params.shift)
    grown = ops.exp(moved / hot)
    plain = grown / ops.total(grown, -2, keepdims=True)
    look = Session(graph).plan([softmax(given, hot), softmax(moved, hot), plain])
    view = View(len(logits))
    for step, temperature in enumerate(np.geomspace(HOTTEST, params.temperature, FRAMES)):
        yield view.snapshot(step, float(temperature), *(each[:, 0] for each in look(temperature=temperature)))
    return None


class View:
    """The story of a run: entropy from frame to frame, the largest change by the shift, and how often the plain form failed."""

    def __init__(self, classes: int) -> None:
        self._most = np.log(classes)
        self._before, self._rise = np.inf, -np.inf
        self._change, self._lost = 0.0, 0

    def snapshot(self, step: int, temperature: float, given: np.ndarray, moved: np.ndarray, plain: np.ndarray) -> Snapshot:
        """Probabilities of the logits as given, with the shift, and with the shift in the plain form."""
        entropy = float(-(given * np.log(np.maximum(given, 1e-300))).sum() / self._most)
        changes = {name: float(np.abs(each - given).max()) for name, each in (("safe", moved), ("plain", plain))}
        self._rise, self._before = max(self._rise, entropy - self._before), entropy
        self._change, self._lost = max(self._change, changes["safe"]), self._lost + (not np.isfinite(changes["plain"]))
        charts = {
            "probabilities": {"safe": moved, "plain": plain},
            "entropy": {"entropy": (temperature, entropy), "largest": (temperature, float(moved.max()))},
            "shift": {name: (temperature, max(change, 1e-18)) for name, change in changes.items()},
        }
        story = {"rise": self._rise, "change": self._change, "lost": float(self._lost), "entropy": entropy}
        return Snapshot(step, charts, measured=story | ({"first entropy": entropy} if step == 0 else {}))


HOT = Claim(
    "At temperature 10 the answer is nearly undecided: the entropy as a share of the most there can be.",
    "first entropy",
    at_least(0.99),
    Ground(logits=USUAL),
)
COLD = Claim(
    "At a temperature of 0.1 or less it is decided: the same share at the end.",
    "entropy",
    at_most(0.001),
    Ground(logits=USUAL, temperature=at_most(0.1)),
)
DECIDED = Title("Cooling goes from nearly even odds to all for one class", "The probabilities at each temperature", (HOT, COLD))

demo = Demo(
    name="temperature",
    title="Softmax, cooled down",
    params=TemperatureParams,
    charts=charts,
    run=run,
    frames=FRAMES,
    claims=(
        HOT,
        COLD,
        Claim(
            "Cooling only lowers the entropy: its largest rise from frame to frame.", "rise", at_most(1e-12), by_construction=True
        ),
        Claim(
            "Adding the shift to all logits changes a probability by rounding only: the largest change.",
            "change",
            at_most(1e-9),
            by_construction=True,
        ),
        Claim(
            "The plain form overflows at this many of the 101 temperatures.",
            "lost",
            at_least(1),
            Ground(logits=USUAL, shift=at_least(100.0), temperature=at_most(0.1)),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("cool down to 0.1", {}),
        Preset("a shift of 1,000", {"shift": 1000.0}),
        Preset("a tie", {"logits": "2, 2, 0, -1"}),
        Preset("two classes: a sigmoid", {"logits": "1, 0", "shift": 0.0}),
    ),
    guesses=guesses.TEMPERATURE,
    hint="Watch the odds go from nearly even to all for one. Then type logits of your own.",
)
