"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, at_least, at_most

ADAPTING = (
    Guess(
        name="cut-to-rank-one",
        question="Tune all weights, keep the best rank-1 part of the change: does it do as well as LoRA of rank 1?",
        of="trained beats cut",
        said="the share read right by LoRA of rank 1 minus that of the cut change",
        options=(
            Option("Yes: the change is of low rank anyway", at_most(0.05)),
            Option("No, it is far worse", at_least(0.12)),
        ),
        why="A good change of rank 1 exists, and LoRA finds it because it may look nowhere else. Full tuning has no reason to.",
        look=Moment("The full change has many singular values of similar size."),
    ),
    Guess(
        name="does-it-forget",
        question="LoRA of rank 4, addition switched on: how well does it still read the old digits?",
        values={"rank": 4},
        of="old lora",
        said="the share of unseen old digits read right with the addition on",
        options=(
            Option("As well as before: the base is frozen", at_least(0.955)),
            Option("Worse than before", at_most(0.945)),
        ),
        why="Only the base’s weights are frozen, not what the sum computes. Unplugged, the base is as it was.",
        look=Moment("The dotted line is the base alone."),
    ),
)
