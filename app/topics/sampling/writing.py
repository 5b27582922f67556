"""A model learns to name the next word; then it writes, from cold to hot, from few words to many, from a small nucleus to all."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Bars, Chart, Lines, SequenceMap, Series, Tokens
from app.charts.colours import BLUE, GREEN, GREY, HEIGHT_SCALE, OCHRE, PURPLE, VERMILION
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
    checked,
    choice,
    entry,
    slider,
    streams,
)
from app.topics.sampling import guesses
from app.topics.sampling.drawing import Way, kept, log_probability, right, variety, write
from app.topics.sampling.language import BATCH_SIZE, WRITTEN, Language
from app.topics.sampling.sweeps import KS, PS, TEMPERATURES, Tried, attempt, greedy_loss, ways
from engine import Array, schedules
from engine.datasets.sentences import ENTROPY, NUMBER, STEPS, WORDS, sentences

POOL, STEPS_TRAINED, LEARNING_RATE, WARM_UP = 2000, 300, 0.005, 20
PACE = Pace(STEPS_TRAINED, 25)
MANY = 16
"""More words than a noun or an adjective ever needs: where the map of the words that are kept ends."""
SWEEPS = {
    "temperature": Series("temperature alone", BLUE),
    "k": Series("top-k", VERMILION),
    "p": Series("top-p", GREEN, width=3),
}
WORTH = {"right": Series("grammatical", OCHRE, width=3), "varied": Series("variety of nouns", PURPLE)}


def beginning(text: str) -> str:
    """The words that a sentence begins with, in small letters. Raises ValueError for words that the model does not know."""
    words = text.lower().split()
    if len(words) >= STEPS or not set(words) <= set(WORDS):
        raise ValueError(f"at most {STEPS - 1} words, each of: {' '.join(WORDS)}")
    return " ".join(words)


class WritingParams(Params):
    """How hot the words are drawn, what the two cuts keep of them, and where the visitor looks at the next word."""

    temperature: float = slider(
        1.6,
        (0.5, 0.7, 1.0, 1.3, 1.6, 2.0),
        label="temperature",
        help="The logits are divided by it. Top-k and top-p are tried at this temperature.",
        minimum=0.1,
        maximum=3.0,
    )
    top_k: int = slider(
        4, (1, 2, 4, 8, 12, 32), label="top-k", unit="words", help="How many of the likeliest words the bars keep.", maximum=32
    )
    top_p: float = slider(
        0.9, (0.3, 0.5, 0.7, 0.9, 0.95, 1.0), label="top-p", help="How much probability the bars keep.", minimum=0.1
    )
    cut: Literal["after", "before"] = choice(
        "after",
        {"after": "after the temperature", "before": "before the temperature"},
        label="top-p counts",
        help="Which probabilities have to reach p: those after the temperature is applied, or the model’s own.",
    )
    begun: Annotated[str, checked(beginning)] = entry(
        "she saw a",
        label="next word after",
        help="The beginning of a sentence such as “she saw an old car and we drew a rose .”. The bars show what may come next.",
        longest=60,
    )

    @property
    def cut_first(self) -> bool:
        """Whether top-p counts the model's own probabilities."""
        return self.cut == "before"


