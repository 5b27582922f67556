"""The best size for a budget: fifteen linear models learn the same samples, and the best losses are forecast by a power law."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import GREEN, OCHRE, PALETTE, PURPLE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    between,
    slider,
    streams,
    written,
)
from app.topics.scaling_laws import guesses
from app.topics.scaling_laws.frontier import BUDGETS, best, power_law, valley
from app.topics.scaling_laws.world import BATCH, SIZES, WIDEST, Models, unseen, variances
from engine import Array

BATCHES = 512
SAMPLES = BATCHES * BATCH
PACE = Pace.at([0, *np.round(2 ** np.arange(0, 9.01, 0.25))])
"""In batches: samples grow by a fifth from frame to frame."""
LATE = 2_048
"""Samples after which more of them are asked what they add: the rest are seven times as many."""
FITTED = BUDGETS <= 2**14
"""The budgets that a forecast is made from: the largest with a lowest point is eight times theirs, with a slow decay more."""
FOUR = int(np.flatnonzero(SIZES == 4)[0])
SHOWN = {str(size): Series(f"{size} weights", colour) for size, colour in zip(SIZES[FOUR::2], PALETTE, strict=True)}
VALLEYS = {
    str(place): Series(f"budget {written(float(BUDGETS[place]), 6)}", colour)
    for place, colour in zip(range(0, len(BUDGETS), 4), PALETTE, strict=False)
}


class BudgetsParams(Params):
    """How fast features lose weight in this world, and how many different batches there are."""

    decay: float = slider(
        1.0,
        (0.5, 0.75, 1.0, 1.5),
        label="decay",
        help="Feature k has variance k to the power −(1 + decay): with a large decay, the first few carry nearly all.",
    )
    distinct: int = slider(
        BATCHES,
        (1, 4, 16, 64, BATCHES),
        label="different batches",
        help="There are 512 steps of 32 samples. With fewer different batches, the same ones come again and again.",
        log=True,
    )


def charts(params: BudgetsParams) -> dict[str, Chart]:
    """Loss by size for equal budgets and by samples for each size; best losses and sizes by budget; what has been learned."""
    total = float(variances(params.decay).sum() + unseen(params.decay)[-1])
    loss = Axis("loss", (2 * total * SAMPLES ** -(params.decay / (1 + params.decay)), 1.2 * total), log=True)
    budget = Axis("budget (weights × samples)", (400, 700_000), log=True)
    return {
        "valleys": Curves(
            title=BEST_TITLE.at(params),
            at=SIZES,
            series=VALLEYS,
            dots={"lowest": Series("lowest point", VERMILION)},
            x=Axis("weights", (1.7, 300), log=True),
            y=loss,
        ),
        "frontier": Curves(
            title=LAW_TITLE.at(params),
            at=BUDGETS,
            series={"forecast": Series("fitted up to a budget of 16,384", OCHRE, dash="dash")},
            dots={"best": Series("loss of the best size", VERMILION)},
            x=budget,
            y=loss,
        ),
        "losses": Lines(
            title=STOPS_TITLE.at(params),
            series=SHOWN,
            further=("8", "32", "128"),
            x=Axis("samples", (BATCH, SAMPLES), log=True),
            y=loss,
        ),
        "sizes": Curves(
            title="The best size, and its samples",
            at=BUDGETS,
            series={"size": Series("weights", GREEN), "ratio": Series("samples per weight", PURPLE)},
            mode="lines+markers",
            x=budget,
            y=Axis("number", (1, 3_000), log=True),
        ),
        "learned": Curves(
            title="What the largest model has learned, feature by feature",
            at=np.arange(1, WIDEST + 1),
            series={"learned": Series("its weights; 1 is right", GREEN)},
            x=Axis("feature", (1, WIDEST), log=True),
            y=Axis("weight", (-0.2, 1.4)),
        ),
    }


def run(params: BudgetsParams) -> Run:
    """Linear models of 2 to 256 weights, all begun at zero; squared error, stochastic gradient descent at one constant rate."""
    models, seen, losses = Models(params.decay), list[int](), list[Array]()
    batches = models.batches(streams(params.seed).data, params.distinct)
    for done, shown in PACE:
        if shown and done:
            seen.append(done * BATCH)
            losses.append(models.losses())
        if shown:
            yield _snapshot(done, models, seen, losses)
        if done < PACE.steps:
            models.step(*next(batches))
        if done % 8 == 0:
            yield NOT_YET
    return None


def _snapshot(done: int, models: Models, seen: list[int], losses: list[Array]) -> Snapshot:
    learned = {"learned": models.learned()}
    if not seen:
        return Snapshot(done, {"learned": learned})
    by_size = np.array(losses).T
    valleys = [valley(seen, by_size, budget) for budget in BUDGETS]
    sizes, lowest = np.array([best(each) for each in valleys]).T
    ratios, found = BUDGETS / sizes**2, np.isfinite(sizes)
    fitted = found & FITTED
    forecast = power_law(BUDGETS[fitted], lowest[fitted]).at(BUDGETS) if fitted.sum() > 2 else np.full(len(BUDGETS), np.nan)
    drawn = {
        "valleys": {uid: valleys[int(uid)] for uid in VALLEYS} | {"lowest": np.array([sizes[found], lowest[found]])},
        "frontier": {"forecast": forecast, "best": np.array([BUDGETS[found], lowest[found]])},
        "losses": {uid: (seen[-1], losses[-1][place]) for uid, place in zip(SHOWN, range(FOUR, len(SIZES), 2), strict=True)},
        "sizes": {"size": sizes, "ratio": ratios},
        "learned": learned,
    }
    return Snapshot(
        done, drawn, measured=_gains(seen, by_size) | _laws(BUDGETS[found], sizes[found], lowest[found], forecast[found])
    )


def _gains(seen: list[int], losses: Array) -> dict[str, float]:
    """What is left, at the end, of the loss after 2,048 samples."""
    if seen[-1] <= LATE:
        return {}
    left = losses[:, -1] / losses[:, seen.index(LATE)]
    return {"four left": float(left[FOUR]), "largest left": float(left[-1])}


def _laws(budgets: Array, sizes: Array, lowest: Array, forecast: Array) -> dict[str, float]:
    """The two power laws along the best sizes, what they say of larger budgets, and the forecast of the largest one."""
    if len(budgets) < 8:
        return {}
    by_loss, by_size, ratios = power_law(budgets, lowest), power_law(budgets, sizes), budgets / sizes**2
    return {
        "loss exponent": by_loss.exponent,
        "explained": by_loss.explained,
        "size exponent": by_size.exponent,
        "forecast": float(forecast[-1] / lowest[-1]),
        "sizes for sixteen": 16**by_size.exponent,
        "loss for ten": 10**by_loss.exponent,
        "samples per weight": float(ratios[-1]),
        "samples per weight at first": float(ratios[0]),
        "ratio grows": float(ratios[-1] / ratios[0]),
    }


FRESH = Ground(decay=1.0, distinct=BATCHES)
SLOW = Ground(decay=0.5, distinct=BATCHES)
ANY = Ground(decay=between(0.5, 1.0), distinct=BATCHES)
LAW = Claim(
    "The best losses follow a power law of the budget: the share of their variance explained.", "explained", at_least(0.998), ANY
)
FORECAST = Claim(
    "The law fitted to budgets up to 16,384 forecasts the loss at the largest one: the forecast over the measured loss.",
    "forecast",
    between(0.9, 1.1),
    ANY,
)
EXPONENT = Claim(
    "With decay 1 theory gives the best loss the exponent −1/3: measured.", "loss exponent", between(-0.36, -0.3), FRESH
)
SIZE = Claim("With decay 1 theory gives the best size the exponent 1/3: measured.", "size exponent", between(0.29, 0.4), FRESH)
OTHER = Claim(
    "With decay 0.5 the loss has another exponent, by theory −1/5: measured.", "loss exponent", between(-0.22, -0.17), SLOW
)
GROWS = Claim(
    "No number of samples per weight is best for every budget: from the smallest to the largest it grows by this factor.",
    "ratio grows",
    at_least(3.2),
    FRESH,
)
STOPS = Claim(
    "With four weights, eight times the samples change nothing: the loss as a share of the earlier one.",
    "four left",
    at_least(0.93),
    Ground(decay=at_most(1.0)),
)
GOES_ON = Claim("With 256 weights, they lower the loss: its share of the earlier one.", "largest left", at_most(0.45), FRESH)
BEST_TITLE = Title("The larger the budget, the larger the best size", "Loss by size, at equal budgets", (SIZE,))
LAW_TITLE = Title("Small budgets forecast large ones", "The best loss by budget", (FORECAST, LAW))
STOPS_TITLE = Title("Four weights stop learning, 256 go on", "Loss by samples, for each size", (STOPS, GOES_ON))

demo = Demo(
    name="budgets",
    title="The best size for a budget",
    params=BudgetsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(LAW, FORECAST, EXPONENT, SIZE, GROWS, STOPS, GOES_ON, OTHER),
    presets=(
        Preset("decay 1", {}),
        Preset("many features matter", {"decay": 0.5}),
        Preset("few features matter", {"decay": 1.5}),
        Preset("one batch for ever", {"distinct": 1}),
    ),
    guesses=guesses.BUDGETS,
    hint="Each curve is one budget, spent on few weights and many samples or on many weights and few. Follow the lowest points.",
)
