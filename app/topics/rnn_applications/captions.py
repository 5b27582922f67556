"""Captions: a network learns to describe scenes of two shapes in five words, and fails on colours and shapes newly combined."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, SequenceMap, Series, Tokens
from app.charts.colours import ACCURACY, BLUE, GREY, OCHRE, PURPLE, VERMILION
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
from app.topics.rnn_applications import guesses
from app.topics.rnn_applications.captioner import ENTRIES, LENGTH, Captioner, before, spelled
from app.topics.rnn_applications.scene import IN_COLOUR, PATCH, darkened, drawn, parse_scene, pictures
from engine import Array, Graph, Guard, Session, losses, optimizers, schedules
from engine.datasets import Scenes, scenes
from engine.datasets.drawings import SIDE, WORDS
from engine.probabilities import softmax

STEPS, BATCH = 360, 64
PACE = Pace(STEPS, 51)
PIECE = 4
"""So many updates are made in one go: some 20 ms."""
LEARNING_RATE, CLIP_NORM = 0.007, 1.0
HELD_OUT = (("red", "disc"), ("blue", "cross"))
MOST_SCENES, DEALT, TESTED = 3000, 500, 100
"""Scenes to learn from, how many are drawn in one go, and how many each test has."""
DRAWN_FOR_PAIRS = 640
"""About a quarter of them have a pair of `HELD_OUT`, so that there are always enough."""
PLACES = tuple(map(str, range(1, LENGTH + 1)))


class CaptionsParams(Params):
    """Which scene is described, and what there is to learn from."""

    scene: Annotated[str, checked(parse_scene)] = entry(
        "green square above yellow triangle",
        label="your scene",
        help="Two shapes, each with its colour, one above or left of the other, such as red disc above blue cross.",
        longest=60,
    )
    held_out: Literal["pairs", "nothing"] = choice(
        "pairs",
        {"pairs": "red disc and blue cross", "nothing": "nothing"},
        label="kept out of training",
        help="Combinations of colour and shape that no training scene shows.",
    )
    training_scenes: int = slider(
        MOST_SCENES, (300, 1000, MOST_SCENES), label="training scenes", help="How many it learns from.", minimum=100
    )
    hidden_units: int = slider(64, (8, 16, 32, 64), label="hidden units", help="Of the recurrent decoder.", minimum=4)


def charts(params: CaptionsParams) -> dict[str, Chart]:
    """The scene and where its words come from, the caption, all words it might have said, and how often captions are right."""
    return {
        "picture": ImageGrid(
            title=f"Your scene, and maps: bright where a dark patch of {PATCH} × {PATCH} lowers a word’s probability",
            rows=1,
            columns=1 + LENGTH,
            image=(SIDE, SIDE),
            colours=IN_COLOUR,
            column_names=["scene", *(f"word {place}" for place in PLACES)],
            x=Axis("scene, then a map for each word of the caption"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            wide=True,
            height=230,
        ),
        "caption": Tokens(
            title="What it says, with the probability of each word",
            tokens=[""] * LENGTH,
            digits=2,
            lines=1,
            wide=True,
            height=90,
        ),
        "accuracy": Lines(
            title=TITLE.at(params),
            series={
                "new": Series("new scenes, known pairs", ACCURACY, width=3),
                "unseen": Series("scenes with a red disc or blue cross", VERMILION, width=3),
                "shuffled": Series("captions of shuffled images", GREY),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("share of captions right in every word", (0, 1.03)),
        ),
        "binding": Lines(
            title="What it calls the red discs and blue crosses",
            series={
                "colour": Series("colour right", BLUE),
                "shape": Series("shape right", OCHRE),
                "pair": Series("both right", PURPLE, width=3),
            },
            x=Axis("step", (0, STEPS)),
            y=Axis("share of these shapes", (0, 1.03)),
        ),
        "words": SequenceMap(
            title="All the words that your scene’s caption might have had",
            rows=ENTRIES - 1,
            columns=LENGTH,
            low=0.0,
            row_names=WORDS[1:],
            column_names=PLACES,
            of="probability",
            x=Axis("place in the caption"),
            y=Axis("word"),
            wide=True,
            height=320,
        ),
    }


def run(params: CaptionsParams) -> Run:
    """A CNN of 12 and 24 filters, a code of 64, a recurrent decoder; Adam at .007 on a cosine, batches of 64 scenes."""
    rng = streams(params.seed)
    learned = yield from _dealt(rng.data, params)
    tested = yield from _tests(rng.data)
    yours = drawn(params.scene, rng.noise)

    graph = Graph()
    images, given, targets = _placeholders(graph)
    network = Captioner(graph, rng.weights, params.hidden_units)
    loss = losses.sequence_cross_entropy(network(images, given), targets)
    yield NOT_YET
    session = Session(graph)
    update = optimizers.adam(loss, graph.placeholder("learning_rate"), clip_norm=CLIP_NORM)
    step = yield from session.planning([loss], [update])
    speak = yield from network.speaking(session, np.concatenate([yours, tested.images], axis=-1))
    dark = graph.constant(darkened(yours))
    words_before = graph.placeholder("words before", (ENTRIES, LENGTH, dark.shape[-1]))
    look = yield from session.planning([network(dark, words_before)])

    guard, rate = Guard(session, step), schedules.cosine(LEARNING_RATE, STEPS, final=0.05)
    for done, shown in PACE:
        if shown:
            said, odds = speak()
            (logits,) = look(**{"words before": np.repeat(before(said[:, :1]), dark.shape[-1], axis=-1)})
            picture = pictures(yours[..., 0], said[:, 0], softmax(logits))
            yield _snapshot(done, picture, said, odds[..., 0], _shares(said[:, 1:], tested.captions))
        elif done % PIECE == 0:
            yield NOT_YET
        batch = rng.batches.integers(0, params.training_scenes, BATCH)
        fed = {"images": learned.images[..., batch], "targets": spelled(learned.captions[:, batch])}
        if broke := guard.step(**fed, given=before(learned.captions[:, batch]), learning_rate=rate(done)):
            return Diverged(done, broke)
    return None


def _placeholders(graph: Graph) -> list[Any]:
    shapes = {"images": (3, SIDE, SIDE, BATCH), "given": (ENTRIES, LENGTH, BATCH), "targets": (ENTRIES, LENGTH, BATCH)}
    return [graph.placeholder(name, shape) for name, shape in shapes.items()]


def _joined(parts: list[Scenes]) -> Scenes:
    return Scenes(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in ("images", "captions")))


def _dealt(rng: np.random.Generator, params: CaptionsParams) -> Generator[None, None, Scenes]:
    """The training scenes, always as many drawn, so that fewer to learn from are the first of the same ones."""
    without = HELD_OUT if params.held_out == "pairs" else ()
    parts = []
    for _ in range(MOST_SCENES // DEALT):
        parts.append(scenes(rng, DEALT, without))
        yield NOT_YET
    return _joined(parts)


def _tests(rng: np.random.Generator) -> Generator[None, None, Scenes]:
    """A hundred new scenes without the pairs of `HELD_OUT`, and after them a hundred that have one or two of them."""
    known = scenes(rng, TESTED, HELD_OUT)
    every = scenes(rng, DRAWN_FOR_PAIRS)
    yield NOT_YET
    having = np.flatnonzero(_held_out(every.captions).any(axis=0))[:TESTED]
    return _joined([known, Scenes(every.images[..., having], every.captions[:, having])])


def _held_out(captions: Array) -> Array:
    """Which of the two shapes of each scene are pairs of `HELD_OUT` (2, n)."""
    pairs = [(WORDS.index(colour), WORDS.index(shape)) for colour, shape in HELD_OUT]
    one = [(captions[::3] == colour) & (captions[1::3] == shape) for colour, shape in pairs]
    which: Array = np.logical_or.reduce(one)
    return which


def _shares(said: Array, captions: Array) -> dict[str, float]:
    """The shares that are right of captions said (5, 200): first the new scenes, then those with pairs held out."""
    right = (said == captions).all(axis=0)
    unseen = _held_out(captions[:, TESTED:])
    colour, shape = ((said == captions)[start::3, TESTED:][unseen] for start in (0, 1))
    return {
        "new": float(right[:TESTED].mean()),
        "unseen": float(right[TESTED:].mean()),
        "shuffled": float((_of_others(said[:, :TESTED]) == captions[:, :TESTED]).all(axis=0).mean()),
        "colour": float(colour.mean()),
        "shape": float(shape.mean()),
        "pair": float((colour & shape).mean()),
        "one of two": float((colour ^ shape).mean()),
    }


def _of_others(said: Array) -> Array:
    """What was said of the image before, as if images had been shuffled."""
    return np.roll(said, 1, axis=1)


def _snapshot(done: int, picture: Array, said: Array, odds: Array, shares: dict[str, float]) -> Snapshot:
    """`said` (5, n): the first column, of the visitor's scene, was chosen by `odds` (entries, 5)."""
    yours = said[:, 0]
    charts: dict[str, Any] = {
        "picture": picture,
        "caption": {"tokens": [WORDS[word] for word in yours], "values": odds[yours, np.arange(LENGTH)]},
        "words": odds[1:],
        "accuracy": {name: shares[name] for name in ("new", "unseen", "shuffled")},
        "binding": {name: shares[name] for name in ("colour", "shape", "pair")},
    }
    return Snapshot(done, charts, measured=shares)


