"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Lowest, Moment, Option, at_least, at_most, between, either

COMPANIONS = (
    Guess(
        name="batches-of-two",
        question="Three equal networks learn digits in batches of two. Which has fewest unseen digits right in the end?",
        of=Lowest(("none", "batch", "layer")),
        said="the shares of unseen digits right: without a norm, batch norm, layer norm",
        options=either("The one without a norm", "The one with batch norm", "The one with layer norm"),
        why="Of two digits each unit is told only which of the two made it larger. What is left of a digit depends on the other "
        "one, and the running statistics fit neither.",
        look=Moment("The green line stays low."),
    ),
    Guess(
        name="batches-of-32",
        question="In batches of 32, how many unseen digits does the network with batch norm have right?",
        values={"batch_size": 32},
        of="batch",
        said="the share of unseen digits that batch norm has right",
        options=(
            Option("About half", at_most(0.6)),
            Option("Most, but clearly fewer than with layer norm", between(0.65, 0.92)),
            Option("Nearly all, as with layer norm", at_least(0.93)),
        ),
        why="The mean and variance of 32 digits are close to those of all, so that one digit’s companions hardly matter.",
        look=Moment("The lines have come together.", "batch", at_least(0.93)),
    ),
)