def charts(params: WritingParams) -> dict[str, Chart]:
    """What each way of drawing is worth, the next word with its cuts, a sentence, and how the model learned."""
    at = f"at temperature {params.temperature:g}"
    return {
        "worth": Lines(
            title=TITLE.at(params),
            series={"learning": Series("while it learns, at temperature 1", GREY, "dot"), **SWEEPS},
            mode="lines+markers",
            x=Axis("variety of nouns: their entropy over the largest", (0, 1.04)),
            y=Axis("share that is grammatical", (0, 1.04)),
        ),
        "temperature": _by("Temperature alone", Axis("temperature", (0, 2.05))),
        "next": Bars(
            title=f"The next word after “{params.begun}”",
            categories=list(WORDS),
            series={
                "model": Series("the model", BLUE),
                "k": Series(f"top-{params.top_k}, {at}", VERMILION),
                "p": Series(f"top-p {params.top_p:g}, {at}", GREEN),
            },
            wide=True,
            x=Axis("word"),
            y=Axis("probability", (0, 1)),
        ),
        "sentence": Tokens(
            title="A sentence that it wrote: red where it was sure of the word", letters=64, lines=2, height=110, wide=True
        ),
        "k": _by(f"Top-k {at}", Axis("k, words kept", (0, 33))),
        "p": _by(f"Top-p {at}", Axis("p, probability kept", (0, 1.02))),
        "options": SequenceMap(
            title="How many words top-p lets it choose from",
            rows=len(PS),
            columns=STEPS,
            low=1,
            high=MANY,
            colours=HEIGHT_SCALE,
            row_names=[f"{p:g}" for p in PS],
            of="words kept, mean",
            x=Axis(f"place in the sentence; dark is 1 word, light {MANY} and more"),
            y=Axis("p"),
        ),
        "loss": Lines(
            title="How it learned the sentences",
            series={"loss": Series("surprise of unseen sentences", BLUE)},
            levels={"of one who knows the grammar": ENTROPY},
            x=Axis("step", (0, STEPS_TRAINED)),
            y=Axis("nats per sentence", (10, 45)),
        ),
    }


def _by(title: str, x: Axis) -> Lines:
    y = Axis("share of sentences, and of entropy", (0, 1.04))
    return Lines(title=title, series=WORTH, mode="lines+markers", x=x, y=y)


def run(params: WritingParams) -> Run:
    """A transformer of one block learns 2,000 sentences by Adam, then writes 128 in each of 37 ways, from the same chances."""
    rng = streams(params.seed)
    pool, tested, chances = sentences(rng.data, POOL), sentences(rng.data, WRITTEN), rng.noise.random((2, STEPS, WRITTEN))
    language = Language(rng.weights)
    yield from language.prepare()
    rate = schedules.warmed_up(schedules.constant(LEARNING_RATE), WARM_UP)
    for done, shown in PACE:
        if shown:
            yield NOT_YET
            yield _learned(done, language, tested, chances[0], params)
        falling = min(1.0, 2 * (1 - done / STEPS_TRAINED))
        if broke := language.step(pool[rng.batches.integers(0, POOL, BATCH_SIZE)], rate(done) * falling):
            return Diverged(done, broke)
    best: dict[str, float] = {}
    options = np.full((len(PS), STEPS), np.nan)
    for place, way in enumerate(ways(params.temperature, params.cut_first), start=1):
        tried = yield from attempt(language, *way, chances)
        best[tried.chart] = max(best.get(tried.chart, 0.0), min(tried.worth.values()))
        told = {"greedy falls short by": greedy_loss(language)} if place == 1 else {f"best of {tried.chart}": best[tried.chart]}
        yield _tried(STEPS_TRAINED + place, language, tried, told, options)
    return None


def _learned(done: int, language: Language, tested: Array, chances: Array, params: WritingParams) -> Snapshot:
    """While it trains: what it writes as it is, its surprise, and the next word."""
    made, _ = write(language, Way(), chances)
    nats = float(-log_probability(language, tested).mean())
    drawn = {"worth": {"learning": (variety(made), right(made))}, "loss": {"loss": nats}, "next": _next(language, params)}
    return Snapshot(done, drawn | {"sentence": _read(language, made)}, measured={"nats": nats})


def _next(language: Language, params: WritingParams) -> dict[str, Array]:
    """The probabilities of the word behind the beginning: as the model has them, and as each cut leaves them."""
    words = [NUMBER[word] for word in params.begun.split()]
    begun = np.array([words + [NUMBER["."]] * (STEPS - len(words))])
    logits = language.logits(begun)[:, :, len(words)]
    ways = {
        "model": Way(),
        "k": Way(params.temperature, params.top_k),
        "p": Way(params.temperature, top_p=params.top_p, cut_first=params.cut_first),
    }
    return {name: kept(logits, way)[:, 0] for name, way in ways.items()}


