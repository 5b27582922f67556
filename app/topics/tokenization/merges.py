"""A vocabulary is learned from half a story, merge by merge, and used on the other half, on verse, on German and on code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Series, Tokens
from app.charts.colours import BLUE, GREEN, OCHRE, PURPLE, VERMILION
from app.topic import (
    Claim,
    Demo,
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
from app.topics.tokenization import greedy, guesses, pairs
from engine.datasets import alice, erlkoenig, the_tyger

MOST, NEWEST, OFTEN = 400, 12, 100
LONG_WORD = " unbelievably"
READ = {
    "train": Series("the half it learns from", BLUE, width=3),
    "unseen": Series("the other half", VERMILION),
    "verse": Series("English verse", OCHRE),
    "german": Series("German verse", GREEN),
    "code": Series("Python code", PURPLE),
}


def sentence(text: str) -> str:
    """A text to cut into tokens, with single spaces. Raises ValueError for none, and for what cannot be drawn."""
    plain = " ".join(text.split())
    if not plain or not plain.isprintable() or set("<>") & set(plain):
        raise ValueError("letters, digits, spaces and punctuation, but not < or >")
    return plain


class MergesParams(Params):
    """How many tokens are learned, where they may reach, and a text of the visitor's own."""

    merges: int = slider(300, (50, 100, 200, 300, 400), label="merges", help="Each makes one new token.", minimum=1, maximum=MOST)
    reach: Literal["words", "whole"] = choice(
        "words",
        {"words": "one word", "whole": "the whole text"},
        label="a token stays within",
        help="A word includes the space before it. Digits stay single, and punctuation stays by itself.",
    )
    own: Annotated[str, checked(sentence)] = entry(
        "Alice was unbelievably curious in 1865",
        label="your text",
        help="Cut into the tokens learned so far. Nothing is learned from it.",
        longest=60,
    )


def charts(params: MergesParams) -> dict[str, Chart]:
    """How many characters a token has on each text, two texts in tokens, the newest tokens, how often each merge applies."""
    axis = Axis("merges", (0, params.merges))
    told = f"blue: among the first of {params.merges} merges, red: among the last, no colour: a character"
    return {
        "length": Lines(title=TITLE.at(params), series=READ, x=axis, y=Axis("characters per token", (0.9, 3))),
        "count": Lines(
            title="How often each merged pair occurs",
            series={"count": READ["train"]},
            x=axis,
            y=Axis("times", (1, 1000), log=True),
        ),
        "own": _text("Your text in tokens: the oldest are blue, the newest red", told, params),
        "german": _text("A line of German in the same tokens", told, params),
        "newest": Tokens(
            title="The newest tokens, and how often each occurs",
            letters=64,
            lines=2,
            high=OFTEN,
            digits=0,
            height=150,
            wide=True,
            x=Axis("a dot stands for a space"),
            y=Axis("line"),
        ),
    }


def _text(title: str, told: str, params: MergesParams) -> Tokens:
    return Tokens(
        title=title, letters=64, lines=3, low=1, high=max(params.merges, 2), height=150, wide=True, x=Axis(told), y=Axis("line")
    )


def run(params: MergesParams) -> Run:
    """At each step the pair that is commonest in the training half becomes one token, in all texts."""
    rng = streams(params.seed)
    texts = halves(rng.data) | {
        "verse": the_tyger().text,
        "german": erlkoenig(),
        "code": Path(pairs.__file__).read_text(encoding="utf-8"),
        "word": LONG_WORD,
        "own": params.own,
        "line": erlkoenig().splitlines()[0],
    }
    tokens = {name: pairs.Tokens(text, params.reach == "whole") for name, text in texts.items()}
    looks = Looks(texts, tokens)
    for done, shown in Pace(params.merges, 101):
        if shown:
            yield looks.snapshot(done)
        if found := tokens["train"].commonest():
            pair, count = found
            new = looks.vocabulary.add(pair)
            merged = {name: each.merge(pair, new) for name, each in tokens.items()}
            looks.merged(count, merged["train"])
    return None


