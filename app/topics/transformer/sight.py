"""Encoder or decoder: one network, two masks. One sees all words but the hidden ones, the other those before."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import BLUE, VERMILION
from app.topic import (
    NOT_YET,
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
    between,
    checked,
    entry,
    slider,
    streams,
)
from app.topics.transformer import guesses
from app.topics.transformer.pair import BATCH_SIZE, HIDDEN_IN, Judged, Pair, hidden_places
from app.topics.transformer.reader import FULL_STOP, HIDDEN
from engine import Array, schedules
from engine.datasets.sentences import ENTROPY, NUMBER, STEPS, WORDS, sentences, surprise

POOL, TESTED, UPDATES = 2000, 256, 400
LEARNING_RATE, WARM_UP = 0.005, 20
PACE = Pace.evenly(UPDATES, 10)
BLANK = "_"
ARMS = {
    "encoder": Series("encoder: sees all but the hidden", BLUE, width=3),
    "decoder": Series("decoder: sees what came before", VERMILION),
}
ARTICLES = (NUMBER["a"], NUMBER["an"])


def with_blank(text: str) -> str:
    """Words with one blank among them, in small letters. Raises ValueError for unknown words or another number of blanks."""
    words = text.lower().split()
    if words.count(BLANK) != 1 or len(words) > STEPS or not set(words) <= {BLANK, *WORDS}:
        raise ValueError(f"one {BLANK} and at most {STEPS - 1} words, each of: {' '.join(WORDS)}")
    return " ".join(words)


class SightParams(Params):
    """How much is hidden from the encoder in training, and which word both are asked for."""

    hidden_share: float = slider(
        0.15,
        (0.05, 0.1, 0.15, 0.25, 0.4),
        label="words hidden",
        help="Share of words hidden in training; at least one per sentence.",
    )
    sentence: Annotated[str, checked(with_blank)] = entry(
        "she saw _ old car and we drew a rose .",
        label="your sentence",
        help="Put _ for the word that both networks are asked for. Unknown words are refused, with a list of the known ones.",
        longest=80,
    )


BOTH = float(2 * (2 * np.log(4) + (np.log(4) + np.log(12)) / 2 + np.log(6) / 2))
"""Nats per sentence, summed over its words, to one who knows the grammar and all the other words."""


def charts(params: SightParams) -> dict[str, Chart]:
    """The word in the blank, a and an on unseen sentences, nats beside what the grammar allows, and where both look."""
    steps = Axis("step", (0, UPDATES))
    return {
        "blank": Bars(
            title=f"The blank in: {params.sentence}",
            categories=list(WORDS),
            series=ARMS,
            wide=True,
            x=Axis("word"),
            y=Axis("probability", (0, 1)),
        ),
        "articles": Lines(
            title=TITLE.at(params),
            series=ARMS,
            levels={"a coin": 0.5},
            x=steps,
            y=Axis("share of a and an that is right", (0, 1.02)),
        ),
        "nats": Lines(
            title="Nats per sentence, and what the grammar allows each",
            series=ARMS,
            levels={"from the left": ENTROPY, "from both sides": BOTH},
            x=steps,
            y=Axis("nats, summed over a sentence’s words", (8, 40)),
        ),
        "targets": Lines(
            title="Nats above what the grammar allows, by words asked for in training",
            series=ARMS,
            x=Axis("words asked for, in thousands", (0, UPDATES * BATCH_SIZE * STEPS / 1000)),
            y=Axis("nats per sentence above", (0, 12)),
        ),
        "maps": ImageGrid(
            title="Where each place looks in your sentence, mean over heads",
            rows=1,
            columns=2,
            image=(STEPS, STEPS),
            column_names=("encoder", "decoder"),
            x=Axis("place that asks, from black 0 to white 1"),
            y=Axis("place looked at"),
        ),
    }


def run(params: SightParams) -> Run:
    """One block of the width 32 with four heads, by Adam with clipping at 1, warmed up and then falling, on 2000 sentences."""
    rng = streams(params.seed)
    pool = sentences(rng.data, POOL)
    yield NOT_YET
    tested = sentences(rng.data, TESTED)
    floor, asked = surprise(tested).sum(axis=1), params.sentence.split()
    words = np.array([[HIDDEN if word == BLANK else NUMBER[word] for word in asked] + [FULL_STOP] * (STEPS - len(asked))])
    yield NOT_YET
    pair, named = Pair(params.seed, TESTED), 0
    yield from pair.prepare()
    rate = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP)
    for done, shown in PACE:
        if shown:
            yield NOT_YET
            targets = {"encoder": named / 1000, "decoder": done * BATCH_SIZE * STEPS / 1000}
            looked = yield from pair.look(tested)
            yield _snapshot(done, looked, pair.ask(words, asked.index(BLANK)), Test(tested, floor, targets))
        hidden = hidden_places(rng.noise, BATCH_SIZE, params.hidden_share)
        named += int(hidden.sum())
        falling = min(1.0, 2 * (1 - done / UPDATES))
        if broke := pair.step(pool[rng.batches.integers(0, POOL, BATCH_SIZE)], hidden, rate(done) * falling):
            return Diverged(done, broke)
    return None


class Test(NamedTuple):
    """Unseen sentences (n, STEPS), the nats of each to one who knows the grammar, and how many thousand words were asked for."""

    words: Array
    floor: Array
    targets: dict[str, float]


def _snapshot(done: int, looked: dict[str, Judged], asked: dict[str, tuple[Array, Array]], test: Test) -> Snapshot:
    articles = {name: np.isin(test.words[: len(each.nats)], ARTICLES) for name, each in looked.items()}
    right = {name: float(each.right[articles[name]].mean()) for name, each in looked.items()}
    nats = {name: float(each.nats.sum(axis=1).mean()) for name, each in looked.items()}
    above = {"encoder": nats["encoder"] - BOTH, "decoder": nats["decoder"] - ENTROPY}
    drawn: dict[str, Any] = {
        "blank": {name: chances for name, (chances, _) in asked.items()},
        "articles": right,
        "nats": nats,
        "targets": {name: (test.targets[name], above[name]) for name in ARMS},
        "maps": np.stack([weights for _, weights in asked.values()]),
    }
    measured = {f"{name} articles": share for name, share in right.items()} | {
        "decoder article nats": float(looked["decoder"].nats[articles["decoder"]].mean()),
        "below the floor": float(test.floor[:HIDDEN_IN].mean()) - nats["encoder"],
        "decoder above": nats["decoder"] - float(test.floor.mean()),
    }
    return Snapshot(done, drawn, measured=measured)


KNOWS = Claim(
    "The encoder sees the word after the article: the share of a and an that it gets right.",
    "encoder articles",
    at_least(0.95),
    Ground(hidden_share=0.15),
)
COIN = Claim("The decoder cannot know it: the share that it gets right.", "decoder articles", between(0.38, 0.62))
LN2 = Claim(
    "It knows that it does not know: its nats for a and an, where ln 2 = 0.69 is the least possible.",
    "decoder article nats",
    between(0.6, 0.78),
)
PSEUDO = Claim(
    "The encoder’s nats, summed over a sentence, are below what is possible from the left, by this much.",
    "below the floor",
    at_least(0.8),
    Ground(hidden_share=0.15),
)
TITLE = Title(
    "Only a network that sees the next word can tell a from an", "Share of a and an that is right, by step", (KNOWS, COIN)
)

demo = Demo(
    name="sight",
    title="Encoder or decoder",
    params=SightParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(KNOWS, COIN, LN2, PSEUDO),
    presets=(
        Preset("a or an", {}),
        Preset("the article tells the noun", {"sentence": "she saw an _ and we drew a rose ."}),
        Preset("40 % hidden", {"hidden_share": 0.4}),
    ),
    guesses=guesses.SIGHT,
    hint="Both are asked for the same word. Watch the bars of a and an.",
)
