"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

SERIES = (
    Guess(
        name="apple",
        question="A network forecasts Apple’s price. How large is its error compared with “next week = this week”?",
        values={"series": "AAPL"},
        of="network",
        said="its error over that of “next week = this week”",
        options=(
            Option("Half as large", at_most(0.7)),
            Option("A little smaller", between(0.8, 0.97)),
            Option("No smaller", at_least(1)),
        ),
        why="Whatever could be forecast is traded away. The network fits the past prices that it learned from well, but "
        "that is no forecast.",
        look=Moment("Its forecasts follow the price; they do not lead it."),
    ),
)

SENTIMENT = (
    Guess(
        name="same-words",
        question="Two reviews have the same words in different orders; one is good, one bad. How often is a bag of words right?",
        of="pairs bag mlp",
        said="the perceptron’s share of such reviews judged right",
        options=(
            Option("Nearly always: the words say it", at_least(0.9)),
            Option("About three times in four", between(0.65, 0.85)),
            Option("Exactly half of the time", between(0.499, 0.501)),
        ),
        why="To a bag of words the two reviews are one and the same, so of each pair it gets one right and the other wrong.",
        look=Moment("The recurrent network can tell them apart.", "pairs recurrent", at_least(0.95)),
    ),
)

CAPTIONS = (
    Guess(
        name="a-red-disc",
        question="It knows red and it knows discs, but has never seen a red disc. How often does it describe such scenes right?",
        values={"scene": "red disc above green square"},
        of="unseen",
        said="the share of those scenes described right in every word",
        options=(
            Option("Nearly always: it puts the two together", at_least(0.9)),
            Option("About two times in three", between(0.5, 0.8)),
            Option("Seldom", at_most(0.4)),
        ),
        why="Nothing in training rewarded keeping colour and shape apart. It learned pairs, and names the nearest pair "
        "that it knows.",
        look=Moment("It describes new scenes of known pairs, but not new pairs.", "new", at_least(0.9)),
    ),
)

CHARACTERS = (
    Sketch(
        name="held-out",
        question="Draw the bits per character on a stanza that it never sees",
        chart="bits",
        series="held-out",
        why="While it learns letters and spelling, the unseen stanza gets better too. Then it learns the others by heart, "
        "and the unseen one gets worse.",
        look=Moment("Here it was near its best.", "step", at_least(40)),
    ),
)
