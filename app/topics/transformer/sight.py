"""Encoder or decoder: one network, two masks. One sees all words but the hidden ones, the other those before."""

from __future__ import annotations

from collections.abc import Generator
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
from app.topics.transformer.mask import all_seen
from app.topics.transformer.reader import FULL_STOP, HIDDEN, Reader, shifted
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules
from engine.datasets.sentences import NUMBER, STEPS, WORDS, sentences, surprise
from engine.networks.attention import causal_mask
from engine.probabilities import log_softmax, softmax

POOL, BATCH_SIZE, TESTED = 2000, 64, 256
HIDDEN_IN, AT_ONCE = 32, 16
"""In so many of the unseen sentences each word is hidden in turn, so many sentences at once."""
UPDATES, LEARNING_RATE, WARM_UP = 400, 0.005, 20
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
        help="Share of words hidden in training; at least one a sentence.",
    )
    sentence: Annotated[str, checked(with_blank)] = entry(
        "she saw _ old car and we drew a rose .",
        label="your sentence",
        help="With _ for the word that both networks are asked for. Words that they do not know are refused, with a list.",
        longest=80,
    )


LEFT = float(2 * (2 * np.log(4) + np.log(2) + np.log(8) / 2 + np.log(12)))
"""Nats per sentence to one who knows the grammar and reads from the left."""
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
            levels={"from the left": LEFT, "from both sides": BOTH},
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


def hidden_places(rng: np.random.Generator, n: int, share: float) -> Array:
    """Which words of n sentences are hidden (n, STEPS): each with that probability, and at least one."""
    hidden = rng.random((n, STEPS)) < share
    hidden[np.arange(n), rng.integers(0, STEPS, n)] = True
    return hidden


class Judged(NamedTuple):
    """Of sentences the nats of each word, and whether it was the likeliest, (n, STEPS)."""

    nats: Array
    right: Array


class Pair:
    """Encoder and decoder with the same start, on the same sentences."""

    def __init__(self, params: SightParams) -> None:
        self._graph, symbols = Graph(), len(WORDS) + 1
        self._readers = {name: Reader(self._graph, name, 1, streams(params.seed).weights, symbols) for name in ARMS}
        self._masks = {"encoder": all_seen(STEPS), "decoder": causal_mask(STEPS)}

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        graph, costs, updates = self._graph, [], []
        wanted, rate = graph.placeholder("wanted", (len(WORDS), BATCH_SIZE, STEPS)), graph.placeholder("learning_rate")
        counted = {"encoder": graph.placeholder("hidden", (BATCH_SIZE, STEPS)), "decoder": None}
        for name, reader in self._readers.items():
            batch = graph.placeholder(f"{name} batch", (BATCH_SIZE, STEPS))
            costs.append(losses.sequence_cross_entropy(reader(batch, self._masks[name]).logits, wanted, counted[name]))
            updates.append(optimizers.adam(costs[-1], rate, reader.variables, clip_norm=1.0))
            yield
        session = Session(graph)
        train = yield from session.planning([costs[0] + costs[1]], updates)
        self._looks, self._asks = {}, {}
        for name, n in (("encoder", AT_ONCE * STEPS), ("decoder", TESTED)):
            reader, mask = self._readers[name], self._masks[name]
            tested, asked = (graph.placeholder(f"{name} {what}", (m, STEPS)) for what, m in (("test", n), ("asked", 1)))
            self._looks[name] = yield from session.planning([reader(tested, mask).logits])
            read = reader(asked, mask)
            self._asks[name] = yield from session.planning([read.logits, read.weights[0]])
        self.guard = Guard(session, train)

    def step(self, words: Array, hidden: Array, rate: float) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(words.ravel(), len(WORDS)).reshape(len(WORDS), *words.shape)
        fed = {
            "encoder batch": np.where(hidden, HIDDEN, words),
            "decoder batch": shifted(words),
            "hidden": hidden.astype(np.float32),
        }
        return self.guard.step(**fed, wanted=wanted, learning_rate=rate)

    def look(self, words: Array) -> Generator[None, None, dict[str, Judged]]:
        """What each network makes of unseen sentences, in pieces: the encoder of the first, one word hidden at a time."""
        places, parts = np.arange(STEPS), []
        for start in range(0, HIDDEN_IN, AT_ONCE):
            some = words[start : start + AT_ONCE]
            each = np.repeat(some[:, None], STEPS, axis=1)
            each[:, places, places] = HIDDEN
            self._looks["encoder"].step(**{"encoder test": each.reshape(-1, STEPS)})
            logits = self._looks["encoder"].outputs[0].reshape(len(WORDS), AT_ONCE, STEPS, STEPS)[:, :, places, places]
            parts.append(_judged(logits, some))
            yield
        self._looks["decoder"].step(**{"decoder test": shifted(words)})
        encoded = Judged(*(np.concatenate(part) for part in zip(*parts, strict=True)))
        return {"encoder": encoded, "decoder": _judged(self._looks["decoder"].outputs[0], words)}

    def ask(self, words: Array, blank: int) -> dict[str, tuple[Array, Array]]:
        """By network the probabilities of the word at the blank of a sentence (1, STEPS), and mean weights (keys, queries)."""
        made = {}
        for name, given in (("encoder", words), ("decoder", shifted(words))):
            self._asks[name].step(**{f"{name} asked": given})
            logits, weights = self._asks[name].outputs
            made[name] = (softmax(logits[:, 0, blank]), weights.mean(axis=(1, 2)))
        return made


def _judged(logits: Array, words: Array) -> Judged:
    return Judged(-np.take_along_axis(log_softmax(logits), words[None], axis=0)[0], logits.argmax(axis=0) == words)


def run(params: SightParams) -> Run:
    """One block of the width 32 with four heads, by Adam with clipping at 1, warmed up and then falling, on 2000 sentences."""
    rng = streams(params.seed)
    pool = sentences(rng.data, POOL)
    yield NOT_YET
    tested = sentences(rng.data, TESTED)
    floor, asked = surprise(tested).sum(axis=1), params.sentence.split()
    words = np.array([[HIDDEN if word == BLANK else NUMBER[word] for word in asked] + [FULL_STOP] * (STEPS - len(asked))])
    yield NOT_YET
    pair, named = Pair(params), 0
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
    above = {"encoder": nats["encoder"] - BOTH, "decoder": nats["decoder"] - LEFT}
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
    "The encoder sees the word behind the article: its share of a and an right.",
    "encoder articles",
    at_least(0.95),
    Ground(hidden_share=0.15),
)
COIN = Claim("The decoder cannot know it: its share right.", "decoder articles", between(0.38, 0.62))
LN2 = Claim(
    "It knows that it does not know: its nats for a and an, where ln 2 = 0.69 is the least.",
    "decoder article nats",
    between(0.6, 0.78),
)
PSEUDO = Claim(
    "The encoder’s nats, summed over a sentence, are below what is possible from the left, by this much.",
    "below the floor",
    at_least(0.8),
    Ground(hidden_share=0.15),
)
TITLE = Title("Only who sees the next word can tell a from an", "Share of a and an that is right, by step", (KNOWS, COIN))

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
