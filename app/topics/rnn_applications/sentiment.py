"""Sentiment: reviews whose meaning stands in the order of the words, read one word at a time, against bags of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Chart, Lines, SequenceMap, Series, Tokens, lines_of
from app.charts.colours import GREEN, OCHRE, VERMILION
from app.topic import (
    NOT_YET,
    Claim,
    Demo,
    Diverged,
    Ground,
    Pace,
    Params,
    Preset,
    Run,
    Snapshot,
    Title,
    at_least,
    between,
    checked,
    choice,
    entry,
    exactly,
    slider,
    streams,
)
from app.topics.rnn_applications import guesses
from app.topics.rnn_applications.readers import KINDS, Readers, dealt, said_so_far
from engine import Array, Guard, Session, losses, optimizers
from engine.datasets import Reviews, batches, same_bags
from engine.datasets.grammar import BAD, GOOD, NOUNS, STEPS, WORDS
from engine.metrics import accuracy
from engine.probabilities import sigmoid

TRAINED_ON, TRIED_ON, PAIRS, BATCH_SIZE, LEARNING_RATE = 2000, 500, 100, 64, 0.01
PACE = Pace(400, 81)
NEAR, LETTERS = 0.15, 30
"""How far a score may be from the sentiment so far; and letters per line of a reading."""
CLAUSE = rf"the (?:{'|'.join(NOUNS)}) was (?:not )?(?:very )?(?:{'|'.join(GOOD + BAD)})"
REVIEW = re.compile(rf"{CLAUSE}(?: (?:but|and) {CLAUSE})?")


def review(text: str) -> str:
    """A sentence of the grammar, in small letters. Raises ValueError for anything else, with the words there are."""
    said = " ".join(text.lower().split()).removesuffix(".")
    if not REVIEW.fullmatch(said):
        clauses = (
            "“the film was good”, where not, very or not very may come before good, or two such clauses joined by but or and"
        )
        raise ValueError(f"{clauses}. The nouns are {', '.join(NOUNS)}; the adjectives {', '.join(GOOD + BAD)}")
    return said


class SentimentParams(Params):
    """What is read, by which network, and at which words the networks are told what is right."""

    sentence: Annotated[str, checked(review)] = entry(
        "the plot was not bad but the cast was dull",
        label="your review",
        help="One or two clauses such as “the film was not very good”, joined by but or and. A word that it does not know is "
        "refused, with a list of those it knows.",
        longest=100,
    )
    network: Literal["rnn", "lstm"] = choice(
        "rnn", {"rnn": "plain RNN", "lstm": "LSTM"}, label="network", help="The recurrent layer that reads the embedded words."
    )
    targets: Literal["every", "last"] = choice(
        "every",
        {"every": "after every word", "last": "after the last word only"},
        label="targets",
        help="When training gives the right answer: after every word, how good the review is so far, or only at the end.",
    )
    hidden_units: int = slider(24, (4, 8, 16, 24, 32), label="hidden units", help="Of the recurrent layer.", minimum=1)


SERIES = {
    "recurrent": Series("recurrent", GREEN, width=3),
    "bag mlp": Series("bag of words, perceptron", VERMILION),
    "bag linear": Series("bag of words, linear", OCHRE),
}


def charts(params: SentimentParams) -> dict[str, Chart]:
    """Two readings of the visitor's review, accuracy on whole reviews and on pairs, and the recurrent state."""
    words = params.sentence.split()
    by_update, share = Axis("update", (0, PACE.steps)), Axis("share of reviews judged right", (0.4, 1.02))
    lines = lines_of(words, LETTERS)
    reading: dict[str, Any] = {"tokens": words, "digits": 2, "letters": LETTERS, "lines": lines, "height": 20 + 50 * lines}
    return {
        "reading": Tokens(title="Recurrent network: how good so far? 0 bad, 1 good", **reading),
        "bag": Tokens(title="Perceptron on the bag of words: the same", **reading),
        "accuracy": Lines(title="Fresh reviews of the same grammar", series=SERIES, levels={"coin": 0.5}, x=by_update, y=share),
        "pairs": Lines(title=TITLE.at(params), series=SERIES, levels={"coin": 0.5}, x=by_update, y=share),
        "state": SequenceMap(
            title="The recurrent network’s state while it reads your review",
            rows=params.hidden_units,
            columns=len(words),
            column_names=words,
            of="value of a unit",
            x=Axis("word read"),
            y=Axis("hidden unit"),
            wide=True,
        ),
    }


