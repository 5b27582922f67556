"""A network that predicts the noise in noised points, and what a sampler makes of pure noise with it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Scatter, Series
from app.charts.colours import CYAN, FORGED, GREEN, LOSS, REAL
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
    slider,
    streams,
)
from app.topics.diffusion import guesses
from app.topics.diffusion.judging import PITCH, Judge, Questions, beside, panels
from app.topics.diffusion.network import BATCH_SIZE, dealt, teller
from app.topics.diffusion.process import denoised, exact, kept, noised, visited, waves
from app.topics.diffusion.shapes import JUDGED, SHAPES, drawn
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers, schedules

HIDDEN, STEPS, EARLY = (64, 64, 64), 1500, 200
PACE = Pace(STEPS, 31)
SPAN = (-3.8, 3.8)


class PointsParams(Params):
    """What is drawn, how it is noised, and how samples are taken."""

    shape: Literal["moons", "spiral", "ring", "smiley"] = choice(
        "moons", SHAPES, label="shape", help="What points are drawn from."
    )
    sampler: Literal["ddpm", "ddim"] = choice(
        "ddpm",
        {"ddpm": "with fresh noise (DDPM)", "ddim": "without (DDIM)"},
        label="sampler",
        help="Whether some of the noise that is taken away at a step is replaced by new noise.",
    )
    sampler_steps: int = slider(
        40,
        (2, 5, 10, 20, 40, 60),
        label="steps of the sampler",
        help="Calls of the network per sample, one per level at most.",
        log=True,
    )
    levels: int = slider(
        40, (5, 10, 20, 40, 60), label="noise levels", help="From clean points to pure noise, in training.", minimum=2, log=True
    )
    points: int = slider(1000, (50, 200, 1000), label="training points", help="Drawn once, at the start.", minimum=20, log=True)
    learning_rate: float = slider(
        0.005,
        (0.0005, 0.002, 0.005, 0.02),
        label="learning rate",
        help="Of Adam; it falls to a twentieth along half a cosine.",
        log=True,
        minimum=0.0001,
        maximum=0.05,
    )


def charts(params: PointsParams) -> dict[str, Chart]:
    """Samples among real points, the way there and back, how well they are told apart, and the loss over steps and levels."""
    points, signal = drawn(streams(params.seed).data, params.shape, params.points), kept(params.levels)
    stands = visited(params.levels, params.sampler_steps)
    shown = [stands[place] for place in panels(stands)]
    noise = streams(params.seed).noise.standard_normal((len(shown), 2, JUDGED))
    forward = [noised(points.unseen, signal[level], each) for level, each in zip(shown, noise, strict=True)]
    return {
        "samples": Scatter(
            title=AMONG.at(params),
            fixed={"real, never trained on": (points.unseen, REAL)},
            groups={"sampled": Series("sampled", FORGED)},
            x=Axis("x, in units of the spread", SPAN),
            y=Axis("y, in units of the spread", SPAN),
            size=5,
            height=400,
        ),
        "apart": Lines(
            title=APART.at(params),
            series={"sampled": Series("sampled", FORGED), "gaussian": Series("from a fitted Gaussian", CYAN, "dash")},
            levels={"cannot be told from real": 0.5},
            x=Axis("step", (0, STEPS)),
            y=Axis("share told apart by 5 nearest neighbours", (0.4, 1.02)),
            height=400,
        ),
        "chain": Scatter(
            title="Noise is added above, from right to left; the network takes it away below, from left to right",
            fixed={"real, noised": (beside(forward, 1), REAL)},
            groups={"sampled": Series("sampled", FORGED)},
            x=Axis(
                "noise level",
                (-PITCH / 2, PITCH * (len(shown) - 0.5)),
                ticks={PITCH * at: f"{level}" for at, level in enumerate(shown)},
            ),
            y=Axis("noise", (-PITCH / 2, 1.5 * PITCH), ticks={0: "taken away", PITCH: "added"}),
            size=3,
            wide=True,
            height=330,
        ),
        "loss": Lines(
            title=LOW.at(params),
            series={"network": Series("network", LOSS), "exact": Series("exact minimizer", GREEN, "dash")},
            x=Axis("step", (0, STEPS)),
            y=Axis("mean squared error of the predicted noise", (0, 1.6)),
        ),
        "by level": Curves(
            title="The loss by noise level",
            at=range(1, params.levels + 1),
            series={"network": Series("network", LOSS), "exact": Series("exact minimizer", GREEN, "dash")},
            x=Axis("noise level", (1, params.levels)),
            y=Axis("mean squared error of the predicted noise", (0, 1.5)),
        ),
    }


def run(params: PointsParams) -> Run:
    """10-64-64-64-2 ReLU learns by Adam to tell the noise in noised points; its averaged weights turn noise into samples."""
    rng, signal = streams(params.seed), kept(params.levels)
    points, levels = drawn(rng.data, params.shape, params.points), waves(np.arange(params.levels + 1), params.levels)
    judge = Judge(points, rng.data)
    asked = Questions(points.training, signal, rng.data)
    best = yield from asked.answered(exact(points.training, signal))

    graph = Graph()
    network = mlp(graph, (2 + len(levels), *HIDDEN, 2), rng.weights, "relu")
    inputs, noise = graph.placeholder("inputs", (2 + len(levels), BATCH_SIZE)), graph.placeholder("noise", (2, BATCH_SIZE))
    loss = losses.mean_squared_error(network(inputs), noise)
    update = optimizers.weight_average(optimizers.adam(loss, graph.placeholder("learning_rate")))
    session = Session(graph)
    step = yield from session.planning([loss], [update])
    tell = teller(session, network, update, levels, JUDGED)
    all_levels = graph.constant(np.concatenate([asked.points, levels[:, asked.levels]]))
    tell_all = session.plan([network(all_levels)], averaged=update)

    stands = visited(params.levels, params.sampler_steps)
    start = rng.noise.standard_normal((2, JUDGED))
    fresh = rng.noise.standard_normal((len(stands) - 1, 2, JUDGED)) if params.sampler == "ddpm" else None
    look = Looks(judge, asked, best)
    guard, rate = Guard(session, step), schedules.cosine(params.learning_rate, STEPS, final=0.05)
    for done, shown in PACE:
        if shown:
            states = denoised(tell, start, signal, stands, fresh)
            yield look.at(done, [states[place] for place in panels(stands)], tell_all()[0])
        batch = dealt(rng.batches, points.training, signal, levels)
        if broke := guard.step(**batch, learning_rate=rate(done)):
            return Diverged(done, broke)
    return None


class Looks:
    """Snapshots of a run; the first at step 200 or later is kept to compare with."""

    def __init__(self, judge: Judge, asked: Questions, best: Array) -> None:
        self._judge, self._asked, self._best = judge, asked, best
        self._early: dict[str, float] = {}

    def at(self, done: int, states: list[Array], told: Array) -> Snapshot:
        """Charts and numbers: the states (2, n) in the chain's panels, samples last, and the noise told of all that is asked."""
        samples, by_level, best = states[-1], self._asked.losses(told), float(self._best.mean())
        apart, loss, gaussian = self._judge.apart(samples), float(by_level.mean()), self._judge.gaussian
        if done >= EARLY and not self._early:
            self._early = {"early apart": apart, "early loss": loss}
        measured = {"apart": apart, "near": self._judge.near(samples), "loss": loss, "best loss": best} | gaussian | self._early
        measured |= {"over best": loss / best}
        if self._early:
            measured |= {"loss left": loss / self._early["early loss"], "gained": self._early["early apart"] - apart}
        drawn_now = {
            "samples": {"sampled": samples},
            "apart": {"sampled": apart, "gaussian": gaussian["gaussian apart"]},
            "chain": {"sampled": beside(states, 0)},
            "loss": {"network": loss, "exact": best},
            "by level": {"network": by_level, "exact": self._best},
        }
        return Snapshot(done, drawn_now, measured=measured)


