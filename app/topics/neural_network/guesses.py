"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

TRAINING = (
    Guess(
        name="all-it-learned",
        question="Four inputs, six hidden nodes, three outputs: in how many numbers is all that it learns?",
        of="moved",
        said="the numbers that moved in training",
        options=(
            Option("42", exactly(42)),
            Option("51", exactly(51)),
            Option("150", exactly(150)),
        ),
        why="Its weights and its biases: each node has one weight an input and one bias of its own, and nothing else changes.",
        look=Moment("Every one of them has moved.", "moved", at_least(51)),
    ),
    Guess(
        name="no-such-iris",
        question="A flower of 9 cm in every measure, which no iris has: how sure is the network of its answer?",
        values={"measurements": "9, 9, 9, 9"},
        of="certain",
        said="the probability of its answer",
        options=(
            Option("Unsure: a third each", at_most(0.5)),
            Option("Somewhat sure", between(0.55, 0.8)),
            Option("All but certain", at_least(0.9)),
        ),
        why="A network says on which side of its borders a flower lies. How far it is from all that was ever seen, it "
        "cannot say.",
        look=Moment("The probability of one species is all but 1."),
    ),
)
