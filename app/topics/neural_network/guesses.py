"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

TRAINING = (
    Guess(
        name="all-it-learned",
        question="Four inputs, six hidden nodes, three outputs: how many numbers hold all that the network learns?",
        of="moved",
        said="the numbers that moved in training",
        options=(
            Option("42", exactly(42)),
            Option("51", exactly(51)),
            Option("150", exactly(150)),
        ),
        why="These are its weights and biases: each hidden or output node has one weight per input and one bias, and nothing "
        "else changes.",
        look=Moment("Every one of them has moved.", "moved", at_least(51)),
    ),
    Guess(
        name="no-such-iris",
        question="A flower with all four lengths at 9 cm, which no iris has: how sure is the network of its answer?",
        values={"measurements": "9, 9, 9, 9"},
        of="certain",
        said="the probability of its answer",
        options=(
            Option("Unsure: a third each", at_most(0.5)),
            Option("Somewhat sure", between(0.55, 0.8)),
            Option("All but certain", at_least(0.9)),
        ),
        why="A network tells on which side of its decision boundaries a flower lies. It cannot tell how far the flower is "
        "from all it has ever seen.",
        look=Moment("The probability of one species is almost 1."),
    ),
)
