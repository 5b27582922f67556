"""Numbers in prose: each is what runs measured, over seeds 0 to 9, and none is typed by hand.

A topic's template says `{{ fact("race", "rate 0.1") }}`: the demo, the name of a number of `Snapshot.measured`, how to say the
ten numbers, and at which settings. `scripts/measure_topics.py` makes the runs and writes the topic's `measured.json`; the page
reads that, and a test makes the runs again. The same table tells what a claim usually measures on its ground.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import Any

import orjson
from jinja2 import Environment, nodes
from markupsafe import Markup

from app.claims import Claim
from app.controls import default_values
from app.topic import Demo, Topic
from app.wording import EXACT, written

ROOT = Path(__file__).resolve().parent.parent
SEEDS = tuple(range(10))
Measured = Mapping[str, Sequence[float | None]]
"""The name of a number -> what the run of each seed measured last."""

SHOWN = {
    "median": "the median of ten runs, seeds 0 to 9",
    "mean": "the mean of ten runs, seeds 0 to 9",
    "range": "the least and the most of ten runs, seeds 0 to 9",
    "least": "the least of ten runs, seeds 0 to 9",
    "most": "the most of ten runs, seeds 0 to 9",
    "count": "so many of ten runs, seeds 0 to 9",
}


@dataclass(frozen=True)
class Fact:
    """One number in prose.

    `show`: a key of `SHOWN`; "count" counts the runs that measured at least `above`. `digits`: significant ones; `decimals`,
    where given, those after the point instead. `scale`: a factor, 100 for per cent. `within`: by how much, as a share, another
    machine's runs may differ. `chaotic`: whether its rounding leads training elsewhere, as another seed would, so that only
    what is said of all ten can be the same. `at`: values over the defaults.
    """

    demo: str
    measure: str
    show: str = "median"
    digits: int = 2
    decimals: int | None = None
    scale: float = 1.0
    above: float = 0.0
    within: float = 0.1
    chaotic: bool = False
    at: Mapping[str, Any] = field(default_factory=dict)

    def numbers(self, ten: Sequence[float | None]) -> tuple[float, ...]:
        """The one or two numbers that are said. Raises ValueError when a run measured no finite number."""
        if any(value is None or not math.isfinite(value) for value in ten):
            raise ValueError(f"fact {self.demo}, {self.measure!r}: a run measured no finite number")
        values = [float(value) for value in ten if value is not None]
        if self.show == "count":
            return (float(sum(value >= self.above for value in values)),)
        scaled = [self.scale * value for value in values]
        if self.show == "range":
            return (min(scaled), max(scaled))
        tell: dict[str, Callable[[Sequence[float]], float]] = {"median": median, "mean": mean, "least": min, "most": max}
        return (tell[self.show](scaled),)

    def said(self, ten: Sequence[float | None]) -> str:
        """In words: "0.27", "31 to 35"."""
        return " to ".join(dict.fromkeys(self._rounded(number) for number in self.numbers(ten)))

    def _rounded(self, number: float) -> str:
        if self.show == "count":
            return f"{number:.0f}"
        if self.decimals is not None:
            return written(round(number, self.decimals), EXACT)
        return written(number, self.digits)

    def tolerance(self, number: float) -> float:
        """By how much what is said may differ on another machine, whose arithmetic rounds otherwise: the share `within`, or a
        unit of the last digit.
        """
        places = self.decimals if self.decimals is not None else self.digits - 1 - math.floor(math.log10(abs(number) or 1.0))
        return max(self.within * abs(number), 10.0**-places)


def package_of(slug: str) -> Path:
    """The folder of a topic's code."""
    return ROOT / "app" / "topics" / slug.replace("-", "_")


@cache
def table(slug: str) -> dict[str, list[dict[str, Any]]]:
    """Demo -> its settings, each `{"values", "measured"}`; empty for a topic that has not been measured."""
    path = package_of(slug) / "measured.json"
    return dict(orjson.loads(path.read_bytes())) if path.is_file() else {}


def measured(slug: str, demo: Demo, at: Mapping[str, Any]) -> Measured:
    """What the table holds for a setting; empty when it was not measured."""
    wanted = over_defaults(demo, at)
    return next((row["measured"] for row in table(slug).get(demo.name, ()) if over_defaults(demo, row["values"]) == wanted), {})


def over_defaults(demo: Demo, values: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a setting, in their canonical form, without the seed."""
    said = demo.params.model_validate(default_values(demo.params) | dict(values)).values()
    return {name: value for name, value in said.items() if name != "seed"}


def home_of(demo: Demo, claim: Claim) -> dict[str, Any] | None:
    """The first setting on a claim's ground: the defaults, a preset, a corner. None when there is none."""
    settings = [{}, *(dict(preset.values) for preset in demo.presets), *claim.ground.corners(demo.params)]
    on_it = (values for values in settings if claim.ground.holds(demo.params(**values)))
    return next(on_it, None)


def usual(slug: str, demo: Demo, claim: Claim) -> float | None:
    """The median that runs on a claim's ground measured, None where the table has none or a run measured no finite number."""
    home = home_of(demo, claim)
    ten = [] if home is None else measured(slug, demo, home).get(claim.measure, [])
    values = [value for value in ten if value is not None and math.isfinite(value)]
    return median(values) if values and len(values) == len(ten) else None


def facts_of(slug: str) -> list[Fact]:
    """The facts that a topic's template says, in the order of the text. Raises ValueError when one is not written out plainly."""
    source = (ROOT / "templates" / "topics" / f"{slug}.html").read_text(encoding="utf-8")
    return list(_facts_in(source))


def _facts_in(source: str) -> Iterator[Fact]:
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "fact":
            try:
                yield Fact(*(one.as_const() for one in call.args), **{one.key: one.value.as_const() for one in call.kwargs})
            except nodes.Impossible:
                raise ValueError(f"line {call.lineno}: a fact's arguments must be written out") from None


def wanted(slug: str, demo: Demo) -> list[tuple[dict[str, Any], set[str]]]:
    """The settings at which a demo has to be measured, and which numbers: those of its facts, and of its claims at home."""
    asked = [(dict(fact.at), fact.measure) for fact in facts_of(slug) if fact.demo == demo.name]
    homes = [(home, claim.measure) for claim in demo.claims if (home := home_of(demo, claim)) is not None]
    rows: list[tuple[dict[str, Any], set[str]]] = []
    for values, measure in asked + homes:
        row = next((row for row in rows if over_defaults(demo, row[0]) == over_defaults(demo, values)), None)
        if row is None:
            rows.append(row := (values, set()))
        row[1].add(measure)
    return rows


def teller(topic: Topic) -> Any:
    """The function `fact` of a topic's template: a number as HTML that says on demand how it was measured."""

    def fact(*place: Any, **more: Any) -> Markup:
        said = Fact(*place, **more)
        ten = measured(topic.slug, topic.demo(said.demo), said.at).get(said.measure)
        if ten is None:
            raise ValueError(f"{topic.slug}: {said} was not measured; run scripts/measure_topics.py {topic.slug}")
        value = " ".join(f"{number:.6g}" for number in said.numbers(ten))
        return Markup('<data value="{}" title="{}">{}</data>').format(value, f"Measured: {SHOWN[said.show]}", said.said(ten))

    return fact
