"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

BUDGETS = (
    Guess(
        name="sixteen-times",
        question="The budget, weights times samples, grows sixteenfold. By how much should the model grow?",
        of="sizes for sixteen",
        said="the best size for a budget sixteen times as large, over that before",
        options=(
            Option("Sixteen times", at_least(12)),
            Option("About four times, as the samples do", between(3.5, 4.5)),
            Option("Between two and three times", between(2, 3.2)),
        ),
        why="What the model cannot see falls as one over the weights, what it has not yet learned as one over the square root of "
        "the samples. To keep the two in step, the samples must grow as the square of the weights, and the budget as the cube.",
        look=Moment("The lowest points move to the right, but slowly."),
    ),
    Guess(
        name="ten-times",
        question="Now many features matter (decay 0.5). What is left of the best loss with ten times the budget?",
        values={"decay": 0.5},
        of="loss for ten",
        said="the best loss for ten times the budget, over that before",
        options=(
            Option("About a tenth", at_most(0.2)),
            Option("About half, as with decay 1", between(0.42, 0.52)),
            Option("About two thirds", between(0.58, 0.72)),
        ),
        why="Each feature that is learned takes away less of the loss. The exponent belongs to the data, and here it is −1/5.",
        look=Moment("The points lie on a line again, but a flatter one."),
    ),
)

EMERGENCE = (
    Guess(
        name="ten-in-a-row",
        question="With 2 hidden units a network reads about 40 % of digits. How often does it read ten in a row?",
        of="row, 2 units",
        said="the share of rows of ten without a mistake",
        options=(
            Option("About as often", at_least(0.3)),
            Option("About one time in twenty", between(0.03, 0.1)),
            Option("Hardly ever or never", at_most(0.01)),
        ),
        why="Ten in a row need ten successes: 0.4 to the power of ten is 0.0001.",
        look=Moment("At 2 hidden units one line is high, the other at the bottom."),
    ),
    Guess(
        name="two-in-a-row",
        question="Only two in a row are asked for. How often does the network with 2 hidden units read both?",
        values={"in_a_row": 2},
        of="row, 2 units",
        said="the share of rows of two without a mistake",
        options=(
            Option("As often as a single digit", at_least(0.35)),
            Option("About one time in five", between(0.1, 0.28)),
            Option("Hardly ever or never", at_most(0.03)),
        ),
        why="Two successes are 0.4 times 0.4. With less asked at once, the sharp rise is gone.",
        look=Moment("The two lines rise together."),
    ),
)

GROKKING = (
    Guess(
        name="without-decay",
        question="Half of the sums are given, and nothing makes the weights decay. How many of the others are right in the end?",
        values={"decay": 0.0},
        of="unseen",
        said="the share right of sums that were never seen",
        options=(
            Option("About as many as of those given", at_least(0.95)),
            Option("About half", between(0.35, 0.65)),
            Option("Few or none", at_most(0.2)),
        ),
        why="A table learned by heart fits the given sums as well as a rule does, and here nothing favours the rule.",
        look=Moment("One line is at the top, the other stays at the bottom."),
    ),
)
