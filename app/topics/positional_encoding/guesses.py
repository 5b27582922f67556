"""What a visitor may guess before a run of this page: demo by demo, judged by what the run measures."""

from __future__ import annotations

from app.topic import Guess, Highest, Moment, Option, at_least, between, either

ORDER = (
    Guess(
        name="a-mask-and-no-positions",
        question="A decoder without positions judges reviews with the same words and opposite meaning. How often is it right?",
        of="causal pairs",
        said="the decoder’s share of such reviews judged right",
        options=(
            Option("Half of the time: without positions it sees a bag of words", between(0.45, 0.55)),
            Option("Much more often: it can tell the order", at_least(0.7)),
        ),
        why="Under the mask each word sees only itself and those before it, so no two places see the same. That gives the "
        "order away.",
        look=Moment("The decoder is far above a half.", "causal pairs", at_least(0.7)),
    ),
    Guess(
        name="read-at-the-last-word",
        question="An encoder without positions is read at the last word alone. How often is it right on such pairs?",
        values={"read": "last"},
        of="bag pairs",
        said="the share of such reviews that the encoder without positions judges right",
        options=(
            Option("Exactly half of the time, as before", between(0.495, 0.505)),
            Option("More often, but far from always", between(0.53, 0.93)),
            Option("Nearly always", at_least(0.95)),
        ),
        why="The answer is read at the last word, so this one position is known. It does not tell which clause a “not” belongs "
        "to.",
        look=Moment("It is above a half, and stays there."),
    ),
)

LENGTH = (
    Guess(
        name="four-times-as-long",
        question="Trained on 16 steps to name the symbol three back: which positions do best at the places 49 to 64?",
        of=Highest(tuple(f"{name} far beyond" for name in ("learned", "sinusoidal", "rotary", "linear"))),
        said="the shares right at the places 49 to 64: learned, sinusoidal, rotary, ALiBi",
        options=either("Learned positions", "Sinusoidal positions", "Rotary positions", "ALiBi"),
        why="Three back is a distance, and rotary scores depend on nothing else. Learned vectors beyond 16 were never trained; "
        "ALiBi stays as it is, but cannot pick out one distance.",
        look=Moment("The curves beyond 16."),
    ),
    Guess(
        name="the-first-of-all",
        question="Now the very first symbol is to be named. Which positions do best at the places 49 to 64?",
        values={"task": "first"},
        of=Highest(tuple(f"{name} far beyond" for name in ("learned", "rotary", "linear"))),
        said="the shares right at the places 49 to 64: learned, rotary, ALiBi",
        options=either("Learned positions", "Rotary positions", "ALiBi"),
        why="The first place has a vector of its own, which a query can look for wherever it stands. To rotary scores and to "
        "ALiBi it is a distance that grows beyond all that occurred in training.",
        look=Moment("The line of learned positions stays up."),
    ),
)
