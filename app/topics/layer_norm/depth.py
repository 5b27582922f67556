"""Before or after: how large each block's gradient is at the start of training, in stacks of one to twelve blocks."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    choice,
    slider,
    streams,
)
from app.topics.layer_norm import guesses
from app.topics.layer_norm.stack import sizes
from engine import Array
from engine.datasets.sentences import sentences

SAMPLES = 16
DEPTHS = tuple(range(1, 13))
PLACES = np.arange(1, DEPTHS[-1] + 1)
ARMS = {
    "post": Series("after the sum (post-norm)", VERMILION, width=3),
    "pre": Series("before each part (pre-norm)", BLUE, width=3),
}


class DepthParams(Params):
    """Which norm comes before each part, and how wide the MLPs are."""

    before: Literal["pre", "rms"] = choice(
        "pre",
        {"pre": "layer norm", "rms": "RMS norm"},
        label="norm before",
        help="Of the pre-norm stack; the other keeps layer norm.",
    )
    hidden: int = slider(2, (1, 2, 4), label="MLP", unit="times the width", help="Hidden units of each block’s MLP.", maximum=4)


def charts(params: DepthParams) -> dict[str, Chart]:
    """The gradient of each block at one depth, and that of the last block by depth."""
    size = Axis("size of the gradient", (0.03, 10), log=True)
    return {
        "blocks": Curves(
            title="The gradient of each block, from the first to the last",
            at=PLACES,
            series=ARMS,
            mode="lines+markers",
            x=Axis("block", (0, DEPTHS[-1] + 1)),
            y=size,
        ),
        "last": Lines(
            title=TITLE.at(params), series=ARMS, mode="lines+markers", x=Axis("blocks in all", (0, DEPTHS[-1] + 1)), y=size
        ),
    }


def run(params: DepthParams) -> Run:
    """Decoders of width 16 with the weights that they begin with, and the gradient of 16 sentences' loss."""
    words, last = sentences(streams(params.seed).data, SAMPLES), dict[int, dict[str, float]]()
    for depth in DEPTHS:
        blocks = dict[str, Array]()
        for name, norm in (("post", "post"), ("pre", params.before)):
            made = yield from _sizes(norm, depth, params, words)
            blocks[name] = np.concatenate([made, np.full(len(PLACES) - depth, np.nan)])
        last[depth] = {name: float(each[depth - 1]) for name, each in blocks.items()}
        drawn = {"blocks": blocks, "last": {name: (depth, value) for name, value in last[depth].items()}}
        yield Snapshot(depth, drawn, measured=_measured(last, depth))
    return None


def _sizes(norm: str, depth: int, params: DepthParams, words: Array) -> Generator[None, None, Array]:
    """The stack's gradients, (depth,); both stacks begin with the same weights."""
    yield NOT_YET
    return (yield from sizes(norm, depth, params.hidden, words, streams(params.seed).weights))


def _measured(last: dict[int, dict[str, float]], depth: int) -> dict[str, float]:
    """How much larger post-norm's last gradient is, and what is left of pre-norm's since two blocks."""
    told = {f"ratio at {depth}": last[depth]["post"] / last[depth]["pre"]}
    return told | ({"pre against two": last[depth]["pre"] / last[2]["pre"]} if depth >= 2 else {})


SIX = Claim(
    "With six blocks the last one’s gradient is this many times as large with post-norm as with pre-norm.",
    "ratio at 6",
    at_least(1.2),
)
TWELVE = Claim("With twelve blocks it is this many times as large.", "ratio at 12", at_least(1.4))
SHRINKS = Claim(
    "Pre-norm’s last gradient shrinks with depth: with twelve blocks, as a share of that with two.",
    "pre against two",
    at_most(0.85),
)
TITLE = Title("With the norm before, the last block’s gradient shrinks with depth", "The last block, by depth", (SHRINKS, TWELVE))

demo = Demo(
    name="depth",
    title="Before or after?",
    params=DepthParams,
    charts=charts,
    run=run,
    frames=len(DEPTHS),
    frame_seconds=0.5,
    claims=(SIX, TWELVE, SHRINKS),
    presets=(Preset("layer norm", {}), Preset("RMS norm", {"before": "rms"}), Preset("wider MLPs", {"hidden": 4})),
    guesses=guesses.DEPTH,
    hint="Nothing is trained here. Each frame has deeper stacks: compare the right ends of the two lines.",
)
