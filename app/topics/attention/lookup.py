"""Look-up: a query finds its key among a few pairs and reads the value beside it, with scores divided by √d or not."""

from __future__ import annotations

from collections.abc import Generator
from math import sqrt
from typing import Any, Literal, NamedTuple

import numpy as np

from app.charts import Axis, Bars, Chart, ImageGrid, Lines, Series
from app.charts.colours import BLUE, PROBABILITY_SCALE, VERMILION
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
)
from app.topics.attention import guesses
from engine import Array, Graph, Guard, Node, Session, activations, losses, ops, optimizers
from engine.metrics import accuracy

SYMBOLS, VALUES, FEATURES = 32, 8, 32
BATCH_SIZE, TESTED, STEPS = 64, 256, 200
PACE = Pace(STEPS, 81)
DIVIDED = Series("divided by √d", BLUE, width=3)
NETWORKS = ("divided", "rival")
NAMES = {"nothing": "not divided", "d": "divided by d", "small": "not divided, begun small"}


class LookupParams(Params):
    """How many numbers a key has, how many keys there are to search, how fast the networks learn, and what to compare with."""

    width: int = slider(
        64, (4, 16, 64, 128), label="numbers a key, d", help="How many numbers a query and a key have.", minimum=4, maximum=128
    )
    pairs: int = slider(16, (4, 8, 12, 16), label="pairs", help="How many keys the query has to search for its own.", minimum=4)
    learning_rate: float = slider(
        0.003, (0.0003, 0.001, 0.003, 0.01, 0.03), label="learning rate", help="For Adam, the same in both networks.", log=True
    )
    rival: Literal["nothing", "d", "small"] = choice(
        "nothing",
        NAMES,
        label="compare with",
        help="The second network. Begun small: its initial query and key weights are each divided by d to the power of ¼.",
    )


class Pairs(NamedTuple):
    """Pairs to search: keys and values (n, pairs), the query (n,), the value wanted (n,) and the place where it stands (n,)."""

    keys: Array
    values: Array
    query: Array
    wanted: Array
    place: Array


def deal(rng: np.random.Generator, n: int, pairs: int) -> Pairs:
    """Different keys in each sample, a value beside each at random, and one of the keys as the query."""
    keys = np.argsort(rng.random((n, SYMBOLS)), axis=1)[:, :pairs]
    values, place = rng.integers(0, VALUES, (n, pairs)), rng.integers(0, pairs, n)
    every = np.arange(n)
    return Pairs(keys, values, keys[every, place], values[every, place], place)


class Reader:
    """A network that looks up: queries, keys and values of `width` numbers, softmax over the keys, and what it reads out."""

    def __init__(self, graph: Graph, name: str, params: LookupParams, rng: np.random.Generator) -> None:
        self._width = width = params.width
        rival = params.rival if name == "rival" else "√d"
        self.factor = {"√d": 1 / sqrt(width), "nothing": 1.0, "d": 1 / width, "small": 1.0}[rival]
        start = width**-0.25 if rival == "small" else 1.0

        def variable(what: str, units: int, fan_in: int, std: float) -> Node:
            return graph.variable(f"{name}/{what}", rng.normal(0, std, (units, fan_in)))

        self._symbols, self._asked = (variable(what, FEATURES, SYMBOLS, 1.0) for what in ("keys", "queries"))
        self._values = variable("values", FEATURES, VALUES, 1.0)
        self._to_key, self._to_query = (variable(what, width, FEATURES, start / sqrt(FEATURES)) for what in ("key", "query"))
        self._to_value = variable("value", width, FEATURES, 1 / sqrt(FEATURES))
        self._readout = variable("readout", VALUES, width, 1 / sqrt(width))
        self.variables = [self._symbols, self._asked, self._values, self._to_key, self._to_query, self._to_value, self._readout]
        self.table = ops.matmul(ops.transpose(self._keys(self._symbols)), self._queries(self._asked))  # (keys, queries)

    def _keys(self, symbols: Node) -> Node:
        return ops.matmul(self._to_key, symbols)

    def _queries(self, symbols: Node) -> Node:
        return ops.matmul(self._to_query, symbols) * self.factor

    def __call__(self, keys: Node, values: Node, query: Node) -> tuple[Node, Node, Node]:
        """Logits (VALUES, n); weights and scores (pairs, n, 1). `keys` and `values` are (n pairs,), `query` is (n,)."""
        n = query.shape[0]
        pairs = keys.shape[0] // n
        asked = ops.reshape(self._queries(ops.gather(self._asked, query)), (self._width, n, 1))
        known = ops.reshape(self._keys(ops.gather(self._symbols, keys)), (self._width, n, pairs))
        beside = ops.reshape(ops.matmul(self._to_value, ops.gather(self._values, values)), (self._width, n, pairs))
        scores = ops.contract(known, asked, "dnk,dnq->knq")
        weights = activations.softmax(scores, axis=-3)
        taken = ops.reshape(ops.contract(beside, weights, "dnk,knq->dnq"), (self._width, n))
        return ops.matmul(self._readout, taken), weights, scores


def charts(params: LookupParams) -> dict[str, Chart]:
    """Accuracy of both; the weights that one query gives to the keys; the scores of all symbols."""
    both = {"divided": DIVIDED, "rival": Series(NAMES[params.rival], VERMILION)}
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series=both,
            levels={"a guess": 1 / VALUES},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of unseen look-ups right", (0, 1.02)),
        ),
        "weights": Bars(
            title="What one query looks at",
            categories=["right", *(f"{place}" for place in range(2, params.pairs + 1))],
            series=both,
            x=Axis("key, the right one first"),
            y=Axis("attention weight", (0, 1)),
        ),
        "scores": ImageGrid(
            title="The score of every query with every key, before softmax",
            rows=1,
            columns=2,
            image=(SYMBOLS, SYMBOLS),
            low=-8,
            high=8,
            colours=PROBABILITY_SCALE,
            column_names=("divided by √d", NAMES[params.rival]),
            wide=True,
            x=Axis("query symbol, −8 blue to 8 red"),
            y=Axis("key symbol"),
        ),
    }


