"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

MERGES = (
    Guess(
        name="long-word",
        question="Into how many tokens is “unbelievably” cut after 300 merges on a story?",
        of="tokens of a long word",
        said="its tokens, with the space before it",
        options=(
            Option("One: it is a word", at_most(1)),
            Option("Three or four: un, believ, ab, ly", between(2, 5)),
            Option("More: the story has no such word", at_least(6)),
        ),
        why="Tokens are what is frequent in the text that they were learned from. Nothing in the method knows about "
        "syllables or prefixes.",
        look=Moment("Your text, at the end."),
    ),
    Guess(
        name="across-words",
        question="Tokens may now reach across words. Do they get longer on the unseen half than the 2.4 characters before?",
        values={"reach": "whole"},
        of="length unseen",
        said="characters per token of the half that was not learned from",
        options=(
            Option("Yes: there are more pairs to choose from", at_least(2.5)),
            Option("No: they get shorter", at_most(2.38)),
        ),
        why="Merging the commonest pair looks only one step ahead. Pairs such as “e” and a space are common, and take letters "
        "from what could have become words.",
        look=Moment("The vermilion line."),
    ),
    Sketch(
        name="length-by-merges",
        question="Draw how long a token gets on the half that it is learned from",
        chart="length",
        series="train",
        why="The commonest pairs come first and save most. Each later merge saves less, so the line flattens.",
        look=Moment("It rises fast, then ever more slowly."),
    ),
)
