"""What a page's address holds beside its experiment: the runs pinned for comparison, and how the page is shown.

Streams and exports know none of it: a run is the same run however one looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from app.experiment import Experiment
from app.params import Params
from app.query import BadQuery, FieldError, chosen_of, parse
from app.topic import Demo
from app.wording import chosen

MOST_PINS = 3
MODES = ("embed", "present")


@dataclass(frozen=True)
class PageQuery:
    """A page's query string, taken apart: the experiment's items, pinned runs as they were sent, the mode ("" for none)."""

    items: list[tuple[str, str]]
    pins: tuple[str, ...] = ()
    mode: str = ""

    @classmethod
    def of(cls, items: Iterable[tuple[str, str]]) -> PageQuery:
        """Raises BadQuery for more pins than three, or a mode that is not switched on by 1."""
        pairs = list(items)
        rest = [(name, value) for name, value in pairs if name != "pin" and name not in MODES]
        pins = tuple(dict.fromkeys(value for name, value in pairs if name == "pin"))
        modes = [(name, value) for name, value in pairs if name in MODES]
        errors = [FieldError(name, value, "1, or leave it out") for name, value in modes if value != "1"]
        if len(pins) > MOST_PINS:
            errors.append(FieldError("pin", f"{len(pins)} runs", f"at most {MOST_PINS}"))
        if errors:
            raise BadQuery(errors, dict(rest))
        return cls(rest, pins, modes[0][0] if modes else "")

    @classmethod
    def kept(cls, items: Iterable[tuple[str, str]], demo: Demo) -> PageQuery:
        """What of a refused query string still holds: its mode, and those pins that are runs of the demo and have room."""
        pairs = list(items)
        mode = next((name for name, value in pairs if name in MODES and value == "1"), "")
        pins = dict.fromkeys(value for name, value in pairs if name == "pin" and _params_of(demo, value))
        return cls([], tuple(pins)[:MOST_PINS], mode)

    def shown(self, mode: str) -> PageQuery:
        """The same page in another mode."""
        return replace(self, mode=mode)

    def holding(self, pins: Iterable[Pin]) -> PageQuery:
        """The same page with these pins, as they are written canonically."""
        return replace(self, pins=tuple(pin.value for pin in pins))

    def url(self, experiment: Experiment) -> str:
        """The canonical address of the page: experiment, pins and mode."""
        return experiment.url(more=[("pin", pin) for pin in self.pins] + ([(self.mode, "1")] if self.mode else []))


@dataclass(frozen=True)
class Pin:
    """A pinned run: `value` is what stands in the address, `label` how it differs from the run on the page."""

    value: str
    label: str
    stream_url: str
    page_url: str
    same: bool
    """Whether it is the very run on the page."""


def pinned(experiment: Experiment, query: PageQuery) -> list[Pin]:
    """The pinned runs, each a run of the same demo and there once. Raises BadQuery for one that is none."""
    pins: dict[str, Pin] = {}
    for value in query.pins:
        params = _params_of(experiment.demo, value)
        if params is None:
            raise BadQuery([FieldError("pin", value, "a run of this demo")], dict(query.items))
        other = Experiment(experiment.topic, experiment.demo, params)
        canonical, label = pin_value(other), _difference(other, experiment)
        pins[canonical] = Pin(canonical, label, other.stream_url, other.url(), other.url() == experiment.url())
    return list(pins.values())


def _params_of(demo: Demo, pin: str) -> Params | None:
    """The values that a pin holds; None for what is no run of the demo."""
    try:
        return parse(demo.params, parse_qsl(pin, keep_blank_values=True))
    except BadQuery:
        return None


def pin_value(experiment: Experiment) -> str:
    """What pins this experiment, as it stands in an address: its values but the defaults, nothing for the demo as it opens."""
    return urlencode(chosen_of(experiment.params))


def _difference(one: Experiment, other: Experiment) -> str:
    """In words, what `one` has that `other` has not: "learning rate 0.1, seed 3"."""
    here, there = one.params.values(), other.params.values()
    differing = [name for name in here if here[name] != there[name]]
    said = [f"{one.demo.params.schema_of(name)['title']} {chosen(here[name])}" for name in differing]
    return ", ".join(said) or "the same run"
