"""The delay grows: plain, orthogonal and gated networks on the same sequences, and what of the gradient reaches the first step.

Which of them remembers is decided by how they begin, as much as by whether they have gates.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, GREY, VERMILION
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
    slider,
    streams,
)
from app.topics.lstm import common
from app.topics.lstm.common import BATCH_SIZE, CHANCE, CLIP_NORM, FEATURES, LEARNING_RATE, SYMBOLS, UNITS
from engine import Graph, Guard, Node, Session, dense, gradients, initializers, losses, optimizers, recurrent
from engine.datasets.sequences import first_symbol
from engine.graph import Array

QUARTERS = (1, 2, 3, 4)
FRAMES = 51
"""Of each length."""
JUDGED = 10
"""So many of the last batches the accuracy is measured on. Each is new to the networks."""


class DelayParams(Params):
    """How the gated and the plain networks begin, and for how long all train at each length."""

    forget_bias: float = common.forget_bias(5.0)
    recurrent_scale: float = slider(
        1.0,
        (0.5, 0.8, 1.0, 1.2),
        label="scale of the recurrent weights",
        help="A factor on the initial weights with which the two networks without gates read their state.",
        minimum=0.1,
        maximum=1.5,
    )
    longest: int = slider(
        40,
        (20, 40, 60),
        label="longest sequence",
        unit="steps",
        help="The networks are tried at a quarter, a half, three quarters and all of this length.",
        minimum=8,
    )
    updates: int = common.updates(250, "How long each network trains at each length, on 32 fresh sequences per update.")


def pace(params: DelayParams) -> Pace:
    """That of one length."""
    return Pace(params.updates, FRAMES)


def lengths_of(params: DelayParams) -> tuple[int, ...]:
    """The four sequence lengths, ascending."""
    return tuple(params.longest * quarter // len(QUARTERS) for quarter in QUARTERS)


def charts(params: DelayParams) -> dict[str, Chart]:
    """Accuracy by length, accuracy as all train, and the gradient at the first step."""
    series = {
        "yours": Series(f"LSTM, forget bias {params.forget_bias:g}", GREEN, width=4),
        "plain": Series("no gates, Gaussian", GREY),
        "orthogonal": Series("no gates, orthogonal", BLUE),
        "zero": Series("LSTM, forget bias 0", VERMILION, "dash"),
    }
    lengths = lengths_of(params)
    starts = {float(place * params.updates): f"{length} steps" for place, length in enumerate(lengths)}
    time = Axis("update, from fresh weights at each sequence length", (0, len(lengths) * params.updates), ticks=starts)
    return {
        "lengths": Curves(
            title=TITLE.at(params),
            at=lengths,
            series=series,
            fixed={"guessing": np.full(len(lengths), CHANCE)},
            mode="lines+markers",
            x=Axis("sequence length, steps", (0, params.longest + 3)),
            y=Axis("accuracy on fresh sequences", (0, 1.03)),
            wide=True,
            height=320,
        ),
        "accuracy": Lines(
            title="Learning at one length after another",
            series=series,
            x=time,
            y=Axis("accuracy on fresh sequences", (0, 1.03)),
        ),
        "gradient": Lines(
            title="How much of the gradient reaches the first step",
            series=series,
            levels={"all of it": 1.0},
            x=time,
            y=Axis("gradient, first over last step", (1e-16, 1e4), log=True),
        ),
    }


def run(params: DelayParams) -> Run:
    """At each length four new networks of 24 units, trained side by side on the same fresh sequences, with the same optimizer."""
    rng, lengths = streams(params.seed).batches, lengths_of(params)
    final = {name: np.full(len(lengths), np.nan) for name in ("plain", "orthogonal", "zero", "yours")}
    measured = dict[str, float]()
    for place, length in enumerate(lengths):
        plain, gates = (yield from without_gates(params, length)), (yield from with_gates(params, length))
        right = list[Array]()
        for done, shown in pace(params):
            sequences, labels = first_symbol(rng, BATCH_SIZE, length, SYMBOLS)
            feeds = {"inputs": sequences, "targets": losses.one_hot(labels, SYMBOLS)}
            if broke := plain.step(**feeds) or gates.step(**feeds):
                return Diverged(place * params.updates + done, broke)
            right.append(np.concatenate([each.right(labels) for each in (plain, gates)]))
            if shown:
                now = dict(zip(final, np.mean(right[-JUDGED:], axis=0).tolist(), strict=True))
                reached = dict(zip(final, [*plain.reached(), *gates.reached()], strict=True))
                for name, accuracy in now.items():
                    final[name][place] = accuracy
                measured |= {f"{name} {length}": accuracy for name, accuracy in now.items()}
                measured |= {f"{name} gradient {length}": share for name, share in reached.items()} if done == 0 else {}
                charts = {"lengths": {name: each.copy() for name, each in final.items()}, "accuracy": now, "gradient": reached}
                yield Snapshot(place * params.updates + done, charts, measured=measured | _compared(measured))
    return None


class Pair:
    """Two networks of a sweep that answer once, after the last step; `states` are what carries the memory from step to step."""

    def __init__(self, inputs: Node, hidden: Node, states: Sequence[Node], rng: np.random.Generator) -> None:
        self.graph, self._inputs, self._states = inputs.graph, inputs, states
        self._logits = dense(self.graph, "head", UNITS, SYMBOLS, rng)(hidden)

    def prepare(self, name: str, start: Array) -> Generator[None, None, None]:
        """Their gradients and their plan, in pieces; `start` (2, ...) is what the variable of that name begins at."""
        loss = losses.softmax_cross_entropy(self._logits, self.graph.placeholder("targets", (SYMBOLS, BATCH_SIZE)))
        slopes = gradients(loss, [self._states[0], self._states[-1]])
        yield
        update = optimizers.adam(loss, LEARNING_RATE, clip_norm=CLIP_NORM)
        yield
        session = Session(self.graph)
        session.assign(self.graph.variables[name], start)
        self._plan = yield from session.planning([loss, self._logits, *slopes], [update])
        self._guard = Guard(session, self._plan, [loss])

    def step(self, **feeds: Array) -> str:
        """One update of both; what broke, or ""."""
        return self._guard.step(**feeds)

    def right(self, labels: Array) -> Array:
        """The accuracy of each on the last batch, before the update that it made."""
        right: Array = (self._plan.outputs[1].argmax(axis=1) == labels).mean(axis=1)
        return right

    def reached(self) -> list[float]:
        """The length of the gradient with respect to the first step's state over that of the last step's, for each.

        NaN where nothing is left to learn and the gradient is 0.
        """
        first, last = (np.linalg.norm(slope.astype(float), axis=(1, 2)) for slope in self._plan.outputs[2:])
        shares: list[float] = np.divide(first, last, out=np.full(2, np.nan), where=last > 0).tolist()
        return shares


def without_gates(params: DelayParams, length: int) -> Generator[None, None, Pair]:
    """Two tanh networks alike but for the weights that read the state: Gaussian with Xavier's variance, and orthogonal."""
    graph, rng = Graph(sweep=2), streams(params.seed).weights
    inputs = graph.placeholder("inputs", (FEATURES, length, BATCH_SIZE))
    states = recurrent.rnn(graph, "rnn", FEATURES, UNITS, rng)(inputs)
    yield
    pair = Pair(inputs, states.last, states.hidden, rng)
    start = np.repeat(Session(graph).value(graph.variables["rnn/weights"])[:1], 2, axis=0)
    start[0, :, :UNITS] = initializers.xavier(rng, UNITS, UNITS)
    start[:, :, :UNITS] *= params.recurrent_scale
    yield from pair.prepare("rnn/weights", start)
    return pair


