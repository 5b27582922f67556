"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Lowest, Moment, Option, at_least, at_most, between, either

RACE = (
    Guess(
        name="raw-and-tiny",
        question="Raw data at a rate of 0.0001: how many of the training wines are sorted right, at best?",
        values={"learning_rate": 0.0001, "scaling": "raw"},
        of="raw best",
        said="the best share of wines sorted right",
        options=(
            Option("Nearly all: the smaller rate mends it", at_least(0.9)),
            Option("About two thirds", between(0.55, 0.8)),
            Option("Hardly more than by naming one kind for all", at_most(0.48)),
        ),
        why="Raw numbers in the hundreds saturate the hidden units, and with saturated units no rate helps: their slope is zero.",
        look=Moment("Its line lies where it lay at the start."),
    ),
    Guess(
        name="first-to-learn",
        question="Which scaling first has 95 % of the wines right, and keeps to it?",
        of=Lowest(("minmax reached", "standardized reached", "centred reached")),
        said="the steps of min-max, standardized and centred data",
        options=either("Min-max", "Standardized", "Centred alone"),
        why="Standardized columns have the same spread, so that the valley of the loss is nearly round and one rate suits"
        " all directions.",
        look=Moment("Standardized data have it.", "standardized reached", at_most(200)),
    ),
)
