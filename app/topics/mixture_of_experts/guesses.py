"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

USED = "experts that serve at least 1 % of the points"
PLACES = (
    Guess(
        name="without-balance",
        question="Nothing balances the load of eight experts. How many will be used in the end?",
        values={"balance": "none"},
        of="used",
        said=USED,
        options=(Option("One", at_most(1)), Option("Some of them", between(2, 6)), Option("All eight", at_least(8))),
        why="An expert that is chosen learns, and one that has learned is chosen. Yet one small expert cannot fit the whole "
        "plane, so a few stay in use.",
        look=Moment("Some colours are missing on the map."),
    ),
    Guess(
        name="active-weights",
        question="A dense network has as many weights as serve a point in the mixture. Whose error is lower?",
        of="over active",
        said="the mixture’s error over that of the dense network",
        options=(
            Option("The mixture’s", at_most(0.95)),
            Option("They are equal", between(0.98, 1.02)),
            Option("The dense one’s", at_least(1.05)),
        ),
        why="Both use the same number of weights for a point, but the mixture uses different ones for different points.",
        look=Moment("The mixture’s line lies below.", "over active", at_most(0.95)),
    ),
)
