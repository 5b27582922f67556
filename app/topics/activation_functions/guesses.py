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
        name="one-layer-of-sigmoid",
        question="A single hidden layer of sigmoid: does it learn?",
        values={"activation": "sigmoid", "hidden_layers": 1, "learning_rate": 0.2},
        of="sigmoid",
        said="sigmoid’s share of points sorted right",
        options=(
            Option("No: sigmoid does not learn", at_most(0.6)),
            Option("Only as far as a straight line gets", between(0.7, 0.885)),
            Option("Yes, nearly all points", at_least(0.9)),
        ),
        why="With one hidden layer the gradient passes a single slope. What fails in deep networks is not the sigmoid but"
        " many of them in a row.",
        look=Moment("After 400 steps sigmoid is up with the others."),
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
        look=Moment("ELU is well on its way; ReLU stands where it stood.", "elu", at_least(0.9)),
    ),
)