def run(params: SentimentParams) -> Run:
    """2000 reviews, Adam at .01, cross-entropy after every word: an embedding of 16 and a recurrent layer, against two bags."""
    rng = streams(params.seed)
    trained, tried = (yield from dealt(rng.data, TRAINED_ON)), (yield from dealt(rng.data, TRIED_ON))
    shown = Shown(params, tried, same_bags(rng.data, PAIRS))
    yield NOT_YET

    first, wanted = (0 if params.targets == "every" else STEPS - 1), said_so_far(trained)
    readers = Readers(params.network, params.hidden_units, rng)
    logits, _ = readers.read("batch", BATCH_SIZE, first)
    targets = readers.graph.placeholder("targets", logits["recurrent"].shape)
    costs = [losses.sigmoid_cross_entropy(each, targets) for each in logits.values()]
    yield NOT_YET
    update = optimizers.adam(costs[0] + costs[1] + costs[2], LEARNING_RATE)  # they share no weights: each follows its own loss
    judged, states = readers.read("shown", shown.words.shape[1])
    yield NOT_YET
    session = Session(readers.graph)
    step = yield from session.planning([costs[0] + costs[1] + costs[2]], [update])
    look = yield from session.planning([*judged.values(), states])

    guard, order = Guard(session, step), batches(rng.batches, TRAINED_ON, BATCH_SIZE)
    for done, due in PACE:
        if due:
            yield shown.snapshot(done, look(**readers.feeds("shown", shown.words)))
        batch = next(order)
        feeds = readers.feeds("batch", trained.words[:, batch], first)
        if broke := guard.step(**feeds, targets=wanted[first:, batch].reshape(1, -1)):
            return Diverged(done, broke)
    return None


@dataclass(frozen=True, eq=False)
class Shown:
    """What the readers are tried on: fresh reviews, pairs of the same words in another order, and the visitor's own, last."""

    params: SentimentParams
    tried: Reviews
    pairs: Reviews

    @property
    def words(self) -> Array:
        """All of them side by side, (steps, n)."""
        typed = [WORDS.index(word) for word in self.params.sentence.split()]
        own = np.array([0] * (STEPS - len(typed)) + typed)
        return np.concatenate([self.tried.words, self.pairs.words, own[:, None]], axis=1)

    def snapshot(self, done: int, outputs: Sequence[Array]) -> Snapshot:
        """Scores and states of `words` by each reader, as charts and numbers."""
        *logits, states = outputs
        after = {name: each.reshape(STEPS, -1) for name, each in zip(KINDS, logits, strict=True)}
        ends = {name: np.split(each[-1:], (TRIED_ON, TRIED_ON + 2 * PAIRS), axis=1) for name, each in after.items()}
        right = {name: accuracy(each[0], self.tried.labels) for name, each in ends.items()}
        ordered = {name: accuracy(each[1], self.pairs.labels) for name, each in ends.items()}
        length = len(self.params.sentence.split())
        drawn: dict[str, Any] = {
            "reading": sigmoid(after["recurrent"][-length:, -1]),
            "bag": sigmoid(after["bag mlp"][-length:, -1]),
            "accuracy": right,
            "pairs": ordered,
            "state": states[:, -length:, -1],
        }
        measured = right | {f"pairs {name}": share for name, share in ordered.items()}
        return Snapshot(done, drawn, done * BATCH_SIZE / TRAINED_ON, measured | self._prefixes(after["recurrent"]))

    def _prefixes(self, logits: Array) -> dict[str, float]:
        """How far the scores after the words of the fresh reviews are from the sentiment so far."""
        apart = np.abs(sigmoid(logits[:, :TRIED_ON]) - said_so_far(self.tried))[self.tried.words > 0]
        return {"apart": float(apart.mean()), "near": float((apart <= NEAR).mean())}


ENOUGH = Ground(hidden_units=at_least(16))
READS = Claim("The recurrent network reads fresh reviews: the share it judges right.", "recurrent", at_least(0.97), ENOUGH)
ORDER = Claim(
    "It uses the order: of two reviews with the same words, one good and one bad, the share judged right.",
    "pairs recurrent",
    at_least(0.97),
    ENOUGH,
)
BLIND = Claim(
    "A bag of words cannot tell such a pair apart, so one of the two is always wrong: the perceptron’s share.",
    "pairs bag mlp",
    exactly(0.5),
    by_construction=True,
)
TITLE = Title(
    "Same words in another order: only the recurrent network can tell", "Pairs with the same words in another order", (ORDER,)
)

demo = Demo(
    name="sentiment",
    title="Sentiment, word by word",
    params=SentimentParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        READS,
        ORDER,
        Claim(
            "A weight per word is no help where “not” reverses the meaning: the linear bag’s share of fresh reviews right.",
            "bag linear",
            between(0.42, 0.58),
        ),
        Claim(
            "A perceptron on the bag learns what “not” does, but not which clause comes last: its share of fresh reviews right.",
            "bag mlp",
            between(0.65, 0.82),
        ),
        Claim(
            "Told what is right after every word, its score means something after every word: the share of words after which it "
            "is within 0.15 of the sentiment so far.",
            "near",
            at_least(0.95),
            Ground(targets="every", hidden_units=at_least(16)),
        ),
        Claim(
            "Told after the last word only, its scores on the way are arbitrary: their mean distance from the sentiment so far.",
            "apart",
            at_least(0.15),
            Ground(targets="last", hidden_units=at_least(16)),
        ),
        BLIND,
    ),
    presets=(
        Preset("not bad, but dull", {}),
        Preset("the same words, the other way round", {"sentence": "the cast was dull but the plot was not bad"}),
        Preset("told at the end only", {"targets": "last"}),
        Preset("an LSTM", {"network": "lstm"}),
        Preset("four hidden units", {"hidden_units": 4}),
        Preset("and, though they disagree", {"sentence": "the film was great and the ending was awful"}),
    ),
    guesses=guesses.SENTIMENT,
    hint="Read the two coloured texts word by word: what does each reader think after “not”, “bad”, “but” and “dull”?",
)
