"""Through time: an unrolled recurrent network multiplies the gradient by the same matrix at every step back.

Nothing trains here. The networks are run once forward and once back, and the frames follow the backward pass, one time step each.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from app.charts import Axis, Chart, Curves, Series
from app.charts.colours import BLUE, CYAN, GREY, OCHRE, PURPLE, VERMILION
from app.topic import NOT_YET, Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_least, at_most, between, slider, streams
from app.topics.vanishing_gradients import guesses
from engine import Graph, Node, Session, gradients, ops
from engine.graph import Array
from engine.networks.activations import activation

UNITS = 64
SEQUENCES = 8
RADII = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
"""The largest absolute eigenvalues that always run; the visitor's comes last."""
DRAWN = {0.5: GREY, 1.0: CYAN, 1.5: OCHRE}
KINDS = ("linear", "tanh")


class TimeParams(Params):
    """The recurrent matrix, how far back, and what drives the states."""

    radius: float = slider(
        2.0,
        (0.25, 0.5, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 3.0),
        label="spectral radius",
        help="Largest absolute eigenvalue of the recurrent weights of your two networks.",
        minimum=0.1,
        maximum=3,
    )
    time_steps: int = slider(50, (10, 20, 30, 50, 70), label="time steps", help="How far the networks are unrolled.", minimum=5)
    input_size: float = slider(
        0.1,
        (0.0, 0.01, 0.1, 0.3, 1.0),
        label="input size",
        help="Spread of the random inputs. Larger ones push tanh towards its flat ends.",
        maximum=3,
    )


def charts(params: TimeParams) -> dict[str, Chart]:
    """The gradient by time step, its growth against the radius, and how steep tanh is where the states are."""
    back = params.time_steps
    down, up = 10.0 ** (-0.62 * back - 1), 10.0 ** (0.48 * back + 1)
    time = Axis("time step", (0, back + 1))
    yours = {
        "linear": Series(f"linear, radius {params.radius:g}", VERMILION, width=3.5),
        "tanh": Series(f"tanh, radius {params.radius:g}", BLUE, width=3.5),
    }
    fixed = {f"linear {radius}": Series(f"linear, {radius:g}", colour, "dash") for radius, colour in DRAWN.items()}
    return {
        "gradient": Curves(
            title="Back through time, right to left: a straight line here is exponential",
            at=np.arange(1, back + 1),
            series=fixed | yours,
            further=["linear 1.0", "linear 1.5"],
            x=time,
            y=Axis("norm of dL/dh, last time step = 1", (down, up), log=True),
            wide=True,
            height=340,
        ),
        "radius": Curves(
            title="The gradient this far back, by radius",
            at=RADII,
            series={"linear": Series("linear", VERMILION), "tanh": Series("tanh", BLUE)},
            fixed={"no change": np.ones(len(RADII))},
            mode="lines+markers",
            x=Axis("spectral radius", (0, 3.1)),
            y=Axis("norm of dL/dh so far back, last = 1", (down, up), log=True),
        ),
        "slope": Curves(
            title="The mean slope of tanh at each time step",
            at=np.arange(1, back + 1),
            series={"slope": Series(f"slope of tanh, radius {params.radius:g}", PURPLE)},
            x=time,
            y=Axis("mean of 1 − h²", (0, 1.05)),
        ),
    }


def backward(kind: str, params: TimeParams) -> Generator[None, None, tuple[Array, Array]]:
    """The norm of dL/dh by time step and network (time, networks), last time step 1; and the visitor's mean of 1 - h^2 (time,).

    All radii are one Gaussian matrix scaled. L is a random weighting of the last state, averaged over sequences. In float64: the
    squares reach far. In pieces: the network, its gradients, their values.
    """
    rng, radii = streams(params.seed), np.array([*RADII, params.radius])
    matrix = rng.weights.normal(size=(UNITS, UNITS))
    matrix /= np.abs(np.linalg.eigvals(matrix)).max()
    into, read = rng.weights.normal(size=(UNITS, 1)), rng.weights.normal(size=(UNITS, 1))
    signals = params.input_size * rng.data.normal(size=(params.time_steps, 1, SEQUENCES))

    graph = Graph(np.float64, sweep=len(radii))
    recurrent = graph.variable("recurrent weights", matrix)
    states = _unrolled(recurrent, [graph.constant(into @ signal) for signal in signals], kind)
    yield
    slopes = gradients(ops.total(states[-1] * graph.constant(read)) * (1 / SEQUENCES), states)
    yield
    session = Session(graph)
    session.assign(recurrent, matrix * radii[:, None, None])
    values = session.run([*states, *(ops.total(ops.square(slope)) for slope in slopes)])
    steepness = [float(np.mean(1 - state[-1] ** 2)) for state in values[: len(states)]]
    norms = np.sqrt(np.array(values[len(states) :]))
    return norms / norms[-1], np.array(steepness)


