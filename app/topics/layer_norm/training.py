"""Training deep: a stack with the norm after each sum at the full rate and with a warm-up, and one with the norm before."""

from __future__ import annotations

from collections.abc import Generator
from math import log
from typing import Any

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, OCHRE, VERMILION
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
    slider,
    streams,
)
from app.topics.layer_norm import guesses
from app.topics.layer_norm.decoder import nats, shifted
from app.topics.layer_norm.stack import Stack
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules
from engine.datasets.sentences import ADJECTIVES, ENTROPY, NOUNS, NUMBER, STEPS, SUBJECTS, VERBS, WORDS, sentences, surprise
from engine.probabilities import softmax

POOL, TESTED, BATCH_SIZE, UPDATES, WIDE = 2000, 64, 16, 200, 2
PACE = Pace(UPDATES, 21)
BETA2 = 0.98
"""Of Adam, as the first transformers had it (Vaswani et al., 2017)."""
ARMS = {
    "post": Series("post-norm, full rate", VERMILION, width=3),
    "warm": Series("post-norm, warm-up", OCHRE, width=3),
    "pre": Series("pre-norm, full rate", BLUE, width=3),
}
SENTENCE = ("she", "saw", "an", "old", "car", "and", "we", "drew", "a", "rose", ".", ".")
ASKED = SENTENCE.index("old")
KINDS = {
    "subject": (2, SUBJECTS),
    "verb": (2, VERBS),
    "article": (2, ("a", "an")),
    "adjective": (1, ADJECTIVES),
    "noun": (2, NOUNS),
    "and": (1, ("and",)),
    "full stop": (2, (".",)),
}
"""Kinds of words, and how many of each a sentence has on average; those of a kind are equally frequent."""
FREQUENCIES = sum(count / STEPS * log(len(words) * STEPS / count) for count, words in KINDS.values()) - ENTROPY / STEPS
"""Nats per word above the best, for a model that knows how frequent each word is and nothing else."""


class TrainingParams(Params):
    """How deep the stacks are, how fast they learn, and how long a warm-up takes."""

    depth: int = slider(6, (1, 2, 4, 6, 8), label="blocks", help="Of each of the three stacks.", minimum=1, maximum=8)
    learning_rate: float = slider(
        0.02,
        (0.003, 0.005, 0.01, 0.02),
        label="learning rate",
        help="The full rate of Adam. It falls to zero over the second half.",
        log=True,
        minimum=0.001,
        maximum=0.03,
    )
    warm_up: int = slider(
        100,
        (10, 25, 50, 100, 150),
        label="warm-up",
        unit="steps",
        help="The rate of one post-norm stack rises to the full rate over this many steps.",
        minimum=1,
        maximum=150,
    )


def charts(params: TrainingParams) -> dict[str, Chart]:
    """How far each is from what the grammar allows, its learning rate, and what each expects at one place."""
    steps = Axis("step", (0, UPDATES))
    return {
        "above": Lines(
            title=TITLE.at(params),
            series=ARMS,
            levels={"word frequencies alone": FREQUENCIES},
            x=steps,
            y=Axis("nats per unseen word above the best", (0, 3)),
        ),
        "word": Bars(
            title="The word after “she saw an”",
            categories=tuple(KINDS),
            series=ARMS,
            x=Axis("kind of word, where adjective and noun are equally likely"),
            y=Axis("probability", (0, 1)),
        ),
        "rate": Lines(
            title="Learning rates",
            series={"full": Series("full rate", BLUE), "warm": Series("with warm-up", OCHRE)},
            x=steps,
            y=Axis("learning rate", (0, 1.05 * params.learning_rate)),
            wide=True,
            height=220,
        ),
    }


