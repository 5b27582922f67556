"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

GATES = (
    Guess(
        name="usual-advice",
        question="Forget bias 1, as is usually advised: how much of the first cell is left after 40 steps, before training?",
        values={"forget_bias": 1.0},
        of="kept",
        said="the share of the first step’s cell that is left",
        options=(
            Option("Nearly all of it: the gates are open", at_least(0.5)),
            Option("About a tenth", between(0.02, 0.3)),
            Option("Less than a thousandth", at_most(0.001)),
        ),
        why="Each step keeps about three quarters of what is there. After forty steps next to nothing is left.",
        look=Moment("On its logarithmic axis the curve is a straight line down."),
    ),
    Guess(
        name="bias-of-zero",
        question="Forty steps with a forget bias of 0: how often is it right in the end?",
        of="zero",
        said="accuracy over the last 320 sequences",
        options=(
            Option("Nearly always: it learns to open its gates", at_least(0.9)),
            Option("About two times in three", between(0.55, 0.8)),
            Option("Hardly more often than by guessing", at_most(0.45)),
        ),
        why="Half-open gates halve the gradient at every step. Too little of it reaches the first step for the network to"
        " learn that this step matters.",
        look=Moment("With open gates it has learned, and with half-open ones it has not.", "yours", at_least(0.95)),
    ),
)

STEP = (
    Guess(
        name="held-open",
        question="It has learned. Now its forget gates are held open for good: how often is it right?",
        values={"cell": 2},
        of="never forgets",
        said="the share of letters answered right",
        options=(
            Option("As often: an open gate loses nothing", at_least(0.97)),
            Option("Less often", at_most(0.9)),
        ),
        why="A cell that cannot forget adds every new letter to the old ones. To remember the last, it has to clear the "
        "one before.",
        look=Moment("The forget gate does not stay open: it clears the cell for what is to be kept."),
    ),
)
