"""Characters: a network learns which character of a poem comes next, and writes; a stanza held out shows what it has learned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from app.charts import Axis, Chart, Lines, Series, Tokens
from app.charts.colours import GREEN, GREY, PURPLE, TEST, TRAIN
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
    at_most,
    between,
    choice,
    slider,
    streams,
)
from app.topics.rnn_applications import guesses
from app.topics.rnn_applications.poem import COPIED, Poem, by_word, share_copied
from app.topics.rnn_applications.writer import Stepper, Writer
from engine import Array, Guard, Session, losses, optimizers
from engine.datasets.text import windows
from engine.probabilities import one_hot

STRETCH, BATCH_SIZE, LEARNING_RATE = 32, 16, 0.01
WRITTEN, TEXTS, COLD, HOT = 160, 4, 0.2, 1.5
"""So many characters are written, in so many texts at each of three temperatures: the visitor's, a cold and a hot one."""
LONG = 40
"""From so many copied characters on a word has the full colour."""


class CharactersParams(Params):
    """How boldly it writes, what it never sees, which network, and for how long it learns."""

    temperature: float = slider(
        0.7,
        (0.2, 0.4, 0.7, 1.0, 1.5),
        label="temperature",
        help="Logits are divided by it before a character is drawn: low plays safe, high takes risks. It changes no training.",
    )
    held_out: int = slider(5, (1, 2, 3, 4, 5, 6), label="stanza held out", help="The one of six that training never shows.")
    network: Literal["rnn", "lstm"] = choice(
        "rnn", {"rnn": "plain RNN", "lstm": "LSTM"}, label="network", help="The recurrent layer that reads the characters."
    )
    hidden_units: int = slider(96, (16, 32, 64, 96), label="hidden units", help="Of the recurrent layer.", minimum=4)
    updates: int = slider(
        500,
        (100, 200, 300, 500),
        label="updates",
        help="How long it learns, on 16 stretches of 32 characters per update.",
        minimum=50,
    )


def pace(params: CharactersParams) -> Pace:
    """Sixty-one frames: each reads six stanzas and writes."""
    return Pace(params.updates, 61)


def charts(params: CharactersParams) -> dict[str, Chart]:
    """Bits per character, the text it writes, two stanzas as it reads them, and what the writing is made of."""
    poem, by_update = Poem(params.held_out), Axis("update", (0, params.updates))
    single, pairs, alike = poem.counted(0)[0], poem.counted(1)[0], np.log2(len(poem.whole.characters))
    stanza: dict[str, Any] = {"letters": 46, "lines": 4, "height": 190}
    return {
        "written": Tokens(
            title=f"What it writes at temperature {params.temperature:g}: the redder a word, the longer the stretch copied",
            letters=64,
            lines=4,
            high=LONG,
            height=170,
            wide=True,
        ),
        "bits": Lines(
            title=BITS.at(params),
            series={"learned": Series("stanzas it learns", TRAIN, width=3), "held-out": Series("stanza held out", TEST, width=3)},
            levels={
                f"all alike {alike:.2f}": float(alike),
                f"counts of characters {single:.2f}": single,
                f"counts of pairs {pairs:.2f}": pairs,
            },
            x=by_update,
            y=Axis("bits per character", (0, 10)),
        ),
        "shares": Lines(
            title="What the text it writes is made of",
            series={
                "real": Series("words of the poem", GREEN, width=3),
                "copied": Series(f"copied, {COPIED} characters or more", PURPLE),
                "hot": Series(f"words of the poem at temperature {HOT:g}", GREY, "dash"),
            },
            x=by_update,
            y=Axis("share", (-0.02, 1.02)),
        ),
        "known": Tokens(title=f"Stanza {poem.places[0] + 1}, learned: probability per character", **stanza),
        "unknown": Tokens(title=f"Stanza {params.held_out}, held out: probability per character", **stanza),
    }


def run(params: CharactersParams) -> Run:
    """One recurrent layer from 42 characters to the next one, Adam at .01, on random stretches of all stanzas but one."""
    rng, poem = streams(params.seed), Poem(params.held_out)
    size = len(poem.whole.characters)
    stretches = windows(rng.batches, poem.whole.numbers(poem.learned), STRETCH, BATCH_SIZE)

    writer = Writer(params.network, size, params.hidden_units, rng)
    inputs = writer.graph.placeholder("inputs", (size, STRETCH, BATCH_SIZE))
    targets = writer.graph.placeholder("targets", (size, STRETCH * BATCH_SIZE))
    loss = losses.softmax_cross_entropy(writer.follow(inputs), targets)
    yield NOT_YET
    update = optimizers.adam(loss, LEARNING_RATE)
    yield NOT_YET
    session = Session(writer.graph)
    step = yield from session.planning([loss], [update])
    reading = yield from writer.stepping(session, "read", len(poem.stanzas))
    writing = yield from writer.stepping(session, "write", 3 * TEXTS)

    guard, shown = Guard(session, step), Shown(params, poem, reading, writing, rng.noise.random((WRITTEN, 3 * TEXTS)))
    for done, due in pace(params):
        if due:
            yield shown.snapshot(done)
        now, following = next(stretches)
        seen = one_hot(now.ravel(), size).reshape(size, STRETCH, BATCH_SIZE)
        if broke := guard.step(inputs=seen, targets=one_hot(following.ravel(), size)):
            return Diverged(done, broke)
    return None


