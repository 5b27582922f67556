"""What both demos do: train a recurrent and a feedforward network on the same sequences, answer by answer at every step.

The feedforward network sees a window of the last few inputs and no more; the recurrent one sees one input at a time and its own
state. Sequences are fresh in every batch, so that nothing can be learned by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, SequenceMap, Series
from app.charts.colours import GREEN, VERMILION
from app.topic import Diverged, Pace, Params, Run, Snapshot, streams
from engine import Array, Graph, Guard, Node, Session, dense, losses, mlp, ops, optimizers
from engine.metrics import accuracy
from engine.networks.recurrent import rnn, stacked

BATCH_SIZE, TESTED = 64, 500
LEARNING_RATE, CLIP_NORM = 0.01, 1.0
RECURRENT, FEEDFORWARD = Series("recurrent", GREEN, width=3), Series("feedforward", VERMILION)
BOTH = {"recurrent": RECURRENT, "feedforward": FEEDFORWARD}

Deal = Callable[[np.random.Generator, int], tuple[Array, Array]]
"""(rng, n) to inputs and answers, both (1, steps, n)."""


def charts_of(task: str, theory: Array, pace: Pace, units: int, title: str) -> dict[str, Chart]:
    """Accuracy by step and by position, with what theory allows the feedforward network; and the state over time.

    `theory`: its best accuracy at each position, (steps,), NaN where nothing is asked.
    """
    positions = np.arange(1, theory.size + 1)
    return {
        "accuracy": Lines(
            title=title,
            series=BOTH,
            levels={"theory, feedforward": float(np.nanmean(theory))},
            x=Axis("step", (0, pace.steps)),
            y=Axis("share of answers right", (0.4, 1.02)),
        ),
        "position": Curves(
            title="Accuracy by position in the sequence",
            at=positions,
            series=BOTH,
            fixed={"theory, feedforward": theory},
            mode="lines+markers",
            x=Axis(f"position ({task})", (0.5, theory.size + 0.5)),
            y=Axis("share of answers right", (0.4, 1.02)),
        ),
        "state": SequenceMap(
            title="The recurrent network’s state while it reads one sequence",
            rows=units,
            columns=theory.size,
            of="value of a unit",
            x=Axis("time step"),
            y=Axis("hidden unit"),
            wide=True,
            height=300,
        ),
    }


def windows(inputs: Array, window: int) -> Array:
    """The last `window` inputs at every step, newest first, zeros before the first: (1, steps, n) to (window, steps, n)."""
    steps = inputs.shape[1]
    padded = np.concatenate([np.zeros((1, window - 1, inputs.shape[2]), inputs.dtype), inputs], axis=1)
    return np.concatenate([padded[:, window - 1 - back : window - 1 - back + steps] for back in range(window)])


class Contest:
    """Both networks in one graph, each with a loss over the steps from `first` on, and the plans to train and to look."""

    def __init__(self, params: Params, units: int, window: int, steps: int, first: int) -> None:
        self._window, self._first, self._graph = window, first, Graph()
        rng = streams(params.seed).weights
        self._cell = rnn(self._graph, "recurrent", 1, units, rng)
        self._reader = dense(self._graph, "reader", units, 1, rng)
        self._feedforward = mlp(self._graph, (window, units, units, 1), rng, "tanh", name="feedforward")
        self._steps = steps

    def answers(self, n: int, name: str) -> tuple[dict[str, Node], list[Node]]:
        """The logits of both, (1, asked * n), one for each step asked of each sequence; and all states of the recurrent one."""
        asked = (self._steps - self._first) * n
        states = self._cell(self._graph.placeholder(f"{name} inputs", (1, self._steps, n))).hidden
        seen = stacked(states[self._first :])
        recurrent = self._reader(ops.reshape(seen, (seen.shape[0], asked)))
        feedforward = self._feedforward(self._graph.placeholder(f"{name} windows", (self._window, asked)))
        return {"recurrent": recurrent, "feedforward": feedforward}, list(states)

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        logits, _ = self.answers(BATCH_SIZE, "batch")
        targets = self._graph.placeholder("targets", logits["recurrent"].shape)
        costs = [losses.sigmoid_cross_entropy(each, targets) for each in logits.values()]
        yield
        recurrent = optimizers.adam(costs[0], LEARNING_RATE, self._recurrent_weights, clip_norm=CLIP_NORM)
        yield
        feedforward = optimizers.adam(costs[1], LEARNING_RATE, self._feedforward.variables, clip_norm=CLIP_NORM)
        tested, states = self.answers(TESTED, "test")
        yield
        session = Session(self._graph)
        self._train = yield from session.planning([costs[0] + costs[1]], [recurrent, feedforward])
        self._look = yield from session.planning([*tested.values(), *states])
        self.guard = Guard(session, self._train)

    @property
    def _recurrent_weights(self) -> list[Node]:
        owned = {node.name for node in self._feedforward.variables}
        return [node for node in self._graph.trainable() if node.name not in owned]

    def feeds(self, name: str, inputs: Array) -> dict[str, Array]:
        """Inputs (1, steps, n), and the windows that the feedforward network sees of them."""
        seen = windows(inputs, self._window)[:, self._first :]
        return {f"{name} inputs": inputs, f"{name} windows": seen.reshape(self._window, -1)}

    def step(self, inputs: Array, answers: Array) -> str:
        """One update of both; in words what broke, "" while the losses are finite."""
        return self.guard.step(**self.feeds("batch", inputs), targets=answers[:, self._first :].reshape(1, -1))

    def look(self, inputs: Array, answers: Array) -> tuple[dict[str, Array], Array]:
        """The share of right answers by position, (steps,), NaN where nothing is asked; the states over the first sequence."""
        self._look.step(**self.feeds("test", inputs))
        recurrent, feedforward, *states = self._look.outputs
        right = {"recurrent": recurrent, "feedforward": feedforward}
        wanted, gap = answers[0, self._first :].astype(int), [float("nan")] * self._first
        shares = {
            name: np.array(gap + [accuracy(*pair) for pair in zip(logits.reshape(len(wanted), 1, -1), wanted, strict=True)])
            for name, logits in right.items()
        }
        return shares, np.stack([state[:, 0] for state in states], axis=1)


def contest(params: Params, net: Contest, deal: Deal, theory: Array, pace: Pace) -> Run:
    """Both learn from the same fresh batches by Adam at .01, clipped at 1, and are tried on 500 sequences kept apart."""
    rng = streams(params.seed)
    tested = deal(rng.data, TESTED)
    yield from net.prepare()
    for done, shown in pace:
        if shown:
            yield _snapshot(done, *net.look(*tested), theory)
        if broke := net.step(*deal(rng.batches, BATCH_SIZE)):
            return Diverged(done, broke)
    return None


def _snapshot(done: int, shares: dict[str, Array], states: Array, theory: Array) -> Snapshot:
    means = {name: float(np.nanmean(each)) for name, each in shares.items()}
    drawn: dict[str, Any] = {"accuracy": means, "position": shares, "state": states}
    away = means["feedforward"] - float(np.nanmean(theory))
    return Snapshot(done, drawn, measured=means | {"off theory": away, "lead": means["recurrent"] - means["feedforward"]})
