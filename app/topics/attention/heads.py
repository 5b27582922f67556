"""Several heads: name the symbol one step back and the one four back. One softmax mixes the two; two heads keep them apart."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Series
from app.charts.colours import GREEN, VERMILION
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
    one_of,
    slider,
    streams,
    switch,
)
from app.topics.attention import guesses
from engine import Array, Graph, Guard, Node, Session, dense, losses, ops, optimizers, positions, schedules
from engine.networks.attention import causal_mask, columns
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

SYMBOLS, WIDTH, TIME = 8, 32, 16
BATCH_SIZE, TESTED, STEPS = 32, 128, 300
LEARNING_RATE, CLIP_NORM, WARM_UP = 0.01, 1.0, 20
PACE = Pace(STEPS, 81)
ONE = Series("one head", VERMILION)


class HeadsParams(Params):
    """How many heads share the width, what is asked for, and whether an MLP follows them."""

    heads: Literal["2", "4", "8"] = choice(
        "2",
        {"2": "two", "4": "four", "8": "eight"},
        label="heads",
        help="Of the first network; the second has one. Both have the same number of weights.",
    )
    far: int = slider(
        4,
        (2, 3, 4, 6, 8),
        label="far symbol",
        unit="steps back",
        help="Each place names the symbol just before it and the one this many steps back.",
        minimum=2,
    )
    perceptron: bool = switch(
        False, label="MLP after it", help="A layer norm before the heads, and an MLP (a multilayer perceptron) after them."
    )


def charts(params: HeadsParams) -> dict[str, Chart]:
    """The share of places where both symbols are right, and where each head looks."""
    return {
        "accuracy": Lines(
            title=TITLE.at(params),
            series={"several": Series(f"{params.heads} heads", GREEN, width=3), "one": ONE},
            levels={"a guess": SYMBOLS**-2},
            x=Axis("step", (0, STEPS)),
            y=Axis("share of places with both right", (0, 1.02)),
        ),
        "maps": ImageGrid(
            title="Where each head looks",
            rows=1,
            columns=int(params.heads) + 1,
            image=(TIME, TIME),
            column_names=("one head", *(f"head {place}" for place in range(1, int(params.heads) + 1))),
            wide=int(params.heads) > 2,
            x=Axis("query, from black 0 to white 1 in the mean over unseen sequences"),
            y=Axis("key"),
        ),
    }


class Namer:
    """Tokens go through one block of attention; from its output, the symbols one back and `far` back are read."""

    def __init__(self, graph: Graph, name: str, heads: int, params: HeadsParams, rng: np.random.Generator) -> None:
        hidden, norm = (4 * WIDTH, "pre") if params.perceptron else (0, "none")
        self._symbol = embedding(graph, f"{name}/symbol", SYMBOLS, WIDTH, rng, std=WIDTH**-0.5)
        self._place = positions.learned(graph, f"{name}/positions", WIDTH, TIME, rng, std=WIDTH**-0.5)
        self._block = block(graph, name, WIDTH, heads, rng, hidden=hidden, norm=norm)
        self._heads = [dense(graph, f"{name}/{which}", WIDTH, SYMBOLS, rng) for which in ("near", "far")]

    def __call__(self, symbols: Node) -> tuple[list[Node], Node]:
        """Logits of the near and the far symbol, both (SYMBOLS, n TIME); and the weights, (keys, heads, n, queries)."""
        seen = self._block(self._place(self._symbol(symbols)), causal_mask(TIME))
        return [head(columns(seen.outputs)) for head in self._heads], seen.weights


class Contest:
    """Both networks in one graph, on the same batches; only steps at which the far symbol exists are asked about."""

    def __init__(self, params: HeadsParams) -> None:
        self._params, self._graph = params, Graph()
        rng = streams(params.seed).weights
        self._nets = [
            Namer(self._graph, name, heads, params, rng) for name, heads in (("several", int(params.heads)), ("one", 1))
        ]

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        asked = self._graph.constant(np.repeat((np.arange(TIME) >= self._params.far)[None], BATCH_SIZE, axis=0).astype(float))
        targets = [self._graph.placeholder(which, (SYMBOLS, BATCH_SIZE, TIME)) for which in ("near", "far")]
        symbols, tested = (self._graph.placeholder(name, (n, TIME)) for name, n in (("batch", BATCH_SIZE), ("test", TESTED)))
        costs = []
        for net in self._nets:
            logits = [ops.reshape(each, (SYMBOLS, BATCH_SIZE, TIME)) for each in net(symbols)[0]]
            near, far = (losses.sequence_cross_entropy(*pair, asked) for pair in zip(logits, targets, strict=True))
            costs.append(near + far)
            yield
        rate = self._graph.placeholder("learning_rate")
        update = optimizers.adam(costs[0] + costs[1], rate, clip_norm=CLIP_NORM)
        looked = [net(tested) for net in self._nets]
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1]], [update])
        self._look = yield from session.planning([node for logits, weights in looked for node in (*logits, weights)])
        self.guard = Guard(session, train)

    def step(self, symbols: Array, rate: float) -> str:
        """One update of both; in words what broke, "" while the loss is finite."""
        near, far = (losses.one_hot(back(symbols, steps).ravel(), SYMBOLS) for steps in (1, self._params.far))
        shape = (SYMBOLS, *symbols.shape)
        return self.guard.step(batch=symbols, near=near.reshape(shape), far=far.reshape(shape), learning_rate=rate)

    def look(self, symbols: Array) -> tuple[dict[str, float], Array]:
        """The share of places with both right, by network; and the mean maps, (1 + heads, keys, queries), the one head first."""
        self._look.step(test=symbols)
        made = self._look.outputs
        wanted = [back(symbols, steps) for steps in (1, self._params.far)]
        right = {}
        for name, place in (("several", 0), ("one", 3)):
            said = [each.argmax(axis=0).reshape(symbols.shape) for each in made[place : place + 2]]
            both = np.logical_and(*(one == other for one, other in zip(said, wanted, strict=True)))
            right[name] = float(both[:, self._params.far :].mean())
        maps = [weights.mean(axis=2).swapaxes(0, 1) for weights in (made[5], made[2])]
        return right, np.concatenate(maps)


def back(symbols: Array, steps: int) -> Array:
    """(n, time): at each step the symbol so many steps before, 0 where there is none."""
    return np.concatenate([np.zeros((len(symbols), steps), symbols.dtype), symbols[:, :-steps]], axis=1)


def run(params: HeadsParams) -> Run:
    """Attention alone, once with several heads and once with one, by Adam with clipping at 1, warmed up and then falling."""
    rng = streams(params.seed)
    tested = rng.data.integers(0, SYMBOLS, (TESTED, TIME))
    contest = Contest(params)
    yield from contest.prepare()
    rate = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP)
    for done, shown in PACE:
        if shown:
            right, maps = contest.look(tested)
            yield Snapshot(done, {"accuracy": right, "maps": maps}, measured=right)
        falling = min(1.0, 2 * (1 - done / STEPS))
        if broke := contest.step(rng.batches.integers(0, SYMBOLS, (BATCH_SIZE, TIME)), rate(done) * falling):
            return Diverged(done, broke)
    return None


APART = Claim(
    "Several heads keep the two symbols apart: their share of places with both right.",
    "several",
    at_least(0.95),
    Ground(heads=one_of("2", "4"), far=4),
)
MIXED = Claim(
    "One head of the same size mixes them: its share of places with both right.",
    "one",
    at_most(0.35),
    Ground(far=4, perceptron=False),
)
READS = Claim(
    "With a perceptron (an MLP) after it, one head does it too: its share of places with both right.",
    "one",
    at_least(0.95),
    Ground(far=4, perceptron=True),
)
TITLE = Title("One head mixes what two keep apart", "Share of places with both symbols right, by step", (APART, MIXED))

demo = Demo(
    name="heads",
    title="Several heads",
    params=HeadsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(APART, MIXED, READS),
    presets=(
        Preset("two heads against one", {}),
        Preset("four heads", {"heads": "4"}),
        Preset("an MLP after them", {"perceptron": True}),
    ),
    guesses=guesses.HEADS,
    hint="Each map shows how much every place looks at those before it. Two heads find two diagonals; one head has to blur them.",
)