FULL: dict[str, Any] = {"training_scenes": MOST_SCENES, "hidden_units": 64}
NEW = Claim(
    "Of new scenes made of pairs it knows, it describes this share right in every word.", "new", at_least(0.9), Ground(**FULL)
)
UNSEEN = Claim(
    "Of scenes with a pair it has never seen, it describes this share right.",
    "unseen",
    at_most(0.4),
    Ground(held_out="pairs", **FULL),
)
TITLE = Title("It describes new scenes, but not new pairs of colour and shape", "Captions right in every word", (NEW, UNSEEN))

demo = Demo(
    name="captions",
    title="Image captions",
    params=CaptionsParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(
        NEW,
        Claim(
            "Of captions made from the image of another scene, this share is right.",
            "shuffled",
            at_most(0.1),
        ),
        UNSEEN,
        Claim(
            "Of the red discs and blue crosses, new to it, this share gets either the right colour or the right shape, not both.",
            "one of two",
            at_least(0.6),
            Ground(held_out="pairs", **FULL),
        ),
        Claim(
            "With those pairs among the training scenes, it describes this share of the same test scenes right.",
            "unseen",
            at_least(0.85),
            Ground(held_out="nothing", **FULL),
        ),
    ),
    presets=(
        Preset("pairs it knows", {}),
        Preset("a red disc, which it has never seen", {"scene": "red disc above green square"}),
        Preset("the same, seen in training", {"scene": "red disc above green square", "held_out": "nothing"}),
        Preset("side by side", {"scene": "yellow cross left of blue square"}),
        Preset("300 scenes to learn from", {"training_scenes": 300}),
    ),
    guesses=guesses.CAPTIONS,
    hint="Watch the caption come right, then type a scene with a red disc or a blue cross, which are kept out of its training.",
)
