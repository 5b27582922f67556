"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Ratio, Sketch, at_least, at_most, between

EDGES = (
    Guess(
        name="what-moves",
        question="A backward pass has gone through the whole network. How far has it moved the weights?",
        of="moved",
        said="the largest change of a weight by the backward pass",
        options=(
            Option("Each one a step against its gradient", at_least(0.000001)),
            Option("Not at all", at_most(0)),
        ),
        why="Backpropagation computes gradients and nothing else. Moving the weights is the optimizer’s job, afterwards.",
        look=Moment("All gradients are there, and no weight has moved.", "moved", at_most(0)),
    ),
)

DIFFERENCES = (
    Sketch(
        name="by-nudge",
        question="Draw the error of the two-sided difference against the size of the nudge",
        chart="error",
        series="central",
        points=9,
        why="A large nudge measures a secant instead of the slope; a tiny one is lost in rounding. The best nudge lies in"
        " between.",
        look=Moment("The curve has come down and risen again."),
    ),
    Guess(
        name="tiny-nudge",
        question="A nudge of 1e−13 instead of 0.00001: what does it do to the error?",
        values={"activation": "sigmoid"},
        of=Ratio("noise", "usual"),
        said="the error at 1e−13 over the error at 0.00001",
        options=(
            Option("Smaller: the limit is what counts", at_most(0.9)),
            Option("About the same", between(0.95, 10)),
            Option("Thousands of times larger", at_least(1000)),
        ),
        why="The two losses then agree in nearly all their digits. Their difference is rounding, and it is divided by a "
        "tiny number.",
        look=Moment("On the left the curve is all noise."),
    ),
)