def _read(language: Language, made: Array) -> dict[str, Any]:
    """The first sentence's words, with the probability that the model gave each."""
    shares = kept(language.logits(made[:1])[:, 0], Way())
    return {"tokens": [WORDS[number] for number in made[0]], "values": shares[made[0], np.arange(STEPS)]}


def _tried(step: int, language: Language, tried: Tried, told: dict[str, float], options: Array) -> Snapshot:
    """What one way gave: a point in its own chart and in that of all, and a sentence; one by top-p adds its row to `options`."""
    worth, chart, at = tried.worth, tried.chart, f"{tried.chart} {tried.at:g}"
    drawn: dict[str, Any] = {
        "worth": {chart: (worth["varied"], worth["right"])},
        chart: {name: (tried.at, value) for name, value in worth.items()},
        "sentence": _read(language, tried.made),
    }
    measured = told | {f"{name} at {at}": value for name, value in worth.items()}
    if chart == "p":
        row = PS.index(tried.at)
        options[row] = tried.options.mean(axis=0)
        drawn["options"] = options.copy()
        measured |= {f"fewest at {at}": float(tried.options.min()), f"most at {at}": float(options[row].max())}
    return Snapshot(step, drawn, measured=measured)


HOT = Ground(temperature=1.6)
LEARNED = Claim(
    "At temperature 1 it writes the grammar it learned: the share that is grammatical.", "right at temperature 1", at_least(0.8)
)
HEATED = Claim("At temperature 1.6, without a cut, fewer are grammatical: their share.", "right at temperature 1.6", at_most(0.7))
NUCLEUS = Claim("At temperature 1.6 top-p 0.9 makes them grammatical again: their share.", "right at p 0.9", at_least(0.93), HOT)
VARIES = Claim("And their nouns stay varied: their entropy as a share of the largest.", "varied at p 0.9", at_least(0.95), HOT)
NEITHER = Claim("No k does both: the smaller of the two shares at the best k.", "best of k", at_most(0.975), HOT)
NARROW = Claim(
    "With four words left, the nouns are less varied: their entropy as a share of the largest.",
    "varied at k 4",
    at_most(0.975),
    HOT,
)
LOOSE = Claim("With twelve words left, mistakes come in: the share that is grammatical.", "right at k 12", at_most(0.88), HOT)
CERTAIN = Claim("Where the grammar leaves no choice, top-p 0.9 keeps one word: the fewest.", "fewest at p 0.9", at_most(1), HOT)
OPEN = Claim("Where the choice is widest, it keeps many: this many on average.", "most at p 0.9", at_least(8), HOT)
GREEDY = Claim(
    "The likeliest word each time does not make the likeliest sentence: without its adjectives it is likelier by this many nats.",
    "greedy falls short by",
    at_least(1),
)
TITLE = Title(
    "Hot, and cut by top-p: right and varied at once",
    "How right and how varied the sentences are, for each way",
    (NUCLEUS, VARIES, NEITHER),
)

demo = Demo(
    name="writing",
    title="Ways to write",
    params=WritingParams,
    charts=charts,
    run=run,
    frames=len(PACE) + len(TEMPERATURES) + len(KS) + len(PS),
    claims=(LEARNED, HEATED, NUCLEUS, VARIES, NEITHER, NARROW, LOOSE, CERTAIN, OPEN, GREEDY),
    presets=(
        Preset("hot, and cut", {}),
        Preset("temperature 1", {"temperature": 1.0}),
        Preset("temperature 2", {"temperature": 2.0}),
        Preset("cut before heating", {"temperature": 2.0, "cut": "before"}),
        Preset("greedy", {"top_k": 1}),
    ),
    guesses=guesses.WRITING,
    hint="First it learns, then it writes 128 sentences in each of 37 ways. The upper right corner is right and varied at once: "
    "which line gets there?",
)
