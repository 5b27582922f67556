"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

SATURATION = (
    Guess(
        name="confidently-wrong",
        question="A network starts certain that all tumours are malignant. How many does squared error get right in 300 steps?",
        of="squared",
        said="squared error’s share sorted right",
        options=(
            Option("Nearly all, as cross-entropy does", at_least(0.95)),
            Option("About two thirds", between(0.5, 0.8)),
            Option("No more than at the start", at_most(0.4)),
        ),
        why="On a saturated sigmoid the gradient of squared error is nearly zero, however wrong the answer. That of "
        "cross-entropy is largest there.",
        look=Moment("Cross-entropy has learned; squared error has not moved.", "cross", at_least(0.95)),
    ),
    Guess(
        name="undecided",
        question="A network starts undecided. How many tumours does squared error get right after 300 steps?",
        values={"output_bias": 0.0},
        of="squared",
        said="squared error’s share sorted right",
        options=(
            Option("Still no more than at the start", at_most(0.4)),
            Option("About two thirds", between(0.5, 0.8)),
            Option("Nearly all", at_least(0.95)),
        ),
        why="In the middle of the sigmoid the slope is large, and squared error learns well. It is the flat ends that stop it.",
        look=Moment("Both have learned.", "squared", at_least(0.95)),
    ),
)

OUTLIERS = (
    Guess(
        name="thirty-per-cent",
        question="Three points in ten are outliers; the true slope is 2. Which slope does absolute error find?",
        values={"outliers": 0.3},
        of="absolute",
        said="the slope of absolute error’s line",
        options=(
            Option("Close to 2: it is robust", at_least(1.5)),
            Option("About half of it", between(0.4, 1.4)),
            Option("A slope that falls", at_most(0)),
        ),
        why="Each point pulls equally hard, and outliers that all lie at one end are enough to turn the line. Robust means "
        "robust against a few.",
        look=Moment("The line has begun to fall.", "absolute", at_most(-0.1)),
    ),
)

PROBABILITIES = (
    Sketch(
        name="absolute-error",
        question="Draw what absolute error makes of each coin’s chance of heads",
        chart="said",
        series="absolute",
        points=9,
        why="Absolute error is least at the median, and the median of throws is heads or tails: it learns 0 or 1, and no "
        "chance in between.",
        look=Moment("The line has become a step."),
    ),
)
