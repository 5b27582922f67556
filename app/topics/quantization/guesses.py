"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

BITS = (
    Guess(
        name="one-unit",
        question="An outlier that changes nothing in float, then 4 bits with one scale per layer: what share is read right?",
        of="tensor",
        said="the share of unseen digits read right with one scale per layer",
        options=(
            Option("Nearly all: the outputs in float are the same", at_least(0.9)),
            Option("Most: one unit is lost", between(0.4, 0.89)),
            Option("About as many as by guessing", at_most(0.3)),
        ),
        why="The scale follows the largest weight. With the outlier a step of the grid is larger than all other weights, so they "
        "become zero.",
        look=Moment("One line stays at the bottom."),
    ),
    Guess(
        name="two-bits",
        question="No outlier, but 2 bits with one scale per layer, rounded after training: what share is read right?",
        values={"bits": 2, "outlier": 1.0},
        of="tensor",
        said="the share of unseen digits read right with one scale per layer",
        options=(
            Option("Nearly all, as with 4 bits", at_least(0.9)),
            Option("Less than half", at_most(0.5)),
        ),
        why="Two bits leave −1, 0 and 1. At 4 bits and more, rounding after training is enough; below, the network has to be "
        "trained with the rounding in place.",
        look=Moment("The lines part below 4 bits."),
    ),
)

TRAINING = (
    Guess(
        name="zero-gradient",
        question="Trained at 2 bits with the gradient passed on as if nothing were rounded: what share is read right?",
        of="through",
        said="the share of unseen digits read right after 400 further steps",
        options=(
            Option("As few as before: the gradient is not the true one", at_most(0.7)),
            Option("Most", at_least(0.88)),
        ),
        why="Small changes add up in the weights that are kept in float, until a weight crosses to the next step of the grid.",
        look=Moment("The blue line has climbed.", "through", at_least(0.88)),
    ),
)
