"""In a decoder: batch norm over all tokens of a batch lets words see those that come after them, past the causal mask."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, CYAN, GREEN, OCHRE, PURPLE
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
    at_most,
    exactly,
    slider,
    streams,
)
from app.topics.layer_norm import guesses
from app.topics.layer_norm.decoder import Decoder, Pair, nats
from engine import Array, Graph, schedules
from engine.datasets.sentences import NUMBER, STEPS, sentences, surprise
from engine.probabilities import softmax

POOL, TESTED, UPDATES, WARM_UP = 2000, 64, 400, 20
PACE = Pace(UPDATES, 31)
BEGUN = ("she", "saw", "an", "old", "car", "and")
ENDINGS = {"one": ("we", "drew", "a", "rose"), "other": ("they", "had", "an", "ugly", "urn")}
"""Two sentences that begin with the same words."""
ARTICLES = ("a", "an")
NORMS = ("layer", "batch")


class CausalParams(Params):
    """How many sentences share a batch, and how fast both decoders learn."""

    batch_size: int = slider(
        1,
        (1, 2, 4, 8, 32),
        label="sentences per batch",
        help="Of twelve words each. Batch norm takes its statistics over all these words.",
        minimum=1,
        maximum=32,
    )
    learning_rate: float = slider(
        0.005, (0.001, 0.002, 0.005, 0.01), label="learning rate", help="Of Adam, for both decoders.", log=True
    )


def charts(params: CausalParams) -> dict[str, Chart]:
    """How far both are from what the grammar allows, and what another ending changes before it, for one word more closely."""
    endings = zip(ENDINGS.items(), (PURPLE, CYAN), strict=True)
    article: dict[str, Any] = {
        "categories": ARTICLES,
        "series": {name: Series(f"… and {' '.join(words)}", colour) for (name, words), colour in endings},
        "x": Axis("word"),
        "y": Axis("probability", (0, 1)),
    }
    return {
        "above": Lines(
            title=TITLE.at(params),
            series={
                "layer": Series("layer norm", BLUE, width=3),
                "batch": Series("batch norm, evaluation mode", GREEN, width=3),
                "training": Series("batch norm, training mode", OCHRE, width=3),
            },
            levels={"the best without looking ahead": 0},
            x=Axis("step", (0, UPDATES)),
            y=Axis("nats per unseen word above the best", (-0.6, 3)),
        ),
        "places": Bars(
            title=LEAK.at(params),
            categories=BEGUN,
            series={"layer": Series("layer norm", BLUE), "batch": Series("batch norm, training mode", OCHRE)},
            x=Axis("word to be predicted from those before it"),
            y=Axis("largest change of a logit", (0, 4)),
        ),
        "batch": Bars(title="Batch norm in training mode: the word after “she saw”", **article),
        "layer": Bars(title="Layer norm: the same word, the same endings", **article),
    }


class Ends(NamedTuple):
    """What both decoders say in training mode of the common beginning, by ending: logits (WORDS, len(BEGUN)) of each norm."""

    one: dict[str, Array]
    other: dict[str, Array]

    def changes(self, norm: str) -> Array:
        """The largest change of a logit at each word of the beginning, (len(BEGUN),)."""
        return np.asarray(np.abs(self.one[norm] - self.other[norm]).max(axis=0))


def ends(pair: Pair, companions: Array) -> Ends:
    """One sentence with each of its endings, beside the same `companions` (batch size - 1, STEPS)."""
    made = []
    for ending in ENDINGS.values():
        words = [NUMBER[word] for word in (*BEGUN, *ending)]
        said = pair.together(np.concatenate([[words + [NUMBER["."]] * (STEPS - len(words))], companions]))
        made.append({norm: logits[:, 0, : len(BEGUN)] for norm, logits in said.items()})
    return Ends(*made)


def run(params: CausalParams) -> Run:
    """One block of the width 32 with four heads, by Adam with clipping at 1, warmed up and then falling, on 2000 sentences."""
    rng, graph = streams(params.seed), Graph()
    pool, tested = sentences(rng.data, POOL), sentences(rng.data, TESTED)
    yield NOT_YET
    decoders = {norm: Decoder(graph, norm, streams(params.seed).weights, norm) for norm in NORMS}
    pair, floor = Pair(graph, decoders, params.batch_size, TESTED), surprise(tested)
    yield from pair.prepare()
    rate = schedules.warmed_up(schedules.constant(params.learning_rate), WARM_UP)
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, pair, tested, floor, params.batch_size)
        falling = min(1.0, 2 * (1 - done / UPDATES))
        if broke := pair.step(pool[rng.batches.integers(0, POOL, params.batch_size)], rate(done) * falling):
            return Diverged(done, broke)
    return None


def _snapshot(done: int, pair: Pair, tested: Array, floor: Array, size: int) -> Snapshot:
    looked, seen = pair.evaluated(tested), ends(pair, tested[: size - 1])
    batches = [tested[start : start + size] for start in range(0, TESTED, size)]
    trained = np.concatenate([nats(pair.together(batch)["batch"], batch) for batch in batches])
    above = {norm: float((nats(logits, tested) - floor).mean()) for norm, logits in looked.items()}
    above["training"] = float((trained - floor).mean())
    changes = {norm: seen.changes(norm) for norm in NORMS}
    numbers, place = [NUMBER[word] for word in ARTICLES], BEGUN.index("an")
    articles = {
        norm: {name: softmax(said[norm][:, place])[numbers] for name, said in zip(ENDINGS, seen, strict=True)} for norm in NORMS
    }
    drawn: dict[str, Any] = {"above": above, "places": changes, **articles}
    return Snapshot(done, drawn, measured=above | {f"{norm} change": float(each.max()) for norm, each in changes.items()})


ONE = Ground(batch_size=1, learning_rate=0.005)
MANY = Ground(batch_size=32, learning_rate=0.005)
CHEATS = Claim(
    "In training mode batch norm’s loss falls below the best that is possible without looking ahead: nats per word above it.",
    "training",
    at_most(-0.15),
    ONE,
)
PAYS = Claim(
    "In evaluation mode it cannot look ahead, and its loss stays well above the best: nats per word above it.",
    "batch",
    at_least(0.12),
    ONE,
)
NEAR = Claim("Layer norm comes near to the best: nats per word above it.", "layer", at_most(0.1), ONE)
LEAKS = Claim(
    "In training mode another ending changes what batch norm says of the words before it: the largest change of a logit.",
    "batch change",
    at_least(0.5),
    ONE,
)
LEARNS = Claim("With 32 sentences per batch, layer norm learns: nats per word above the best.", "layer", at_most(0.04), MANY)
TOO = Claim("So does batch norm, with its running statistics: nats per word above the best.", "batch", at_most(0.04), MANY)
GONE = Claim(
    "Looking ahead then gains next to nothing: nats per word above the best, in training mode.",
    "training",
    at_least(-0.01),
    MANY,
)
STILL = Claim(
    "Another ending still changes a logit before it with batch norm, if only a little.", "batch change", at_least(0.01), MANY
)
KEEPS = Claim(
    "To layer norm the ending makes no difference: the largest change of a logit before it.",
    "layer change",
    exactly(0),
    by_construction=True,
)
TITLE = Title(
    "Batch norm looks ahead in training, and is worse in evaluation",
    "Nats per unseen word above the best, by step",
    (CHEATS, PAYS),
)
LEAK = Title("Another ending changes what batch norm says before it", "Another ending: what changes before it", (LEAKS,))

demo = Demo(
    name="causal",
    title="In a decoder",
    params=CausalParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(CHEATS, PAYS, NEAR, LEAKS, LEARNS, TOO, GONE, STILL, KEEPS),
    presets=(
        Preset("one sentence per batch", {}),
        Preset("two sentences", {"batch_size": 2}),
        Preset("eight sentences", {"batch_size": 8}),
        Preset("32 sentences", {"batch_size": 32}),
    ),
    guesses=guesses.CAUSAL,
    hint="Only the end of a sentence is replaced. A causal mask should keep the bars of its beginning at zero.",
)
