"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

LAYERS = (
    Guess(
        name="without-tanh",
        question="Three layers, but without tanh: how many new points are sorted right?",
        of="linear",
        said="the share of new points sorted right",
        options=(
            Option("Nearly all: it is deep all the same", at_least(0.95)),
            Option("More than a straight line sorts", between(0.78, 0.92)),
            Option("No more than a straight line sorts", at_most(0.75)),
        ),
        why="Three linear layers in a row are one linear layer. Depth is worth something only with a nonlinearity in between.",
        look=Moment("Tanh has solved it; the linear layers lie on the dashed line.", "tanh", at_least(0.95)),
    ),
    Guess(
        name="one-wide-layer",
        question="One wide layer with as many weights, at a rate of its own: how many are sorted right?",
        of="wide",
        said="the share of new points sorted right",
        options=(
            Option("Hardly more than by a line: depth is needed", at_most(0.75)),
            Option("Fewer than by three layers", between(0.78, 0.92)),
            Option("As many as by three layers", at_least(0.95)),
        ),
        why="One hidden layer that is wide enough can do it. That shallow networks cannot is folklore; what depth saves "
        "is units and steps.",
        look=Moment("It has caught up.", "wide", at_least(0.95)),
    ),
)

UNTANGLING = (
    Guess(
        name="nothing-before",
        question="The two units that are drawn, and no layer before them: how many points are sorted right?",
        values={"hidden_layers": 0},
        of="network",
        said="the network’s share of new points sorted right",
        options=(
            Option("Nearly all", at_least(0.9)),
            Option("Four in five", between(0.78, 0.88)),
            Option("Two in three at most", at_most(0.75)),
        ),
        why="Two units bend the plane twice, and spirals of two turns need more bends than that. The layers before them "
        "do the untangling.",
        look=Moment("The spirals are still tangled in the last picture."),
    ),
)
