"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

ANATOMY = (
    Guess(
        name="whole-numbers",
        question="A thousand whole numbers up to a hundred million: how many does float32 keep as they are?",
        of="whole",
        said="the share that it keeps",
        options=(
            Option("All: whole numbers are exact", at_least(0.99)),
            Option("Nine in ten", between(0.8, 0.95)),
            Option("Fewer than half", at_most(0.5)),
        ),
        why="Its 24 bits of precision hold every whole number up to about seventeen million. Beyond that only every second "
        "one is kept, then only every fourth, then only every eighth.",
        look=Moment("The claims under the charts say how many it keeps."),
    ),
)

STEPS = (
    Guess(
        name="a-view-of-a-view",
        question="[1:], then .T, then [::-1]: a number is written into the result. How many numbers of the first array change?",
        values={"steps": "[1:] .T [::-1]"},
        of="changed",
        said="the numbers that changed in the first array",
        options=(
            Option("None: three new arrays stand in between", exactly(0)),
            Option("One", exactly(1)),
            Option("All that were sliced off", at_least(2)),
        ),
        why="Slices and transposes only read the same memory with other strides. There is one array, seen in three ways.",
        look=Moment("All three results share the first array’s memory."),
    ),
)
