"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

TIMING = (
    Guess(
        name="tidy-code",
        question="The passes take away a quarter of the nodes of careless code. How much of tidy code?",
        values={"code": "tidy"},
        of="taken away",
        said="the share of the nodes taken away",
        options=(
            Option("As much: compilers find more than people do", between(0.18, 0.35)),
            Option("Hardly anything", at_most(0.15)),
            Option("Far more", at_least(0.4)),
        ),
        why="What passes remove is repetition and what nobody needs. Where there is none, a graph has to earn its keep by"
        " saving memory and calls.",
        look=Moment("The graph of tidy code has kept nearly all of its nodes."),
    ),
    Guess(
        name="memory",
        question="How much memory do the optimized plan’s buffers take, compared with the new arrays of a node-by-node run?",
        of="memory",
        said="the buffers’ bytes over those of the arrays",
        options=(
            Option("More: buffers are kept for good", at_least(1.1)),
            Option("As much", between(0.7, 1)),
            Option("Less than half", at_most(0.5)),
        ),
        why="A plan knows who reads a value last, and gives its buffer to the next value that fits. Node by node, each result "
        "is a new array.",
        look=Moment("The lowest line is that of the optimized plan."),
    ),
)
