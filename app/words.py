"""The words of texts and queries, and what a typed word may stand for: spellings, compounds, beginnings, slips of the hand.

`app.search` makes a `Vocabulary` of the texts and asks it for alternatives; stems are left to the index (FTS5's porter).
Slips are counted as Damerau and Levenshtein do: a letter too many, too few, wrong, or two that changed places.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_BEGUN = 30
"""Words that a beginning may stand for, the commonest of them."""
SHORTEST_PART = 3
"""Letters of each of two words that may be written as one ("learningrate")."""
STOP = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be became become becomes been being by can could d did do does for from get gets had has have how i
        if in is it its ll m may me my of on or s should so t than that the their then there these they this to us was we were
        what when where which who why will with would you your""",
    )
)
"""What questions are made of, and what an apostrophe leaves."""
INVISIBLE = {"Cf", "Mn"}
"""Unicode's categories of signs without width (a soft hyphen, a zero-width space) and of accents."""
WORD = re.compile(r"[^\W_]+")
COMPOUND = re.compile(r"([^\W_]+)(?:[-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d](?=[^\W_]))?")
AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(?<=\w{3})is(?=(e[drs]?|ers|ing|ations?|ational|able)$)", "iz"),
        (r"(?<=\w{2}ly)s(?=(e[drs]?|ers|ing)$)", "z"),
        (r"(?<=\w{3})our(?=(s|ed|ing|al|hood|hoods|able)?$)", "or"),
        (r"^(cent|fib|lit|met|spect|theat)re(?=s?$)", r"\1er"),
        (r"^(cent|met)red$", r"\1ered"),
        (r"(?<=[aeiou])ll(?=(ing|ed|er|ers)$)", "l"),
        (r"^(def|lic|off|pret)ence", r"\1ense"),
        (r"(?<=og)ue(?=s?$)", ""),
        (r"^programme", "program"),
        (r"^grey", "gray"),
        (r"^artefact", "artifact"),
    )
)
"""How British spellings become American ones. What a rule takes by mistake ("rolling") it takes in texts and queries alike."""


def visible(text: str) -> str:
    """Text with signs that look alike made one: composed letters, no ligatures, nothing without width."""
    return unicodedata.normalize("NFC", "".join(sign for sign in _apart(text) if unicodedata.category(sign) != "Cf"))


def words_of(text: str) -> list[str]:
    """The words of a text in order, without case and accents."""
    return WORD.findall(_folded(text))


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _folded(text: str) -> str:
    apart = _apart(_apart(text).casefold())
    return "".join(sign for sign in apart if unicodedata.category(sign) not in INVISIBLE)


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """A word in American spelling: "regularisation" and "regularization" are then the same."""
    for british, instead in AMERICAN:
        word = british.sub(instead, word)
    return word


class Vocabulary:
    """All words of some texts, how often each occurs, and how they are written together.

    `known(word)` says whether the index finds a word, which it does by its stem.
    """

    def __init__(self, texts: Iterable[str], known: Callable[[str], bool]) -> None:
        self._known = known
        self._counts: Counter[str] = Counter()
        self._joined: dict[str, str] = {}
        self._hyphened: set[str] = set()
        for text in texts:
            self._read(_folded(text))
        self._sorted = sorted(self._counts)
        self._spellings: dict[str, set[str]] = {}
        for word in self._counts:
            self._spellings.setdefault(american(word), set()).add(word)
        self._spelled = sorted({(spelling, word) for word in self._counts for spelling in (word, american(word))})

    def _read(self, text: str) -> None:
        found = list(COMPOUND.finditer(text))
        self._counts.update(one[1] for one in found)
        for one, next_one in pairwise(found):
            hyphened = one.end() > one.end(1)
            if hyphened:
                self._hyphened.add(one[1] + next_one[1])
            if hyphened or (min(len(one[1]), len(next_one[1])) >= SHORTEST_PART and not {one[1], next_one[1]} & STOP):
                self._joined.setdefault(one[1] + next_one[1], f"{one[1]} {next_one[1]}")

    def corrected(self, words: list[str]) -> list[str]:
        """A query's words as they were meant: two that texts write as one are one, a slip in an unknown word is mended."""
        return self.together([self._meant(word, last) for word, last in _with_last(self.together(words))])

    def together(self, words: Iterable[str]) -> list[str]:
        """Words in a row, where texts write two as one or with a hyphen these are one."""
        made: list[str] = []
        for word in words:
            if made and self._is_one(made[-1] + word):
                made[-1] += word
            else:
                made.append(word)
        return made

    def _is_one(self, word: str) -> bool:
        return not word.isdigit() and (word in self._counts or word in self._hyphened)

    def _meant(self, word: str, last: bool) -> str:
        sure = american(word) in self._spellings or word in self._joined or any(map(str.isdigit, word))
        if sure or (last and self.begun(word)) or self._known(american(word)):
            return word
        return self._nearest(word, self._sorted) or (last and self._nearest_beginning(word)) or word

    def _nearest(self, word: str, among: Iterable[str]) -> str:
        """The word with the fewest slips, of equals the one that begins alike, then the commonest; "" when none is near."""
        found = process.extract(american(word), list(among), scorer=OSA.distance, score_cutoff=_most_slips(word), limit=30)
        near = [(slips, other[0] != word[0], -self._counts[other], other) for other, slips, _ in found if _may_be(word, other)]
        return min(near)[-1] if near else ""

    def _nearest_beginning(self, word: str) -> str:
        """As `_nearest`, for a word that is still being typed: the beginnings of that length count."""
        return self._nearest(word, {other[: len(word)] for other in self._sorted if len(other) > len(word)})

    def said(self, words: list[str]) -> str:
        """Words as texts write them: two of which no text makes one stand apart."""
        return " ".join(word if word in self._counts else self._joined.get(word, word) for word in words)

    def begun(self, word: str) -> list[str]:
        """The commonest words that begin so, in British spelling or in American."""
        found = {other for spelling in (word, american(word)) for other in self._beginning(spelling)}
        return sorted(found, key=lambda other: (-self._counts[other], other))[:MOST_BEGUN]

    def _beginning(self, spelling: str) -> list[str]:
        start, end = (bisect_left(self._spelled, (one,)) for one in (spelling, spelling + "\uffff"))
        return [word for _, word in self._spelled[start:end]]

    def alternatives(self, word: str, last: bool) -> list[str]:
        """Words and phrases for which a word may stand: itself first, other spellings, apart, and what the last one begins."""
        apart = [self._joined[word]] if word in self._joined else []
        others = [american(word), *sorted(self._spellings.get(american(word), ())), *apart, *(self.begun(word) if last else ())]
        return list(dict.fromkeys([word, *others]))


def _with_last(words: list[str]) -> list[tuple[str, bool]]:
    return [(word, place == len(words) - 1) for place, word in enumerate(words)]


def _most_slips(word: str) -> int:
    return 1 if len(word) < 7 else 2 if len(word) < 12 else 3  # letters: a longer word has room for more


def _may_be(word: str, other: str) -> bool:
    """Of three letters, only those that changed places: else every such word would be near every other."""
    return len(word) > SHORTEST_PART or (sorted(word) == sorted(other))
