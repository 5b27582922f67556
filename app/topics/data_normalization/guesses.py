"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Lowest, Moment, Option, at_least, at_most, between, either

RACE = (
    Guess(
        name="raw-and-tiny",
        question="On raw data at a rate of 0.0001, how many of the training wines does the network get right at best?",
        values={"learning_rate": 0.0001, "scaling": "raw"},
        of="raw best",
        said="the best share of wines sorted right",
        options=(
            Option("Nearly all: the smaller rate mends it", at_least(0.9)),
            Option("About two thirds", between(0.55, 0.8)),
            Option("Hardly more than by naming one kind for all", at_most(0.48)),
        ),
        why="Raw numbers in the hundreds saturate the hidden units, and with saturated units no rate helps much: their slope is "
        "almost zero.",
        look=Moment("Its line is still where it was at the start."),
    ),
    Guess(
        name="first-to-learn",
        question="Which scaling is the first to get 95 % of the wines right, and to stay there?",
        of=Lowest(("minmax reached", "standardized reached", "centred reached")),
        said="the steps of min-max, standardized and centred data",
        options=either("Min-max", "Standardized", "Centred alone"),
        why="Standardized features have the same spread, so the valley of the loss is nearly round and one rate suits"
        " all directions.",
        look=Moment("Standardized data have got there.", "standardized reached", at_most(200)),
    ),
)
