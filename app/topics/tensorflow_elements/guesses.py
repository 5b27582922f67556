"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

SIMULATOR = (
    Guess(
        name="last-line",
        question="The last line asks for “size” alone. How many of the graph’s seven nodes does that run evaluate?",
        of="evaluated",
        said="the nodes evaluated by the last run",
        options=(
            Option("All seven", exactly(7)),
            Option("Three", exactly(3)),
            Option("One", exactly(1)),
        ),
        why="A session evaluates what its fetches depend on and nothing else, which is also why this run needs no feed.",
        look=Moment("Three nodes are lit."),
    ),
)

TRAINING = (
    Guess(
        name="too-large-a-rate",
        question="The program fits its line at a rate of 1.5: what becomes of the loss?",
        values={"learning_rate": 1.5},
        of="left",
        said="the last loss over the first",
        options=(
            Option("It falls faster", at_most(0.05)),
            Option("It stays about where it was", between(0.5, 2)),
            Option("It leaves the finite numbers", at_least(1000000)),
        ),
        why="On a parabola a rate beyond twice the inverse of the curvature overshoots by more at each step. That the "
        "graph is TensorFlow’s changes nothing.",
        look=Moment("The loss is a thousand times the first, and growing.", "left", at_least(1000)),
    ),
)
