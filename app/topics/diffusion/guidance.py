"""Classifier-free guidance: a network that knows two classes, and what a growing weight does to the samples of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Scatter, Series
from app.charts.colours import CLASSES, FORGED, GREEN, GREY, OCHRE
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
from app.topics.diffusion.classes import Both, TwoMoons, area, guided
from app.topics.diffusion.network import BATCH_SIZE, dealt, teller
from app.topics.diffusion.process import denoised, kept, visited, waves
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers, schedules
from engine.metrics import energy_distance
from engine.probabilities import one_hot

LEVELS, HIDDEN, STEPS, RATE = 40, (64, 64, 64), 1500, 0.005
PACE = Pace(STEPS, 31)
WEIGHTS, MARKS = (*np.arange(0, 2, 0.25).tolist(), *np.arange(2, 8.1, 0.5).tolist()), (0, 2, 4, 8)
"""What w goes through once the network is trained; at the marks what is measured gets a name of its own."""
TRAINED, SAMPLES, POOL, COMPARED = 1000, 300, 4000, 400
SPAN = (-3.6, 3.6)


class GuidanceParams(Params):
    """How far the classes overlap, how often training hides the class, and how samples are taken."""

    overlap: float = slider(
        0.3,
        (0.15, 0.3, 0.45),
        label="noise of the moons",
        help="The more noise, the more the two classes overlap.",
        minimum=0.1,
        maximum=0.6,
    )
    dropped: float = slider(
        0.15, (0.05, 0.15, 0.5), label="labels left out", help="How often training hides a point’s class.", maximum=0.9
    )
    sampler: Literal["ddpm", "ddim"] = choice(
        "ddpm",
        {"ddpm": "with fresh noise (DDPM)", "ddim": "without (DDIM)"},
        label="sampler",
        help="Whether some of the noise that is taken away at a step is replaced by new noise.",
    )


def charts(params: GuidanceParams) -> dict[str, Chart]:
    """Samples beside what the formula says they are, and three measures of both while w grows."""
    weight = Axis("guidance weight w", (0, WEIGHTS[-1]))
    plane: dict[str, Any] = {"x": Axis("x, in units of the spread", SPAN), "y": Axis("y, in units of the spread", SPAN)}
    clouds = {f"class {label}": Series(f"class {label}", CLASSES[label]) for label in (0, 1)}
    network, exact = Series("network", FORGED, width=3), Series("exact scores", GREEN, "dash")
    tilted = Series("p(x) p(c | x)^(1 + w)", OCHRE)
    return {
        "samples": Scatter(title=CLOUDS.at(params), groups=clouds, size=5, height=380, **plane),
        "tilted": Scatter(title=SAID.at(params), groups=clouds, size=5, height=380, **plane),
        "area": Lines(
            title=SHRINKS.at(params),
            series={"network": network, "exact": exact, "tilted": tilted},
            levels={"real": 1.0},
            x=weight,
            y=Axis("area of a class’s cloud over the real one’s", (0, 1.3)),
        ),
        "belongs": Lines(
            title=TRUER.at(params),
            series={"network": network, "exact": exact, "tilted": tilted, "real": Series("real", GREY, "dot")},
            x=weight,
            y=Axis("mean p(c | x) of samples of class c", (0.7, 1.02)),
        ),
        "away": Lines(
            title="How far samples are from real points and from the formula",
            series={"real": Series("from real points", GREY), "tilted": Series("from p(x) p(c | x)^(1 + w)", OCHRE)},
            x=weight,
            y=Axis("energy distance (0: the same distribution)", (-0.05, 1.4)),
        ),
    }


def run(params: GuidanceParams) -> Run:
    """12-64-64-64-2 ReLU learns to tell the noise, with and without being told the class; then samples are taken at each w."""
    rng, signal, levels = streams(params.seed), kept(LEVELS), waves(np.arange(LEVELS + 1), LEVELS)
    world, labels = TwoMoons(rng.data, params.overlap), np.arange(TRAINED) % 2
    training, marks = world.drawn(rng.data, labels), one_hot(labels, 2)

    graph, told = Graph(), 2 + len(levels) + len(marks)
    network = mlp(graph, (told, *HIDDEN, 2), rng.weights, "relu")
    inputs, noise = graph.placeholder("inputs", (told, BATCH_SIZE)), graph.placeholder("noise", (2, BATCH_SIZE))
    loss = losses.mean_squared_error(network(inputs), noise)
    update = optimizers.weight_average(optimizers.adam(loss, graph.placeholder("learning_rate")))
    session = Session(graph)
    step = yield from session.planning([loss], [update])

    wanted = np.arange(SAMPLES) % 2
    with_and_without = np.concatenate([one_hot(wanted, 2), np.zeros((2, SAMPLES))], axis=1)
    ask = teller(session, network, update, levels, 2 * SAMPLES, marks=with_and_without)

    def tell(points: Array, level: int) -> tuple[Array, Array]:
        both = ask(np.concatenate([points, points], axis=1), level)
        return both[:, :SAMPLES], both[:, SAMPLES:]

    stands, start = visited(LEVELS, LEVELS), rng.noise.standard_normal((2, SAMPLES))
    fresh = rng.noise.standard_normal((LEVELS, 2, SAMPLES)) if params.sampler == "ddpm" else None

    def sampled(by: Both, weight: float) -> Array:
        return denoised(guided(by, weight), start, signal, stands, fresh)[-1]

    judge = Judge(world, wanted, rng.noise)
    guard, rate = Guard(session, step), schedules.cosine(RATE, STEPS, final=0.05)
    for done, shown in PACE:
        if shown:
            yield judge.learning(done, sampled(tell, 0.0))
        batch = dealt(rng.batches, training, signal, levels, np.where(rng.batches.random(TRAINED) < params.dropped, 0, marks))
        if broke := guard.step(**batch, learning_rate=rate(done)):
            return Diverged(done, broke)
    best = world.best(signal, wanted)
    for place, weight in enumerate(WEIGHTS, start=1):
        yield judge.look(STEPS + place, weight, {"network": sampled(tell, weight), "exact": sampled(best, weight)})
    return None


class Judge:
    """Many real points of both classes, and how each is weighed to get p(x) p(c | x)^(1 + w)."""

    def __init__(self, world: TwoMoons, wanted: Array, rng: np.random.Generator) -> None:
        self._world, self._wanted, self._labels = world, wanted, np.arange(POOL) % 2
        self._points, self._lots = world.drawn(rng, self._labels), rng.random(POOL)
        self._chances, self._unguided = world.belonging(self._points, self._labels), dict[str, float]()

    def learning(self, done: int, samples: Array) -> Snapshot:
        """While the network learns: its samples without guidance, beside real points."""
        return Snapshot(done, {"samples": self._by_class(samples), "tilted": _thinned(self._kept(0.0))})

    def look(self, step: int, weight: float, samples: dict[str, Array]) -> Snapshot:
        """Charts and numbers of the samples (2, n) of network and exact scores at one weight."""
        clouds, kept_now = {name: self._by_class(each) for name, each in samples.items()}, self._kept(weight)
        belongs = {name: float(self._world.belonging(each, self._wanted).mean()) for name, each in samples.items()}
        tilt = self._chances**weight
        belongs |= {"tilted": float(np.average(self._chances, weights=tilt)), "real": float(self._chances.mean())}
        areas = {name: self._size(each) for name, each in clouds.items()}
        areas["tilted"] = self._size(self._real, [tilt[self._labels == label] for label in (0, 1)])
        away = {"real": _away(clouds["network"], self._real), "tilted": _away(clouds["network"], kept_now)}
        lines = {"area": areas, "belongs": belongs, "away": away}
        drawn_now: dict[str, Any] = {chart: {name: (weight, each) for name, each in one.items()} for chart, one in lines.items()}
        drawn_now |= {"samples": clouds["network"], "tilted": _thinned(kept_now)}
        measured = {f"{chart} {name}": each for chart, one in lines.items() for name, each in one.items()}
        self._unguided = self._unguided or areas
        shrunk = {f"shrunk {name}": each / self._unguided[name] for name, each in areas.items()}
        measured |= shrunk | {f"{name} over tilted": shrunk[f"shrunk {name}"] / shrunk["shrunk tilted"] for name in samples}
        at_mark = {f"{name} at {weight:g}": each for name, each in measured.items()} if weight in MARKS else {}
        return Snapshot(step, drawn_now, measured={"weight": weight} | measured | at_mark)

    @property
    def _real(self) -> dict[str, Array]:
        return _apart(self._points, self._labels)

    def _by_class(self, samples: Array) -> dict[str, Array]:
        return _apart(samples, self._wanted)

    def _kept(self, weight: float) -> dict[str, Array]:
        """Real points, each kept with probability p(c | x)^w: what is left is distributed as p(x) p(c | x)^(1 + w)."""
        kept_now = self._lots < self._chances**weight
        return _apart(self._points[:, kept_now], self._labels[kept_now])

    def _size(self, clouds: dict[str, Array], weights: Sequence[Array | None] = (None, None)) -> float:
        """The mean over both classes of the area of their cloud over that of the real one."""
        pairs = zip(clouds.values(), self._real.values(), weights, strict=True)
        return float(np.mean([area(cloud, weight) / area(real) for cloud, real, weight in pairs]))


def _apart(points: Array, labels: Array) -> dict[str, Array]:
    return {f"class {label}": points[:, labels == label] for label in (0, 1)}


def _thinned(clouds: dict[str, Array]) -> dict[str, Array]:
    return {name: cloud[:, : SAMPLES // 2] for name, cloud in clouds.items()}


def _away(clouds: dict[str, Array], others: dict[str, Array]) -> float:
    """The mean over both classes of the energy distance to as large a part of the others as is cheap enough to measure."""
    return float(np.mean([energy_distance(cloud, others[name][:, :COMPARED]) for name, cloud in clouds.items()]))


HOME = Ground(overlap=0.3, dropped=between(0.1, 0.5))
PLAIN = Claim(
    "Without guidance, samples of a class are distributed like its real points: the energy distance between them.",
    "away real at 0",
    at_most(0.05),
    HOME,
)
TRUE = Claim(
    "At a weight of 2, samples belong to their class with this mean probability.", "belongs network at 2", at_least(0.95), HOME
)
LESS = Claim(
    "At a weight of 2, a class’s cloud has this area, as a share of the area it has without guidance.",
    "shrunk network at 2",
    at_most(0.85),
    HOME,
)
OTHER = Claim(
    "By p(x) p(c | x)^(1 + w) it would shrink less: its area, as a share of the area it would have.",
    "network over tilted at 2",
    at_most(0.9),
    HOME,
)
EXACT = Claim(
    "The network is not to blame: with exact scores, at a weight of 4, that share is below 1 as well.",
    "exact over tilted at 4",
    at_most(0.9),
    Ground(overlap=between(0.15, 0.45)),
)
CLOUDS = Title("Each class’s cloud shrinks as w grows", "Samples of each class", (LESS,))
SAID = Title("The formula keeps more: real points, weighted by p(c | x)^w", "Real points, weighted by p(c | x)^w", (OTHER, EXACT))
SHRINKS = Title("Samples vary less than the formula says", "How varied samples are, by w", (LESS, OTHER, EXACT))
TRUER = Title("Guided samples are truer to their class", "How true samples are to their class, by w", (TRUE,))

demo = Demo(
    name="guidance",
    title="Guidance",
    params=GuidanceParams,
    charts=charts,
    run=run,
    frames=len(PACE) + len(WEIGHTS),
    claims=(PLAIN, TRUE, LESS, OTHER, EXACT),
    presets=(
        Preset("two moons that overlap", {}),
        Preset("hardly any overlap", {"overlap": 0.15}),
        Preset("without fresh noise", {"sampler": "ddim"}),
        Preset("half of the labels left out", {"dropped": 0.5}),
    ),
    guesses=guesses.GUIDANCE,
    hint="First the network learns, then w grows from 0 to 8. If the formula held, both charts would stay alike.",
)
