"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

WRITING = (
    Guess(
        name="the-same-text",
        question="The keys and values of earlier words are kept, not recomputed. Do the logits change?",
        of="difference",
        said="the largest difference of a logit",
        options=(
            Option("Not beyond rounding", at_most(1e-9)),
            Option("A little: the cache is an approximation", between(1e-8, 0.01)),
            Option("A lot, and more so the longer the text", at_least(0.02)),
        ),
        why="With the causal mask no later word can change an earlier one, so what was computed before stays right.",
        look=Moment("The two still agree up to rounding."),
    ),
    Guess(
        name="no-mask",
        question="Two layers write without a causal mask. Does the cache still give the same logits?",
        values={"mask": False},
        of="difference",
        said="the largest difference of a logit",
        options=(
            Option("Yes, to rounding", at_most(1e-9)),
            Option("Nearly", between(1e-8, 0.01)),
            Option("No", at_least(0.05)),
        ),
        why="In the second layer the keys of an earlier word depend on what it saw, and that now includes the words after it. "
        "The cache holds the old keys.",
        look=Moment("The two have come apart.", "difference", at_least(0.01)),
    ),
    Guess(
        name="one-layer-no-mask",
        question="A single layer, and no causal mask. Does the cache give the same logits?",
        values={"mask": False, "layers": 1},
        of="difference",
        said="the largest difference of a logit",
        options=(
            Option("Yes, to rounding", at_most(1e-9)),
            Option("Nearly", between(1e-8, 0.01)),
            Option("No", at_least(0.05)),
        ),
        why="In the first layer keys and values depend on the word and its position alone, and no later word changes these.",
        look=Moment("One layer does not need the mask for this."),
    ),
    Sketch(
        name="products",
        question="Draw the total number of multiplications without a cache against the number of words",
        chart="products",
        series="again",
        why="Each word costs more than the one before it, since all are recomputed: the sum grows at least with the square.",
        look=Moment("It curves upwards; with a cache the line is almost straight."),
    ),
)
