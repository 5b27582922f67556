"""Two cures for a network that learns its noise by heart: an L2 penalty, and stopping when a validation set says so."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Bars, Chart, Curves, Lines, Series
from app.charts.colours import CYAN, GREEN, OCHRE, PURPLE, TEST, TRAIN
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
    Streams,
    Title,
    at_least,
    at_most,
    between,
    slider,
    streams,
)
from app.topics.overfitting_and_underfitting import guesses
from app.topics.overfitting_and_underfitting.wave import ACROSS, LINE, UNSEEN, UP, scattered, spread_out, wave
from engine import Array, Graph, Guard, Plan, Session, losses, mlp, optimizers

STEPS = 2000
PACE = Pace.evenly(STEPS, 20)
HELD_OUT = 50
STEEPNESS = 3
"""What x is multiplied by on its way in: units that start steep can follow the noise, which is what is to be seen."""
PLAIN, PENALIZED = 0, 1
NAMES = ("left alone", "stopped early", "L2")


class CuresParams(Params):
    """How strong the penalty is, and how easily the network overfits without it."""

    penalty: float = slider(
        0.003,
        (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1),
        label="L2 strength",
        help="Half of this times the sum of squared weights is added to one network’s loss. Too much and it underfits.",
        log=True,
        minimum=1e-7,
        maximum=1,
    )
    points: int = slider(
        25, (10, 25, 50, 100, 400), label="points", help="How many there are to learn from.", minimum=5, maximum=400
    )
    hidden_units: int = slider(64, (2, 4, 16, 64), label="hidden units", help="Width of each of two hidden layers.", minimum=1)
    noise: float = slider(0.4, (0.0, 0.2, 0.4, 0.6), label="noise", help="Spread of what is added to the wave.", maximum=1)


def charts(params: CuresParams) -> dict[str, Chart]:
    """What the networks draw, their errors, their weights, and the test error of all three ways."""
    steps = Axis("step", (0, STEPS))
    return {
        "errors": Lines(
            title=TURNS.at(params),
            series={
                "train": Series("training", TRAIN),
                "validation": Series("validation", OCHRE),
                "test": Series("test", TEST),
                "train l2": Series("training, L2", TRAIN, "dash"),
                "test l2": Series("test, L2", TEST, "dash"),
            },
            further=["train l2"],
            levels={"the noise itself": params.noise**2} if params.noise else {},
            x=steps,
            y=Axis("mean squared error", (3e-4, 3), log=True),
            height=340,
        ),
        "fit": Curves(
            title="One network: left alone, stopped early, with L2",
            at=LINE,
            series={
                "plain": Series("left alone", CYAN),
                "stopped": Series("stopped early", PURPLE),
                "l2": Series("L2", GREEN),
            },
            fixed={"true wave": wave(LINE)},
            dots={"points": Series("training points", TRAIN)},
            x=ACROSS,
            y=UP,
            height=340,
        ),
        "judged": Bars(
            title="Test error of the three so far",
            categories=NAMES,
            series={"error": Series("test error", TEST)},
            colours=[CYAN, PURPLE, GREEN],
            x=Axis("way of training"),
            y=Axis("mean squared error", (0, 0.8)),
        ),
        "weights": Lines(
            title=LIGHT.at(params),
            series={"plain": Series("left alone", CYAN), "l2": Series("L2", GREEN)},
            x=steps,
            y=Axis("root mean square of the weights"),
        ),
    }


class Sets:
    """The three sets and the line, one after another in one array, so that one look answers all."""

    def __init__(self, rng: Streams, points: int, noise: float) -> None:
        unseen_x, unseen_y = scattered(rng, UNSEEN, noise)
        held_x, held_y = scattered(rng, HELD_OUT, noise)
        self.x, self.y = spread_out(rng, points, noise)
        self._targets = held_y, unseen_y
        self._ends = (HELD_OUT, HELD_OUT + UNSEEN)
        self.all_x = np.concatenate([held_x, unseen_x, LINE])[None]

    def judge(self, answers: Array) -> tuple[Array, Array, Array]:
        """Of answers (copies, everything): validation and test error (copies,), and the curves (copies, line)."""
        validation, test, line = np.split(answers, self._ends, axis=1)
        held, unseen = (((got - wanted) ** 2).mean(axis=1) for got, wanted in zip((validation, test), self._targets, strict=True))
        return held, unseen, line.copy()


def run(params: CuresParams) -> Run:
    """Two copies of 1-h-h-1 tanh from one start, full-batch Adam .01; one with a penalty. Validated every 20 steps."""
    rng = streams(params.seed)
    sets = Sets(rng, params.points, params.noise)
    graph = Graph(sweep=2)
    network = mlp(graph, (1, params.hidden_units, params.hidden_units, 1), rng.weights, "tanh")
    error = losses.mean_squared_error(network(graph.constant(STEEPNESS * sets.x[None])), graph.constant(sets.y[None]))
    penalty = losses.l2_penalty(list(network.variables), 1.0) * graph.constant(np.array([0.0, params.penalty]))
    answers = network(graph.constant(STEEPNESS * sets.all_x))

    session = Session(graph)
    look, step = session.plan([error, answers]), session.plan([error], [optimizers.adam(error + penalty, 0.01)])
    guard, story = Guard(session, step), Story(sets, look, session)
    for done, shown in PACE:
        if shown:
            yield story.snapshot(done)
        if broke := guard.step():
            return Diverged(done, broke)
    return None


class Story:
    """What is looked at between steps; it remembers the curve and the errors at the lowest validation error so far."""

    def __init__(self, sets: Sets, look: Plan, session: Session) -> None:
        self._sets, self._look, self._session = sets, look, session
        self._lowest, self._stopped_test, self._stopped_line = np.inf, np.nan, np.zeros_like(LINE)
        self._errors: list[Array] = []

    def snapshot(self, step: int) -> Snapshot:
        """Errors, curves and weights after `step` updates."""
        self._look.step()
        train, answers = self._look.outputs
        validation, test, line = self._sets.judge(answers[:, 0])
        if validation[PLAIN] < self._lowest:
            self._lowest, self._stopped_test, self._stopped_line = float(validation[PLAIN]), float(test[PLAIN]), line[PLAIN]
        dots = {"points": np.stack([self._sets.x, self._sets.y])} if step == 0 else {}
        sizes = np.sqrt((self._session.values**2).mean(axis=1))
        charts = {
            "errors": {
                "train": float(train[PLAIN]),
                "validation": float(validation[PLAIN]),
                "test": float(test[PLAIN]),
                "train l2": float(train[PENALIZED]),
                "test l2": float(test[PENALIZED]),
            },
            "fit": {"plain": line[PLAIN], "stopped": self._stopped_line, "l2": line[PENALIZED], **dots},
            "judged": {"error": np.array([test[PLAIN], self._stopped_test, test[PENALIZED]])},
            "weights": {"plain": float(sizes[PLAIN]), "l2": float(sizes[PENALIZED])},
        }
        self._errors.append(np.array([train[PLAIN], test[PLAIN], train[PENALIZED], test[PENALIZED]]))
        return Snapshot(step, charts, measured=self._measured() | {"lighter": float(sizes[PENALIZED] / sizes[PLAIN])})

    def _measured(self) -> dict[str, float]:
        """Medians of the last quarter of the looks: a single one may catch Adam on a jump."""
        late = self._errors[-max(len(self._errors) // 4, 1) :]
        train, test, train_l2, test_l2 = np.median(late, axis=0).tolist()
        shares = {"stopped": test / self._stopped_test, "l2": test / test_l2, "plain gap": test / train}
        return shares | {"train": train, "train l2": train_l2}


EASY = {"points": 25, "hidden_units": 64}
LEARNT = Claim(
    "Left alone, the network learns the noise by heart: its training error in the last quarter, where noise alone gives 0.16.",
    "train",
    at_most(0.02),
    Ground(**EASY, noise=0.4),
)
STOPPED = Claim(
    "Stopping early pays: the test error in the last quarter is this many times that at the lowest validation error.",
    "stopped",
    at_least(1.2),
    Ground(**EASY, noise=between(0.4, 0.6)),
)
LIGHTER = Claim(
    "L2 keeps weights small: their root mean square as a share of that without it.",
    "lighter",
    at_most(0.5),
    Ground(**EASY, noise=0.4, penalty=between(0.001, 0.1)),
)
TURNS = Title("Training error keeps falling; the others turn", "Errors by step", (LEARNT, STOPPED))
LIGHT = Title("Overfitting takes large weights; L2 shrinks them", "The size of the weights", (LEARNT, LIGHTER))

demo = Demo(
    name="cures",
    title="Early stopping and L2",
    params=CuresParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        LEARNT,
        STOPPED,
        Claim(
            "L2 pays too: the test error in the last quarter without it is this many times that with it.",
            "l2",
            at_least(1.1),
            Ground(**EASY, noise=0.4, penalty=between(0.001, 0.01)),
        ),
        LIGHTER,
        Claim(
            "Too much L2 underfits: its training error in the last quarter, where noise alone gives 0.16.",
            "train l2",
            at_least(0.16),
            Ground(**EASY, noise=0.4, penalty=0.1),
        ),
        Claim(
            "With 400 points there is little left to cure: test error in the last quarter, in multiples of training error.",
            "plain gap",
            at_most(1.4),
            Ground(points=400, hidden_units=64, noise=0.4),
        ),
    ),
    presets=(
        Preset("both cures", {}),
        Preset("too much L2: underfits", {"penalty": 0.1}),
        Preset("two units: no room for noise", {"hidden_units": 2}),
        Preset("more data", {"points": 400}),
    ),
    guesses=guesses.CURES,
    hint="Watch training error keep falling while test error turns back up. Then try 400 points.",
)
