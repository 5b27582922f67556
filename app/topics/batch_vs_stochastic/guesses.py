"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Ratio, Sketch, at_least, at_most, between

CLOCKS = (
    Guess(
        name="samples-needed",
        question="To come near the minimum, how many samples does the full batch look at, compared with single samples?",
        of="advantage",
        said="the full batch’s samples over those of single samples",
        options=(
            Option("As many: the same data, the same work", between(0.3, 2)),
            Option("About ten times as many", between(5, 25)),
            Option("More than fifty times as many", at_least(50)),
        ),
        why="Two hundred samples agree on nearly the same gradient, so asking all of them before each step buys little "
        "for two hundred times the price.",
        look=Moment("Single samples are there; the full batch has made its first updates.", "step", at_least(600)),
    ),
    Guess(
        name="falling-rate",
        question="Single samples, with a rate that falls: does the loss still stop at a floor?",
        values={"batch_size": 1, "schedule": "falling"},
        of=Ratio("yours floor", "one floor"),
        said="the mean loss in the last half over that at a constant rate",
        options=(
            Option("Yes, at the same floor", between(0.5, 2)),
            Option("At half of it", between(0.2, 0.45)),
            Option("No: it falls far below", at_most(0.1)),
        ),
        why="The floor is the noise of single samples times the rate. As the rate falls the noise averages out, and the "
        "loss goes on falling.",
        look=Moment("The falling rate is far below the constant one."),
    ),
    Sketch(
        name="single-samples",
        question="Draw the loss of single samples against the samples seen, both axes logarithmic",
        chart="samples",
        series="one",
        why="It falls before all the others, and then bounces about at a floor that the noise of single samples holds up.",
        look=Moment("From here on it only bounces.", "step", at_least(3000)),
    ),
)
