"""Handwritten digits: what hidden units come to look for, what the machine dreams, whether its energy knows digits from noise."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Histogram, ImageGrid, Lines, Series
from app.charts.colours import ACCURACY, GREY, LOSS, PROBABILITY_SCALE, TEST
from app.topic import (
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
    choice,
    slider,
    streams,
)
from engine import datasets
from engine.datasets import batches, split
from engine.graph import Array
from engine.learners.boltzmann import RestrictedBoltzmannMachine, drawn
from engine.metrics import area_under_curve

SIDE, PIXELS, BLACK = 8, 64, 0.5
TRAIN_SIZE, BATCH, EPOCHS = 1500, 20, 40
STEPS = EPOCHS * TRAIN_SIZE // BATCH
PACE = Pace(STEPS, 101)
SPREAD, LAST_RATE, LIMIT = 0.01, 0.01, 1.5
CHAINS, DREAMS, DREAM_STEPS = 100, 36, 20
FILTERS = 64
"""The most hidden units whose weights are drawn."""
WINDOW = (-25.0, 40.0)


class DigitsParams(Params):
    """The machine's size and how it learns."""

    hidden_units: int = slider(
        64,
        (4, 8, 16, 32, 64, 128),
        label="hidden units",
        help="Each learns one filter over the 64 pixels.",
        log=True,
    )
    method: Literal["cd", "pcd"] = choice(
        "cd",
        {"cd": "CD: from the data", "pcd": "PCD: persistent chains"},
        label="method",
        help="Where the Gibbs chains start at each step: at the batch, or where they last stopped.",
    )
    cd_steps: int = slider(
        1, (1, 2, 3, 5, 10), label="k", unit="Gibbs steps", help="How far the chains walk in each step of learning.", minimum=1
    )
    learning_rate: float = slider(
        0.2,
        (0.02, 0.05, 0.1, 0.2, 0.5),
        label="learning rate",
        help="At the start; it falls to 0.01 at the end.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: DigitsParams) -> dict[str, Chart]:
    """Dreams and filters, then free energy as a line and as a histogram, then the two scores."""
    steps, filters = Axis("step", (0, STEPS)), min(params.hidden_units, FILTERS)
    kinds = {"test": Series("held-out digits", TEST), "noise": Series("noise, pixel by pixel as in digits", GREY)}
    return {
        "dreams": ImageGrid(
            title="Dreams: Gibbs chains that began as noise",
            rows=6,
            columns=DREAMS // 6,
            image=(SIDE, SIDE),
            x=Axis(f"{DREAMS} chains, {DREAM_STEPS} Gibbs steps per frame"),
            y=Axis("probability of each pixel"),
            height=400,
        ),
        "filters": ImageGrid(
            title="What each hidden unit looks for",
            rows=-(-filters // 8),
            columns=min(filters, 8),
            image=(SIDE, SIDE),
            low=-LIMIT,
            high=LIMIT,
            colours=PROBABILITY_SCALE,
            x=Axis(f"weights of {filters} hidden units, blue −{LIMIT:g} to red {LIMIT:g}"),
            y=Axis("to 8 × 8 pixels"),
            height=400,
        ),
        "energy": Lines(
            title=RISES.at(params),
            series=kinds,
            levels={"training digits": 0},
            x=steps,
            y=Axis("nats above training digits", (-2, 20)),
        ),
        "histogram": Histogram(
            title="Free energy of each image, as of now",
            series=kinds,
            x=Axis("nats above the mean of the training digits", WINDOW),
            y=Axis("share of images", (0, 0.25)),
        ),
        "scores": Lines(
            title="Held-out digits: how often told from noise, and how well reconstructed",
            series={
                "auc": Series("a digit has the lower free energy (AUC)", ACCURACY),
                "error": Series("reconstruction error, as a share of the mean image’s", LOSS),
            },
            levels={"the mean image": 1},
            x=steps,
            y=Axis("share", (0, 1.1)),
            wide=True,
            height=260,
        ),
    }


def run(params: DigitsParams) -> Run:
    """64 pixels, on above half of full black; batches of 20, 40 epochs; the visible biases start at the logits of the means."""
    rng = streams(params.seed)
    train, test = (_pixels(part) for part in split(rng.data, datasets.digits(), TRAIN_SIZE))
    mean = train.mean(axis=1, keepdims=True)
    noise = drawn(rng.data, np.broadcast_to(mean, test.shape))
    machine = RestrictedBoltzmannMachine.start(rng.weights, PIXELS, params.hidden_units, SPREAD)
    machine.visible_bias[...] = _logit(mean)
    chain_rng, dream_rng = rng.noise.spawn(2)
    chains = drawn(chain_rng, np.broadcast_to(mean, (PIXELS, CHAINS)))
    dreams = drawn(dream_rng, np.full((PIXELS, DREAMS), 0.5))

    deal = batches(rng.batches, TRAIN_SIZE, BATCH)
    for done, shown in PACE:
        if shown:
            dreams = machine.gibbs(dream_rng, dreams, DREAM_STEPS)
            yield _snapshot(done, machine, dreams, {"train": train, "test": test, "noise": noise, "mean": mean})
        batch, rate = train[:, next(deal)], params.learning_rate * (1 - done / STEPS) + LAST_RATE
        start = chains if params.method == "pcd" else batch
        chains = machine.contrastive_step(chain_rng, batch, start, rate, params.cd_steps)
    return None


def _snapshot(done: int, machine: RestrictedBoltzmannMachine, dreams: Array, seen: dict[str, Array]) -> Snapshot:
    free = {name: machine.free_energy(seen[name]) for name in ("train", "test", "noise")}
    above = {name: free[name] - free["train"].mean() for name in ("test", "noise")}
    error = float(np.square(machine.reconstruct(seen["test"]) - seen["test"]).mean())
    mean_error = float(np.square(seen["mean"] - seen["test"]).mean())
    auc = area_under_curve(free["noise"], free["test"])
    shown: dict[str, Any] = {
        "filters": machine.weights[:FILTERS].reshape(-1, SIDE, SIDE),
        "dreams": machine.reconstruct(dreams).T.reshape(-1, SIDE, SIDE),
        "energy": {name: float(gaps.mean()) for name, gaps in above.items()},
        "histogram": above,
        "scores": {"auc": auc, "error": error / mean_error},
    }
    measured = {
        "auc": auc,
        "error": error,
        "error over mean": error / mean_error,
        "gap": float(above["test"].mean()),
        "noise": float(above["noise"].mean()),
        "contrast": float(np.abs(machine.weights).mean()),
    }
    measured |= {"first auc": auc} if done == 0 else {}
    return Snapshot(done, shown, done * BATCH / TRAIN_SIZE, measured)


def _pixels(part: datasets.Dataset) -> Array:
    """On where the ink is above half of full black, (64, n)."""
    return (part.inputs > BLACK).astype(np.float64)


def _logit(mean: Array) -> Array:
    """The biases that give these shares when nothing else speaks; corners that are never black are kept finite (Hinton, 2010)."""
    kept = np.clip(mean, 0.005, 0.995)
    logits: Array = np.log(kept / (1 - kept))
    return logits


MEASURED = Ground(hidden_units=between(64, 128), cd_steps=1, learning_rate=0.2)
ABOVE = Claim(
    "The free energy of held-out digits ends this many nats above that of training digits.", "gap", at_most(1.5), MEASURED
)
NOISE = Claim("The free energy of noise ends this many nats above that of training digits.", "noise", at_least(10), MEASURED)
RISES = Title("Free energy: noise rises, held-out digits do not", "Free energy of noise and of held-out digits", (ABOVE, NOISE))

demo = Demo(
    name="digits",
    title="Digits",
    params=DigitsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        Claim(
            "In this share of pairs a held-out digit has a lower free energy than noise with the same mean image.",
            "auc",
            at_least(0.95),
            MEASURED,
        ),
        Claim(
            "Before training, when only the mean of each pixel is known, that share is close to one half.",
            "first auc",
            between(0.4, 0.6),
        ),
        ABOVE,
        NOISE,
        Claim("Held-out digits are reconstructed with this mean squared error per pixel.", "error", at_most(0.04), MEASURED),
        Claim("That error is this share of the mean image’s.", "error over mean", at_most(0.33), MEASURED),
    ),
    presets=(
        Preset("CD-1", {}),
        Preset("persistent chains", {"method": "pcd"}),
        Preset("eight hidden units", {"hidden_units": 8}),
        Preset("128 hidden units", {"hidden_units": 128}),
    ),
    hint="Watch the dreams: specks at first, then strokes, then something you could argue is a digit.",
)