def _unrolled(recurrent: Node, drives: list[Node], kind: str) -> list[Node]:
    """h_t = f(W h_{t-1} + u_t) from h_0 = 0: a deep feedforward network whose layers share their weights."""
    bend = activation(kind)
    states = [bend(drives[0] + recurrent.graph.constant(np.zeros((recurrent.shape[0], UNITS, SEQUENCES))))]
    for drive in drives[1:]:
        states.append(bend(ops.matmul(recurrent, states[-1]) + drive))
    return states


def run(params: TimeParams) -> Run:
    """Ten linear networks, then ten with tanh, then the backward pass of all, one time step a frame."""
    known = dict[str, Array]()
    for kind in KINDS:
        known[kind], slope = yield from backward(kind, params)
        yield NOT_YET
    for passed in range(params.time_steps):
        yield _snapshot(passed, known, slope)
    return None


def _snapshot(passed: int, known: dict[str, Array], slope: Array) -> Snapshot:
    """What the backward pass has been through, so many time steps before the last; `slope` is that of the visitor's tanh."""
    reached = len(slope) - 1 - passed
    late = np.arange(len(slope)) >= reached
    lines = {kind: norms[:, -1] for kind, norms in known.items()}
    lines |= {f"linear {radius}": known["linear"][:, RADII.index(radius)] for radius in DRAWN}
    drawn = {
        "gradient": {name: np.where(late, values, np.nan) for name, values in lines.items()},
        "radius": {kind: norms[reached, :-1] for kind, norms in known.items()},
        "slope": {"slope": np.where(late, slope, np.nan)},
    }
    return Snapshot(passed, drawn, measured=_powers(known) if reached == 0 else {})


def _powers(known: dict[str, Array]) -> dict[str, float]:
    """By how many powers of ten the gradient has changed at the first time step, for each kind and radius."""
    return {
        f"{kind} {radius}": float(np.log10(norms[0, place]))
        for kind, norms in known.items()
        for place, radius in enumerate(RADII)
    }


FAR = Ground(time_steps=50)
QUIET = Ground(time_steps=50, input_size=0.1)

demo = Demo(
    name="through-time",
    title="Through time",
    params=TimeParams,
    charts=charts,
    run=run,
    frames=lambda params: params.time_steps,
    claims=(
        Claim(
            "In a linear network of radius 0.5 the gradient vanishes: powers of ten over 50 time steps.",
            "linear 0.5",
            at_most(-13.5),
            FAR,
        ),
        Claim(
            "In a linear network of radius 1 the gradient roughly keeps its size: powers of ten.",
            "linear 1.0",
            between(-2.5, 1),
            FAR,
        ),
        Claim("In a linear network of radius 1.5 the gradient explodes: powers of ten.", "linear 1.5", at_least(6.5), FAR),
        Claim("In a tanh network of radius 1.5 the gradient explodes far less: powers of ten.", "tanh 1.5", at_most(3), QUIET),
        Claim("In a tanh network of radius 3 the gradient explodes after all: powers of ten.", "tanh 3.0", at_least(3.5), QUIET),
    ),
    presets=(
        Preset("vanishes", {"radius": 0.5}),
        Preset("on the edge", {"radius": 1.0}),
        Preset("tanh holds back", {"radius": 1.5}),
        Preset("explodes", {"radius": 3.0}),
        Preset("large inputs", {"input_size": 1.0}),
        Preset("no inputs", {"input_size": 0.0}),
    ),
    guesses=guesses.THROUGH_TIME,
    hint="No network trains here: the frames follow the gradient back, one time step each.",
)
