"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Ratio, Sketch, at_least, at_most, between

BAGGING = (
    Guess(
        name="bias-of-stumps",
        question="Thirty bagged stumps: how much of the bias of a single stump is left?",
        values={"max_depth": 1},
        of=Ratio("bias", "bias of one"),
        said="the squared bias of thirty stumps over that of one",
        options=(
            Option("Hardly any: thirty see more than one", at_most(0.3)),
            Option("Nearly all of it", between(0.7, 1.15)),
            Option("Twice as much", at_least(1.5)),
        ),
        why="Averaging removes what differs from tree to tree, which is variance. What all stumps get wrong stays.",
        look=Moment("The average is smoother than one stump, and just as far from the curve."),
    ),
)

ADABOOST = (
    Guess(
        name="wrong-labels",
        question="A fifth of the labels are wrong, and the trees have depth 3. AdaBoost or bagging?",
        values={"label_noise": 0.2, "max_depth": 3},
        of="behind bagging",
        said="bagging’s test accuracy less AdaBoost’s",
        options=(
            Option("AdaBoost, as always", at_most(-0.02)),
            Option("They are level", between(-0.015, 0.015)),
            Option("Bagging", at_least(0.02)),
        ),
        why="Boosting presses hardest on the points that it gets wrong, and with wrong labels these are the points that "
        "it should get wrong.",
        look=Moment("The flipped points carry about twice their share of the weight."),
    ),
)

GRADIENT = (
    Sketch(
        name="rounds",
        question="Draw the test error over 120 rounds of gradient boosting",
        chart="errors",
        series="test",
        why="It falls as long as trees find what the sum still misses, and rises again when all that is left to find is noise.",
        look=Moment("Here it was near its lowest.", "step", at_least(30)),
    ),
)
