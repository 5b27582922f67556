"""The map of a code of two numbers: where digits lie, what any place is decoded to, and what the variational form changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np

from app.charts import Axis, Chart, ImageGrid, Lines, Scatter, Series, grid_of
from app.charts.colours import CYAN, DIGITS, GREEN, GREY
from app.topic import (
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
    checked,
    choice,
    entry,
    numbers,
    slider,
    streams,
)
from app.topics.autoencoder.digits import (
    BATCH_SIZE,
    KINDS,
    SIDE,
    TESTED,
    Pca,
    dealt,
    kinds_of,
    nearest,
    pictures,
    recognized,
    squared,
)
from app.topics.autoencoder.mapper import CODE_SIZE, STEPS, Mapper
from engine import datasets
from engine.datasets import Dataset
from engine.graph import Array
from engine.metrics import energy_distance

PACE = Pace(STEPS, 41)
EDGE, CELLS = 3.0, 12
"""The map goes from -3 to 3 both ways; the decodings are those of the centres of 12 x 12 cells."""
MIDDLE = EDGE * (1 - 1 / CELLS)
RASTER = grid_of((-MIDDLE, MIDDLE), (MIDDLE, -MIDDLE), CELLS)
TURN = np.linspace(0, 2 * np.pi, 24, endpoint=False)
RING = 0.2 * np.stack([np.cos(TURN), np.sin(TURN)])
"""Dots around the place that is decoded."""
SAMPLED, DRAWN = 200, 10
"""So many codes are drawn from a standard normal and decoded, and the first few images are shown."""
ASKED = 1 + CELLS**2 + 2 * SAMPLED
"""The place chosen, the map, and random codes from two Gaussians."""


def parse_place(text: str) -> str:
    """Two numbers on the map, in their canonical form. Raises ValueError saying what is allowed."""
    return ", ".join(f"{round(number, 4) + 0.0:g}" for number in numbers(text, 2, -EDGE, EDGE))


class LatentParams(Params):
    """Which form the autoencoder has, what the variational one pays, and which place of the map is decoded."""

    form: Literal["plain", "variational"] = choice(
        "plain",
        {"plain": "plain", "variational": "variational"},
        label="form",
        help="Variational: the code is drawn from a Gaussian around the encoder’s output, and kept near a standard normal.",
    )
    beta: float = slider(
        1.0,
        (0.1, 0.3, 1.0, 3.0, 10.0),
        label="weight of the divergence",
        help="For the variational form: how much it costs to leave the standard normal. The plain form ignores it.",
        log=True,
        minimum=0.01,
        maximum=100,
    )
    place: Annotated[str, checked(parse_place)] = entry(
        "0, 0",
        label="place",
        help="x and y on the map, from −3 to 3, or click on it: the decoder shows what it makes of that place.",
        longest=40,
    )


def here_of(params: LatentParams) -> Array:
    """The place that is decoded, (2, 1)."""
    return np.array([[float(word)] for word in params.place.split(",")])


def charts(params: LatentParams) -> dict[str, Chart]:
    """The map with the test digits on it, decodings all over it, the one of the place chosen, and images from random codes."""
    unit = ", in standard deviations" if params.form == "plain" else " (its mean)"
    across, up = (Axis(f"{which} number of the code{unit}", (-EDGE, EDGE)) for which in ("first", "second"))
    return {
        "map": Scatter(
            title="Where the encoder puts digits it has never seen",
            groups={f"{kind}": Series(f"{kind}", colour) for kind, colour in enumerate(DIGITS)},
            fixed={"the place decoded": (here_of(params) + RING, GREY)},
            x=across,
            y=up,
            height=420,
            click="place",
            click_help="Click to decode a place.",
        ),
        "grid": ImageGrid(
            title="What the decoder makes of the same map",
            rows=CELLS,
            columns=CELLS,
            image=(SIDE, SIDE),
            x=Axis("12 × 12 places, laid out as on the map"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            height=420,
        ),
        "decoded": ImageGrid(
            title=f"The decoder at ({params.place.replace('-', '−')})",
            rows=1,
            columns=2,
            image=(SIDE, SIDE),
            column_names=("decoded", "nearest training digit"),
            x=Axis("the place chosen"),
            y=Axis(f"{SIDE} × {SIDE} pixels"),
            height=240,
        ),
        "known": Lines(
            title=TITLE.at(params),
            series={"code": Series("by the code", GREEN), "pca": Series("by two principal components", CYAN, "dash")},
            x=Axis("step", (0, STEPS)),
            y=Axis("share right", (0, 1)),
            height=240,
        ),
        "drawn": ImageGrid(
            title="Images decoded from random codes, drawn from a standard normal",
            rows=1,
            columns=DRAWN,
            image=(SIDE, SIDE),
            x=Axis("the same ten random codes at every step"),
            y=Axis("pixels"),
            wide=True,
            height=170,
        ),
    }


def run(params: LatentParams) -> Run:
    """64-128-2-128-64 with ReLU, cross-entropy per pixel; the variational form adds the noise and the divergence, no more."""
    rng = streams(params.seed)
    train, test = dealt(rng.data)
    net = Mapper(params.beta if params.form == "variational" else None, train, rng.weights)
    yield from net.prepare(test.inputs, ASKED)
    look = Look.at(params, net, train, test, rng.data)
    batches = datasets.batches(rng.batches, train.size, BATCH_SIZE)
    for done, shown in PACE:
        if shown:
            yield look(done)
        if broke := net.step(done, next(batches), rng.noise.normal(size=(CODE_SIZE, BATCH_SIZE))):
            return Diverged(done, broke)
    return None


@dataclass(frozen=True, eq=False)
class Look:
    """How a run is looked at: the places to decode, and what PCA does with as many numbers."""

    params: LatentParams
    net: Mapper
    train: Dataset
    test: Dataset
    normal: Array
    by_pca: Mapping[str, float]

    @classmethod
    def at(cls, params: LatentParams, net: Mapper, train: Dataset, test: Dataset, rng: np.random.Generator) -> Look:
        """With random codes from `rng`, and PCA fitted to the digits to learn from."""
        pca = Pca.of(train.inputs)
        codes = (replace(each, inputs=pca.code(each.inputs, CODE_SIZE)) for each in (train, test))
        by_pca = {"known": recognized(*codes), "error": pca.error(test.inputs, CODE_SIZE)}
        return cls(params, net, train, test, rng.normal(size=(CODE_SIZE, SAMPLED)), by_pca)

    def __call__(self, done: int) -> Snapshot:
        """A snapshot after so many steps."""
        codes, images = (np.array(each) for each in self.net.look())
        centre, unit = codes.mean(axis=1, keepdims=True), codes.std(axis=1, keepdims=True)
        off, scale = (centre, unit) if self.params.form == "plain" else (0.0, 1.0)
        asked = [off + scale * here_of(self.params), off + scale * RASTER, self.normal, centre + unit * self.normal]
        made = self.net.decode(places=np.concatenate(asked, axis=1))[0]
        here, raster, drawn, fitted = np.split(np.array(made), np.cumsum([each.shape[1] for each in asked])[:-1], axis=1)
        at = self.train.size
        known = recognized(replace(self.train, inputs=codes[:, :at]), replace(self.test, inputs=codes[:, at:]))
        charts: dict[str, Any] = {
            "map": self._clouds((codes[:, at:] - off) / scale),
            "grid": pictures(raster),
            "decoded": pictures(here, nearest(here, self.train)),
            "known": {"code": known, "pca": self.by_pca["known"]},
            "drawn": pictures(drawn[:, :DRAWN]),
        }
        some = self.test.inputs[:, :SAMPLED]
        return Snapshot(
            done,
            charts,
            measured={
                "known": known,
                "lead": known - self.by_pca["known"],
                "ratio": squared(images[:, at:], self.test.inputs) / self.by_pca["error"],
                "kinds": float(np.unique(kinds_of(raster, self.train)).size),
                "drawn": energy_distance(drawn, some),
                "fitted": energy_distance(fitted, some),
            },
        )

    def _clouds(self, places: Array) -> dict[str, Array]:
        """The places (2, n) of test digits by what they are."""
        some, labels = places[:, :TESTED], self.test.labels[:TESTED]
        return {f"{kind}": some[:, labels == kind] for kind in range(KINDS)}


CHEAP = Ground(beta=between(0.3, 1))
KNOWS = Claim(
    "The five nearest codes name more digits correctly than the five nearest by PCA’s two numbers: the lead, as a share.",
    "lead",
    at_least(0.03),
    CHEAP,
)
KEEPS = Claim("With two numbers the autoencoder’s error on test digits is this share of PCA’s.", "ratio", at_most(0.8), CHEAP)
VARIATIONAL = Ground(form="variational", beta=between(0.3, 1))
COVERS = Claim("This many of the ten digits occur among the 12 × 12 decodings.", "kinds", at_least(8), CHEAP)
FORGES = Claim(
    "Random codes from the standard normal decode to images that look like digits: their energy distance from real ones.",
    "drawn",
    at_most(0.25),
    VARIATIONAL,
)
LOST = Claim(
    "The plain form’s codes need not look normal: the energy distance of images decoded from a standard normal.",
    "drawn",
    at_least(0.3),
    Ground(form="plain"),
)
FITTED = Claim(
    "Random codes from a Gaussian fitted to the plain form’s own codes do much better: the energy distance of their images.",
    "fitted",
    at_most(0.2),
    Ground(form="plain"),
)
TITLE = Title("Two learned numbers tell more about the digit than PCA’s two", "Digits told by the five nearest codes", (KNOWS,))

demo = Demo(
    name="latent",
    title="The map of the code",
    params=LatentParams,
    charts=charts,
    run=run,
    frames=PACE,
    claims=(KNOWS, KEEPS, COVERS, LOST, FITTED, FORGES),
    presets=(
        Preset("plain", {}),
        Preset("variational", {"form": "variational"}),
        Preset("a costly divergence", {"form": "variational", "beta": 10.0}),
        Preset("off the map’s middle", {"place": "1.5, -1"}),
    ),
    hint="Watch the cloud of digits come apart on the map; then click between two clusters to see what lies there.",
)
