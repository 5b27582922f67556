"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

BOTTLENECK = (
    Guess(
        name="no-activations",
        question="Without activations, how large is the autoencoder’s test error compared with PCA’s?",
        values={"activation": "linear"},
        of="ratio",
        said="its test error over PCA’s at the same code size",
        options=(
            Option("Far smaller: it is a network after all", at_most(0.8)),
            Option("The same", between(0.95, 1.05)),
            Option("Far larger: training never quite gets to the optimum", at_least(1.3)),
        ),
        why="Linear layers can only project onto a flat subspace, and PCA’s is the best of those. Training finds the same one.",
        look=Moment("The error has come down to PCA’s line.", "ratio", at_most(1.05)),
    ),
    Sketch(
        name="test-error",
        question="Draw the test error of a code of eight numbers",
        chart="error",
        series="test",
        why="It falls fast, passes PCA’s error and creeps on below it, since curved codes hold more than flat ones.",
        look=Moment("Here it passes PCA.", "ratio", at_most(1)),
    ),
)

DENOISING = (
    Guess(
        name="trained-without-noise",
        question="A narrow autoencoder, trained without noise, gets noisy digits. Does its bottleneck remove the noise?",
        values={"code_size": 8},
        of="over plain",
        said="the denoising network’s error over that of the one trained without noise",
        options=(
            Option("Yes: it errs no more than one trained with noise", between(0.9, 1.1)),
            Option("It does even better", at_least(1.15)),
            Option("No: training with noise makes the error far smaller", at_most(0.6)),
        ),
        why="A bottleneck keeps what helps to rebuild its training images. The network has to be shown noise before it "
        "can learn to remove it.",
        look=Moment("The denoising network’s error ends far below that of the plain one."),
    ),
)
