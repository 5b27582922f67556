"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Ratio, at_least, at_most, between

GRID = (
    Guess(
        name="one-unit",
        question="Can a well-chosen rate make up for a single hidden unit?",
        values={"momentum": 0.0},
        of=Ratio("narrowest", "best"),
        said="the lowest loss with one unit over the lowest of all",
        options=(
            Option("Yes: it comes near the best", at_most(1.5)),
            Option("Nearly: within three times", between(1.6, 3)),
            Option("No: its loss is many times as large", at_least(4)),
        ),
        why="One hidden unit bends space once, and two moons need more. No rate gives a network what it has no room for.",
        look=Moment("The column of one unit is pale from top to bottom."),
    ),
)

RANDOM = (
    Guess(
        name="random-or-grid",
        question="The same number of trials each: how often does random search find the lower loss?",
        of="won",
        said="the share of searches that random search won",
        options=(
            Option("Seldom: a grid leaves no gaps", at_most(0.35)),
            Option("As often as not", between(0.42, 0.53)),
            Option("More often than the grid", at_least(0.55)),
        ),
        why="Only the rate matters much here. A grid of sixteen tries four rates, and random search up to sixteen.",
        look=Moment("After a third of the searches the share is about what it will be.", "step", at_least(190)),
    ),
    Guess(
        name="twenty-five-trials",
        question="25 trials each: how often does random search find the lower loss?",
        values={"trials": 25},
        of="won",
        said="the share of searches that random search won",
        options=(
            Option("Seldom: the grid is dense enough now", at_most(0.4)),
            Option("As often as not", between(0.42, 0.54)),
            Option("In three of five searches, or more", at_least(0.6)),
        ),
        why="The grid now tries five rates instead of four, and random search up to 25 instead of sixteen.",
        look=Moment("Random search stays ahead."),
    ),
)
