"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

LOOKUP = (
    Guess(
        name="begun-small",
        question="With undivided scores and smaller initial weights, how many look-ups are right in the end?",
        values={"rival": "small"},
        of="rival",
        said="the share of unseen look-ups that the undivided network has right",
        options=(
            Option("Hardly any: without the division it cannot learn", at_most(0.4)),
            Option("Most, but fewer than with the division", between(0.45, 0.94)),
            Option("As many as with the division", at_least(0.97)),
        ),
        why="The division matters at the start, where large scores saturate softmax. Weights that begin smaller avoid "
        "that as well.",
        look=Moment("Both have learned it.", "rival", at_least(0.97)),
    ),
)

HEADS = (
    Guess(
        name="one-head",
        question="Each place has to name two symbols. One head as wide as two: how often are both answers right?",
        of="one",
        said="the share of places at which one head has both right",
        options=(
            Option("Nearly always: it has as many numbers", at_least(0.95)),
            Option("About half of the time", between(0.42, 0.8)),
            Option("Seldom", at_most(0.38)),
        ),
        why="One head gives one set of weights. It can only mix what is at the two places, and a mixture does not "
        "tell which was which.",
        look=Moment("Two heads keep them apart; one does not.", "several", at_least(0.95)),
    ),
    Guess(
        name="a-perceptron-behind",
        question="One head, followed by an MLP: how often are both answers right?",
        values={"perceptron": True},
        of="one",
        said="the share of places at which one head has both right",
        options=(
            Option("Seldom: what is mixed stays mixed", at_most(0.38)),
            Option("About half of the time", between(0.42, 0.85)),
            Option("Nearly always", at_least(0.93)),
        ),
        why="An MLP can take the mixture apart. It is too strong to say that only several heads can look at two places: "
        "they make it easy.",
        look=Moment("One head has it too.", "one", at_least(0.93)),
    ),
)
