"""Pictures and captions learn one space: what belongs together lies near, and a caption never met with its picture is found."""

from __future__ import annotations

from math import log
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series, Tokens
from app.charts.colours import LOSS, OCHRE, PROBABILITY_SCALE, PURPLE, TEST, TRAIN
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
    choice,
    slider,
    streams,
)
from app.topics.contrastive_learning import guesses
from app.topics.contrastive_learning.scenes import IN_COLOUR, SIDE, World, in_colour
from engine import Array, Graph, Guard, Node, Session, dense, losses, mlp, ops, optimizers
from engine.datasets import batches

TRAINED, JUDGED, HIDDEN, STEPS = 3000, 400, 64, 1000
RATE, FALL = 0.003, 0.9
PACE = Pace(STEPS, 51)


class CaptionsParams(Params):
    """How many pairs there are, what the loss asks for, and what a caption is."""

    kinds: int = slider(6, (3, 4, 5, 6), label="colours, and as many shapes", help="One pair of each colour is never trained on.")
    loss: Literal["contrast", "pull"] = choice(
        "contrast",
        {"contrast": "contrast", "pull": "only pull together"},
        label="loss",
        help="Whether a picture has to find its caption among those in the batch, or only to be near it.",
    )
    caption: Literal["words", "whole"] = choice(
        "words",
        {"words": "two words", "whole": "one token"},
        label="a caption is",
        help="The sum of two word vectors, or a vector of its own for each pair.",
    )
    temperature: float = slider(
        0.1,
        (0.02, 0.05, 0.1, 0.3, 1.0),
        label="temperature",
        help="What similarities are divided by before softmax. Low: only the nearest wrong captions count.",
        log=True,
    )
    batch_size: int = slider(
        64,
        (8, 16, 32, 64, 128),
        label="batch size",
        help="Of this many captions, one is the picture’s own; the others are wrong.",
        minimum=4,
        log=True,
    )
    dimensions: int = slider(16, (2, 4, 8, 16, 32), label="dimensions", help="Of the space that both share.", log=True)


def charts(params: CaptionsParams) -> dict[str, Chart]:
    """Similarities of pictures and captions, shares right by step, pictures of pairs never seen and what they get, the loss."""
    world, steps = World(params.kinds), Axis("step", (0, STEPS))
    guessing = {"guessing": 1 / world.pairs}
    return {
        "similarity": ImageGrid(
            title=DIAGONAL.at(params),
            rows=1,
            columns=1,
            image=(world.pairs, world.pairs),
            low=-1,
            colours=PROBABILITY_SCALE,
            x=Axis(f"{world.pairs} captions: colour by colour, shape by shape"),
            y=Axis("a picture of each, in the same order"),
            height=400,
        ),
        "right": Lines(
            title=NEVER_SEEN.at(params),
            series={"seen": Series("pairs seen in training", TRAIN), "unseen": Series("pairs never seen", TEST, width=3)},
            levels=guessing,
            x=steps,
            y=Axis(f"share named right, of {world.pairs} captions", (0, 1.02)),
            height=400,
        ),
        "pictures": ImageGrid(
            title="Pairs never seen in training, other pictures in every frame",
            rows=1,
            columns=params.kinds,
            image=(SIDE, SIDE),
            colours=IN_COLOUR,
            column_names=[world.name(pair).replace(" ", "<br>") for pair in world.held_out],
            x=Axis("their own captions"),
            y=Axis("7 × 7 pixels"),
            height=190,
        ),
        "named": Tokens(
            title="The caption that lies nearest to each: red if right, blue if wrong", letters=32, lines=3, height=190
        ),
        "parts": Lines(
            title="Of pairs never seen, how often each word is right",
            series={"colour": Series("colour", OCHRE), "shape": Series("shape", PURPLE)},
            levels={"guessing": 1 / params.kinds},
            x=steps,
            y=Axis("share right", (0, 1.02)),
        ),
        "loss": Lines(
            title="Loss of the last batch",
            series={"loss": Series("loss", LOSS)},
            levels={"guessing in the batch": log(params.batch_size)} if params.loss == "contrast" else {},
            x=steps,
            y=Axis("loss", (0, log(params.batch_size) + 1)),
        ),
    }


def unit(vectors: Node) -> Node:
    """Vectors (d, n) made 1 long."""
    return vectors / ops.sqrt(ops.total(ops.square(vectors), -2, keepdims=True) + 1e-8)


