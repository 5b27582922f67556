"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

RING = (
    Guess(
        name="fast-generator",
        question="A generator five times as fast as its discriminator: how many of the eight clouds does it cover at a time?",
        of="late",
        said="the clouds covered at a time, mean of the last tenth",
        options=(
            Option("All eight, only sooner", at_least(7)),
            Option("About half", between(3, 6)),
            Option("Two at most", at_most(2)),
        ),
        why="The generator runs to whatever cloud passes at the moment, the discriminator learns to suspect it, and the "
        "generator runs to the next: mode collapse.",
        look=Moment("The samples lie close together, and have moved on again and again."),
    ),
    Guess(
        name="minibatch",
        question="A fast generator, but a discriminator that sees how varied a batch is: how many clouds are covered?",
        values={"cure": "minibatch-std"},
        of="modes",
        said="the clouds that the averaged generator covers",
        options=(
            Option("One or none, as before", at_most(1)),
            Option("About half", between(3, 6)),
            Option("All eight", at_least(8)),
        ),
        why="Samples that are all alike give themselves away as a batch, so a generator that collapses no longer gains by it.",
        look=Moment("All eight are covered.", "modes", at_least(8)),
    ),
)

WINE = (
    Sketch(
        name="the-owner",
        question="Draw how often the shop owner judges a wine correctly",
        chart="accuracy",
        series="owner",
        why="First forgeries are easy to tell, then the forger catches up, and in the end even the best judge can only guess.",
        look=Moment("Here the owner tells most of them apart.", "peak", at_least(0.65)),
    ),
    Guess(
        name="thirteen-measurements",
        question="All thirteen measurements: whose wines are nearer to the real ones, the GAN’s or a fitted Gaussian’s?",
        values={"features": "thirteen"},
        of="forger over gaussian",
        said="the forger’s energy distance less the Gaussian’s",
        options=(
            Option("The GAN’s, clearly", at_most(-0.03)),
            Option("Not the GAN’s", at_least(-0.025)),
        ),
        why="Fewer than two hundred wines are not many, and a Gaussian has little to learn from them. A GAN is worth its "
        "trouble where no simple shape fits.",
        look=Moment("The averaged forger has not passed the Gaussian’s line."),
    ),
)
