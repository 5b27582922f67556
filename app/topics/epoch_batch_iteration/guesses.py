"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most, between, exactly

CLOCK = (
    Guess(
        name="drop-the-last",
        question="250 samples in batches of 30, the last batch dropped, five epochs: how many iterations?",
        values={"drop_last": True},
        of="iterations",
        said="the iterations counted",
        options=(
            Option("40", exactly(40)),
            Option("41", exactly(41)),
            Option("45", exactly(45)),
        ),
        why="Eight whole batches fit into an epoch, and what is left over is dropped in each of the five.",
        look=Moment("The fifth epoch ends."),
    ),
    Guess(
        name="full-batch-rises",
        question="The whole data set in each batch: at how many of the iterations does the loss rise?",
        values={"batch_size": 250, "epochs": 10},
        of="rises",
        said="the share of iterations at which it rose",
        options=(
            Option("About half, as with small batches", at_least(0.3)),
            Option("About one in ten", between(0.06, 0.2)),
            Option("None", at_most(0.03)),
        ),
        why="Small batches zigzag because each batch is different. With the whole data set, each step goes down the "
        "one loss there is.",
        look=Moment("Both lines fall, without a zigzag."),
    ),
)

SHUFFLING = (
    Guess(
        name="sorted-by-digit",
        question="Sorted by digit instead of shuffled: how many unseen digits are read right in the end?",
        of="sorted",
        said="the share of unseen digits read right",
        options=(
            Option("As many: the data are the same", at_least(0.85)),
            Option("About three in four", between(0.6, 0.8)),
            Option("Fewer than half", at_most(0.48)),
        ),
        why="Each stretch of one digit teaches the network to answer that digit, and to forget those before it.",
        look=Moment("The answers lean towards the digits seen last."),
    ),
)
