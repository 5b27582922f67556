"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

FOUR = (
    Guess(
        name="perceptron-on-xor",
        question="A single perceptron learns XOR: in which of 40 epochs does it make its last mistake?",
        of="last epoch",
        said="the epoch of its last mistake",
        options=(
            Option("Within the first four", at_most(4)),
            Option("Somewhere in the middle", between(8, 32)),
            Option("In the very last: it never stops", at_least(40)),
        ),
        why="No straight line separates the points of XOR. The perceptron goes round in a circle, back to the same weights.",
        look=Moment("It is back at weights it has had before.", "period", at_least(1)),
    ),
    Guess(
        name="perceptron-on-and",
        question="A single perceptron learns AND: in which of 40 epochs does it make its last mistake?",
        values={"task": "and"},
        of="last epoch",
        said="the epoch of its last mistake",
        options=(
            Option("Within the first four", at_most(4)),
            Option("Somewhere in the middle", between(8, 32)),
            Option("In the very last: it never stops", at_least(40)),
        ),
        why="A straight line separates the points of AND, so the perceptron makes finitely many mistakes: that is a theorem.",
        look=Moment("It stopped erring long ago."),
    ),
)

STARTS = (
    Guess(
        name="two-hidden-units",
        question="Two ReLU units can represent XOR. How many of fifty random starts find it?",
        values={"activation": "relu"},
        of="2",
        said="the share of starts that solve XOR with two units",
        options=(
            Option("All, given time", at_least(0.95)),
            Option("Fewer than half", between(0.1, 0.55)),
            Option("None", at_most(0.05)),
        ),
        why="That a solution exists does not mean that gradient descent finds it. Many starts end where two unlike points "
        "have met, and nothing separates them.",
        look=Moment("The line of two units has come to rest below one half."),
    ),
)
