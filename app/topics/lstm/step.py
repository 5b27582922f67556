"""One step of one cell in numbers: what to forget, what to update, what to output, on a sequence that the visitor types."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np

from app.charts import Axis, Chart, Curves, SequenceMap, Series, Working
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Ground,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    checked,
    entry,
    slider,
    streams,
)
from app.topics.lstm import common, guesses
from app.topics.lstm.by_hand import ALPHABET, CELLS, FORGET_GATE, INPUT_GATE, LINES, Weights, lines
from app.topics.lstm.common import BATCH_SIZE, CELL, CLIP_NORM, FORGET, HIDDEN, INPUT, OUTPUT
from engine import Graph, Session, dense, losses, ops, optimizers, recurrent
from engine.graph import Array
from engine.metrics import accuracy
from engine.probabilities import softmax

ANSWERS, CLEAR, NOTHING = ("A", "B", "none"), 2, 3
SHARES = (0.15, 0.15, 0.15, 0.55)
LONGEST, TRAINED_ON, JUDGED_ON, RATE = 16, 12, 256, 0.03


def letters(text: str) -> str:
    """One to sixteen letters of the alphabet, without spaces. Raises ValueError for anything else."""
    typed = "".join(text.split()).upper().replace("X", "x")
    if not 1 <= len(typed) <= LONGEST or set(typed) - set(ALPHABET):
        raise ValueError(f"1 to {LONGEST} of the letters A, B, x (clear) and . (nothing), such as A..xB")
    return typed


class StepParams(Params):
    """What is read, which of the two cells is looked at, and how long the network has trained."""

    sequence: Annotated[str, checked(letters)] = entry(
        "A...B..x..A.B.",
        label="your sequence",
        help="Up to 16 letters. A and B are to be remembered, x clears, a dot changes nothing.",
        longest=40,
    )
    cell: int = slider(1, (1, 2), label="cell", help="Which of the two cells the arithmetic shows.")
    updates: int = slider(
        300, (0, 30, 100, 300), label="training", unit="updates", help="How long the network learned before. 0: random weights."
    )
    forget_bias: float = common.forget_bias(1.0)


def charts(params: StepParams) -> dict[str, Chart]:
    """The arithmetic, and by letter the gates, the cell, and the network's answer."""
    read = params.sequence
    letter = Axis("letter read", (0.5, len(read) + 0.5), ticks=dict(enumerate(read, start=1)))
    at, most = np.arange(1, len(read) + 1), 1 + 0.5 * max(map(len, read.split("x")))
    return {
        "working": Working(
            title=f"Cell {params.cell} reads a letter: forget, update, output (two decimals shown)", lines=LINES, wide=True
        ),
        "gates": Curves(
            title=f"The three gates of cell {params.cell}",
            at=at,
            series={"forget": Series("forget", FORGET), "input": Series("input", INPUT), "output": Series("output", OUTPUT)},
            mode="lines+markers",
            x=letter,
            y=Axis("gate, 0 closed, 1 open", (-0.03, 1.03)),
        ),
        "cell": Curves(
            title=f"Cell {params.cell} and its hidden state",
            at=at,
            series={"cell": Series("cell c", CELL, width=3), "hidden": Series("hidden state h", HIDDEN)},
            mode="lines+markers",
            x=letter,
            y=Axis("value", (-most, most)),
        ),
        "answer": SequenceMap(
            title="The answer of the whole network, letter by letter",
            rows=len(ANSWERS),
            columns=len(read),
            low=0,
            row_names=ANSWERS,
            column_names=read,
            of="probability",
            x=Axis("letter read"),
            y=Axis("letter to remember"),
            wide=True,
            height=200,
        ),
    }


def samples(rng: np.random.Generator, n: int, steps: int) -> tuple[Array, Array]:
    """Letters as one-hot (4, steps, n), and for each the letter to remember by then, 0 for A, 1 for B, 2 for none: (steps, n)."""
    typed = rng.choice(len(ALPHABET), (steps, n), p=SHARES)
    answers, now = np.empty_like(typed), np.full(n, CLEAR)
    for place, letter in enumerate(typed):
        answers[place] = now = np.where(letter == NOTHING, now, letter)
    return one_hot(typed), answers


def one_hot(typed: Array) -> Array:
    """Letters (steps, n) as (4, steps, n)."""
    return np.eye(len(ALPHABET))[typed].transpose(2, 0, 1)


