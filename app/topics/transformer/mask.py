"""Forget the mask: two networks learn to name the next word, and one of them can see it. Then both have to write."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series, Tokens
from app.charts.colours import GREEN, VERMILION
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
    exactly,
    slider,
    streams,
)
from app.topics.transformer import guesses
from app.topics.transformer.reader import FULL_STOP, Reader, shifted
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules
from engine.datasets.sentences import ENTROPY, STEPS, WORDS, grammatical, sentences, surprise
from engine.networks.attention import causal_mask
from engine.probabilities import log_softmax, softmax

POOL, BATCH_SIZE, TESTED, WRITTEN = 2000, 32, 64, 64
UPDATES, WARM_UP = 300, 20
PACE = Pace(UPDATES, 21)
ARMS = {"masked": Series("with the mask", GREEN, width=3), "open": Series("without", VERMILION)}
LETTERS = 72


class MaskParams(Params):
    """How deep both networks are, how fast they learn, and what the network without a mask gets for words still to come."""

    layers: int = slider(1, (1, 2), label="layers", help="Blocks in each network.", minimum=1)
    learning_rate: float = slider(
        0.005, (0.001, 0.002, 0.005, 0.01), label="learning rate", help="Of Adam, for both networks.", log=True
    )
    to_come: Literal["hidden", "stops"] = choice(
        "hidden",
        {"hidden": "hidden", "stops": "full stops"},
        label="words to come",
        help="When the network without a mask writes, there are no words to come yet: they are hidden, or full stops take "
        "their place.",
    )


def charts(params: MaskParams) -> dict[str, Chart]:
    """What both networks make of the next word, how much of what they write is right, where they look, and one sentence each."""
    steps = Axis("step", (0, UPDATES))
    return {
        "nats": Lines(
            title=TITLE.at(params),
            series=ARMS,
            levels={"the least that can be had without looking ahead": ENTROPY / STEPS},
            x=steps,
            y=Axis("nats per word, unseen sentences", (0, 3.6)),
        ),
        "written": Lines(
            title=WRITING.at(params),
            series=ARMS,
            x=steps,
            y=Axis("share of written sentences that are grammatical", (0, 1.02)),
        ),
        **{
            f"by {name}": Tokens(title=f"Written {arm.name}", letters=LETTERS, lines=1, height=76, wide=True)
            for name, arm in ARMS.items()
        },
        "maps": ImageGrid(
            title="Where each place looks, mean over heads and unseen sentences",
            rows=1,
            columns=2,
            image=(STEPS, STEPS),
            column_names=tuple(arm.name for arm in ARMS.values()),
            x=Axis("place that asks, from black 0 to white 1"),
            y=Axis("place looked at"),
        ),
    }


def all_seen(steps: int) -> Array:
    """No mask: every key may be seen, (keys, 1, 1, queries)."""
    return np.ones((steps, 1, 1, steps))


class Written(NamedTuple):
    """Sentences (n, STEPS), and the probability (STEPS,) that each word of the first of them had when it was drawn."""

    words: Array
    sure: Array


class Contest:
    """Two readers with the same start and the same batches, each with its own mask in training."""

    def __init__(self, params: MaskParams) -> None:
        self._params, self._graph = params, Graph()
        self._readers = {name: Reader(self._graph, name, params.layers, streams(params.seed).weights) for name in ARMS}
        self._masks = {"masked": causal_mask(STEPS), "open": all_seen(STEPS)}

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        batch, tested, begun = (
            self._graph.placeholder(what, (n, STEPS)) for what, n in (("batch", BATCH_SIZE), ("test", TESTED), ("begun", WRITTEN))
        )
        wanted = self._graph.placeholder("wanted", (len(WORDS), BATCH_SIZE, STEPS))
        rate, costs, updates = self._graph.placeholder("learning_rate"), [], []
        for name, reader in self._readers.items():
            costs.append(losses.sequence_cross_entropy(reader(batch, self._masks[name]).logits, wanted))
            updates.append(optimizers.adam(costs[-1], rate, reader.variables, clip_norm=1.0))
            yield
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1]], updates)
        self._looks, self._writes = {}, {}
        seen = self._graph.placeholder("seen", (STEPS, 1, 1, STEPS))
        for name, reader in self._readers.items():
            read = reader(tested, self._masks[name])
            self._looks[name] = yield from session.planning([read.logits, read.weights[0]])
            mask = self._masks[name] if name == "masked" else seen
            self._writes[name] = yield from session.planning([reader(begun, mask).logits])
        self.guard = Guard(session, train)

    def step(self, words: Array, rate: float) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(words.ravel(), len(WORDS)).reshape(len(WORDS), *words.shape)
        return self.guard.step(batch=shifted(words), wanted=wanted, learning_rate=rate)

    def look(self, name: str, words: Array) -> tuple[Array, Array]:
        """The nats of every word (n, STEPS), and the mean weights of the first layer (keys, queries)."""
        self._looks[name].step(test=shifted(words))
        logits, weights = self._looks[name].outputs
        nats = -np.take_along_axis(log_softmax(logits), words[None], axis=0)[0]
        return nats, weights.mean(axis=(1, 2))

    def write(self, name: str, draws: Array) -> Written:
        """Sentences word by word, each drawn by a number of `draws` (STEPS, n) as the network's probabilities have it."""
        plan, n = self._writes[name], draws.shape[1]
        words, sure = np.full((n, STEPS), FULL_STOP), np.zeros(STEPS)
        for place in range(STEPS):
            plan.step(begun=shifted(words), **({} if name == "masked" else {"seen": self._seen(place)}))
            chances = softmax(plan.outputs[0][:, :, place])
            words[:, place] = (chances.cumsum(axis=0) > draws[place] * chances.sum(axis=0)).argmax(axis=0)
            sure[place] = chances[words[0, place], 0]
        return Written(words, sure)

    def _seen(self, place: int) -> Array:
        """What the network without a mask may see while it writes the word at that place."""
        there = np.arange(STEPS) <= (place if self._params.to_come == "hidden" else STEPS)
        return np.repeat(there[:, None], STEPS, axis=1)[:, None, None].astype(np.float32)