def with_gates(params: DelayParams, length: int) -> Generator[None, None, Pair]:
    """Two LSTMs alike but for the forget bias: 0, and the visitor's."""
    graph, rng = Graph(sweep=2), streams(params.seed).weights
    inputs = graph.placeholder("inputs", (FEATURES, length, BATCH_SIZE))
    states = recurrent.lstm(graph, "lstm", FEATURES, UNITS, rng)(inputs)
    yield
    pair = Pair(inputs, states.last, states.cells, rng)
    start = np.repeat(Session(graph).value(graph.variables["lstm/weights"])[:1], 2, axis=0)
    start[:, UNITS : 2 * UNITS, -1] = [[0.0], [params.forget_bias]]
    yield from pair.prepare("lstm/weights", start)
    return pair


def _compared(measured: Mapping[str, float]) -> dict[str, float]:
    """What the claims weigh against each other, once the lengths they speak of are through."""
    if "yours 40" not in measured:
        return {}
    return {
        "gated": min(measured[f"yours {length}"] for length in (10, 20, 30, 40)),
        "ungated": min(measured["plain 10"], measured["orthogonal 10"]),
        "reach": float(np.log10(measured["orthogonal gradient 40"] / measured["zero gradient 40"])),
    }


REMEMBERS = Claim(
    "The LSTM with open forget gates remembers over up to 40 steps: its lowest accuracy at 10, 20, 30 and 40.",
    "gated",
    at_least(0.95),
    Ground(forget_bias=between(4, 6), updates=at_least(250), longest=40),
)
FORGETS = Claim(
    "The LSTM with a forget bias of 0 does not remember over 40 steps within this budget: its accuracy there.",
    "zero 40",
    at_most(0.45),
    Ground(updates=at_most(300), longest=40),
)
TITLE = Title("Gates alone are not enough: one LSTM remembers, one forgets", "Accuracy by sequence length", (REMEMBERS, FORGETS))

demo = Demo(
    name="delay",
    title="As the delay grows",
    params=DelayParams,
    charts=charts,
    run=run,
    frames=lambda params: len(QUARTERS) * len(pace(params)),
    claims=(
        REMEMBERS,
        FORGETS,
        Claim(
            "Over 10 steps the two networks without gates remember, too: the lower of their accuracies.",
            "ungated",
            at_least(0.95),
            Ground(recurrent_scale=1, updates=at_least(250), longest=40),
        ),
        Claim(
            "Before training, more gradient reaches the first of 40 steps in the orthogonal network than in the LSTM with a "
            "forget bias of 0: by this many powers of ten.",
            "reach",
            at_least(2),
            Ground(recurrent_scale=1, longest=40),
        ),
    ),
    presets=(
        Preset("open gates", {}),
        Preset("bias 1, the usual advice", {"forget_bias": 1.0}),
        Preset("small recurrent weights", {"recurrent_scale": 0.5}),
        Preset("up to 60 steps", {"longest": 60}),
        Preset("more than twice the budget", {"updates": 600}),
    ),
    hint="Look at the end: which of the four still answer right at the longest sequences, and how did each begin?",
)
