"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Highest, Moment, Option, at_least, at_most, between, either

PATHS = (
    Guess(
        name="turned-ravine",
        question="The ravine is turned by 45°. What becomes of Adam’s lead over gradient descent?",
        values={"rotation": 45.0},
        of="adam ratio",
        said="Adam’s steps over gradient descent’s",
        options=(
            Option("It stays: fewer than half of the steps", at_most(0.45)),
            Option("Most of it is gone", between(0.6, 0.98)),
            Option("Adam becomes the slower one", at_least(1.05)),
        ),
        why="Adam scales each coordinate separately. On a turned ravine both coordinates mix the steep and the flat "
        "direction, and scaling helps neither.",
        look=Moment("Adam has arrived, not much before gradient descent.", "step", at_least(250)),
    ),
    Guess(
        name="on-the-ridge",
        question="All five start exactly on the saddle’s ridge. How far do they get from it?",
        values={"landscape": "saddle", "start": "1, 0"},
        of="sideways",
        said="the greatest distance from the ridge",
        options=(
            Option("Into a minimum: no saddle holds an optimizer", at_least(0.5)),
            Option("A little, with momentum", between(0.001, 0.4)),
            Option("Nowhere at all", at_most(0)),
        ),
        why="On the ridge the gradient has no sideways part, so no method that follows gradients ever leaves it. A little "
        "noise would be enough.",
        look=Moment("All five have come to the saddle and stay there."),
    ),
)

STARTS = (
    Guess(
        name="low-waves",
        question="Low waves on a bowl: which of these brings the most of its fifty starts to the lowest minimum?",
        values={"waves": 0.5},
        of=Highest(("sgd there", "momentum there", "adam there")),
        said="the starts brought there by gradient descent, momentum and Adam",
        options=either(
            "Gradient descent, exact",
            "Momentum, which rolls through",
            "Adam, whose steps are of one size",
        ),
        why="Adam’s steps are long where the gradient is small, so they carry it out of shallow dips that hold the others.",
        look=Moment("The lowest stretch of the sorted heights is longest for Adam."),
    ),
)