def halves(rng: np.random.Generator) -> dict[str, str]:
    """The story's paragraphs dealt into two halves, each in the story's order."""
    told = alice()
    dealt = rng.permutation(len(told))
    parts = {"train": dealt[: len(told) // 2], "unseen": dealt[len(told) // 2 :]}
    return {name: "\n".join(told[place] for place in sorted(part)) for name, part in parts.items()}


class Looks:
    """Follows the texts as they are merged."""

    def __init__(self, texts: dict[str, str], tokens: dict[str, pairs.Tokens]) -> None:
        self.vocabulary = pairs.Vocabulary()
        self._texts, self._tokens, self._counts = texts, tokens, [0]
        self._apart, self._behind = 0, greedy.behind(greedy.EXAMPLE, 2)
        self._words = {f" {word}" for word in texts["train"].split()}

    def merged(self, count: int, saved: int) -> None:
        """One merge more, of a pair that was counted so often, and that saved so many tokens."""
        self._counts.append(count)
        self._apart = max(self._apart, abs(count - saved))

    def snapshot(self, done: int) -> Snapshot:
        """Charts and numbers after so many merges."""
        long = {name: len(text) / len(self._tokens[name]) for name, text in self._texts.items()}
        newest, counts = self.vocabulary.made[-NEWEST:], self._counts[1:][-NEWEST:]
        drawn = {
            "length": {name: long[name] for name in READ},
            "own": self._seen("own"),
            "german": self._seen("line"),
            "newest": {"tokens": [dotted(token) for token in newest], "values": np.array(counts, float)},
        }
        if done:
            drawn["count"] = {"count": self._counts[-1]}
        return Snapshot(done, drawn, measured=self._measured(long))

    def _seen(self, name: str) -> dict[str, object]:
        """A text in tokens, each with the merge that made it."""
        numbers = self._tokens[name].numbers
        return {"tokens": [dotted(token) for token in self.vocabulary.spelled(numbers)], "values": self.vocabulary.ages(numbers)}

    def _measured(self, long: dict[str, float]) -> dict[str, float]:
        """What the claims are about."""
        made = self.vocabulary.made
        spelled = {name: "".join(self.vocabulary.spelled(each.numbers)) for name, each in self._tokens.items()}
        return {
            **{f"length {name}": long[name] for name in READ},
            "german dearer": long["verse"] / long["german"],
            "code dearer": long["unseen"] / long["code"],
            "wrongly joined": sum(spelled[name] != text for name, text in self._texts.items()),
            "wrongly counted": self._apart,
            "count": self._counts[-1],
            "words": sum(token in self._words for token in made),
            "across": sum(" " in token.strip() for token in made),
            "greedy behind": self._behind,
            "tokens of a long word": len(self._tokens["word"]),
        }


def dotted(token: str) -> str:
    """A token with its spaces and line breaks to be seen."""
    return token.replace(" ", "·").replace("\n", "¶")


HOME = Ground(merges=300, reach="words")
TRAINED = Claim(
    "Three hundred merges make long tokens of the half that they were learned from: characters per token.",
    "length train",
    at_least(2.3),
    HOME,
)
UNSEEN = Claim(
    "They also serve text that they were not learned from: characters per token of the other half.",
    "length unseen",
    at_least(2.1),
    HOME,
)
DEARER = Claim(
    "German verse takes more tokens than English verse: by this factor per character.", "german dearer", at_least(1.15), HOME
)
CODE = Claim(
    "Python code takes more tokens than the story’s other half: by this factor per character.", "code dearer", at_least(1.3), HOME
)
PARTS = Claim(
    "Some tokens are words, and most are not: of 300 new ones, this many are whole words.", "words", between(60, 149), HOME
)
LONG = Claim(
    "A word that was never seen falls to pieces: the tokens of “unbelievably” and the space before it.",
    "tokens of a long word",
    at_least(6),
    HOME,
)
RARE = Claim("The last merge is of a rare pair: how often it occurs in the whole half.", "count", between(2, 12), HOME)
CROSSED = Claim(
    "Where tokens may reach across the text, some hold parts of two words: how many do.",
    "across",
    at_least(15),
    Ground(merges=300, reach="whole"),
)
JOINED = Claim(
    "Joined again, the tokens give back the text: how many texts come back changed.",
    "wrongly joined",
    exactly(0),
    by_construction=True,
)
COUNTED = Claim(
    "A merge saves as many tokens as its pair has occurrences: the largest difference.",
    "wrongly counted",
    exactly(0),
    by_construction=True,
)
GREEDY = Claim(
    "Merging the commonest pair first is not always best: on a text of nine words two other merges leave this many tokens fewer.",
    "greedy behind",
    exactly(1),
    by_construction=True,
)
TITLE = Title(
    "What is learned on English serves English: a token of German or code is shorter",
    "How long a token is on each text",
    (TRAINED, UNSEEN, DEARER, CODE),
)

demo = Demo(
    name="merges",
    title="Merging pairs",
    params=MergesParams,
    charts=charts,
    run=run,
    frames=lambda params: Pace(params.merges, 101),
    claims=(TRAINED, UNSEEN, DEARER, CODE, PARTS, LONG, RARE, CROSSED, JOINED, COUNTED, GREEDY),
    presets=(
        Preset("300 merges", {}),
        Preset("50 merges", {"merges": 50}),
        Preset("across words", {"reach": "whole"}),
        Preset("rabbits", {"own": "The White Rabbit's rabbit-hole, rabbits, RABBIT, rabbbit"}),
    ),
    guesses=guesses.MERGES,
    hint="Watch your text: letters grow together into tokens. Then compare the lines: what was learned on a story "
    "helps other texts less.",
)
