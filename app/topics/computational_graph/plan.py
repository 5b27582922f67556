"""The plan of a network that trains on another page: its calls in order, the buffers they fill, and how long each value lives."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Lines, SampleGrid, Series, Working
from app.charts.colours import BLUE, GREY, OCHRE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    at_most,
    choice,
    exactly,
    streams,
    written,
)
from app.topics.computational_graph import guesses
from app.topics.computational_graph.drawing import diagram, keys_of, kinds_of
from app.topics.computational_graph.networks import NETWORKS, Training
from app.topics.computational_graph.reading import Reading
from engine import Plan, Session
from engine.graph import topological_order

LINES = 6
NOT_REACHED = "rgba(132, 136, 143, 0.12)"


class PlanParams(Params):
    """Whose plan it is."""

    network: Literal["wines", "wave", "drawings", "codes"] = choice(
        "wave",
        {
            "wave": "wave: 1-32-32-1 (learning rate)",
            "wines": "wines: six of 13-16-3 (learning rate)",
            "codes": "digits: autoencoder",
            "drawings": "digits: convolutional",
        },
        label="network",
        help="One training step of a network that another page trains.",
    )


def _planned(training: Training) -> tuple[Session, Plan]:
    session = Session(training.graph)
    return session, session.plan([training.loss], [training.update])


@lru_cache(maxsize=4)
def _shape(network: str) -> tuple[Training, Reading]:
    """The plan that every seed shares."""
    training = NETWORKS[network](streams(0))
    return training, Reading(_planned(training)[1])


def charts(params: PlanParams) -> dict[str, Chart]:
    """The graph that the passes left, the calls, which buffer holds a value when, and the bytes."""
    training, reading = _shape(params.network)
    plan, calls = reading.plan, len(reading.plan.calls)
    stand_in = plan.simplified.stand_in
    sets = [stand_in[node] for node in training.update.sets.values()]
    kinds = kinds_of(plan.nodes, topological_order([stand_in[training.loss]]), sets)
    return {
        "lives": SampleGrid(
            title="Which buffer holds a value that is still to be read, call by call",
            rows=len(plan.buffers),
            columns=calls,
            states={"not reached": NOT_REACHED, "free": GREY, "holds a value": BLUE, "holds the next one": OCHRE},
            row_names=[
                f"{letter}, {written(float(size))} bytes" for letter, size in zip(reading.letters, reading.sizes, strict=True)
            ],
            x=Axis(f"call, 1 to {calls}"),
            y=Axis("buffer"),
            wide=True,
            height=max(260, 18 * len(plan.buffers) + 70),
        ),
        "calls": Working(title="The calls, newest last: W holds the variables, other letters are buffers", lines=LINES),
        "bytes": Lines(
            title=LESS.at(params),
            series={
                "own": Series("an array for each result", VERMILION),
                "made": Series("buffers in use so far", BLUE),
                "alive": Series("still to be read", OCHRE),
            },
            x=Axis("call", (0, calls)),
            y=Axis("bytes", (0, 1.05 * float(reading.own_bytes[-1]))),
        ),
        "graph": diagram("The node at work; each node shows where its tensor lives", kinds),
    }


def _frames(params: PlanParams) -> int:
    return len(_shape(params.network)[1].plan.calls) + 1


def run(params: PlanParams) -> Run:
    """One training step, call by call, as the plan will make it; then it is really made, and compared with node by node."""
    training = NETWORKS[params.network](streams(params.seed))
    yield NOT_YET
    session, plan = _planned(training)
    reading, keys = Reading(plan), keys_of(plan.nodes)
    yield NOT_YET
    measured = _measured(training, session, reading)
    yield NOT_YET
    values = {keys[node]: reading.where(node) for node in plan.nodes if not node.inputs}
    fed = float(sum(buffer.nbytes for buffer in plan.fed.values()))
    yield Snapshot(0, {"graph": {"values": values, "focus": None}} | _shown(reading, 0, fed))
    for done, node in enumerate(plan.works_at, start=1):
        at = {"values": {keys[node]: reading.where(node)}, "focus": keys[node]} if node in keys else {"focus": None}
        yield Snapshot(done, {"graph": at} | _shown(reading, done, fed), measured=measured if done == len(plan.calls) else {})
    return None


def _shown(reading: Reading, done: int, fed: float) -> dict[str, object]:
    """Calls, lives and bytes after so many calls."""
    held = reading.held[:, : max(done, 1)]
    states = np.zeros(reading.held.shape, np.uint8)
    states[:, :done] = reading.held[:, :done] + 1
    sizes = reading.sizes
    now = {
        "own": float(reading.own_bytes[done]),
        "made": float(sizes[held.any(axis=1)].sum()) if done else fed,
        "alive": float(sizes[held[:, -1] > 0].sum()) if done else fed,
    }
    lines = [reading.line(place) for place in range(max(0, done - LINES), done)]
    return {"lives": states.ravel(), "bytes": now, "calls": lines}


def _measured(training: Training, session: Session, reading: Reading) -> dict[str, float]:
    """The plan's step against the interpreter's, and its memory against an array for each result."""
    plan, fresh = reading.plan, Session(training.graph)
    plain = fresh.run([training.loss, *training.update.sets.values()], training.feeds)
    (loss,) = plan(**training.feeds)
    moved = [session.value(node) for node in training.update.sets]
    pairs = zip([loss, *moved], plain, strict=True)
    alive = [float(reading.sizes[reading.held[:, place] > 0].sum()) for place in range(len(plan.calls))]
    return {
        "gap": max(float(np.abs(one - other).max(initial=0) / max(1e-30, np.abs(other).max(initial=0))) for one, other in pairs),
        "overlaps": float(_overlaps(plan)),
        "share": float(plan.bytes / reading.own_bytes[-1]),
        "fullest": max(alive) / plan.bytes,
        "nodes": float(len(plan.nodes)),
        "calls": float(len(plan.calls)),
        "buffers": float(len(plan.buffers)),
        "bytes": float(plan.bytes),
        "own bytes": float(reading.own_bytes[-1]),
    }


def _overlaps(plan: Plan) -> int:
    """How many pairs of values are in one buffer at one time."""
    return sum(
        one.buffer == other.buffer and one.begins < other.ends and other.begins < one.ends
        for one, other in combinations(plan.lives, 2)
    )


SAME = Claim(
    "The plan’s step gives the loss and the weights that an array for each result gives: the largest relative difference.",
    "gap",
    at_most(1e-5),
)
SHARE = Claim("Its buffers take fewer bytes than an array for each result: their share.", "share", at_most(0.7))
LESS = Title("Shared buffers take fewer bytes, and give the same step", "Bytes by call", (SAME, SHARE))

demo = Demo(
    name="plan",
    title="The plan and its buffers",
    params=PlanParams,
    charts=charts,
    run=run,
    frames=_frames,
    claims=(
        SAME,
        SHARE,
        Claim("No buffer ever holds two values that are still to be read: pairs that do.", "overlaps", exactly(0)),
        Claim("At the fullest call, most of what was made is in use: its share of all bytes.", "fullest", at_least(0.6)),
    ),
    presets=(
        Preset("fits a wave", {}),
        Preset("sorts wines", {"network": "wines"}),
        Preset("autoencoder", {"network": "codes"}),
        Preset("convolutional", {"network": "drawings"}),
    ),
    guesses=guesses.PLAN,
    hint="Follow one letter from call to call: who writes it, who reads it, and who gets it next.",
    frame_seconds=0.5,
)
