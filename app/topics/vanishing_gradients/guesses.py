"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

INITIALIZATION = (
    Guess(
        name="norm-on-relu",
        question="Thirty layers of ReLU with batch norm, before any training: what becomes of the gradient on its way back?",
        of="relu_norm",
        said="powers of ten from the last hidden layer to the first",
        options=(
            Option("It vanishes", at_most(-2)),
            Option("It keeps its size: batch norm sees to that", between(-1, 1)),
            Option("It explodes", at_least(2)),
        ),
        why="Batch norm keeps the size of the forward signal. On the way back each layer still multiplies by a little more "
        "than 1, which thirty layers turn into hundreds.",
        look=Moment("Its line rises towards the first layer."),
    ),
)

THROUGH_TIME = (
    Guess(
        name="radius-one-half",
        question="A linear recurrence of spectral radius 0.5: how many powers of ten does the gradient lose over 50 steps?",
        values={"radius": 0.5},
        of="linear 0.5",
        said="powers of ten",
        options=(
            Option("About one", between(-3, -0.3)),
            Option("About five", between(-8, -4)),
            Option("About fifteen", at_most(-13)),
        ),
        why="One half to the power of fifty: three powers of ten for every ten steps.",
        look=Moment("A straight line on a logarithmic axis is an exponential."),
    ),
)

CLIPPING = (
    Guess(
        name="clipped",
        question="Clipping keeps this network from blowing up. Does it then learn to remember over 30 steps?",
        of="late",
        said="the loss over the last 50 steps, in units of always answering 1",
        options=(
            Option("Yes: its loss falls to a small part", at_most(0.5)),
            Option("Halfway", between(0.55, 0.9)),
            Option("No: it does no better than one fixed answer", at_least(1)),
        ),
        why="Clipping shortens a step and keeps its direction, and a gradient that explodes through thirty steps points "
        "nowhere useful.",
        look=Moment("The loss is calm but has not come down."),
    ),
)