def run(params: StepParams) -> Run:
    """Two cells learn to hold the last of A and B until x clears it; then they read the visitor's sequence, a line at a time."""
    rng = streams(params.seed)
    typed = one_hot(np.array([ALPHABET.index(letter) for letter in params.sequence])[:, None])

    graph = Graph(np.float64)
    inputs = graph.placeholder("inputs", (len(ALPHABET), TRAINED_ON, BATCH_SIZE))
    targets = graph.placeholder("targets", (len(ANSWERS), TRAINED_ON * BATCH_SIZE))
    lstm = recurrent.lstm(graph, "lstm", len(ALPHABET), CELLS, rng.weights, forget_bias=params.forget_bias)
    head = dense(graph, "head", CELLS, len(ANSWERS), rng.weights)
    logits = head(ops.reshape(lstm(inputs).sequence, (CELLS, TRAINED_ON * BATCH_SIZE)))
    loss = losses.softmax_cross_entropy(logits, targets)
    session = Session(graph)
    step = yield from session.planning([loss], [optimizers.adam(loss, RATE, clip_norm=CLIP_NORM)])
    for done in range(params.updates):
        sequences, answers = samples(rng.batches, BATCH_SIZE, TRAINED_ON)
        step.step(inputs=sequences, targets=losses.one_hot(answers.ravel(), len(ANSWERS)))
        if done % 30 == 0:
            yield NOT_YET

    weights = Weights(*(session.value(graph.variables[name]) for name in ("lstm/weights", "head/weights")))
    states, seen = lstm(graph.constant(typed)), weights.unrolled(typed)
    apart = np.abs(np.stack(session.run([*states.cells, *states.hidden])) - np.concatenate([seen["cell"], seen["hidden"]]))
    measured = {"apart": float(apart.max())} | judged(weights, rng.data)
    yield Snapshot(0, drawn(params, weights, seen, [], 0), measured=measured)
    for place, letter in enumerate(params.sequence):
        said = lines(weights, seen, place, params.cell - 1, letter)
        for written in range(2, LINES + 1):
            moment = place * (LINES - 1) + written - 1
            yield Snapshot(moment, drawn(params, weights, seen, said[:written], place), measured=measured)
    return None


def judged(weights: Weights, rng: np.random.Generator) -> dict[str, float]:
    """Accuracy over every letter of fresh sequences; and again with all forget gates, or all input gates, held open."""
    sequences, answers = samples(rng, JUDGED_ON, TRAINED_ON)
    held = {"right": (), "never forgets": (FORGET_GATE,), "always writes": (INPUT_GATE,)}
    hidden = {name: weights.unrolled(sequences, gates)["hidden"] for name, gates in held.items()}
    return {name: accuracy(weights.answers(states), answers.ravel()) for name, states in hidden.items()}


CHARTED = {"forget": 2, "input": 3, "cell": 5, "output": 6, "hidden": 7}
"""With which line of a letter a value gets its point on the charts."""


def drawn(params: StepParams, weights: Weights, seen: dict[str, Array], said: list[str], place: int) -> dict[str, Any]:
    """The lines of one letter so far, and what is known by then."""
    cell, places = params.cell - 1, np.arange(len(params.sequence))
    taken, kept, shown, _ = seen["opened"][:, :, cell, 0].T
    values = {
        "forget": kept,
        "input": taken,
        "output": shown,
        "cell": seen["cell"][:, cell, 0],
        "hidden": seen["hidden"][:, cell, 0],
    }
    known = {name: places < place + (len(said) >= line) for name, line in CHARTED.items()}
    curves = {name: np.where(known[name], value, np.nan) for name, value in values.items()}
    answers = softmax(weights.answers(seen["hidden"]))
    return {
        "working": said,
        "gates": {name: curves[name] for name in ("forget", "input", "output")},
        "cell": {name: curves[name] for name in ("cell", "hidden")},
        "answer": np.where(known["hidden"], answers, np.nan),
    }


TRAINED = Ground(updates=300, forget_bias=between(0, 6))
RIGHT = Claim(
    "After 300 updates it remembers: the share of letters of fresh sequences answered right.", "right", at_least(0.97), TRAINED
)

demo = Demo(
    name="step",
    title="One step in numbers",
    params=StepParams,
    charts=charts,
    run=run,
    frames=lambda params: 1 + (LINES - 1) * len(params.sequence),
    claims=(
        RIGHT,
        Claim(
            "With its forget gates held open it cannot clear, and is right less often: the share of letters answered right.",
            "never forgets",
            at_most(0.9),
            TRAINED,
        ),
        Claim(
            "It can do without its input gates here: the share of letters answered right with them held open.",
            "always writes",
            at_least(0.9),
            Ground(updates=300, forget_bias=1),
        ),
        Claim(
            "Computed line by line or all at once by the engine, it is the same: the largest difference in cells and states.",
            "apart",
            at_most(1e-12),
            by_construction=True,
        ),
    ),
    presets=(
        Preset("remember and clear", {}),
        Preset("the other cell", {"cell": 2}),
        Preset("one A, fifteen dots", {"sequence": "A..............."}),
        Preset("A and B in turn", {"sequence": "ABABABABxAB"}),
        Preset("before any training", {"updates": 0}),
    ),
    guesses=guesses.STEP,
    hint="Each frame writes one line, six per letter: pause, and use the step buttons to read at your own pace.",
    frame_seconds=0.7,
)
