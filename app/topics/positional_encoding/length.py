"""Longer than trained: decoders that learn on 16 steps are tried on 64, each with another way to say where a token stands."""

from __future__ import annotations

from collections.abc import Generator
from itertools import cycle
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, ImageGrid, Lines, Series
from app.charts.colours import BLUE, GREEN, PURPLE, VERMILION
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
    choice,
    slider,
    streams,
)
from app.topics.positional_encoding import guesses
from app.topics.positional_encoding.namer import LONGEST, SYMBOLS, Namer
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules

BATCH_SIZE, TESTED, FAR = 32, 32, 48
LEARNING_RATE, CLIP_NORM, WARM_UP = 0.01, 1.0, 20
PACE = Pace(240, 41)
NAMED = {
    "learned": Series("learned", BLUE, width=3),
    "sinusoidal": Series("sinusoidal", PURPLE),
    "rotary": Series("rotary (RoPE)", GREEN, width=3),
    "linear": Series("distance subtracted (ALiBi)", VERMILION),
}


class LengthParams(Params):
    """Which symbol is to be named, how long the sequences of training are, and how slowly the slowest rotation turns."""

    task: Literal["back", "first"] = choice(
        "back",
        {"back": "some steps back", "first": "the first of all"},
        label="symbol to name",
        help="At each step: the one a fixed number of steps before, or the one at the very beginning.",
    )
    back: int = slider(
        3, (1, 2, 3, 4, 6), label="steps back", help="How far back the symbol to be named is, in the first task.", maximum=6
    )
    trained: int = slider(
        16,
        (8, 16, 32),
        label="trained length",
        unit="steps",
        help="Of the sequences used in training.",
        minimum=8,
        maximum=32,
    )
    base: float = slider(
        10_000.0,
        (100.0, 1000.0, 10_000.0),
        label="base of the rotation",
        help="Of RoPE. A larger one makes the slow rotations slower still.",
        minimum=10.0,
        log=True,
    )


def charts(params: LengthParams) -> dict[str, Chart]:
    """Accuracy by place, where each decoder looks, and how accuracy within and beyond the trained length grows."""
    step, share = Axis("step", (0, PACE.steps)), Axis("share right", (0, 1.02))
    return {
        "places": Curves(
            title=TITLE.at(params),
            at=np.arange(1, LONGEST + 1),
            series=NAMED,
            fixed={"a guess": np.full(LONGEST, 1 / SYMBOLS)},
            x=Axis(f"place in the sequence; trained up to {params.trained}", (0, LONGEST + 1)),
            y=share,
        ),
        "maps": ImageGrid(
            title="Where each one looks, in sequences of 64",
            rows=2,
            columns=2,
            image=(LONGEST, LONGEST),
            column_names=("learned; below: rotary", "sinusoidal; below: ALiBi"),
            x=Axis("query; mean weight over unseen sequences, black: 0, white: 1"),
            y=Axis("key"),
        ),
        "within": Lines(title="Within the trained length", series=NAMED, x=step, y=share),
        "beyond": Lines(title="Beyond the trained length", series=NAMED, x=step, y=share),
    }


class Contest:
    """All decoders in one graph, on the same batches, each with an optimizer of its own."""

    def __init__(self, params: LengthParams) -> None:
        self._params, self._graph = params, Graph()
        rng = streams(params.seed).weights
        self._nets = {name: Namer(self._graph, name, rng, name, params.base) for name in NAMED}
        self.asked: Array = np.arange(LONGEST) >= (params.back if params.task == "back" else 0)
        """(LONGEST,): the steps at which there is a symbol to name."""

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        shape, rate = (BATCH_SIZE, self._params.trained), self._graph.placeholder("learning_rate")
        symbols, targets = self._graph.placeholder("symbols", shape), self._graph.placeholder("targets", (SYMBOLS, *shape))
        asked = self._graph.constant(np.repeat(self.asked[None, : self._params.trained], BATCH_SIZE, axis=0).astype(float))
        costs, updates = [], []
        for net in self._nets.values():
            costs.append(losses.sequence_cross_entropy(net(symbols)[0], targets, asked))
            updates.append(optimizers.adam(costs[-1], rate, net.variables, clip_norm=CLIP_NORM))
            yield
        tested = self._graph.placeholder("tested", (TESTED, LONGEST))
        looks = {name: net(tested) for name, net in self._nets.items()}
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1] + costs[2] + costs[3]], updates)
        self._looks = {}
        for name, look in looks.items():
            self._looks[name] = yield from session.planning(look)
        self.guard = Guard(session, train)

    def wanted(self, symbols: Array) -> Array:
        """The symbols to name, (n, steps)."""
        if self._params.task == "first":
            return np.repeat(symbols[:, :1], symbols.shape[1], axis=1)
        return np.roll(symbols, self._params.back, axis=1)

    def step(self, symbols: Array, rate: float) -> str:
        """One update of all; in words what broke, "" while the loss is finite."""
        targets = losses.one_hot(self.wanted(symbols).ravel(), SYMBOLS).reshape(SYMBOLS, *symbols.shape)
        return self.guard.step(symbols=symbols, targets=targets, learning_rate=rate)

    def look(self, name: str, symbols: Array) -> tuple[Array, Array]:
        """Of one decoder: the share right by place (LONGEST,), NaN where nothing is asked; and its mean map (keys, queries)."""
        self._looks[name].step(tested=symbols)
        logits, weights = self._looks[name].outputs
        right = (logits.argmax(axis=0) == self.wanted(symbols)).mean(axis=0)
        return np.where(self.asked, right, np.nan), weights.mean(axis=(1, 2))


