"""Copying: a sequence repeats a stretch of itself. Two layers of attention find the place and go on from there; one does not."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, ImageGrid, Lines, Series, Tokens
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
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
    switch,
)
from app.topics.transformer import guesses
from app.topics.transformer.copier import COPIED, FIRST, PLACES, STEPS, TESTED, Contest, Copier, Looked, Sequences, deal
from engine import Array, Graph, schedules

UPDATES, LEARNING_RATE, WARM_UP = 300, 0.01, 20
PACE = Pace(UPDATES, 61)
ARRIVED = 0.9
LETTERS = "abcdefghijklmnopqrstuvwx"


class CopyingParams(Params):
    """How deep the first network is, what the second has instead, and how hard the sequences are."""

    layers: int = slider(
        2, (1, 2, 3), label="layers", help="Layers of attention in the first network; the second has one.", minimum=1
    )
    heads: int = slider(1, (1, 2), label="heads", help="In each layer of both networks.", minimum=1)
    smeared: bool = switch(
        False,
        label="smeared keys",
        help="The second network mixes each key with the key one step before it, in a proportion that it learns.",
    )
    places: int = slider(
        PLACES,
        (1, 3, 5, PLACES),
        label="copy begins at",
        unit="places",
        help="From how many places the copy may begin.",
        minimum=1,
    )
    placed: bool = switch(True, label="positions", help="Adds to every symbol a learned vector for its place.")
    counted: Literal["copy", "all"] = choice(
        "copy",
        {"copy": "the copy", "all": "all symbols"},
        label="loss counts",
        help="The first sixteen symbols never repeat, and the loss may leave them out.",
    )


def charts(params: CopyingParams) -> dict[str, Chart]:
    """How much of the copy is right, what the layers attend to, and one sequence."""
    deep = "1 layer" if params.layers == 1 else f"{params.layers} layers"
    both = {"deep": Series(deep, GREEN, width=3), "flat": Series(second(params), VERMILION)}
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series=both,
            levels={"one of sixteen": 1 / FIRST},
            x=Axis("step", (0, UPDATES)),
            y=Axis("share of the copy that is foretold", (0, 1.02)),
        ),
        "scores": Lines(
            title=FORMS.at(params),
            series={
                "previous": Series("layer 1: symbol before", BLUE),
                "matching": Series(f"layer {params.layers}: symbol that followed", PURPLE),
            },
            x=Axis("step", (0, UPDATES)),
            y=Axis("mean attention weight", (0, 1.02)),
        ),
        "text": Tokens(
            title=f"One unseen sequence: probability that {deep} gave each symbol of the copy",
            letters=8 * (1 + 2),
            lines=3,
            x=Axis("place"),
            y=Axis("line"),
        ),
        "maps": ImageGrid(
            title="Where each symbol of that sequence looks",
            rows=1,
            columns=params.layers + 1,
            image=(STEPS, STEPS),
            column_names=(*(f"layer {layer}" for layer in range(1, params.layers + 1)), second(params)),
            wide=True,
            x=Axis("query, from black 0 to white 1"),
            y=Axis("key"),
        ),
        "nats": Curves(
            title="Nats for each symbol of the copy",
            at=np.arange(2, COPIED + 1),
            series=both,
            x=Axis("place in the copy"),
            y=Axis("nats, mean over unseen sequences", (0, 6)),
        ),
    }


def second(params: CopyingParams) -> str:
    """What the second network is called."""
    return "1 layer, smeared keys" if params.smeared else "1 layer"


def run(params: CopyingParams) -> Run:
    """Attention and skip connections alone, by Adam with clipping at 1, warmed up and then falling, on fresh sequences."""
    rng = streams(params.seed)
    tested = deal(rng.data, TESTED, params.places)
    contest = _contest(params)
    yield from contest.prepare()
    rate, seen = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP), {}
    for done, shown in PACE:
        if shown:
            looked = {name: contest.look(name, tested.symbols) for name in ("deep", "flat")}
            seen[done] = share(looked["deep"])
            more = _at_the_end(contest, tested, seen) if done == UPDATES else {}
            yield _snapshot(done, looked, tested, more)
        falling = min(1.0, 2 * (1 - done / UPDATES))
        if broke := contest.step(deal(rng.batches, 32, params.places).symbols, rate(done) * falling):
            return Diverged(done, broke)
    return None


def _contest(params: CopyingParams) -> Contest:
    """Both networks begin with the same numbers where they have the same weights."""
    graph, counted = Graph(), np.arange(STEPS) >= (FIRST if params.counted == "copy" else 0)
    depths, copiers = {"deep": (params.layers, False), "flat": (1, params.smeared)}, {}
    for name, (layers, smear) in depths.items():
        rng = streams(params.seed).weights
        copiers[name] = Copier(graph, name, layers, rng, heads=params.heads, placed=params.placed, smear=smear)
    return Contest(graph, copiers, counted.astype(float))


def share(looked: Looked) -> float:
    """The share of the copy that was the likeliest next symbol, its first left out: nobody can know where the copy begins."""
    return float(looked.right[:, FIRST:].mean())


def forms(weights: list[Array], starts: Array) -> dict[str, float]:
    """The mean weights of two forms of attention, each in the head that has most of it.

    `previous`: in the first layer, to the symbol before. `matching`: in the last layer, from a symbol of the copy to the one that
    followed the same symbol earlier on.
    """
    before, asked = np.arange(1, FIRST), np.arange(FIRST, STEPS)
    previous = weights[0][before - 1, :, :, before].mean(axis=(0, 2))
    followed = starts[:, None] + (asked - FIRST) + 1
    matching = weights[-1][followed, :, np.arange(len(starts))[:, None], asked].mean(axis=(0, 1))
    return {"previous": float(previous.max()), "matching": float(matching.max())}


def _at_the_end(contest: Contest, tested: Sequences, seen: dict[int, float]) -> dict[str, float]:
    """When the first network arrived for good, and what is left of it without its first layer."""
    below = [done for done, right in seen.items() if right < ARRIVED]
    arrived = min((done for done in seen if done > max(below, default=-1)), default=np.inf)
    return {"arrived": float(arrived), "silenced": share(contest.silenced("deep", tested.symbols))}


def _snapshot(done: int, looked: dict[str, Looked], tested: Sequences, more: dict[str, float]) -> Snapshot:
    right = {name: share(each) for name, each in looked.items()}
    attended = forms(looked["deep"].weights, tested.starts)
    known = np.concatenate([np.full(FIRST + 1, np.nan), np.exp(-looked["deep"].nats[0, FIRST:])])
    weights = [*looked["deep"].weights, *looked["flat"].weights]
    drawn: dict[str, Any] = {
        "accuracy": right,
        "scores": attended,
        "text": {"tokens": [LETTERS[symbol] for symbol in tested.symbols[0]], "values": known},
        "maps": np.stack([each[:, 0, 0] for each in weights]),
        "nats": {name: each.nats[:, FIRST:].mean(axis=0) for name, each in looked.items()},
    }
    return Snapshot(done, drawn, measured=right | attended | more)


HOME = Ground(layers=2, heads=1, places=PLACES, placed=True, counted="copy")
DEEP = Claim("Two layers learn to copy: the share of the copy that they predict.", "deep", at_least(0.93), HOME)
FLAT = Claim(
    "One layer does not: its share.",
    "flat",
    at_most(0.25),
    Ground(places=PLACES, smeared=False, counted="copy"),
)
PREVIOUS = Claim("The first layer looks at the symbol before: the mean weight that it gives it.", "previous", at_least(0.7), HOME)
MATCHING = Claim(
    "The second looks at what followed the same symbol earlier: the mean weight that it gives it.",
    "matching",
    at_least(0.7),
    HOME,
)
SILENCED = Claim(
    "Without the output of its first layer the same network no longer copies: its share.", "silenced", at_most(0.2), HOME
)
JUMP = Claim(
    "The ability comes late, and then at once: the step from which nine tenths are right.",
    "arrived",
    between(60, 260),
    HOME,
)
SMEARED = Claim(
    "One layer with smeared keys copies too: its share.",
    "flat",
    at_least(0.9),
    Ground(heads=1, places=PLACES, placed=True, smeared=True, counted="copy"),
)
FIXED = Claim(
    "Where every copy begins at the same place, one layer learns the distance: its share.",
    "flat",
    at_least(0.95),
    Ground(heads=1, places=1, placed=True, smeared=False, counted="copy"),
)
NOTHING = Claim(
    "With a loss that counts the first sixteen symbols too, two layers copy little after 300 steps: their share.",
    "deep",
    at_most(0.25),
    Ground(layers=2, heads=1, places=PLACES, placed=True, counted="all"),
)
TITLE = Title("Two layers learn to copy; one does not", "Share of the copy that is predicted, by step", (DEEP, FLAT))
FORMS = Title(
    "One layer looks at the symbol before, the next at what followed",
    "Two forms of attention in the first network, by step",
    (PREVIOUS, MATCHING),
)

demo = Demo(
    name="copying",
    title="Copying from context",
    params=CopyingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(DEEP, FLAT, PREVIOUS, MATCHING, SILENCED, JUMP, SMEARED, FIXED, NOTHING),
    presets=(
        Preset("two layers against one", {}),
        Preset("smeared keys", {"smeared": True}),
        Preset("always from the first place", {"places": 1}),
        Preset("no positions", {"placed": False}),
        Preset("the loss counts all", {"counted": "all"}),
    ),
    guesses=guesses.COPYING,
    hint="Watch the green curve jump, and beside it the two forms of attention that make it jump.",
)
