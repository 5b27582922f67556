"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

SCALE = (
    Guess(
        name="all-zeros",
        question="All weights begin at zero. How many digits does the network of ten layers read right after eight epochs?",
        values={"scale": 0.0},
        of="yours",
        said="your network’s share of digits read right",
        options=(
            Option("Nearly all, only later", at_least(0.85)),
            Option("About half, as a linear model would", between(0.35, 0.75)),
            Option("No more than by guessing", at_most(0.2)),
        ),
        why="With zero weights no signal goes forward and no gradient comes back. Only the last bias learns: how frequent each "
        "digit is.",
        look=Moment("The last epoch: Xavier’s network reads, and yours guesses.", "step", at_least(70)),
    ),
)

SYMMETRY = (
    Guess(
        name="a-millionth",
        question="Eight units begin alike, but for a millionth of randomness. How many of the moons are sorted right in the end?",
        of="yours",
        said="your network’s share sorted right",
        options=(
            Option("Half: they stay alike and learn nothing", at_most(0.6)),
            Option("As many as one unit sorts", between(0.75, 0.94)),
            Option("All", at_least(0.97)),
        ),
        why="Units that are alike get gradients that are alike but for that millionth, and the difference grows from step "
        "to step until they part.",
        look=Moment("Here they have parted.", "yours", at_least(0.97)),
    ),
    Sketch(
        name="parting",
        question="Draw the share sorted right by eight units that begin alike but for a millionth",
        chart="accuracy",
        series="yours",
        why="First they learn as one unit does and stay there, while their differences grow unseen. Then they part, and "
        "the rest is learned quickly.",
        look=Moment("Here they have parted.", "yours", at_least(0.97)),
    ),
    Guess(
        name="relu-from-zeros",
        question="ReLU from zero weights, no randomness: how many of the moons are sorted right?",
        values={"randomness": 0.0, "activation": "relu"},
        of="yours",
        said="your network’s share sorted right",
        options=(
            Option("Half of them", at_most(0.55)),
            Option("As many as one unit sorts", between(0.75, 0.94)),
            Option("All", at_least(0.97)),
        ),
        why="At zero a ReLU passes neither signal nor gradient: these units do not even learn what a single one would.",
        look=Moment("Its line stays where it began."),
    ),
)
