"""A training program: sess.run(train) in a loop, with the loss, the variables and the fit as they change."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Listing, Series
from app.charts.colours import LOSS, PALETTE, TRAIN, VERMILION
from app.topic import (
    Claim,
    Demo,
    Diverged,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    at_least,
    at_most,
    between,
    checked_lines,
    choice,
    editor,
    slider,
    streams,
)
from app.topics.tensorflow_elements import guesses
from app.topics.tensorflow_elements.pictures import Transcript, finite, variables_of
from app.topics.tensorflow_elements.programs import line_error, of
from engine.graph import Array, Node, topological_order
from engine.v1 import Session
from engine.v1.operations import Initialize
from engine.v1.programs import Event, Playing, ProgramError, Ran, Tape, rehearse
from engine.v1.readiness import Wanted

SAMPLES, FRAMES, MOST_LINES = 40, 120, 6
NUDGE = 0.01

LINE = """\
x = tf.placeholder(tf.float32, [40, 1], name="x")
y = tf.placeholder(tf.float32, [40, 1], name="y")
w = tf.Variable([[0.0]], name="w")
b = tf.Variable([0.0], name="b")
prediction = tf.matmul(x, w) + b
loss = tf.reduce_mean(tf.square(prediction - y))
optimizer = tf.train.GradientDescentOptimizer(rate)
train = optimizer.minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(200):
    sess.run(train, feed_dict={x: xs, y: ys})
print(sess.run([w, b]))"""

CLASSES = """\
x = tf.placeholder(tf.float32, [40, 1], name="x")
y = tf.placeholder(tf.float32, [40, 1], name="y")
w = tf.Variable([[0.0]], name="w")
b = tf.Variable([0.0], name="b")
logits = tf.matmul(x, w) + b
prediction = tf.nn.sigmoid(logits)
costs = tf.nn.sigmoid_cross_entropy_with_logits(
    labels=y, logits=logits)
loss = tf.reduce_mean(costs)
optimizer = tf.train.GradientDescentOptimizer(rate)
train = optimizer.minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(200):
    sess.run(train, feed_dict={x: xs, y: ys})
print(sess.run([w, b]))"""

BY_HAND = """\
x = tf.placeholder(tf.float32, [40, 1], name="x")
y = tf.placeholder(tf.float32, [40, 1], name="y")
w = tf.Variable([[0.0]], name="w")
b = tf.Variable([0.0], name="b")
prediction = tf.matmul(x, w) + b
loss = tf.reduce_mean(tf.square(prediction - y))
by_w, by_b = tf.gradients(loss, [w, b])
step_w = tf.assign_sub(w, rate * by_w)
step_b = tf.assign_sub(b, rate * by_b)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(200):
    sess.run([step_w, step_b], {x: xs, y: ys})
