"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

WINDOW = (
    Guess(
        name="brightness",
        question="Max pooling of two by two: what happens to the mean of a map?",
        of="brighter",
        said="the mean of the pooled map over that of the map",
        options=(
            Option("It stays", between(0.95, 1.05)),
            Option("It falls", at_most(0.9)),
            Option("It grows", at_least(1.2)),
        ),
        why="Of four numbers the largest is kept, which is never below their mean. Average pooling is what leaves the "
        "mean alone.",
        look=Moment("The map that max pooling made is the brightest."),
    ),
    Guess(
        name="brightness-of-three",
        question="Windows of three, in steps of two: is the brightening smaller or larger than with windows of two?",
        values={"size": 3, "stride": 2},
        of="brighter",
        said="the mean of the pooled map over that of the map, 1.7 with windows of two",
        options=(
            Option("Smaller: they overlap", at_most(1.6)),
            Option("The same", between(1.65, 1.8)),
            Option("Larger", at_least(2)),
        ),
        why="The largest of nine numbers tends to be larger than the largest of four. Overlap only means that bright pixels "
        "are counted more than once.",
        look=Moment("The map that max pooling made is brighter still."),
    ),
)

SHIFT = (
    Guess(
        name="max-or-average",
        question="How much does a shift by one pixel change a max-pooled map of edges, against an average-pooled one?",
        values={"pooled": "edges"},
        of="average",
        said="the change of max pooling over that of average pooling",
        options=(
            Option("Far less: the maximum does not mind", at_most(0.7)),
            Option("About as much", between(0.8, 1.1)),
            Option("Far more", at_least(1.3)),
        ),
        why="Both forget where in the window something was, and both change when it crosses into the next. The maximum "
        "has no advantage.",
        look=Moment("Both maps change by about the same amount all along."),
    ),
    Sketch(
        name="as-it-moves",
        question="Draw how much a max-pooled map differs from itself moved along, as the digit moves pixel by pixel",
        chart="gap",
        series="maximum",
        points=17,
        why="After every second pixel the windows hold what they held before, one cell further on. In between they cut the "
        "digit elsewhere.",
        look=Moment("Here the map is exactly the first one, moved along.", "step", at_least(2)),
    ),
)
