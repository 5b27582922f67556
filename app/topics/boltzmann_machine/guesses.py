"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between

STRIPES = (
    Guess(
        name="chains-left-behind",
        question="The rate stays at 0.5. How likely does the machine with persistent chains find the data?",
        values={"learning_rate": 0.5, "decay": False},
        of="pcd",
        said="the data’s mean log-likelihood in nats, where a uniform guess has −6.24",
        options=(
            Option("Nearly as likely as the exact gradient makes them", at_least(-3.4)),
            Option("Somewhere between that and guessing", between(-6, -3.6)),
            Option("Less likely than a uniform guess would", at_most(-6.238)),
        ),
        why="The weights move faster than the chains can follow. The chains no longer show what the machine believes, "
        "and the gradient leads it astray.",
        look=Moment("It has fallen below a uniform guess.", "pcd", at_most(-6.5)),
    ),
    Guess(
        name="still-reconstructs",
        question="A machine finds the data less likely than a uniform guess would. How well does it reconstruct them?",
        values={"learning_rate": 0.5, "decay": False},
        of="pcd error",
        said="its mean squared error per pixel",
        options=(
            Option("No better than at the start", at_least(0.2)),
            Option("Half well", between(0.02, 0.15)),
            Option("Nearly perfectly", at_most(0.001)),
        ),
        why="Reconstruction takes one step from a pattern and back. It says nothing about how much probability lies elsewhere.",
        look=Moment("The patterns are reconstructed, and their likelihood has fallen.", "pcd error", at_most(0.001)),
    ),
)
