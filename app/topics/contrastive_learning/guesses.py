"""What a visitor may guess before a run of this page, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Highest, Moment, Option, at_least, at_most, between, either

SAID = "the share of pictures of pairs never seen that get their own caption"
CAPTIONS = (
    Guess(
        name="never-seen-together",
        question="Training had red shapes and plus signs, but no red plus. How many such pictures find their caption among 36?",
        of="unseen",
        said=SAID,
        options=(
            Option("Hardly any", at_most(0.1)),
            Option("About half", between(0.3, 0.7)),
            Option("Most of them", at_least(0.8)),
        ),
        why="A caption is the sum of its words, and both words were met in other pairs. With enough pairs the network learns to "
        "see colour and shape separately.",
        look=Moment("The line of pairs never seen is nearly at the top.", "unseen", at_least(0.8)),
    ),
    Guess(
        name="a-caption-as-one-token",
        question="Each caption is now one token of its own. How many pictures of pairs never seen find theirs?",
        values={"caption": "whole"},
        of="unseen",
        said=SAID,
        options=(Option("Hardly any", at_most(0.1)), Option("Most of them: the pictures are the same", at_least(0.6))),
        why="The token of a pair that never occurred was never drawn near any picture. What carries over is what captions share: "
        "their words.",
        look=Moment("The line stays at the bottom."),
    ),
    Guess(
        name="only-pulled-together",
        question="Without wrong captions to tell apart, how similar do pictures and captions that do not match become?",
        values={"loss": "pull"},
        of="unmatched",
        said="the mean cosine of pictures and captions that do not match",
        options=(
            Option("Not at all: a cosine of about 0", at_most(0.2)),
            Option("Somewhat: about one half", between(0.3, 0.7)),
            Option("Very: 0.8 or more", at_least(0.8)),
        ),
        why="If all vectors are equal, everything is near its partner. Nothing in this loss prevents that.",
        look=Moment("The whole square has turned red.", "unmatched", at_least(0.8)),
    ),
)

DIGITS = (
    Guess(
        name="what-beats-it",
        question="With one label per digit and 1397 pictures without, which method gets the most unseen digits right?",
        of=Highest(("pixels", "supervised on views", "head", "propagation")),
        said="the shares of unseen digits named right, in the order of the answers",
        options=either(
            "The nearest class mean in pixels",
            "A network trained on the ten pictures and ever new views of them",
            "The nearest class mean in what contrastive learning makes of pictures",
            "Labels passed on between nearest neighbours in pixels",
        ),
        why="Contrastive learning beats what uses only the ten pictures. But label propagation uses the pictures without labels, "
        "too, and in pixel space pictures of one digit already form chains of neighbours.",
        look=Moment("The last bar is the highest."),
    ),
    Guess(
        name="pulled-below-untrained",
        question="Without wrong partners, two views of a picture are only pulled together. How good do the features become?",
        values={"loss": "pull"},
        of="features over untrained",
        said="the share of unseen digits they name, less that of the untrained network’s features",
        options=(
            Option("Better than the untrained network’s: views of a digit belong together", at_least(0.02)),
            Option("Worse than the untrained network’s", at_most(-0.02)),
        ),
        why="Equal vectors for everything would be perfect for this loss. On the way there, what told digits apart is lost.",
        look=Moment("The bar of the features is lower than that of the untrained network."),
    ),
)