class Contest:
    """The three stacks in one graph, begun with the same weights, on the same sentences, each by an Adam of its own."""

    def __init__(self, params: TrainingParams) -> None:
        self._graph = Graph()
        norms = {"post": "post", "warm": "post", "pre": "pre"}
        self._stacks = {
            name: Stack(self._graph, name, norm, params.depth, streams(params.seed).weights, wide=WIDE)
            for name, norm in norms.items()
        }

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        batch, tested = (self._graph.placeholder(name, (n, STEPS)) for name, n in (("batch", BATCH_SIZE), ("tested", TESTED)))
        wanted = self._graph.placeholder("wanted", (len(WORDS), BATCH_SIZE, STEPS))
        costs, updates = [], []
        for name, stack in self._stacks.items():
            costs.append(losses.sequence_cross_entropy(stack(batch), wanted))
            rate = self._graph.placeholder(f"{name} rate")
            updates.append(optimizers.adam(costs[-1], rate, stack.variables, beta2=BETA2))
            yield
        session, self._looks = Session(self._graph), {}
        train = yield from session.planning([costs[0] + costs[1] + costs[2]], updates)
        for name, stack in self._stacks.items():
            self._looks[name] = yield from session.planning([stack(tested)])
        self.guard = Guard(session, train)

    def step(self, words: Array, full: float, warm: float) -> str:
        """One update of each on sentences (BATCH_SIZE, STEPS); in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(words.ravel(), len(WORDS)).reshape(len(WORDS), *words.shape)
        rates = {"post rate": full, "warm rate": warm, "pre rate": full}
        return self.guard.step(batch=shifted(words), wanted=wanted, **rates)

    def look(self, name: str, words: Array) -> Array:
        """The logits of one stack for sentences (TESTED, STEPS): (WORDS, TESTED, STEPS)."""
        self._looks[name].step(tested=shifted(words))
        logits: Array = self._looks[name].outputs[0].copy()
        return logits


def run(params: TrainingParams) -> Run:
    """Decoders of the width 16 by Adam at a rate that falls over the second half, on batches of 16 sentences."""
    rng = streams(params.seed)
    pool, tested = sentences(rng.data, POOL), sentences(rng.data, TESTED)
    tested[0] = [NUMBER[word] for word in SENTENCE]
    yield NOT_YET
    contest, floor = Contest(params), surprise(tested)
    yield from contest.prepare()
    full = schedules.constant(params.learning_rate)
    warm = schedules.warmed_up(full, params.warm_up)
    for done, shown in PACE:
        falling = min(1.0, 2 * (1 - done / UPDATES))
        rates = {"full": full(done) * falling, "warm": warm(done) * falling}
        if shown:
            yield _snapshot(done, {name: contest.look(name, tested) for name in ARMS}, tested, floor, rates)
        if broke := contest.step(pool[rng.batches.integers(0, POOL, BATCH_SIZE)], **rates):
            return Diverged(done, broke)
        if done % 4 == 0:
            yield NOT_YET
    return None


def _snapshot(done: int, looked: dict[str, Array], tested: Array, floor: Array, rates: dict[str, float]) -> Snapshot:
    above = {name: float((nats(logits, tested) - floor).mean()) for name, logits in looked.items()}
    drawn: dict[str, Any] = {
        "above": above,
        "rate": rates,
        "word": {name: _by_kind(softmax(logits[:, 0, ASKED])) for name, logits in looked.items()},
    }
    return Snapshot(done, drawn, measured=above)


def _by_kind(chances: Array) -> Array:
    """Probabilities (WORDS,) summed by kind of word, (len(KINDS),)."""
    return np.array([chances[[NUMBER[word] for word in words]].sum() for _, words in KINDS.values()])


HOME = Ground(depth=6, learning_rate=0.02)
STUCK = Claim(
    "With the norm after the sum, six blocks stay far from the best in 200 steps at the full rate: nats per word above it.",
    "post",
    at_least(1.0),
    HOME,
)
WARMED = Claim(
    "With a warm-up over half of the steps they come much nearer: nats per word above the best.",
    "warm",
    at_most(0.6),
    Ground(depth=6, learning_rate=0.02, warm_up=100),
)
TRAINS = Claim(
    "With the norm before, they learn at the full rate from the first step: nats per word above the best.",
    "pre",
    at_most(0.06),
    HOME,
)
SHALLOW = Claim(
    "Two blocks learn at the full rate with the norm after the sum, too: nats per word above the best.",
    "post",
    at_most(0.08),
    Ground(depth=2, learning_rate=0.02),
)
SLOWER = Claim(
    "So do six blocks at a quarter of the rate: nats per word above the best.",
    "post",
    at_most(0.25),
    Ground(depth=6, learning_rate=0.005),
)
TITLE = Title(
    "At the full rate pre-norm learns, and post-norm needs a warm-up",
    "Nats per unseen word above the best, by step",
    (STUCK, WARMED, TRAINS),
)

demo = Demo(
    name="training",
    title="Training deep",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(STUCK, WARMED, TRAINS, SHALLOW, SLOWER),
    presets=(
        Preset("six blocks", {}),
        Preset("two blocks", {"depth": 2}),
        Preset("a quarter of the rate", {"learning_rate": 0.005}),
        Preset("eight blocks", {"depth": 8}),
    ),
    guesses=guesses.TRAINING,
    hint="All three begin with the same weights. See which lines get below the dotted one.",
)
