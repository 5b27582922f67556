"""How to check a gradient: the error of finite differences against the size of the nudge, a V with two arms."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
from app.topic import Claim, Demo, Preset, Run, Snapshot, Title, at_least, at_most, between
from app.topics.backpropagation import guesses
from app.topics.backpropagation.tiny import EDGES, SMOOTH, Tiny, TinyParams, error

FRAMES = 57
NUDGES = np.logspace(0, -14, FRAMES)
FLOOR, TOP = 1e-13, 1e2
LINES = {
    "central": Series("both sides", BLUE, width=3),
    "forward": Series("one side", VERMILION),
    "single": Series("both sides, float32", GREEN, "dash"),
}


def charts(params: TinyParams) -> dict[str, Chart]:
    """The V, and each weight's error at the nudge just tried."""
    return {
        "error": Lines(
            title=BOTH_ARMS.at(params),
            series=LINES,
            x=Axis("nudge h", (1e-14, 1), log=True),
            y=Axis("error over largest gradient", (FLOOR, TOP), log=True),
        ),
        "edges": Bars(
            title="Error of each weight’s gradient at this nudge",
            categories=EDGES,
            series={"central": LINES["central"]},
            x=Axis("edge"),
            y=Axis("error over largest gradient", (FLOOR, TOP), log=True),
        ),
    }


def run(params: TinyParams) -> Run:
    """The 2-3-2-2 network of the other demo; its gradient by backpropagation in float64 against differences at 57 nudges."""
    double, single = Tiny(params), Tiny(params, np.float32)
    gradient = double.gradient()
    largest = max(np.abs(gradient).max(), 1e-30)
    errors: dict[str, list[float]] = {name: [] for name in LINES}
    for step, h in enumerate(NUDGES.tolist()):
        central = double.differences(h)
        tried = {"central": central, "forward": double.differences(h, central=False), "single": single.differences(h)}
        for name, estimate in tried.items():
            errors[name].append(error(estimate, gradient))
        points = {name: (h, float(np.clip(told[-1], FLOOR, TOP))) for name, told in errors.items()}
        bars = np.clip(np.abs(central - gradient) / largest, FLOOR, TOP)
        yield Snapshot(step, {"error": points, "edges": bars}, measured=_measured(errors) if step == FRAMES - 1 else {})
    return None


def _measured(errors: dict[str, list[float]]) -> dict[str, float]:
    """The V in numbers; a slope is how many powers of ten the error falls from a nudge of 0.01 to one of 0.001."""
    told = {name: np.array(each) for name, each in errors.items()}

    def at(name: str, h: float) -> float:
        return float(told[name][int(np.argmin(np.abs(np.log10(NUDGES / h))))])

    best = {f"best {name}": float(each.min()) for name, each in told.items()}
    return best | {
        "usual": at("central", 1e-5),
        "noise": at("central", 1e-13),
        "secant": at("forward", 1.0),
        "central slope": float(np.log10(at("central", 1e-2) / at("central", 1e-3))),
        "forward slope": float(np.log10(at("forward", 1e-2) / at("forward", 1e-3))),
    }


SMALL = Claim(
    "A nudge of 0.00001 to both sides agrees with backpropagation: the largest error over the largest gradient.",
    "usual",
    at_most(1e-9),
    SMOOTH,
)
NOISE = Claim("At a nudge of 1e−13 rounding is all that is left: the two-sided error.", "noise", at_least(1e-4), SMOOTH)
COARSE = Claim("At a nudge of 1 a secant is measured, not the slope: the one-sided error.", "secant", at_least(0.05), SMOOTH)
BOTH_ARMS = Title("A large nudge is wrong, a tiny one is noise", "The error by the size of the nudge", (SMALL, NOISE, COARSE))

demo = Demo(
    name="differences",
    title="Checking a gradient",
    params=TinyParams,
    charts=charts,
    run=run,
    frames=FRAMES,
    claims=(
        SMALL,
        COARSE,
        NOISE,
        Claim(
            "With both sides, a tenth of the nudge leaves a hundredth of the error: powers of ten lost from 0.01 to 0.001.",
            "central slope",
            between(1.8, 2.2),
            SMOOTH,
        ),
        Claim(
            "With one side, a tenth of the nudge leaves a tenth of the error: powers of ten lost from 0.01 to 0.001.",
            "forward slope",
            between(0.8, 1.2),
            SMOOTH,
        ),
        Claim("In float32 no nudge does better than this: the smallest error.", "best single", at_least(1e-6), SMOOTH),
    ),
    presets=(
        Preset("tanh", {}),
        Preset("sigmoid", {"activation": "sigmoid"}),
        Preset("ReLU: no curve between the kinks", {"activation": "relu"}),
        Preset("weights four times as large", {"weight_scale": 4.0}),
    ),
    guesses=guesses.DIFFERENCES,
    hint="The nudge shrinks from right to left: the error falls, and then rises again.",
)
