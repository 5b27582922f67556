"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

DROPOUT = (
    Guess(
        name="eighty-per-cent",
        question="Drop 80 %: what does that do to the best accuracy on unseen digits?",
        values={"drop_rate": 0.8},
        of="best gain",
        said="the change in accuracy, best epoch against best epoch",
        options=(
            Option("It raises it further than 50 % does", at_least(0.03)),
            Option("Next to nothing", between(-0.012, 0.02)),
            Option("It lowers it", at_most(-0.02)),
        ),
        why="Too few units are left in each step to learn the digits: dropout causes underfitting and does not cure it.",
        look=Moment("Not even the training digits are fitted."),
    ),
    Sketch(
        name="without-dropout",
        question="Draw the accuracy on unseen digits without dropout; a fifth of the training labels are wrong",
        chart="test",
        series="plain",
        why="It rises while the digits are learned and falls when the wrong labels are learned by heart.",
        look=Moment("From here on it learns wrong labels.", "step", at_least(60)),
    ),
)

BATCH_NORM = (
    Guess(
        name="batch-of-one",
        question="Batch norm with batches of one: how many digits are right after 80 steps?",
        values={"batch_size": 1, "depth": 2},
        of="normed",
        said="the share of training digits that are right",
        options=(
            Option("Nearly all", at_least(0.85)),
            Option("About half", between(0.35, 0.7)),
            Option("No more than by guessing", at_most(0.25)),
        ),
        why="The mean of one sample is the sample itself. Subtract it and nothing is left, so every digit looks the same.",
        look=Moment("Training mode gives every digit the same answer."),
    ),
)