def run(params: MaskParams) -> Run:
    """Both by Adam with clipping at 1, warmed up and then falling, on 2000 sentences; then each writes 64 of its own."""
    rng = streams(params.seed)
    pool, tested, draws = sentences(rng.data, POOL), sentences(rng.data, TESTED), rng.noise.random((STEPS, WRITTEN))
    floor = surprise(tested)
    yield NOT_YET
    contest = Contest(params)
    yield from contest.prepare()
    rate = schedules.warmed_up(schedules.constant(params.learning_rate), WARM_UP)
    for done, shown in PACE:
        if shown:
            looked = {name: contest.look(name, tested) for name in ARMS}
            written = {}
            for name in ARMS:
                yield NOT_YET
                written[name] = contest.write(name, draws)
            yield _snapshot(done, looked, written, floor)
        falling = min(1.0, 2 * (1 - done / UPDATES))
        if broke := contest.step(pool[rng.batches.integers(0, POOL, BATCH_SIZE)], rate(done) * falling):
            return Diverged(done, broke)
    return None


def _snapshot(done: int, looked: dict[str, tuple[Array, Array]], written: dict[str, Written], floor: Array) -> Snapshot:
    nats = {name: float(each[0].mean()) for name, each in looked.items()}
    right = {name: float(np.mean([grammatical(row) for row in each.words])) for name, each in written.items()}
    texts = {
        f"by {name}": {"tokens": [WORDS[word] for word in each.words[0]], "values": each.sure} for name, each in written.items()
    }
    maps = {name: each[1] for name, each in looked.items()}
    drawn: dict[str, Any] = {"nats": nats, "written": right, "maps": np.stack(list(maps.values()))} | texts
    measured = {
        "masked over the floor": float((looked["masked"][0] - floor).sum(axis=1).mean()),
        "open nats": nats["open"],
        "masked right": right["masked"],
        "open right": right["open"],
        "masked ahead": float(np.tril(maps["masked"], -1).sum()),
        "open ahead": float(np.diagonal(maps["open"], -1).mean()),
    }
    return Snapshot(done, drawn, measured=measured)


HOME = Ground(learning_rate=0.005)
HONEST = Claim(
    "With the mask the network comes close to what the grammar allows: nats per unseen sentence above it.",
    "masked over the floor",
    between(0, 0.35),
    HOME,
)
BELOW = Claim(
    "Without it the loss falls far below what any model could reach without looking ahead: nats per unseen word.",
    "open nats",
    at_most(0.02),
    HOME,
)
WRITES = Claim("The first writes sentences: the share that is grammatical.", "masked right", at_least(0.8), HOME)
FAILS = Claim(
    "The second cannot write: the share of its sentences that is grammatical.",
    "open right",
    at_most(0.15),
    Ground(learning_rate=0.005, to_come="hidden"),
)
BLIND = Claim(
    "The mask gives no weight at all to words still to come: the sum of all such weights.",
    "masked ahead",
    exactly(0),
    by_construction=True,
)
TITLE = Title("Without the mask the loss is too good to be true", "Nats per word on unseen sentences, by step", (HONEST, BELOW))
WRITING = Title("But it cannot write", "Share of written sentences that are grammatical, by step", (WRITES, FAILS))

demo = Demo(
    name="mask",
    title="Forget the mask",
    params=MaskParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(HONEST, BELOW, WRITES, FAILS, BLIND),
    presets=(
        Preset("one block", {}),
        Preset("two blocks", {"layers": 2}),
        Preset("full stops for words to come", {"to_come": "stops"}),
    ),
    guesses=guesses.MASK,
    hint="Look at the loss first: the red curve falls below the dotted line, which is impossible without cheating.",
)
