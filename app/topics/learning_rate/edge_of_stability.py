"""The edge of stability (Cohen et al., 2021): a network's sharpness climbs until rate times sharpness is 2, and stays there."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
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
from app.topics.learning_rate import guesses
from engine import Curvature, Graph, Guard, Session, beyond_the_edge, losses, mlp, optimizers

STEPS = 2000
BETWEEN = 25
PACE = Pace.evenly(STEPS, BETWEEN)
POINTS = 30
LINE = np.linspace(-1, 1, 101, dtype=np.float32)[None]


class EdgeParams(Params):
    """Rate and size of the network that fits a noisy wave."""

    learning_rate: float = slider(
        0.2,
        (0.03, 0.1, 0.2, 0.3, 0.4),
        label="learning rate",
        help="Step length. The sharpness settles near two divided by it.",
        log=True,
        minimum=0.001,
        maximum=10,
    )
    hidden_units: int = slider(32, (8, 16, 32, 64), label="hidden units", help="Width of each of two hidden layers.", minimum=1)


def charts(params: EdgeParams) -> dict[str, Chart]:
    """Rate times sharpness against the edge, the loss, and what the network draws."""
    return {
        "edge": Lines(
            title=DRAWN.at(params),
            series={"product": Series("learning rate × sharpness", VERMILION)},
            levels={"the edge of a quadratic": 2.0},
            x=Axis("step", (0, STEPS)),
            y=Axis("rate × sharpness", (0, 4)),
        ),
        "loss": Lines(
            title=JUMPS.at(params),
            series={"loss": Series("training loss", BLUE)},
            x=Axis("step", (0, STEPS)),
            y=Axis("mean squared error", (1e-3, 1), log=True),
        ),
        "fit": Curves(
            title="What the network draws through the points",
            at=LINE[0],
            series={"fit": Series("network", GREEN)},
            fixed={"the wave without noise": 0.8 * np.sin(2 * np.pi * LINE[0])},
            x=Axis("input", (-1, 1)),
            y=Axis("output", (-1.4, 1.4)),
            wide=True,
            height=240,
        ),
    }


def run(params: EdgeParams) -> Run:
    """1-h-h-1 tanh, full-batch gradient descent; the largest Hessian eigenvalue by power iteration every 50 steps."""
    rng = streams(params.seed)
    x = np.sort(rng.data.uniform(-1, 1, (1, POINTS)))
    feeds = {"inputs": x, "targets": 0.8 * np.sin(2 * np.pi * x) + rng.data.normal(0, 0.1, x.shape)}

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", x.shape), graph.placeholder("targets", x.shape)
    network = mlp(graph, (1, params.hidden_units, params.hidden_units, 1), rng.weights, "tanh")
    loss = losses.mean_squared_error(network(inputs), targets)
    update = optimizers.sgd(loss, graph.placeholder("learning_rate"))
    drawn = network(graph.placeholder("line", LINE.shape))
    session = Session(graph)
    step, look = session.plan([loss], [update]), session.plan([loss, drawn])
    curvature = Curvature(session, loss, network.variables)
    guard = Guard(session, step)

    direction, late, rises, before, first = rng.noise.normal(size=curvature.size), [], 0, np.inf, np.nan
    for done, shown in PACE:
        if shown:
            value, line = look(**feeds, line=LINE)
            charts = {"loss": {"loss": float(value)}, "fit": {"fit": line[0]}}
            if done % (2 * BETWEEN) == 0:
                sharpness, direction = curvature.sharpness(feeds, direction, 60 if done == 0 else 20)
                charts["edge"] = {"product": params.learning_rate * sharpness}
                late += [params.learning_rate * sharpness] if done >= STEPS // 2 else []
            first = float(value) if done == 0 else first
            measured = {"product": float(np.median(late)), "rises": rises / done, "kept": float(value) / first} if late else {}
            known = params.learning_rate, sharpness, done
            yield Snapshot(done, charts, measured=measured)
        if broke := guard.step(**feeds, learning_rate=params.learning_rate):
            last = curvature.sharpness(feeds, direction, 60)[0]
            return Diverged(done, broke, beyond_the_edge(params.learning_rate, last, done) or beyond_the_edge(*known))
        now = float(step.outputs[0])
        rises, before = rises + (now > before), now
    return None


AT_THE_EDGE = Ground(learning_rate=between(0.2, 0.3), hidden_units=32)
HOVERS = Claim(
    "In the second half of the run, rate × sharpness hovers near 2: its median.", "product", between(1.8, 2.3), AT_THE_EDGE
)
RISES = Claim("In many single steps the loss rose: their share of all steps.", "rises", at_least(0.05), AT_THE_EDGE)
FALLS = Claim("And yet it fell far: the last loss as a share of the first.", "kept", at_most(0.4), AT_THE_EDGE)
DRAWN = Title("Rate × sharpness is drawn to 2, and hovers there", "Rate × sharpness, and the edge of a quadratic", (HOVERS,))
JUMPS = Title("The loss jumps about, and falls all the same", "The training loss", (RISES, FALLS))

demo = Demo(
    name="edge-of-stability",
    title="The edge of stability",
    params=EdgeParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(HOVERS, RISES, FALLS),
    presets=(
        Preset("at the edge", {}),
        Preset("gentler: sharper", {"learning_rate": 0.1}),
        Preset("rougher", {"learning_rate": 0.3}),
        Preset("too far: diverges", {"learning_rate": 0.4}),
    ),
    guesses=guesses.EDGE,
    hint="Watch the product find its way to 2 and stay there, while the loss goes on falling.",
)