GIVEN = {"shape": "moons", "learning_rate": 0.005}
TRAINED = Ground(levels=at_least(40), points=at_least(1000), **GIVEN)
HOME = Ground(sampler="ddpm", sampler_steps=at_least(40), levels=at_least(40), points=at_least(1000), **GIVEN)
SAMPLES = Claim("Five nearest neighbours tell samples from unseen points this often.", "apart", at_most(0.65), HOME)
GAUSSIAN = Claim(
    "They tell points of a fitted Gaussian from unseen points this often.",
    "gaussian apart",
    at_least(0.7),
    Ground(shape="moons"),
)
NEAR = Claim(
    "The median sample is this far from its nearest unseen point, where for other real points that distance is 1.",
    "near",
    at_most(1.4),
    HOME,
)
LOSS_LEFT = Claim(
    "From step 200 to the end, the loss falls only to this share of what it was.", "loss left", at_least(0.85), TRAINED
)
GAINED = Claim("Meanwhile the share of points told apart falls by this much.", "gained", at_least(0.03), HOME)
FLOOR = Claim("At the end the loss is this many times that of the exact minimizer.", "over best", at_most(1.1), TRAINED)
FEW = Claim(
    "In two steps from noise to points, samples are told apart from unseen points this often.",
    "apart",
    at_least(0.9),
    Ground(sampler_steps=2, levels=at_least(40), **GIVEN),
)
TEN = Claim(
    "Trained and sampled with ten levels, samples are told apart from unseen points this often.",
    "apart",
    at_most(0.68),
    Ground(sampler="ddpm", levels=10, sampler_steps=at_least(10), points=at_least(1000), **GIVEN),
)
AMONG = Title("Samples end up among the real points", "Real points and samples", (SAMPLES, NEAR))
APART = Title("Harder and harder to tell from real points", "How well samples are told from real points", (SAMPLES, GAINED))
LOW = Title("The loss is low early on, and hardly falls from there", "Loss, by step", (LOSS_LEFT, FLOOR))

demo = Demo(
    name="points",
    title="Points out of noise",
    params=PointsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(SAMPLES, GAUSSIAN, NEAR, LOSS_LEFT, GAINED, FLOOR, FEW, TEN),
    presets=(
        Preset("two moons", {}),
        Preset("a face", {"shape": "smiley"}),
        Preset("two steps", {"sampler_steps": 2}),
        Preset("ten levels", {"levels": 10}),
        Preset("DDIM in ten steps", {"sampler": "ddim", "sampler_steps": 10}),
    ),
    guesses=guesses.POINTS,
    hint="Watch the samples find the real points, and the loss, which seems to have settled long before.",
)
