"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

WRITING = (
    Guess(
        name="hot-and-cut",
        question="Temperature 1.6, but only the likeliest words, which hold 0.9, are kept: how many sentences are grammatical?",
        of="right at p 0.9",
        said="the share of sentences by top-p 0.9 that are grammatical",
        options=(
            Option("About half, as without the cut", at_most(0.7)),
            Option("About four in five", between(0.71, 0.89)),
            Option("Nearly all", at_least(0.93)),
        ),
        why="Where the grammar leaves no choice, the right word alone holds 0.9 even at this temperature, and every other word "
        "is cut off.",
        look=Moment("With top-p 0.9, nearly all are.", "right at p 0.9", at_least(0)),
    ),
    Guess(
        name="hotter-and-cut",
        question="Temperature 2, and top-p 0.9: how many of the sentences are grammatical?",
        values={"temperature": 2.0},
        of="right at p 0.9",
        said="the share of sentences by top-p 0.9 that are grammatical",
        options=(
            Option("Hardly any", at_most(0.3)),
            Option("Many, but by no means all", between(0.4, 0.85)),
            Option("Nearly all: top-p is safe at any temperature", at_least(0.92)),
        ),
        why="At this temperature the right word no longer holds 0.9 by itself, so others come in with it.",
        look=Moment("A good part of them are wrong.", "right at p 0.9", at_least(0)),
    ),
    Guess(
        name="likeliest",
        question="A model writes the likeliest word each time. Is that its likeliest sentence?",
        of="greedy falls short by",
        said="the nats by which the same sentence without its adjectives is likelier",
        options=(
            Option("Yes: each word is the best there is", at_most(0)),
            Option("No: there is a likelier one", at_least(0.5)),
        ),
        why="Each of eight adjectives is likelier than each of twelve nouns, so it takes an adjective each time. But the noun "
        "still comes after it, and has to be paid for as well.",
        look=Moment("Its adjectives have made the sentence less likely.", "greedy falls short by", at_least(0)),
    ),
    Sketch(
        name="by-temperature",
        question="Draw the share of sentences that are grammatical, by temperature",
        chart="temperature",
        series="right",
        why="Up to temperature 1 nearly all are. Above it, improbable words gain, and a sentence has eleven chances to go wrong.",
        look=Moment("It falls slowly at first, then fast."),
    ),
)