class Looked(NamedTuple):
    """Logits (VALUES, n), weights and scores (pairs, n, 1), and the scores of all symbols (keys, queries)."""

    logits: Array
    weights: Array
    scores: Array
    table: Array


class Race:
    """Both networks in one graph, with the same start and the same batches."""

    def __init__(self, params: LookupParams) -> None:
        self._graph, self._params = Graph(), params
        self._readers = [Reader(self._graph, name, params, streams(params.seed).weights) for name in NETWORKS]

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        fed, tried = self._placeholders("batch", BATCH_SIZE), self._placeholders("test", TESTED)
        wanted = self._graph.placeholder("wanted", (VALUES, BATCH_SIZE))
        costs = [losses.softmax_cross_entropy(reader(*fed)[0], wanted) for reader in self._readers]
        yield
        rate = self._params.learning_rate
        updates = [
            optimizers.adam(*each) for each in zip(costs, (rate, rate), (one.variables for one in self._readers), strict=True)
        ]
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1]], updates)
        self._look = yield from session.planning([node for one in self._readers for node in (*one(*tried), one.table)])
        self.guard = Guard(session, train)

    def _placeholders(self, when: str, n: int) -> list[Node]:
        sizes = {"keys": n * self._params.pairs, "values": n * self._params.pairs, "query": n}
        return [self._graph.placeholder(f"{when} {what}", (size,)) for what, size in sizes.items()]

    def step(self, batch: Pairs) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        return self.guard.step(**_feeds("batch", batch), wanted=losses.one_hot(batch.wanted, VALUES))

    def look(self, tested: Pairs) -> dict[str, Looked]:
        """What each network makes of the test."""
        self._look.step(**_feeds("test", tested))
        made = self._look.outputs
        return {name: Looked(*made[4 * place : 4 * place + 4]) for place, name in enumerate(NETWORKS)}


def _feeds(when: str, dealt: Pairs) -> dict[str, Any]:
    shown = {"keys": dealt.keys, "values": dealt.values, "query": dealt.query}
    return {f"{when} {what}": np.asarray(numbers, np.float32).ravel() for what, numbers in shown.items()}


def run(params: LookupParams) -> Run:
    """Two attention networks learn to look up by Adam, 200 steps on fresh batches of 64, and are tried on 256 kept apart."""
    rng = streams(params.seed)
    tested = deal(rng.data, TESTED, params.pairs)
    race = Race(params)
    yield from race.prepare()
    for done, shown in PACE:
        if shown:
            yield _snapshot(done, race.look(tested), tested)
        if broke := race.step(deal(rng.batches, BATCH_SIZE, params.pairs)):
            return Diverged(done, broke)
    return None


def _snapshot(done: int, looked: dict[str, Looked], tested: Pairs) -> Snapshot:
    right = {name: accuracy(each.logits, tested.wanted) for name, each in looked.items()}
    others = [place for place in range(tested.keys.shape[1]) if place != tested.place[0]]
    weights = {name: each.weights[[tested.place[0], *others], 0, 0] for name, each in looked.items()}
    drawn = {"accuracy": right, "weights": weights, "scores": np.stack([each.table for each in looked.values()])}
    spread = {f"{name} spread": float(each.scores.std(axis=0).mean()) for name, each in looked.items()}
    return Snapshot(done, drawn, measured=right | (spread if done == 0 else {}))


FINDS = Claim(
    "With scores divided by √d the network finds the key: its share of unseen look-ups right.",
    "divided",
    at_least(0.97),
    Ground(width=between(16, 128), learning_rate=0.003),
)
MISSES = Claim(
    "Without the division the network has not learned to find it by then: its share right.",
    "rival",
    at_most(0.9),
    Ground(width=between(64, 128), pairs=16, learning_rate=0.003, rival="nothing"),
)
UNIT = Claim(
    "Divided by √d, the scores of a query begin with a standard deviation near 1.",
    "divided spread",
    between(0.7, 1.3),
    Ground(width=between(16, 128), pairs=16),
)
WIDE = Claim(
    "Not divided, they begin with a standard deviation near √64 = 8.",
    "rival spread",
    between(5.5, 10),
    Ground(width=64, pairs=16, rival="nothing"),
)
SMALL = Claim(
    "Begun small, undivided scores do just as well: their share right.",
    "rival",
    at_least(0.97),
    Ground(width=64, learning_rate=0.003, rival="small"),
)
TITLE = Title("Divided by √d, attention learns to find the key", "Share of look-ups right, by step", (FINDS, MISSES))

demo = Demo(
    name="lookup",
    title="Look up a key",
    params=LookupParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(FINDS, MISSES, UNIT, WIDE, SMALL),
    presets=(
        Preset("with and without √d", {}),
        Preset("d = 128", {"width": 128}),
        Preset("d = 4", {"width": 4}),
        Preset("undivided, but begun small", {"rival": "small"}),
        Preset("divided by d", {"rival": "d"}),
    ),
    guesses=guesses.LOOKUP,
    hint="Both networks get the same pairs. Watch a diagonal appear on the left, and the correct key win.",
)
