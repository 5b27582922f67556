"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

RACE = (
    Guess(
        name="six-layers-of-sigmoid",
        question="Six hidden layers of sigmoid: how many points are sorted right after 400 steps?",
        values={"activation": "sigmoid"},
        of="sigmoid",
        said="sigmoid’s share of points sorted right",
        options=(
            Option("Nearly all of them, only later than with ReLU", at_least(0.9)),
            Option("About three in four", between(0.65, 0.85)),
            Option("Half of them, like a coin", at_most(0.55)),
        ),
        why="A sigmoid’s slope is a quarter at most, and on the way back six such slopes are multiplied: next to nothing "
        "of the gradient reaches the first layers.",
        look=Moment("Tanh has solved it, and sigmoid has not begun.", "tanh", at_least(0.98)),
    ),
    Guess(
        name="step-function",
        question="Six hidden layers of a step function: how large does the gradient of a hidden layer ever get?",
        values={"activation": "step"},
        of="step hidden",
        said="the largest gradient that any hidden layer had",
        options=(
            Option("As large as with ReLU", at_least(0.1)),
            Option("Tiny, as with sigmoid", between(1e-12, 0.01)),
            Option("It is exactly zero, always", at_most(0)),
        ),
        why="A step is flat everywhere but at one point, so its slope is zero, and so is every gradient that passes through it. "
        "Only the output layer learns.",
        look=Moment("Tanh has solved it; the step network’s hidden layers have not moved.", "tanh", at_least(0.98)),
    ),
)

DEAD = (
    Guess(
        name="below-zero",
        question="All ReLU units begin below zero, for every point. How far do their weights move?",
        values={"activation": "relu"},
        of="relu moved",
        said="the distance of the ReLU network’s weights from their start",
        options=(
            Option("As far as ELU’s, after a slow start", at_least(5)),
            Option("A little", between(0.01, 3)),
            Option("Not at all", at_most(0)),
        ),
        why="Below zero a ReLU’s slope is exactly 0, and so is every gradient through it: no step can wake a unit that is"
        " off for all points.",
        look=Moment("ELU is well on its way; ReLU is where it began.", "elu", at_least(0.9)),
    ),
)
