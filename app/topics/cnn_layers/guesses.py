"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

POSITION = (
    Guess(
        name="other-half",
        question="A CNN with flattened maps is trained on shapes in the left half. How does it do in the right half?",
        of="unseen",
        said="the share of shapes named right in the right half",
        options=(
            Option("It names nearly all: convolution does not mind where", at_least(0.9)),
            Option("It names about three in four", between(0.71, 0.85)),
            Option("It names far fewer", at_most(0.7)),
        ),
        why="The maps move with the shape, but the dense layer after them has separate weights for each place, and those on "
        "the right have learned nothing.",
        look=Moment("The left half is learned, the right half is not.", "seen", at_least(0.95)),
    ),
    Guess(
        name="global-maximum",
        question="A CNN with a global maximum over each map is trained on the left half. How does it do in the right half?",
        values={"head": "maximum"},
        of="unseen",
        said="the share of shapes named right in the right half",
        options=(
            Option("As few as when flattened", at_most(0.6)),
            Option("About three in four", between(0.65, 0.85)),
            Option("Nearly all", at_least(0.93)),
        ),
        why="The maximum over a map is the same wherever the shape is, so what is learned on the left holds on the right.",
        look=Moment("The right half follows the left one.", "unseen", at_least(0.9)),
    ),
)

DRAWING = (
    Guess(
        name="one-pixel-aside",
        question="A CNN trained on centred digits is tested on digits moved by one pixel. How many does it get right?",
        values={"moved": False},
        of="aside",
        said="the share read right of digits moved by a pixel",
        options=(
            Option("As many as before", at_least(0.85)),
            Option("Considerably fewer", between(0.3, 0.75)),
            Option("Hardly any", at_most(0.2)),
        ),
        why="Pooling forgives only shifts within its window, and the dense layer after it has seen digits only in the middle.",
        look=Moment("The two lines end far apart."),
    ),
)
