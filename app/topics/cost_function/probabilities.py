"""What a cost makes a model say: under cross-entropy and squared error the share of heads, under absolute error 0 or 1."""

from __future__ import annotations

import numpy as np

from app.charts import Axis, Chart, Curves, Lines, Series
from app.charts.colours import BLUE, GREEN, VERMILION
from app.topic import Claim, Demo, Ground, Pace, Params, Preset, Run, Snapshot, Title, at_least, at_most, between, slider, streams
from app.topics.cost_function import guesses
from engine import Graph, Node, Session, losses, optimizers
from engine.ops import sigmoid

SERIES = {
    "cross": Series("cross-entropy", BLUE, width=6),
    "squared": Series("squared error", VERMILION),
    "absolute": Series("absolute error", GREEN),
}
NAMES = tuple(SERIES)
CHANCES = np.linspace(0.1, 0.9, 9)
STEPS = 300
PACE = Pace(STEPS, 101)


class ProbabilityParams(Params):
    """How much the models have seen, and how fast they learn."""

    throws: int = slider(
        400,
        (20, 50, 100, 200, 400),
        label="throws of each coin",
        help="The fewer, the further the shares lie from the true chances.",
        minimum=5,
    )
    learning_rate: float = slider(
        0.05,
        (0.01, 0.02, 0.05, 0.1, 0.2),
        label="learning rate",
        help="Adam’s, the same for all three.",
        log=True,
        minimum=0.001,
        maximum=1,
    )


def charts(params: ProbabilityParams) -> dict[str, Chart]:
    """What each says of every coin, and how far that is from the shares in the data."""
    return {
        "said": Curves(
            title=TITLE.at(params),
            at=CHANCES,
            series=SERIES,
            fixed={"the true chances": CHANCES},
            dots={"seen": Series("share of heads in the data")},
            x=Axis("the coin’s true chance of heads", (0.05, 0.95)),
            y=Axis("probability of heads, as learned", (-0.02, 1.02)),
            mode="lines+markers",
            height=360,
        ),
        "gap": Lines(
            title="Distance from the share in the data, worst coin",
            series=SERIES,
            x=Axis("step", (0, STEPS)),
            y=Axis("largest difference of probability", (0, 0.5)),
            height=360,
        ),
    }


def run(params: ProbabilityParams) -> Run:
    """Nine coins, a logit for each and cost, fitted to 0s and 1s by Adam on all throws at once."""
    throws = (streams(params.seed).data.random((len(CHANCES), params.throws)) < CHANCES[:, None]).astype(float)
    shares = throws.mean(axis=1)
    graph = Graph(np.float64)
    logits = {name: graph.variable(name, np.zeros((len(CHANCES), 1))) for name in NAMES}
    costs = _costs(logits, graph.constant(throws))
    updates = [optimizers.adam(costs[name], params.learning_rate, [logits[name]]) for name in NAMES]
    step = Session(graph).plan([sigmoid(each) for each in logits.values()], updates)
    for done, shown in PACE:
        made = step()
        if shown:
            said = {name: each[:, 0] for name, each in zip(NAMES, made, strict=True)}
            gaps = {name: float(np.abs(each - shares).max()) for name, each in said.items()}
            seen = {"seen": np.stack([CHANCES, shares])} if done == 0 else {}
            yield Snapshot(done, {"said": {**said, **seen}, "gap": gaps}, measured=gaps)
    return None


def _costs(logits: dict[str, Node], throws: Node) -> dict[str, Node]:
    """Every throw of a coin gets that coin's answer."""
    answers = {name: each + throws * 0.0 for name, each in logits.items()}
    return {
        "cross": losses.sigmoid_cross_entropy(answers["cross"], throws),
        "squared": losses.mean_squared_error(sigmoid(answers["squared"]), throws),
        "absolute": losses.mean_absolute_error(sigmoid(answers["absolute"]), throws),
    }


FAST_ENOUGH = Ground(learning_rate=between(0.05, 0.2), throws=between(20, 400))
CROSS = Claim(
    "Under cross-entropy the model ends this close to each coin’s share of heads: the worst coin.",
    "cross",
    at_most(0.02),
    FAST_ENOUGH,
)
SQUARED = Claim("Under squared error it ends this close.", "squared", at_most(0.05), FAST_ENOUGH)
ABSOLUTE = Claim(
    "Under absolute error it ends this far from the share of heads: the worst coin.", "absolute", at_least(0.3), FAST_ENOUGH
)
TITLE = Title(
    "Two costs bring out the share of heads, absolute error 0 or 1",
    "What each cost makes the model say of every coin",
    (CROSS, SQUARED, ABSOLUTE),
)

demo = Demo(
    name="probabilities",
    title="Honest probabilities",
    params=ProbabilityParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=TITLE.claims,
    presets=(Preset("400 throws", {}), Preset("20 throws", {"throws": 20}), Preset("slower", {"learning_rate": 0.02})),
    guesses=guesses.PROBABILITIES,
    hint="Watch the line of absolute error leave the shares of heads and run to 0 or 1, whichever is nearer.",
)
