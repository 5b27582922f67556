"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Moment, Option, Sketch, at_least, at_most, between

COPYING: tuple[Guess | Sketch, ...] = (
    Sketch(
        name="when-it-comes",
        question="How does the share of the copy that two layers predict grow with training? Draw the line.",
        chart="accuracy",
        series="deep",
        why="Each layer is of use only when the other does its part, so for a long time neither gains much. Then both fall into "
        "place together.",
        look=Moment("The jump.", "deep", at_least(0.5)),
    ),
    Guess(
        name="without-the-first-layer",
        question="After training, the output of the first of two layers is set to zero. How much of the copy is still predicted?",
        of="silenced",
        said="the share of the copy that is foretold without the first layer’s output",
        options=(
            Option("Hardly any", at_most(0.2)),
            Option("About half", between(0.25, 0.75)),
            Option("Nearly all: the second layer does the matching", at_least(0.8)),
        ),
        why="The second layer matches a symbol with the symbol before each earlier place. Only the first layer writes down "
        "which symbol that is.",
        look=Moment("Both layers do their part: the two lines are high together.", "matching", at_least(0.9)),
    ),
    Guess(
        name="smeared-keys",
        question="One layer, each of whose keys is mixed with the key one step before: how much of the copy does it predict?",
        values={"smeared": True},
        of="flat",
        said="the share of the copy that one layer with smeared keys foretells",
        options=(
            Option("Hardly any: copying takes two layers", at_most(0.25)),
            Option("About half", between(0.3, 0.8)),
            Option("Nearly all", at_least(0.9)),
        ),
        why="The first layer was there to tell each place which symbol came before it. Smeared keys do that directly.",
        look=Moment("One layer copies.", "flat", at_least(0.9)),
    ),
)

STREAM: tuple[Guess | Sketch, ...] = (
    Guess(
        name="norm-behind",
        question="With skip connections and the norm after each of twelve blocks: how far are the tokens from their mean?",
        values={"norm": "post"},
        of="skip after 12",
        said="the distance of the tokens from their mean over their length, after twelve blocks",
        options=(
            Option("About as far as with the norm in front: 0.4 or more of their length", at_least(0.4)),
            Option("A good deal less: between 0.2 and 0.4", between(0.2, 0.39)),
            Option("Hardly at all: below 0.15", at_most(0.15)),
        ),
        why="A norm after each sum shrinks what came through the skip connection again and again. With the norm in front nothing "
        "touches it.",
        look=Moment("The skip connections have been worn down.", "step", at_least(10)),
    ),
)

MASK: tuple[Guess | Sketch, ...] = (
    Guess(
        name="forget-the-mask",
        question="The mask is forgotten in training. What does the loss on unseen sentences do?",
        of="open nats",
        said="the nats per unseen word without the mask",
        options=(
            Option("It stays above what the grammar allows, as with the mask", at_least(1.16)),
            Option("It falls to about half of that", between(0.2, 1)),
            Option("It falls to nearly nothing", at_most(0.05)),
        ),
        why="Each word is in the input, one place further on. Without a mask the network has only to look there, on unseen "
        "sentences as well.",
        look=Moment("The red curve is below the dotted line.", "open nats", at_most(1)),
    ),
)

SIGHT: tuple[Guess | Sketch, ...] = (
    Guess(
        name="a-or-an",
        question="A decoder has read “she saw” and is asked for the article, a or an: how often is it right?",
        of="decoder articles",
        said="the share of a and an that the decoder has right",
        options=(
            Option("Nearly always", at_least(0.95)),
            Option("About half of the time", between(0.35, 0.65)),
            Option("Hardly ever", at_most(0.2)),
        ),
        why="What decides is the next word, which a decoder has not seen. It can do no better than a coin, and its "
        "probabilities show that.",
        look=Moment("The encoder gets it right, the decoder does not.", "encoder articles", at_least(0.95)),
    ),
)
