"""The passes one by one on a network with planted redundancy: what each takes away, in nodes and in calls, at equal numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, Series
from app.charts.colours import BLUE, OCHRE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    exactly,
    streams,
    switch,
)
from app.topics.computational_graph import guesses
from app.topics.computational_graph.drawing import diagram, keys_of, kinds_of
from app.topics.computational_graph.planted import FEATURES, RATE, SAMPLES, Net, network
from engine import Node, Plan, Session
from engine.passes import PASSES, simplified

CAUSES = {
    "pruned": "not needed",
    "identity": "repeats",
    "folded": "constant",
    "shared": "duplicate",
    "dead": "unread",
}
STEPS = 5
"""Of training, after which all plans must have the same weights."""


class PassesParams(Params):
    """Whether there is something to find."""

    seeded = False  # weights are drawn, and nothing that is shown depends on them

    planted: bool = switch(
        True,
        label="plant redundancy",
        help="On: a detour, constants, a layer written twice, an unused metric. Off: the same network as one would write it.",
    )


@dataclass(frozen=True)
class Event:
    """What one frame shows: a node, what became of it (a key of `CAUSES`), and how many passes were at work."""

    stage: int
    node: Node
    cause: str

    @property
    def takes_away(self) -> bool:
        """Whether the node is gone; one that was folded is a constant now."""
        return self.cause != "folded"


def events(net: Net) -> Iterator[Event]:
    """Everything that happens to a node, pass after pass; stage 0 is what was never asked for."""
    before: Sequence[Node] = net.graph.nodes
    for stage in range(len(PASSES) + 1):
        small = simplified(net.outputs, PASSES[:stage])
        fates = {node: fate for fate, node in small.fates}
        left = set(small.stands_for(before).values())
        if stage and PASSES[stage - 1] == "folded":
            yield from (Event(stage, node, "folded") for fate, node in small.fates if fate == "folded")
        for node in before:
            if node not in left:
                yield Event(stage, node, fates.get(node, "dead") if stage else "pruned")
        before = [node for node in before if node in left]


@lru_cache(maxsize=4)
def _shape(planted: bool) -> tuple[Net, tuple[Event, ...]]:
    """The graph that every seed shares, and what happens to it."""
    net = network(planted, np.random.default_rng(0))
    return net, tuple(events(net))


def charts(params: PassesParams) -> dict[str, Chart]:
    """The graph of a training step, how much of it is left, and what each pass took."""
    net, happened = _shape(params.planted)
    nodes = net.graph.nodes
    kinds = kinds_of(nodes, nodes[: nodes.index(net.loss) + 1], net.update.sets.values())
    return {
        "graph": diagram("A training step: what the passes take away turns faint", kinds, value_letters=0),
        "left": Lines(
            title=FEWER.at(params),
            series={"nodes": Series("nodes", BLUE), "calls": Series("NumPy calls of the plan", VERMILION)},
            x=Axis("changes made", (0, len(happened))),
            y=Axis("how many", (0, len(net.graph.nodes) + 1)),
        ),
        "taken": Bars(
            title="Nodes taken away, or made constant, by reason",
            categories=list(CAUSES.values()),
            series={"taken": Series("nodes", OCHRE)},
            x=Axis("reason"),
            y=Axis("nodes", (0, max(Counter(event.cause for event in happened).values()) + 1)),
        ),
    }


def _frames(params: PassesParams) -> int:
    return len(_shape(params.planted)[1]) + 2


def run(params: PassesParams) -> Run:
    """The engine’s passes, each added to those before it; a plan of what each leaves, trained for five steps on the same data."""
    rng = streams(params.seed)
    net = network(params.planted, rng.weights)
    happened, keys = list(events(net)), keys_of(net.graph.nodes)
    yield NOT_YET
    calls = [len(_plan(net, stage)[1].calls) for stage in range(len(PASSES) + 1)]
    yield NOT_YET

    gone: list[str] = []
    taken: Counter[str] = Counter()
    marked = [keys[node] for node in (*net.planted, *net.kept)]
    start = {"graph": {"gone": [], "lit": marked, "focus": None}, "left": {"nodes": len(keys), "calls": calls[0]}}
    yield Snapshot(0, start | {"taken": _bars(taken)})
    for place, event in enumerate(happened, start=1):
        taken[event.cause] += 1
        gone = [*gone, keys[event.node]] if event.takes_away else gone
        left = {"nodes": len(keys) - len(gone), "calls": calls[event.stage]}
        graph = {"gone": gone, "focus": keys[event.node]}
        yield Snapshot(place, {"graph": graph, "left": left, "taken": _bars(taken)})
    inputs = rng.data.normal(size=(FEATURES, SAMPLES))
    measured = {"nodes": float(len(keys)), "left": float(len(keys) - len(gone)), "calls": float(calls[0])}
    measured |= {"planned": float(calls[-1]), "share": calls[-1] / calls[0]} | {cause: float(taken[cause]) for cause in CAUSES}
    yield NOT_YET
    measured |= _compared(net, inputs) | _control(params)
    yield Snapshot(len(happened) + 1, {"graph": {"focus": None}}, measured=measured)
    return None


def _bars(taken: Counter[str]) -> list[int]:
    return [taken[cause] for cause in CAUSES]


def _plan(net: Net, stage: int) -> tuple[Session, Plan]:
    """A training step with the first passes only, and the session whose weights it moves."""
    session = Session(net.graph)
    return session, session.plan([net.loss], [net.update], passes=PASSES[:stage])


def _compared(net: Net, inputs: np.ndarray) -> dict[str, float]:
    """How far the plans are from each other, what is left of what was planted, and what an infinite input does."""
    feeds = {"inputs": inputs, "targets": inputs[:1] * inputs[1:2], "learning_rate": RATE}
    trained = []
    for stage in range(len(PASSES) + 1):
        session, plan = _plan(net, stage)
        losses = [float(plan(**feeds)[0]) for _ in range(STEPS)]
        trained.append(np.array([*losses, *session.values]))
    endless = feeds | {"inputs": np.where(np.arange(inputs.size).reshape(inputs.shape) == 0, np.inf, inputs)}
    by_plan, by_node = _plan(net, len(PASSES))[1](**endless)[0], Session(net.graph).run([net.loss], endless)[0]
    stands = {original for small, original in simplified(net.outputs).stands_for().items() if small.inputs}
    return {
        "gap": max(float(np.abs(one - trained[0]).max()) for one in trained[1:]),
        "planted left": float(sum(node in stands for node in net.planted)),
        "zero kept": float(sum(node in stands for node in net.kept)),
        "no number": float(np.isnan(by_plan) and np.isnan(by_node)),
    }


def _control(params: PassesParams) -> dict[str, float]:
    """The same share for the network as one would write it."""
    net = network(planted=False, rng=streams(params.seed).weights)
    before, after = (len(_plan(net, stage)[1].calls) for stage in (0, len(PASSES)))
    return {"control": after / before}


PLANTED = Ground(planted=True)
SAME = Claim(
    f"After {STEPS} steps every plan, with no pass, some or all, has the same losses and weights: the largest difference.",
    "gap",
    exactly(0),
)
SHARE = Claim("With all passes the plan makes fewer NumPy calls: their share of those without.", "share", at_most(0.7), PLANTED)
FEWER = Title("Fewer nodes, fewer calls, the same numbers", "How many nodes and calls are left", (SAME, SHARE))

demo = Demo(
    name="passes",
    title="The passes, one by one",
    params=PassesParams,
    charts=charts,
    run=run,
    frames=_frames,
    claims=(
        SAME,
        SHARE,
        Claim("Of the same network with nothing planted, more is left: the share of calls.", "control", at_least(0.8)),
        Claim("Planted operations that are still computed, but for the product with zero.", "planted left", exactly(0), PLANTED),
        Claim("The product with zero and its sum are still there: how many of the two.", "zero kept", exactly(2), PLANTED),
        Claim(
            "With one infinite number in a sample, the plan’s loss is not a number, as in the graph: 1 for yes.",
            "no number",
            exactly(1),
            PLANTED,
        ),
    ),
    presets=(Preset("planted redundancy", {}), Preset("as one would write it", {"planted": False})),
    guesses=guesses.PASSES,
    hint="The planted redundancy is highlighted. Step through and see which pass finds which part of it.",
    frame_seconds=0.5,
)