print(sess.run([w, b]))"""

GIVEN: dict[str, Array | float] = {"xs": np.zeros((SAMPLES, 1)), "ys": np.zeros((SAMPLES, 1)), "rate": 0.1}
"""What a program finds defined, as far as its shapes go."""


@lru_cache(maxsize=64)
def _rehearsed(program: str) -> Tape:
    return rehearse(program, GIVEN)


def checked_training(text: str) -> str:
    """The program itself. Raises LineError for what is not of the language or goes past its limits."""
    try:
        _rehearsed(text)
    except ProgramError as wrong:
        raise line_error(wrong) from None
    return text


class TrainingParams(Params):
    """The program, and what it is given."""

    program: Annotated[str, checked_lines(checked_training)] = editor(
        LINE,
        label="program",
        help="It is given xs and ys, 40 rows of one number each, and rate. Tensors called prediction and loss are drawn.",
    )
    data: Literal["line", "classes"] = choice(
        "line",
        {"line": "a line with noise", "classes": "two classes"},
        label="data",
        help="What xs and ys are: points near a line, or numbers of two classes, 0 and 1.",
    )
    learning_rate: float = slider(
        0.2,
        (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5),
        label="learning rate",
        help="What the program is given as rate. On the line, training diverges above 1.",
        log=True,
        minimum=0.001,
        maximum=10,
    )


def samples(params: TrainingParams) -> tuple[Array, Array]:
    """Inputs and targets, (40, 1) each, the inputs ascending."""
    rng = streams(params.seed).data
    x = np.sort(rng.uniform(-1, 1, SAMPLES))
    slope, shift = rng.uniform(0.5, 1.5) * rng.choice([-1, 1]), rng.uniform(-0.5, 0.5)
    noisy = slope * x + shift + rng.normal(0, 0.15, SAMPLES)
    y = noisy if params.data == "line" else (slope * (x - 0.2 * np.sign(shift)) + rng.normal(0, 0.25, SAMPLES) > 0).astype(float)
    return x[:, None], y[:, None]


def _tape(params: TrainingParams) -> Tape:
    x, y = samples(params)
    return rehearse(params.program, {"xs": x, "ys": y, "rate": params.learning_rate})


def _trains(event: Event) -> bool:
    """Whether an event is a step of training: a run that changes variables, and does not merely initialize them."""
    return isinstance(event, Ran) and any(not isinstance(one.runs, Initialize) for one in event.operations)


def _pace(tape: Tape) -> Pace:
    steps = sum(map(_trains, tape.events))
    return Pace(steps, min(FRAMES, steps + 1)) if steps else Pace.at([0])


def _entries(tape: Tape) -> dict[str, tuple[Node, int]]:
    """Each number of the variables by its name, "w" or "w[1, 0]"; the first few."""
    found = {}
    for node in variables_of(tape):
        for place, index in enumerate(np.ndindex(node.shape)):
            found[node.name if np.prod(node.shape) == 1 else f"{node.name}[{', '.join(map(str, index))}]"] = (node, place)
    return dict(list(found.items())[:MOST_LINES])


def charts(params: TrainingParams) -> dict[str, Chart]:
    """The fit, the loss, the variables, and the program."""
    tape, (x, y) = _rehearsed(params.program), samples(params)
    steps = _pace(tape).steps
    names = list(_entries(tape)) or ["no variable"]
    return {
        "fit": Curves(
            title="The data, and the program’s prediction",
            at=x[:, 0],
            series={"prediction": Series("prediction", VERMILION)},
            dots={"data": Series("data", TRAIN)},
            x=Axis("xs", (-1, 1)),
            y=Axis("ys", (float(y.min()) - 0.2, float(y.max()) + 0.2)),
        ),
        "loss": Lines(
            title="The loss at each sess.run(train)",
            series={"loss": Series("loss", LOSS)},
            x=Axis("sess.run(train)", (0, max(steps, 1))),
            y=Axis("loss"),
        ),
        "variables": Lines(
            title="The variables: all that lasts from one sess.run to the next",
            series={name: Series(name, PALETTE[place % len(PALETTE)]) for place, name in enumerate(names)},
            x=Axis("sess.run(train)", (0, max(steps, 1))),
            y=Axis("value"),
            wide=True,
            height=240,
        ),
        "listing": Listing(title="The program at work", lines=params.program.split("\n"), wide=True),
    }


def run(params: TrainingParams) -> Run:
    """The program from its first line to its last; a frame shows how things stand between two steps of training."""
    tape, (x, y) = _tape(params), samples(params)
    pace, playing, transcript, view = _pace(tape), Playing(tape, streams(params.seed).weights), Transcript(), View(tape, x, y)
    shown, done, last = set(pace.moments), 0, None
    for event in tape.events:
        if _trains(event):
            if done in shown:
                yield view.snapshot(done, playing, event, transcript.shown(event, f"{done} of {pace.steps} steps of training"))
            done, last = done + 1, event
        outcome = playing.outcome(event, traced=False)
        transcript.take(event, outcome)
        if last is event and (broken := view.broken(playing, event)):
            return Diverged(done, f"the variable {broken} left the finite numbers")
    yield view.snapshot(done, playing, last, transcript.shown(tape.events[-1] if tape.events else None, "the end of the program"))
    return None


class View:
    """What a run shows of its session: fit, loss and variables, and what is measured of them."""

    def __init__(self, tape: Tape, x: Array, y: Array) -> None:
        self._entries, self._x, self._y = _entries(tape), x, y
        self._variables = variables_of(tape)
        self._prediction = tape.names.get("prediction")
        self._loss = tape.names.get("loss") or next(iter(tape.losses), None)
        self._first = np.nan
        self._story: dict[str, float] = {}

    def broken(self, playing: Playing, event: Event) -> str:
        """The first variable that is not finite any more, "" while all are."""
        session = playing.sessions[event.session]  # type: ignore[union-attr]  # what trains is a run
        return next((node.name for node in self._variables if not finite([session.value(node)])), "")

    def snapshot(self, step: int, playing: Playing, event: Event | None, listing: dict[str, Any]) -> Snapshot:
        """How things stand before the step of training `event`, or after the last."""
        if not isinstance(event, Ran):
            return Snapshot(step, {"listing": listing, "fit": {"data": self._data()}})
        session, feeds = playing.sessions[event.session], playing.fed(event)
        loss, prediction = _read(session, self._loss, feeds), _read(session, self._prediction, feeds)
        fit: dict[str, Any] = {"data": self._data()}
        if prediction is not None and prediction.size == SAMPLES:
            fit["prediction"] = prediction.ravel()
        drawn: dict[str, Any] = {"fit": fit, "listing": listing, "variables": self._numbers(session)}
        if loss is not None:
            drawn["loss"] = {"loss": float(loss.mean())}
        if step == 0:
            self._story = self._at_first(session, event, feeds, loss)
        return Snapshot(step, drawn, measured=self._story | self._measured(session, loss, prediction))

    def _data(self) -> Array:
        return np.stack([self._x[:, 0], self._y[:, 0]])

    def _numbers(self, session: Session) -> dict[str, float]:
        return {name: float(session.value(node).ravel()[place]) for name, (node, place) in self._entries.items()}

    def _at_first(self, session: Session, event: Ran, feeds: dict[str, Any], loss: Array | None) -> dict[str, float]:
        self._first = np.nan if loss is None else float(loss.mean())
        updates = event.wanted.updates
        return {"slope": _off(session, updates[0].variables, updates[0].gradients, self._loss, feeds)} if updates else {}

    def _measured(self, session: Session, loss: Array | None, prediction: Array | None) -> dict[str, float]:
        told = {} if loss is None else {"left": float(loss.mean()) / self._first if self._first else np.nan}
        if prediction is not None and prediction.shape == self._y.shape:
            told["right"] = float(((prediction > 0.5) == (self._y > 0.5)).mean())
        numbers = self._numbers(session)
        if set(numbers) == {"w", "b"}:
            best = np.polyfit(self._x[:, 0], self._y[:, 0], 1)
            told["least squares"] = max(abs(numbers["w"] - best[0]), abs(numbers["b"] - best[1]))
        return told


def _read(session: Session, node: Node | None, feeds: dict[str, Any]) -> Array | None:
    """The value of a node between two runs of the program; None where these feeds do not suffice."""
    if node is None or any(leaf.op == "placeholder" and leaf.name not in feeds for leaf in topological_order([node])):
        return None
    (value,) = session.planned(Wanted((node,), (), feeds))
    return np.array(value)


def _off(
    session: Session, variables: tuple[Node, ...], gradients: tuple[Node, ...], loss: Node | None, feeds: dict[str, Any]
) -> float:
    """How far the gradient nodes are from difference quotients of the loss, as a share of the longest of them."""
    found = np.concatenate([np.ravel(value) for value in session.planned(Wanted(gradients, (), feeds))])
    quotients = []
    for variable in variables:
        start = session.value(variable)
        for place in range(start.size):
            ends = []
            for nudge in (NUDGE, -NUDGE):
                moved = start.copy()
                moved.ravel()[place] += nudge
                session.assign(variable, moved)
                value = _read(session, loss, feeds)
                ends.append(np.nan if value is None else float(value.mean()))
            quotients.append((ends[0] - ends[1]) / (2 * NUDGE))
        session.assign(variable, start)
    return float(np.abs(found - quotients).max() / max(np.abs(found).max(), 1e-30))


PROGRAMS = {"a line": LINE, "two classes": CLASSES, "gradients assigned by hand": BY_HAND}
ON_THE_LINE = of(LINE, PROGRAMS, data="line", learning_rate=between(0.1, 0.9))

demo = Demo(
    name="training",
    title="Training, run by run",
    params=TrainingParams,
    charts=charts,
    run=run,
    frames=lambda params: len(_pace(_rehearsed(params.program))),
    claims=(
        Claim(
            "Running train 200 times brings the loss down: the share of the first loss that is left.",
            "left",
            at_most(0.5),
            ON_THE_LINE,
        ),
        Claim(
            "The variables end at the least-squares line, found in closed form: how far they are from it.",
            "least squares",
            at_most(0.02),
            ON_THE_LINE,
        ),
        Claim(
            "The gradient nodes that minimize adds agree with difference quotients of the loss: how far they are off.",
            "slope",
            at_most(2e-3),
            ON_THE_LINE,
        ),
        Claim(
            "Logistic regression tells the two classes apart: the share of the 40 that it gets right.",
            "right",
            at_least(0.75),
            of(CLASSES, PROGRAMS, data="classes", learning_rate=between(0.1, 2)),
        ),
        Claim(
            "Gradients assigned by hand end where the optimizer ends, at the least-squares line: how far they are from it.",
            "least squares",
            at_most(0.02),
            of(BY_HAND, PROGRAMS, data="line", learning_rate=between(0.1, 0.9)),
        ),
    ),
    presets=(
        Preset("a line", {}),
        Preset("two classes", {"program": CLASSES, "data": "classes", "learning_rate": 1.0}),
        Preset("gradients assigned by hand", {"program": BY_HAND}),
        Preset("too large a rate", {"learning_rate": 1.5}),
    ),
    guesses=guesses.TRAINING,
    hint="One graph, built once; then sess.run(train) 200 times. Between two runs only the variables last.",
)
