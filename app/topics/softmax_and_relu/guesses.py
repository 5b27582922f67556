"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

TEMPERATURE = (
    Guess(
        name="add-a-thousand",
        question="1,000 is added to every logit. What happens to the probabilities?",
        values={"shift": 1000.0},
        of="change",
        said="the largest change of a probability",
        options=(
            Option("They move towards each other", at_least(0.01)),
            Option("Nothing, but for rounding", at_most(0.000001)),
        ),
        why="Softmax looks only at differences between logits. That is why the largest may be subtracted first, which "
        "keeps the exponentials from overflowing.",
        look=Moment("The safe form has stayed at the foot of its chart."),
    ),
)

SPARSITY = (
    Guess(
        name="from-minus-four",
        question="Hidden biases of −4 at the start: how many ReLU units are still off for every digit after training?",
        values={"hidden_bias": -4.0},
        of="dead",
        said="the share of units that are off for every digit",
        options=(
            Option("Hardly any: training wakes them", at_most(0.1)),
            Option("About half", between(0.3, 0.7)),
            Option("Nearly all", at_least(0.88)),
        ),
        why="A unit that is off for every digit gets no gradient, and what gets no gradient stays off.",
        look=Moment("Half of the training is over, and they are still off.", "step", at_least(150)),
    ),
)

CALIBRATION = (
    Guess(
        name="how-sure",
        question="A network learns from some wrong labels: how sure is it of new digits, compared with how often it is right?",
        of="overconfidence",
        said="its mean confidence less the share that it reads right",
        options=(
            Option("Less sure", at_most(-0.03)),
            Option("Just as sure", between(-0.025, 0.03)),
            Option("Surer", at_least(0.06)),
        ),
        why="It learned its labels by heart, the wrong ones too, and gives what it knows by heart with certainty. On new "
        "digits the certainty stays, but the accuracy does not.",
        look=Moment("Confidence lies above the share that is right."),
    ),
)
