"""The same text with and without a cache of keys and values: what is multiplied, what is kept, and whether the outputs agree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series, Tokens
from app.charts.colours import BLUE, GREEN, VERMILION
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
    switch,
)
from app.topics.kv_cache import guesses
from app.topics.kv_cache.decoder import FIRST, TIME, Decoder, pieces, stream
from app.topics.kv_cache.writer import Writer, formula
from engine import Array, schedules
from engine.datasets.sentences import WORDS
from engine.probabilities import softmax

SENTENCES, STEPS, LEARNING_RATE, WARM_UP = 1500, 200, 0.005, 20
PACE = Pace(STEPS, 41)
KEPT, COMPUTED = 0.5, 1.0
"""On the scale of the pictures: a word whose keys and values are taken from the cache, and one for which they are computed."""
WORK_SCALE = ((0.0, "#f4f1ec"), (KEPT, GREEN), (COMPUTED, VERMILION))
AGAIN, CACHED = Series("without a cache", VERMILION), Series("with a cache", GREEN, width=3)
BOTH = {"again": AGAIN, "cached": CACHED}


class WritingParams(Params):
    """How long the text gets, how deep the network is, and whether a word may see those behind it."""

    words: int = slider(TIME, (12, 24, 36, 48), label="words written", help="One after the other.", minimum=12, maximum=TIME)
    layers: int = slider(2, (1, 2, 3), label="layers", help="Transformer blocks, each with keys and values of its own.")
    mask: bool = switch(
        True,
        label="causal mask",
        help="While it writes: a word sees only itself and those before it. Training always uses the mask.",
    )


def charts(params: WritingParams) -> dict[str, Chart]:
    """What is multiplied in all and for each word, what is computed and kept, the difference, and the text."""
    place = Axis("words so far", (0, params.words + 1))
    dearest = formula(params.words, params.layers, cached=False)
    return {
        "products": Lines(title=TITLE.at(params), series=BOTH, x=place, y=Axis("multiplications so far", (0, 1.05 * dearest))),
        "computed": ImageGrid(
            title="Orange is computed, green is taken from the cache",
            rows=1,
            columns=2,
            image=(params.words, params.words),
            colours=WORK_SCALE,
            column_names=("without a cache", "with a cache"),
            x=Axis("the word whose keys and values they are"),
            y=Axis("word being written, down"),
        ),
        "each": Lines(
            title="Multiplications for each word",
            series={**BOTH, "attention": Series("of those with a cache: attention", BLUE, "dash")},
            x=place,
            y=Axis("multiplications per word", (50, 5e6), log=True),
        ),
        "memory": Lines(
            title="What the cache holds", series={"cached": CACHED}, x=place, y=Axis("bytes, 8 per number", (0, 80_000))
        ),
        "difference": Lines(
            title="Difference between the two, word by word",
            series={"difference": Series("largest difference of a logit", BLUE)},
            mode="lines+markers",
            x=place,
            y=Axis("difference", (1e-17, 100), log=True),
        ),
        "loss": Lines(
            title="How the network learned, before it wrote",
            series={"nats": Series("surprise of unseen text", BLUE)},
            x=Axis("step", (0, STEPS)),
            y=Axis("nats per word", (1, 4)),
        ),
        "text": Tokens(
            title="The text, by the probability that each word had",
            letters=80,
            lines=4,
            height=190,
            wide=True,
        ),
    }


def run(params: WritingParams) -> Run:
    """A decoder learns a stream of 1,500 sentences by Adam, 200 steps on 12 pieces of 48 words; then its weights write twice."""
    rng = streams(params.seed)
    text, unseen = stream(rng.data, SENTENCES), stream(rng.data, SENTENCES // 10)
    decoder, tested = Decoder(rng.weights, params.layers), pieces(rng.data, unseen)
    yield from decoder.prepare()
    rate = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP)
    for done, shown in PACE:
        if shown:
            nats = decoder.nats(tested)
            yield Snapshot(done, {"loss": {"nats": nats}}, measured={"nats": nats})
        falling = min(1.0, 2 * (1 - done / STEPS))
        if broke := decoder.step(pieces(rng.batches, text), rate(done) * falling):
            return Diverged(done, broke)
    yield NOT_YET
    writing = Writing(decoder.weights, params, rng.noise.random(params.words))
    for place in range(1, params.words + 1):
        yield writing.snapshot(STEPS + place)
    return None


class Writing:
    """Two writers of the same weights, of which the one without a cache chooses the words."""

    def __init__(self, weights: dict[str, Array], params: WritingParams, chances: Array) -> None:
        self._params, self._chances = params, chances
        self._writers = {name: Writer(weights, params.layers, cached=name == "cached", masked=params.mask) for name in BOTH}
        self._words, self._shares, self._worst = [FIRST], [math.nan], 0.0
        self._computed = np.zeros((2, params.words, params.words))

    def snapshot(self, step: int) -> Snapshot:
        """One word more, by both."""
        place, before = len(self._words), self._counted
        logits = {}
        for image, (name, writer) in zip(self._computed, self._writers.items(), strict=True):
            logits[name], known = writer.next(self._words)
            image[place - 1, :place] = np.where(np.arange(place) < known, KEPT, COMPUTED)
        apart = float(np.abs(logits["cached"] - logits["again"]).max())
        self._worst = max(self._worst, apart)
        self._choose(softmax(logits["again"]))
        each = {name: count - before[name] for name, count in self._counted.items()}
        return Snapshot(step, self._drawn(place, each, apart), measured=self._told(place, each["attention"]))

    @property
    def _counted(self) -> dict[str, int]:
        """All multiplications so far, and of those with the cache the ones between words."""
        products = {name: writer.products for name, writer in self._writers.items()}
        return products | {"attention": self._writers["cached"].attention}

    def _choose(self, shares: Array) -> None:
        """The next word at random, by its probability."""
        reached = np.cumsum(shares)
        word = int((reached <= self._chances[len(self._words) - 1] * reached[-1]).sum())
        self._words.append(word)
        self._shares.append(float(shares[word]))

    def _drawn(self, place: int, each: dict[str, int], apart: float) -> dict[str, Any]:
        return {
            "products": {name: (place, self._counted[name]) for name in BOTH},
            "computed": self._computed.copy(),
            "each": {name: (place, one) for name, one in each.items()},
            "memory": {"cached": (place, self._writers["cached"].bytes)},
            "difference": {"difference": (place, apart or math.nan)},
            "text": {"tokens": [WORDS[word] for word in self._words[1:]], "values": np.array(self._shares[1:])},
        }

    def _told(self, place: int, attention: int) -> dict[str, float]:
        again, cached = (self._counted[name] for name in BOTH)
        wanted = [formula(place, self._params.layers, cached=name == "cached") for name in BOTH]
        told = {"off the formula": abs(again - wanted[0]) + abs(cached - wanted[1]), "times": again / cached}
        told |= {"products again": again, "products cached": cached, "bytes": self._writers["cached"].bytes}
        told |= {"difference": self._worst, "attention": attention}
        return told | ({"attention at first": attention} if place == 1 else {})


MASKED, UNMASKED = Ground(mask=True), Ground(mask=False, layers=at_least(2))
LEARNED = Claim("The network has learned the sentences: its surprise at unseen text, in nats per word.", "nats", at_most(1.6))
SAME = Claim(
    "With the mask the cache changes nothing but rounding: the largest difference of a logit.",
    "difference",
    at_most(1e-10),
    MASKED,
)
STALE = Claim(
    "Without the mask the cache is wrong, as later words change earlier ones: the largest difference of a logit.",
    "difference",
    at_least(0.05),
    UNMASKED,
)
FEWER = Claim(
    "Without a cache, 48 words take this many times as many multiplications.",
    "times",
    at_least(20),
    Ground(words=TIME),
    by_construction=True,
)
EXACT = Claim(
    "The multiplications counted are exactly those of the formula: how far the two counts are off.",
    "off the formula",
    exactly(0),
    by_construction=True,
)
TITLE = Title(
    "The same text for less than a twentieth of the products", "Multiplications so far, by words written", (SAME, FEWER)
)

demo = Demo(
    name="writing",
    title="With and without a cache",
    params=WritingParams,
    charts=charts,
    run=run,
    frames=lambda params: len(PACE) + params.words,
    claims=(SAME, STALE, LEARNED, FEWER, EXACT),
    presets=(
        Preset("with the mask", {}),
        Preset("without the mask", {"mask": False}),
        Preset("one layer, no mask", {"layers": 1, "mask": False}),
        Preset("twelve words", {"words": 12}),
    ),
    guesses=guesses.WRITING,
    hint="First it learns, then it writes word by word, twice. Compare in the pictures how much of each row is computed.",
)
