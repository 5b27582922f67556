"""The residual stream, without training: tokens go through twelve blocks at their start, with skip connections and without."""

from __future__ import annotations

from collections.abc import Generator
from math import nan
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series
from app.charts.colours import BLUE, PROBABILITY_SCALE, VERMILION
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
    choice,
    streams,
    switch,
)
from app.topics.transformer import guesses
from engine import Array, Graph, Node, Session
from engine.networks.attention import causal_mask
from engine.networks.transformer import block

BLOCKS, WIDTH, HEADS, TOKENS, SAMPLES = 12, 32, 4, 16, 8
LEAST = 1e-12
"""Where the log axis ends."""
ARMS = {"skip": Series("with skip connections", BLUE, width=3), "bare": Series("without", VERMILION)}


class StreamParams(Params):
    """What a block has besides its attention."""

    norm: Literal["none", "pre", "post"] = choice(
        "pre",
        {"none": "none", "pre": "before", "post": "after"},
        label="layer norm",
        help="Before attention and perceptron, after each of them, or none.",
    )
    perceptron: bool = switch(
        True, label="MLP", help="A multilayer perceptron after each block’s attention, with a hidden layer twice as wide."
    )
    causal: bool = switch(False, label="causal mask", help="Each token sees only itself and those before it.")


def charts(params: StreamParams) -> dict[str, Chart]:
    """How different the tokens still are, how long their vectors have become, and each token's likeness to each."""
    blocks = Axis("blocks passed", (0, BLOCKS))
    return {
        "spread": Lines(
            title=TITLE.at(params),
            series=ARMS,
            mode="lines+markers",
            x=blocks,
            y=Axis("distance from the mean / length", (LEAST, 3), log=True),
        ),
        "likeness": ImageGrid(
            title="Cosine of every token with every other after the blocks so far",
            rows=1,
            columns=2,
            image=(TOKENS, TOKENS),
            low=-1,
            high=1,
            colours=PROBABILITY_SCALE,
            column_names=tuple(arm.name for arm in ARMS.values()),
            x=Axis("token, −1 blue to 1 red"),
            y=Axis("token"),
        ),
        "length": Lines(
            title="Length of a token’s vector",
            series=ARMS,
            mode="lines+markers",
            x=blocks,
            y=Axis("root mean square of its numbers", (1e-6, 100), log=True),
        ),
    }


def spread(tokens: Array) -> float:
    """How far tokens (width, n, steps) are from their mean, over how long they are: the mean over the n samples."""
    apart = tokens - tokens.mean(axis=-1, keepdims=True)
    return float(np.sqrt((apart**2).sum(axis=(0, 2)) / (tokens**2).sum(axis=(0, 2))).mean())


def likeness(tokens: Array) -> Array:
    """The cosines between the tokens of the first sample, (steps, steps)."""
    directions = tokens[:, 0] / np.linalg.norm(tokens[:, 0], axis=0)
    return np.asarray(directions.T @ directions)


def _through(params: StreamParams) -> Generator[None, None, dict[str, list[Array]]]:
    """The tokens before the first block and after each, by arm; both arms have the same weights. In float64: they sink deep."""
    graph, mask = Graph(np.float64), causal_mask(TOKENS) if params.causal else None
    tokens = graph.placeholder("tokens", (WIDTH, SAMPLES, TOKENS))
    after: dict[str, list[Node]] = {}
    for name in ARMS:
        rng, seen = streams(params.seed).weights, [tokens]
        hidden, residual = 2 * WIDTH if params.perceptron else 0, name == "skip"
        for place in range(BLOCKS):
            layer = block(
                graph, f"{name}/block {place + 1}", WIDTH, HEADS, rng, hidden=hidden, norm=params.norm, residual=residual
            )
            seen.append(layer(seen[-1], mask).outputs)
            yield
        after[name] = seen[1:]
    plan = yield from Session(graph).planning([node for seen in after.values() for node in seen])
    yield
    drawn = streams(params.seed).data.normal(size=tokens.shape)
    plan.step(tokens=drawn)
    made = [each.copy() for each in plan.outputs]
    return {"skip": [drawn, *made[:BLOCKS]], "bare": [drawn, *made[BLOCKS:]]}


def run(params: StreamParams) -> Run:
    """Sixteen random tokens, eight times, through twelve blocks of the width 32 with the weights that they begin with."""
    through = yield from _through(params)
    for passed in range(BLOCKS + 1):
        tokens = {name: each[passed] for name, each in through.items()}
        apart = {name: spread(each) for name, each in tokens.items()}
        length = {name: float(np.sqrt((each**2).mean())) for name, each in tokens.items()}
        drawn = {
            "spread": {name: max(value, LEAST) for name, value in apart.items()},
            "likeness": np.stack([likeness(each) for each in tokens.values()]),
            "length": {name: value if value > 0 else nan for name, value in length.items()},
        }
        yield Snapshot(passed, drawn, measured={f"{name} after {passed}": value for name, value in apart.items()})
    return None


USUAL = Ground(norm="pre", perceptron=True)
SEEN = Ground(norm="pre", perceptron=True, causal=False)
SINKS = Claim(
    "Without skip connections four blocks leave hardly any difference between tokens: their distance from the mean.",
    "bare after 4",
    at_most(0.01),
    SEEN,
)
STAYS = Claim("With them most of the distance is left after four.", "skip after 4", at_least(0.4), USUAL)
LASTS = Claim("With them much is left even after twelve.", "skip after 12", at_least(0.25), USUAL)
POST = Claim(
    "With the norm after each sum, tokens grow alike in spite of skip connections: their distance after twelve blocks.",
    "skip after 12",
    at_most(0.15),
    Ground(norm="post", perceptron=True, causal=False),
)
SLOWER = Claim(
    "Under a causal mask they grow alike more slowly: their distance after four blocks without skip connections.",
    "bare after 4",
    at_least(0.03),
    Ground(norm="pre", perceptron=True, causal=True),
)
ALONE = Claim(
    "Attention alone makes all tokens practically equal within four blocks: their distance from the mean.",
    "bare after 4",
    at_most(1e-5),
    Ground(norm="none", perceptron=False, causal=False),
)
TITLE = Title("Skip connections keep the tokens apart", "How different the tokens are, block by block", (SINKS, STAYS))

demo = Demo(
    name="stream",
    title="Why blocks add",
    params=StreamParams,
    charts=charts,
    run=run,
    frames=BLOCKS + 1,
    frame_seconds=0.4,
    claims=(SINKS, STAYS, LASTS, POST, SLOWER, ALONE),
    presets=(
        Preset("norm before, perceptron", {}),
        Preset("norm behind", {"norm": "post"}),
        Preset("attention alone", {"norm": "none", "perceptron": False}),
        Preset("causal", {"causal": True}),
    ),
    guesses=guesses.STREAM,
    hint="Nothing is trained here. Each frame is one more block: one square turns red all over, the other keeps its pattern.",
)
