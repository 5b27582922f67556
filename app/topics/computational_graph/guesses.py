"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

PASSES = (
    Guess(
        name="times-zero",
        question="One planted operation multiplies by zero. Do the passes remove it and the sum it goes into?",
        of="zero kept",
        said="how many of the two are still there",
        options=(
            Option("Both: zero times anything is zero", exactly(0)),
            Option("Neither", exactly(2)),
        ),
        why="A number may turn out infinite, and zero times infinity is not a number. Without the product the graph would "
        "give another result.",
        look=Moment("The product with zero is still there."),
    ),
    Guess(
        name="as-one-would-write",
        question="A network as one would write it, with nothing planted: how many of its calls do the passes leave?",
        values={"planted": False},
        of="share",
        said="the share of calls that the passes leave",
        options=(
            Option("All of them: there is nothing to save", at_least(0.99)),
            Option("Most of them", between(0.8, 0.95)),
            Option("About half", between(0.4, 0.65)),
        ),
        why="Even tidy code repeats itself where gradients are taken: the backward pass asks for what the forward pass"
        " has already computed.",
        look=Moment("A few nodes have gone, and a few calls with them."),
    ),
)

PLAN = (
    Guess(
        name="bytes-of-buffers",
        question="An autoencoder’s step: how many bytes do shared buffers take, compared with an array for each result?",
        values={"network": "codes"},
        of="share",
        said="the buffers’ bytes as a share",
        options=(
            Option("All of them, in the end", at_least(0.9)),
            Option("About a third", between(0.15, 0.5)),
            Option("About a hundredth", at_most(0.05)),
        ),
        why="A buffer is free as soon as its last reader has read. What the backward pass needs has to be kept until then.",
        look=Moment("Every value found a place in a few buffers."),
    ),
)
