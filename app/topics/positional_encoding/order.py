"""Order: reviews whose meaning stands in the order of the words, judged by transformers that are told it, or not."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, GREEN, OCHRE, PURPLE, VERMILION
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
    between,
    choice,
    one_of,
    slider,
    streams,
)
from app.topics.positional_encoding import guesses
from app.topics.positional_encoding.judge import Judge
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules
from engine.datasets import reviews, same_bags
from engine.datasets.grammar import STEPS, WORDS
from engine.metrics import accuracy
from engine.probabilities import sigmoid

TRAINED_ON, PIECE, FRESH, PAIRS, BATCH_SIZE = 2000, 200, 100, 50, 40
LEARNING_RATE, CLIP_NORM, WARM_UP = 0.005, 1.0, 40
PACE = Pace(340, 26)
LEAST = 1e-9
"""Where the log axis ends."""
ARMS = {
    "bag": Series("encoder without positions", VERMILION),
    "placed": Series("encoder with positions", BLUE, width=3),
    "causal": Series("decoder without positions", GREEN, width=3),
}
ORDERS = {
    "one": "the plot was not bad but the cast was dull",
    "other": "the cast was dull but the plot was not bad",
}


class OrderParams(Params):
    """How the second network is told the places, how deep the third is, and where all are read."""

    encoding: Literal["learned", "sinusoidal", "rotary"] = choice(
        "learned",
        {"learned": "learned", "sinusoidal": "sinusoidal", "rotary": "rotary (RoPE)"},
        label="positions",
        help="For the encoder that has some: a learned vector or sines added to each word, or queries and keys that are rotated.",
    )
    decoder_layers: int = slider(2, (1, 2), label="layers of the decoder", help="Blocks of the network with a causal mask.")
    read: Literal["mean", "last"] = choice(
        "mean",
        {"mean": "mean of all words", "last": "last word"},
        label="read from",
        help="What the answer is made from: the mean of the last block’s outputs at all words, or its output at the last one.",
    )


def charts(params: OrderParams) -> dict[str, Chart]:
    """Accuracy on pairs of one bag, the answers to one such pair, and how far a change of order moves each answer."""
    step, share = Axis("step", (0, PACE.steps)), Axis("share judged right", (0.4, 1.02))
    return {
        "pairs": Lines(title=TITLE.at(params), series=ARMS, levels={"a coin": 0.5}, x=step, y=share),
        "answers": Bars(
            title="One review, and its two clauses the other way round",
            categories=("encoder", "encoder, positions", "decoder"),
            series={"one": Series("… but the cast was dull", PURPLE), "other": Series("… but the plot was not bad", OCHRE)},
            x=Axis("network"),
            y=Axis("probability of “good”", (0, 1)),
        ),
        "change": Lines(
            title="How far the order of the clauses moves the answer",
            series=ARMS,
            x=step,
            y=Axis("largest change of the logit", (LEAST, 100), log=True),
        ),
        "fresh": Lines(title="Fresh reviews of all kinds", series=ARMS, levels={"a coin": 0.5}, x=step, y=share),
    }


class Contest:
    """The three networks in one graph, on the same batches, each with an optimizer of its own."""

    def __init__(self, params: OrderParams) -> None:
        self._graph, rng, last = Graph(), streams(params.seed).weights, params.read == "last"
        self._nets = {
            "bag": Judge(self._graph, "bag", rng, last=last),
            "placed": Judge(self._graph, "placed", rng, params.encoding, last=last),
            "causal": Judge(self._graph, "causal", rng, layers=params.decoder_layers, causal=True, last=last),
        }

    def prepare(self, tried: int) -> Generator[None, None, None]:
        """Graph and plans, in pieces; `tried` reviews are looked at."""
        words, shown = (self._graph.placeholder(name, (n, STEPS)) for name, n in (("words", BATCH_SIZE), ("shown", tried)))
        good, rate = self._graph.placeholder("good", (1, BATCH_SIZE)), self._graph.placeholder("learning_rate")
        costs, updates = [], []
        for net in self._nets.values():
            costs.append(losses.sigmoid_cross_entropy(net(words), good))
            updates.append(optimizers.adam(costs[-1], rate, net.variables, clip_norm=CLIP_NORM))
            yield
        looked = [net(shown) for net in self._nets.values()]
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1] + costs[2]], updates)
        self._look = yield from session.planning(looked)
        self.guard = Guard(session, train)

    def look(self, words: Array) -> dict[str, Array]:
        """The logits of each network, (n,), for words (n, STEPS)."""
        self._look.step(shown=words)
        return {name: logits[0].copy() for name, logits in zip(self._nets, self._look.outputs, strict=True)}


def numbers(text: str) -> list[int]:
    """A review as numbers of words, filled up in front."""
    typed = [WORDS.index(word) for word in text.split()]
    return [0] * (STEPS - len(typed)) + typed


def run(params: OrderParams) -> Run:
    """One block or two, of four heads, by Adam with clipping at 1, warmed up and then falling, on 2000 reviews."""
    rng, parts = streams(params.seed), []
    for _ in range(TRAINED_ON // PIECE):
        parts.append(reviews(rng.data, PIECE))
        yield NOT_YET
    words, labels = (np.concatenate([getattr(part, name) for part in parts], axis=-1).T for name in ("words", "labels"))
    fresh, pairs = reviews(rng.data, FRESH), same_bags(rng.data, PAIRS)
    tried = np.concatenate([fresh.words.T, pairs.words.T, [numbers(text) for text in ORDERS.values()]])
    contest = Contest(params)
    yield from contest.prepare(len(tried))

    rate = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP)
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, contest.look(tried), (fresh.labels, pairs.labels))
        batch = rng.batches.integers(0, TRAINED_ON, BATCH_SIZE)
        falling = min(1.0, 2 * (1 - done / PACE.steps))
        feeds = {"words": words[batch], "good": labels[None, batch]}
        if broke := contest.guard.step(**feeds, learning_rate=rate(done) * falling):
            return Diverged(done, broke)
        yield NOT_YET
    return None


def _snapshot(done: int, looked: dict[str, Array], labels: tuple[Array, Array]) -> Snapshot:
    parts = {name: np.split(logits, (FRESH, FRESH + 2 * PAIRS)) for name, logits in looked.items()}
    right = {name: accuracy(each[0][None], labels[0]) for name, each in parts.items()}
    pairs = {name: accuracy(each[1][None], labels[1]) for name, each in parts.items()}
    change = {name: float(np.abs(each[1][::2] - each[1][1::2]).max()) for name, each in parts.items()}
    drawn: dict[str, Any] = {
        "pairs": pairs,
        "answers": {order: [sigmoid(each[2])[place] for each in parts.values()] for place, order in enumerate(ORDERS)},
        "change": {name: max(moved, LEAST) for name, moved in change.items()},
        "fresh": right,
    }
    numbered = (("pairs", pairs), ("change", change), ("fresh", right))
    return Snapshot(done, drawn, measured={f"{name} {what}": value for what, each in numbered for name, value in each.items()})


BLIND = Claim(
    "Without positions or a mask the order changes nothing but rounding errors: the largest change of the logit.",
    "bag change",
    at_most(1e-4),
    Ground(read="mean"),
    by_construction=True,
)
HALF = Claim(
    "Of two reviews with the same words and opposite meaning it always gets exactly one right: the share right.",
    "bag pairs",
    between(0.48, 0.52),
    Ground(read="mean"),
    by_construction=True,
)
TOLD = Claim(
    "With positions the encoder tells the two apart: the share right.",
    "placed pairs",
    at_least(0.95),
    Ground(encoding=one_of("learned", "sinusoidal")),
)
MASKED = Claim(
    "A causal mask is enough: the share of these pairs that the decoder gets right, without any positions.",
    "causal pairs",
    at_least(0.7),
    Ground(decoder_layers=2, read="mean"),
)
MOVED = Claim(
    "Its answer depends on the order: the largest change of the logit.",
    "causal change",
    at_least(1.0),
    Ground(decoder_layers=2, read="mean"),
)
SOME = Claim(
    "Even without positions the encoder learns what words alone tell: its share of fresh reviews judged right.",
    "bag fresh",
    between(0.6, 0.9),
    Ground(read="mean"),
)
LAST = Claim(
    "Read at the last word, even the encoder without positions responds to the order: the largest change of the logit.",
    "bag change",
    at_least(4.0),
    Ground(read="last"),
)
TITLE = Title("Without positions an encoder cannot tell, but a decoder can", "Same words, opposite meaning", (HALF, TOLD, MASKED))

demo = Demo(
    name="order",
    title="Does it know the order?",
    params=OrderParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(BLIND, HALF, TOLD, MASKED, MOVED, SOME, LAST),
    presets=(
        Preset("mean of all words", {}),
        Preset("read at the last word", {"read": "last"}),
        Preset("sinusoidal positions", {"encoding": "sinusoidal"}),
        Preset("rotary positions", {"encoding": "rotary"}),
        Preset("a decoder of one layer", {"decoder_layers": 1}),
    ),
    guesses=guesses.ORDER,
    hint="Each pair has the same words in two orders, one good, one bad. See which networks give the two bars different heights.",
)
