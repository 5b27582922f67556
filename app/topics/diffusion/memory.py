"""The best possible answer copies: samples by the exact minimizer of the loss beside those by a network, from few points."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Scatter, Series
from app.charts.colours import FORGED, GREEN, GREY, LOSS, REAL
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
from app.topics.diffusion import guesses
from app.topics.diffusion.judging import Questions
from app.topics.diffusion.network import BATCH_SIZE, dealt, teller
from app.topics.diffusion.process import Teller, denoised, exact, kept, visited, waves
from app.topics.diffusion.shapes import SHAPES, Drawn, drawn
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers, schedules
from engine.metrics import distances

LEVELS, SAMPLES, STEPS = 50, 150, 1200
RATE = 0.005
PACE = Pace(STEPS, 31)
COPY = 0.1
"""A sample is a copy when it is nearer to a training point than this share of the way from an unseen point to one."""
SPAN = (-2.8, 2.8)
MINIMIZER = Series("exact minimizer", GREEN, "dash")


class MemoryParams(Params):
    """How few points there are to learn from, and of which shape."""

    points: int = slider(50, (10, 20, 50, 100), label="training points", help="Drawn once, at the start.", log=True)
    shape: Literal["moons", "spiral", "ring", "smiley"] = choice(
        "moons", SHAPES, label="shape", help="What points are drawn from."
    )
    hidden_units: int = slider(
        64, (8, 16, 32, 64), label="hidden units", help="In each of the network’s three hidden layers.", minimum=4, log=True
    )


def charts(params: MemoryParams) -> dict[str, Chart]:
    """Samples of both around the training points, the share of copies, and losses on training and on unseen points."""
    training = drawn(streams(params.seed).data, params.shape, params.points).training
    steps = Axis("step", (0, STEPS))
    error = Axis("mean squared error of the predicted noise", (0, 1.6))
    around: dict[str, Any] = {"fixed": {"training points": (training, REAL)}, "size": 5, "height": 380}
    around |= {"x": Axis("x, in units of the spread", SPAN), "y": Axis("y, in units of the spread", SPAN)}
    return {
        "network": Scatter(title="Sampled by the network", groups={"sampled": Series("sampled", FORGED)}, **around),
        "exact": Scatter(
            title=COPIES.at(params),
            groups={"sampled": Series("sampled, from other noise in every frame", FORGED)},
            **around,
        ),
        "copies": Lines(
            title="Samples that are copies of a training point",
            series={"network": Series("network", LOSS), "exact": MINIMIZER, "unseen": Series("unseen real points", GREY, "dot")},
            x=steps,
            y=Axis("share", (0, 1.02)),
        ),
        "training": Lines(
            title="Loss on the training points", series={"network": Series("network", LOSS), "exact": MINIMIZER}, x=steps, y=error
        ),
        "unseen": Lines(
            title="Loss on unseen points", series={"network": Series("network", LOSS), "exact": MINIMIZER}, x=steps, y=error
        ),
    }


def run(params: MemoryParams) -> Run:
    """10-h-h-h-2 ReLU learns by Adam to tell the noise in a few points; beside it stands the exact minimizer of its loss."""
    rng, signal, levels = streams(params.seed), kept(LEVELS), waves(np.arange(LEVELS + 1), LEVELS)
    points = drawn(rng.data, params.shape, params.points)
    best = exact(points.training, signal)
    judge = Judge(points, signal, rng.data)
    at_best = yield from judge.losses_of(best)

    graph = Graph()
    network = mlp(graph, (2 + len(levels), *[params.hidden_units] * 3, 2), rng.weights, "relu")
    inputs, noise = graph.placeholder("inputs", (2 + len(levels), BATCH_SIZE)), graph.placeholder("noise", (2, BATCH_SIZE))
    loss = losses.mean_squared_error(network(inputs), noise)
    update = optimizers.weight_average(optimizers.adam(loss, graph.placeholder("learning_rate")))
    session = Session(graph)
    step = yield from session.planning([loss], [update])
    tell = teller(session, network, update, levels, SAMPLES)
    asked = [graph.constant(np.concatenate([each.points, levels[:, each.levels]])) for each in judge.questions.values()]
    tell_asked = session.plan([network(each) for each in asked], averaged=update)

    stands, start = visited(LEVELS, LEVELS), rng.noise.standard_normal((2, SAMPLES))
    fresh = rng.noise.standard_normal((len(stands) - 1, 2, SAMPLES))
    guard, rate = Guard(session, step), schedules.cosine(RATE, STEPS, final=0.05)
    for done, shown in PACE:
        if shown:
            sampled = denoised(tell, start, signal, stands, fresh)[-1]
            others = rng.noise.standard_normal((len(stands), 2, SAMPLES))
            copied = denoised(best, others[0], signal, stands, others[1:])[-1]
            yield judge.look(done, {"network": sampled, "exact": copied}, tell_asked(), at_best)
        batch = dealt(rng.batches, points.training, signal, levels)
        if broke := guard.step(**batch, learning_rate=rate(done)):
            return Diverged(done, broke)
    return None


class Judge:
    """What tells copies from new points, and noised training and unseen points whose noise is known."""

    def __init__(self, points: Drawn, signal: Array, rng: np.random.Generator) -> None:
        self._training = points.training.astype(np.float64)
        self._near = COPY * float(np.median(self._gaps(points.others)))
        self._unseen = self.copies(points.unseen)
        self.questions = {
            "training": Questions(points.training, signal, rng),
            "unseen": Questions(points.unseen, signal, rng),
        }

    def _gaps(self, points: Array) -> Array:
        return np.asarray(distances(points.astype(np.float64), self._training).min(axis=1))

    def copies(self, points: Array) -> float:
        """The share of points (2, n) that are copies of a training point."""
        return float((self._gaps(points) < self._near).mean())

    def losses_of(self, tell: Teller) -> Generator[None, None, dict[str, float]]:
        """The loss of a teller on either set, in pieces."""
        found = {}
        for name, each in self.questions.items():
            answered = yield from each.answered(tell)
            found[name] = float(answered.mean())
        return found

    def look(
        self, done: int, samples: dict[str, Array], told: tuple[Array, ...] | list[Array], best: dict[str, float]
    ) -> Snapshot:
        """Charts and numbers: samples (2, n) of both, the noise that the network told, and the losses of the minimizer."""
        copies = {name: self.copies(each) for name, each in samples.items()} | {"unseen": self._unseen}
        lost = {name: float(each.losses(said).mean()) for (name, each), said in zip(self.questions.items(), told, strict=True)}
        drawn_now = {name: {"sampled": each} for name, each in samples.items()} | {"copies": copies}
        drawn_now |= {name: {"network": lost[name], "exact": best[name]} for name in lost}
        measured = {f"copies {name}": share for name, share in copies.items()}
        measured |= {
            "lower on training": lost["training"] - best["training"],
            "higher on unseen": best["unseen"] - lost["unseen"],
        }
        return Snapshot(done, drawn_now, measured=measured)


HOME = Ground(points=50, shape="moons", hidden_units=64)
COPIED = Claim(
    "This share of the exact minimizer’s samples are copies of training points.",
    "copies exact",
    at_least(0.4),
    Ground(points=between(10, 50), shape="moons"),
)
NEW = Claim("Of the network’s samples, this share are copies.", "copies network", at_most(0.1), HOME)
LOWER = Claim(
    "On the training points the exact minimizer’s loss is lower, by this much.", "lower on training", at_least(0.01), HOME
)
HIGHER = Claim("On unseen points it is higher, by this much.", "higher on unseen", at_least(0.1), HOME)
COPIES = Title("Sampled by the exact minimizer: copies", "Sampled by the exact minimizer", (COPIED,))

demo = Demo(
    name="memory",
    title="The best answer copies",
    params=MemoryParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(COPIED, NEW, LOWER, HIGHER),
    presets=(Preset("fifty points", {}), Preset("twenty points", {"points": 20}), Preset("a hundred points", {"points": 100})),
    guesses=guesses.MEMORY,
    hint="Compare both clouds: one lies on the training points, the other between them.",
)
