"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

RACE = (
    Guess(
        name="rate-10",
        question="Rate 10: what will its training loss do?",
        values={"learning_rate": 10.0},
        of="yours",
        said="the training loss of rate 10 at the end",
        options=(
            Option("Fall even faster than at rate 1", at_most(0.0005)),
            Option("Fall, and then bounce up and down", between(0.01, 0.9)),
            Option("Stay about where it began", between(1, 5)),
            Option("Blow up", at_least(50)),
        ),
        why="Each step is far longer than the valley of the loss is wide, so it lands higher up on the other side, and "
        "the next step, which is longer still, lands higher again.",
        look=Moment("The loss leaves for good.", "yours", at_least(50)),
    ),
    Guess(
        name="rate-0001",
        question="Rate 0.001: how far does the loss come down in 200 steps?",
        values={"learning_rate": 0.001},
        of="yours",
        said="the training loss of rate 0.001 after 200 steps",
        options=(
            Option("All the way: small steps are safe steps", at_most(0.03)),
            Option("To about a tenth of where it began", between(0.06, 0.3)),
            Option("Not even halfway", at_least(0.5)),
        ),
        why="The direction is right at every step, but each step is too short to get anywhere in the time available.",
        look=Moment("After 200 steps most of the way is still to go."),
    ),
)

QUADRATIC = (
    Guess(
        name="two-point-one",
        question="Rate × curvature 2.1, one twentieth over the edge: what does the loss do?",
        values={"rate_times_curvature": 2.1},
        of="yours",
        said="the loss above its minimum after 300 steps",
        options=(
            Option("It still falls, only more slowly", at_most(1)),
            Option("It swings to and fro at one height", between(2, 20)),
            Option("It grows without end", at_least(1e6)),
        ),
        why="Beyond 2 every step lands farther from the minimum than it began: here a tenth farther each time, three "
        "hundred times over.",
        look=Moment("The loss is beyond a thousand, and still growing.", "yours", at_least(1000)),
    ),
)

EDGE = (
    Guess(
        name="sharpness",
        question="Gradient descent is left to itself: where does rate × sharpness settle?",
        of="product",
        said="the median of rate × sharpness in the second half of the run",
        options=(
            Option("Well below 1: it looks for flat places", at_most(1)),
            Option("Close to 2, the edge itself", between(1.8, 2.3)),
            Option("Above 3, where it breaks", at_least(3)),
        ),
        why="The loss gets sharper until it reaches the edge. There a step that overshoots throws the network back to where it "
        "is flatter, which holds it at the edge.",
        look=Moment("Half of the run is over: it hovers around 2.", "step", at_least(1000)),
    ),
)

SCHEDULES = (
    Sketch(
        name="constant-rate",
        question="Draw the loss at a constant rate with noisy gradients",
        chart="loss",
        series="constant",
        why="The loss falls quickly, then stays at a floor: there the noise adds as much per step as descent takes away.",
        look=Moment("Here the falling rates begin to leave the constant one behind.", "step", at_least(600)),
    ),
)
