"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

TRUSTED = (
    Guess(
        name="trusted-far",
        question="A policy maximizes a good reward model’s reward, with next to no penalty. How do people like its answers?",
        of="people",
        said="people’s mean reward over the reference’s",
        options=(
            Option("Much better than the reference’s", at_least(0.7)),
            Option("About as well as the reference’s", between(-0.5, 0.5)),
            Option("Less than the reference’s", at_most(-1)),
        ),
        why="The reward model is right where it has seen answers. The policy goes where that model’s reward is highest, and "
        "nobody has compared answers there.",
        look=Moment("The green line ends below zero."),
    ),
    Guess(
        name="in-eight-rounds",
        question="The same 800 labels in eight rounds of 100, half on the policy’s own answers. How do people like them now?",
        values={"rounds": 8},
        of="people",
        said="people’s mean reward over the reference’s",
        options=(
            Option("Much better than the reference’s", at_least(0.7)),
            Option("About as well as the reference’s", between(-0.5, 0.5)),
            Option("Still less", at_most(-1)),
        ),
        why="Wherever the policy went too far, the next round asked people about answers of just that kind.",
        look=Moment("The green line rises to the very end."),
    ),
    Sketch(
        name="people-by-distance",
        question="Draw people’s reward as the policy moves away from the reference",
        chart="rewards",
        series="people",
        why="Near the reference the reward model is right, so both rewards rise. Farther away it is not, and people’s falls.",
        look=Moment("It rises, turns and falls."),
    ),
)

WAYS = (
    Guess(
        name="winners",
        question="DPO learns from pairs of a winner and a loser. How many labelled winners end less likely than they began?",
        of="winners down",
        said="the share of labelled winners that are less likely than at the reference",
        options=(
            Option("None: it makes winners likelier", at_most(0.02)),
            Option("A few", between(0.03, 0.12)),
            Option("A good part of them", at_least(0.2)),
        ),
        why="The loss asks only for a margin between winner and loser. A winner that is not among the best answers "
        "falls as well, just less than its loser.",
        look=Moment("The ochre line.", "winners down", at_least(0.2)),
    ),
    Guess(
        name="never-wrong",
        question="Now each pair is judged once and never wrongly. Beta is the same. Does the distance from the reference settle?",
        values={"judges": "sure"},
        of="divergence grew",
        said="the nats by which KL grows after a quarter of the steps",
        options=(
            Option("Yes: beta holds it", at_most(0.02)),
            Option("No: it goes on growing", at_least(0.05)),
        ),
        why="Larger rewards always fit labels without mistakes better, and DPO’s beta only scales them.",
        look=Moment("The line of DPO is still rising at its last step."),
    ),
)