class Seen:
    """What has been looked at: the newest map of each decoder, and its share right by parts of the sequences."""

    def __init__(self, trained: int) -> None:
        self._maps = dict.fromkeys(NAMED, np.zeros((LONGEST, LONGEST)))
        self._parts = {
            "within": slice(0, trained),
            "just beyond": slice(trained, trained + 8),
            "beyond": slice(trained, LONGEST),
            "far beyond": slice(FAR, LONGEST),
        }

    def snapshot(self, done: int, looked: dict[str, tuple[Array, Array]]) -> Snapshot:
        """Those looked at now, by name: the share right by place, and a map. Maps are sent once each has been seen anew."""
        self._maps |= {name: seen for name, (_, seen) in looked.items()}
        shares = {
            name: {part: float(np.nanmean(right[places])) for part, places in self._parts.items()}
            for name, (right, _) in looked.items()
        }
        drawn: dict[str, Any] = {"places": {name: right for name, (right, _) in looked.items()}}
        drawn |= {part: {name: each[part] for name, each in shares.items()} for part in ("within", "beyond")}
        if list(NAMED)[-1] in looked:
            drawn["maps"] = np.stack(list(self._maps.values()))
        measured = {f"{name} {part}": share for name, each in shares.items() for part, share in each.items()}
        differs = {f"{name} differs": abs(each["within"] - each["far beyond"]) for name, each in shares.items()}
        return Snapshot(done, drawn, measured=measured | differs)


def run(params: LengthParams) -> Run:
    """Four decoders of one block and one head, by Adam on 240 fresh batches of 32 sequences; tried on 32 sequences of 64."""
    rng, contest, seen = streams(params.seed), Contest(params), Seen(params.trained)
    tested = rng.data.integers(0, SYMBOLS, (TESTED, LONGEST))
    yield from contest.prepare()
    rate, turns = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP), cycle(NAMED)
    for done, shown in PACE:
        if shown:  # one decoder in turn; all at the start and at the end
            chosen = NAMED if done in (0, PACE.steps) else [next(turns)]
            yield seen.snapshot(done, {name: contest.look(name, tested) for name in chosen})
        falling = min(1.0, 2 * (1 - done / PACE.steps))
        if broke := contest.step(rng.batches.integers(0, SYMBOLS, (BATCH_SIZE, params.trained)), rate(done) * falling):
            return Diverged(done, broke)
        yield NOT_YET
    return None


BACK, FIRST = Ground(task="back", back=3, trained=16, base=10_000.0), Ground(task="first", trained=16, base=10_000.0)
KNOWN = Claim(
    "Within the trained length learned positions name the symbol: their share right.", "learned within", at_least(0.97), BACK
)
ENDS = Claim("Beyond it they do not: their share right at the places 17 to 64.", "learned beyond", at_most(0.25), BACK)
WAVES = Claim(
    "Sinusoids do not carry on for long either: their share right from place 49.", "sinusoidal far beyond", at_most(0.45), BACK
)
TURNS = Claim(
    "Rotary positions do: their share right just beyond, at the places 17 to 24.", "rotary just beyond", at_least(0.9), BACK
)
KEEPS = Claim(
    "Subtracting the distance is about as good far beyond as within: by how much its share differs.",
    "linear differs",
    at_most(0.15),
    BACK,
)
ABSOLUTE = Claim(
    "But learned positions find the first symbol of all even beyond it: their share right.",
    "learned beyond",
    at_least(0.85),
    FIRST,
)
RELATIVE = Claim("And rotary positions lose it there: their share right.", "rotary beyond", at_most(0.3), FIRST)
TITLE = Title("Learned positions end where training ended", "Share right, by place", (KNOWN, ENDS))

demo = Demo(
    name="length",
    title="Longer than trained",
    params=LengthParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(KNOWN, ENDS, WAVES, TURNS, KEEPS, ABSOLUTE, RELATIVE),
    presets=(
        Preset("three back", {}),
        Preset("the first of all", {"task": "first"}),
        Preset("trained on 32", {"trained": 32}),
        Preset("a base of 100", {"base": 100.0}),
    ),
    guesses=guesses.LENGTH,
    hint="The four learn on short sequences and are tried on 64 steps. See what becomes of each line beyond the trained length.",
)