def run(params: CaptionsParams) -> Run:
    """Pictures by 147-64-d ReLU, captions by a vector a word, both made 1 long: each has to find its partner in the batch."""
    rng, world, n = streams(params.seed), World(params.kinds), params.batch_size
    pairs = rng.data.choice(world.shown, TRAINED)
    pictures, words = world.pictures(rng.data, pairs), world.words(pairs, params.caption == "whole")

    graph = Graph()
    see = mlp(graph, (len(pictures), HIDDEN, params.dimensions), rng.weights, "relu", name="picture")
    read = dense(graph, "caption", len(words), params.dimensions, rng.weights)
    seen = unit(see(graph.placeholder("pictures", (len(pictures), n))))
    said = unit(read(graph.placeholder("words", (len(words), n))))
    if params.loss == "contrast":
        similarity = ops.matmul(ops.transpose(said), seen) * (1 / params.temperature)
        partner = graph.constant(np.eye(n))
        find_caption = losses.softmax_cross_entropy(similarity, partner)
        find_picture = losses.softmax_cross_entropy(ops.transpose(similarity), partner)
        loss = (find_caption + find_picture) * 0.5
    else:
        loss = ops.mean(ops.total(ops.square(seen - said), -2, keepdims=True))
    session = Session(graph)
    step = yield from session.planning([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])

    judge = Judge(world, rng.noise)
    captions = graph.constant(world.words(np.arange(world.pairs), params.caption == "whole"))
    compare = session.plan([ops.matmul(ops.transpose(unit(read(captions))), unit(see(graph.constant(judge.pictures))))])
    guard, deal = Guard(session, step), batches(rng.batches, TRAINED, n)
    for done, shown in PACE:
        if shown:
            yield judge.look(done, compare()[0], {"loss": float(step.outputs[0])} if done else {})
        batch = next(deal)
        rate = RATE * (1 - FALL * done / STEPS)
        if broke := guard.step(pictures=pictures[:, batch], words=words[:, batch], learning_rate=rate):
            return Diverged(done, broke)
    return None


class Judge:
    """New pictures: of pairs seen in training, of pairs never seen, and one of each pair."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self._world = world
        kinds = [rng.choice(world.shown, JUDGED), rng.choice(world.held_out, JUDGED), np.arange(world.pairs)]
        self._pairs: Array = np.concatenate(kinds)
        self.pictures = world.pictures(rng, self._pairs)
        self._of = [JUDGED + np.flatnonzero(kinds[1] == pair) for pair in world.held_out]

    def look(self, done: int, similarity: Array, loss: dict[str, float]) -> Snapshot:
        """Charts and numbers, from the similarity of each caption with each picture (pairs, n); every look shows others."""
        nearest = similarity.argmax(axis=0)
        right, colour, shape = self._right(nearest)
        seen, unseen = slice(JUDGED), slice(JUDGED, 2 * JUDGED)
        table = similarity[:, 2 * JUDGED :].T
        same = np.eye(len(table), dtype=bool)
        shares = {"seen": float(right[seen].mean()), "unseen": float(right[unseen].mean())}
        parts = {"colour": float(colour[unseen].mean()), "shape": float(shape[unseen].mean())}
        shown = [places[done % len(places)] for places in self._of]
        drawn: dict[str, Any] = {
            "similarity": table[None],
            "right": shares,
            "pictures": in_colour(self.pictures[:, shown]),
            "named": {"tokens": [self._world.name(pair) for pair in nearest[shown]], "values": right[shown].astype(float)},
            "parts": parts,
        }
        measured = shares | {f"unseen {part}": share for part, share in parts.items()}
        measured |= {"matched": float(table[same].mean()), "unmatched": float(table[~same].mean())}
        return Snapshot(done, drawn | ({"loss": loss} if loss else {}), measured=measured)

    def _right(self, nearest: Array) -> tuple[Array, Array, Array]:
        """Whether the caption, its colour and its shape are right, each (n,)."""
        kinds, own = self._world.kinds, self._pairs
        return nearest == own, nearest // kinds == own // kinds, nearest % kinds == own % kinds


HOME = Ground(kinds=6, loss="contrast", caption="words", temperature=0.1, batch_size=64, dimensions=16)
UNSEEN = Claim(
    "Of pictures of pairs never seen in training, this share gets its own caption out of 36.", "unseen", at_least(0.88), HOME
)
SEEN = Claim("Of new pictures of pairs that were seen in training, it is this share.", "seen", at_least(0.95), HOME)
FEW = Claim(
    "With four colours and four shapes, fewer pictures of pairs never seen get theirs, though out of only 16.",
    "unseen",
    at_most(0.88),
    Ground(kinds=4, loss="contrast", caption="words", temperature=0.1, batch_size=64, dimensions=16),
)
WHOLE = Claim(
    "Where a caption is one token, hardly any picture of a pair never seen gets its own.",
    "unseen",
    at_most(0.1),
    Ground(kinds=6, loss="contrast", caption="whole"),
)
APART = Claim("Pictures and captions that do not match end up apart: their mean cosine.", "unmatched", at_most(0.1), HOME)
COLLAPSE = Claim(
    "Only pulled together, even those that do not match end up close: their mean cosine.",
    "unmatched",
    at_least(0.8),
    Ground(kinds=6, loss="pull", caption="words", batch_size=64, dimensions=16),
)
DIAGONAL = Title("Pictures find their captions: a diagonal grows", "Similarity of each picture and each caption", (SEEN, UNSEEN))
NEVER_SEEN = Title("Pictures of pairs never seen get their own caption, too", "Pictures that get their own caption", (UNSEEN,))

demo = Demo(
    name="captions",
    title="Pictures and captions",
    params=CaptionsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(UNSEEN, SEEN, APART, FEW, WHOLE, COLLAPSE),
    presets=(
        Preset("36 captions", {}),
        Preset("only pull together", {"loss": "pull"}),
        Preset("a caption is one token", {"caption": "whole"}),
        Preset("four kinds", {"kinds": 4}),
        Preset("batches of eight", {"batch_size": 8}),
    ),
    guesses=guesses.CAPTIONS,
    hint="Watch blocks appear first, where the colour is right, and the diagonal within them.",
)