@dataclass(eq=False)
class Shown:
    """What is seen of the network: bits of every stanza, and texts written with the same `draws` (steps, texts) each time."""

    params: CharactersParams
    poem: Poem
    reading: Stepper
    writing: Stepper
    draws: Array
    course: list[tuple[int, float, float]] = field(default_factory=list)
    """Update, and bits per character of the learned stanzas and of the one held out."""

    def snapshot(self, done: int) -> Snapshot:
        """Reads all stanzas and writes anew."""
        bits = self.reading.bits(self.poem.stanzas)
        learned, held_out = self.poem.split(bits)
        self.course.append((done, learned, held_out))
        cold, texts, hot = self.written()
        lengths = [self.poem.copied(text) for text in texts]
        real, hottest = (float(np.mean([self.poem.real(text) for text in each])) for each in (texts, hot))
        copied = float(np.mean([share_copied(each) for each in lengths]))
        drawn: dict[str, Any] = {
            "written": as_tokens(*by_word(texts[0].rstrip("\n"), lengths[0])),
            "bits": {"learned": learned, "held-out": held_out},
            "shares": {"real": real, "copied": copied, "hot": hottest},
            "known": self.stanza(self.poem.places[0], bits),
            "unknown": self.stanza(self.params.held_out - 1, bits),
        }
        coldest = float(np.mean([self.poem.real(text) for text in cold]))
        measured = {"real": real, "copied": copied, "hot": hottest, "cold": coldest, "colder": coldest - hottest}
        return Snapshot(done, drawn, measured=measured | self.measured())

    def measured(self) -> dict[str, float]:
        """Bits at the end, against counts, and what became of the stanza held out."""
        _, learned, held_out = self.course[-1]
        pairs, pairs_held_out = self.poem.counted(1)[0], self.poem.counted(1, extra=1)[1]
        late = [step for step, bits, _ in self.course if bits >= pairs]
        after = [step for step, _, _ in self.course if not late or step > late[-1]]
        best = min(bits for _, _, bits in self.course)
        return {
            "learned": learned,
            "held-out": held_out,
            "single": self.poem.counted(0)[0],
            "pairs": pairs,
            "pairs held out": pairs_held_out,
            "below pairs": after[0] if after else float("nan"),
            "beyond pairs": held_out / pairs_held_out,
            "alike": float(np.log2(len(self.poem.whole.characters))),
            "best": best,
            "turned": held_out / best,
        }

    def written(self) -> list[list[str]]:
        """Texts at the cold, the visitor's, and the hot temperature."""
        temperatures = np.repeat([COLD, self.params.temperature, HOT], TEXTS)
        first = self.poem.whole.characters.index("\n")
        texts = [self.poem.whole.spelled(text) for text in self.writing.write(first, temperatures, self.draws).T]
        return [texts[place : place + TEXTS] for place in range(0, len(texts), TEXTS)]

    def stanza(self, place: int, bits: list[Array]) -> dict[str, Any]:
        """A stanza as words, each with the probability per character, a geometric mean."""
        words, means = by_word(self.poem.whole.stanzas()[place].rstrip("\n"), bits[place])
        return as_tokens(words, 2.0**-means)


def as_tokens(tokens: list[str], values: Array) -> dict[str, Any]:
    """What a chart of new tokens takes."""
    return {"tokens": tokens, "values": values}


TRAINED = Ground(updates=at_least(300), hidden_units=at_least(64))
UNSEEN = Ground(held_out=between(2, 5), updates=at_least(300), hidden_units=at_least(64))
MODERATE = Ground(temperature=at_most(0.8), updates=at_least(500), hidden_units=at_least(64))
KNOWN = Claim("It knows the stanzas it learned by heart: their bits per character.", "learned", at_most(0.5), TRAINED)
WORSE = Claim(
    "On the stanza it never saw it needs more bits than counts of pairs of characters, one added to each: its bits over theirs.",
    "beyond pairs",
    at_least(1.2),
    UNSEEN,
)
TURNED = Claim(
    "On the stanza it never saw it was better earlier: its bits at the end over the fewest on the way.",
    "turned",
    at_least(1.1),
    UNSEEN,
)
BITS = Title("Five stanzas are learned by heart; the one held out gets worse", "Bits per character, by update", (KNOWN, TURNED))

demo = Demo(
    name="characters",
    title="Text, character by character",
    params=CharactersParams,
    charts=charts,
    run=run,
    frames=pace,
    claims=(
        KNOWN,
        Claim(
            "It soon does better than counts of pairs of characters: the update from which it stays below their bits.",
            "below pairs",
            at_most(150),
            TRAINED,
        ),
        WORSE,
        TURNED,
        Claim(
            "The last stanza nearly repeats the first, so it is known even when held out: its bits per character.",
            "held-out",
            at_most(2),
            Ground(held_out=6, updates=at_least(300), hidden_units=at_least(64)),
        ),
        Claim(
            "At moderate temperatures it writes words of the poem: their share.",
            "real",
            at_least(0.85),
            MODERATE,
        ),
        Claim(
            f"What it writes then is copied: the share of characters in stretches of {COPIED} or more that are in the poem.",
            "copied",
            at_least(0.8),
            MODERATE,
        ),
        Claim(
            f"A high temperature breaks words up: the share of words of the poem at {COLD:g} minus that at {HOT:g}.",
            "colder",
            at_least(0.1),
            TRAINED,
        ),
    ),
    presets=(
        Preset("five stanzas by heart", {}),
        Preset("a hundred updates", {"updates": 100}),
        Preset("temperature 1.5", {"temperature": 1.5}),
        Preset("temperature 0.2", {"temperature": 0.2}),
        Preset("the refrain held out", {"held_out": 6}),
        Preset("an LSTM of 64", {"network": "lstm", "hidden_units": 64}),
        Preset("sixteen units", {"hidden_units": 16}),
    ),
    guesses=guesses.CHARACTERS,
    hint="Watch the text turn from letters into words into whole lines; then compare the two stanzas at the bottom.",
)
