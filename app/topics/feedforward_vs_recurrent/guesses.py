"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

RECALL = (
    Guess(
        name="ten-steps-back",
        question="A network with a window of four inputs is asked for a toss ten steps back: how often is it right?",
        values={"delay": 10},
        of="feedforward",
        said="the feedforward network’s share of right answers",
        options=(
            Option("Nearly always: it has learned the tosses", at_least(0.9)),
            Option("About three times in four", between(0.65, 0.85)),
            Option("Half of the time, like a coin", at_most(0.54)),
        ),
        why="The toss is no longer in its window, and a feedforward network has nothing else: no training makes up for an"
        " input that is not there.",
        look=Moment("The recurrent network answers; the feedforward one still tosses a coin.", "recurrent", at_least(0.95)),
    ),
    Guess(
        name="a-longer-window",
        question="A network with a window of seven inputs is asked for a toss six steps back: how often is it right?",
        values={"window": 7},
        of="feedforward",
        said="the feedforward network’s share of right answers",
        options=(
            Option("Half of the time: it needs a loop to remember", at_most(0.54)),
            Option("About three times in four", between(0.65, 0.85)),
            Option("Nearly always", at_least(0.95)),
        ),
        why="What is in the window need not be remembered. A loop is worth its trouble where you do not know how far "
        "back to look.",
        look=Moment("The feedforward network has it too.", "feedforward", at_least(0.95)),
    ),
)

PARITY = (
    Sketch(
        name="by-position",
        question="Draw how often a window of four is right, by the number of bits read",
        chart="position",
        series="feedforward",
        points=8,
        why="As long as all bits are in its window it is right. Then one bit is out of sight, and one unknown bit is "
        "enough to flip the parity.",
        look=Moment("It falls to one half after the fourth bit."),
    ),
)
