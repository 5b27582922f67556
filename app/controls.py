"""What the form shows: one `Control` a parameter, made from `Params` alone, with the values and errors of this request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from app.params import Params
from app.query import FieldError, as_read, text_of
from app.typed import NOT_ALLOWED
from app.wording import shortened

LONGEST_QUOTE = 80
"""Characters of a refused value that its message repeats."""


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    value: str
    label: str


@dataclass(frozen=True)
class Control:
    """A slider, choice, switch, entry, editor or seed, ready for a template; all numbers as text, but the line of an error."""

    name: str
    label: str
    kind: str
    help: str
    unit: str
    value: str
    default: str
    stops: tuple[str, ...]
    minimum: str
    maximum: str
    step: str
    log: bool
    options: tuple[Option, ...]
    note: str = ""
    """How a value was read that was written otherwise."""
    error: str = ""
    wrong_line: int | None = None

    @property
    def chosen(self) -> Option | None:
        """The option that the value is; None for a number or text, and for a value that is refused."""
        return next((option for option in self.options if option.value == self.value), None)

    @property
    def place(self) -> int:
        """The stop nearest to the value, counted from 0: where the slider stands. On a log scale where all stops are positive."""
        stops, value = [float(stop) for stop in self.stops], _number(self.value)
        if value is None or not stops:
            return 0
        scale = math.log if stops[0] > 0 and value > 0 else float
        return min(range(len(stops)), key=lambda place: abs(scale(stops[place]) - scale(value)))

    @property
    def share(self) -> int:
        """How much of a slider's track lies behind its thumb, in per cent."""
        return round(100 * self.place / (len(self.stops) - 1)) if len(self.stops) > 1 else 0

    @property
    def said(self) -> str:
        """The value in words: an option by its label, a number with its unit."""
        return f"{self.chosen.label if self.chosen else self.value} {self.unit}".rstrip()


def controls(
    params: type[Params], kept: Mapping[str, str], errors: list[FieldError], sent: Mapping[str, str] = {}
) -> list[Control]:
    """A control a field in form order; `kept` are the values to show, good or bad, and `sent` those of the address."""
    problems = {error.field: error for error in errors}
    defaults = {name: text_of(value) for name, value in default_values(params).items()}
    made = [
        _control(params, name, kept.get(name, defaults[name]), defaults[name], problems.get(name)) for name in params.in_order()
    ]
    return [replace(one, note=_note(params, one.name, sent.get(one.name, ""))) for one in made]


def _note(params: type[Params], name: str, sent: str) -> str:
    """As static/js/controls.js says it of a value that was typed."""
    read = as_read(params, name, sent)
    return f"Read {sent.strip()} as {read}." if read != sent else ""


def explained(params: type[Params], error: FieldError) -> str:
    """What a page says of a value that cannot be used, in the form’s words: "Learning rate: “fast” is not allowed. Give …"."""
    got = shortened(error.value, LONGEST_QUOTE)
    if error.field not in params.model_fields:
        return f"In the address, “{error.field}={got}” is {error.problem}. Give {error.allowed}."
    problem = f"“{got}” is {error.problem}" if got.strip() else "it is empty"
    schema = params.schema_of(error.field)
    named = [option.label for option in _options(schema["control"])] if error.problem == NOT_ALLOWED else []
    place = f", line {error.line}" if error.line else ""
    return f"{_capital(schema['title'])}{place}: {problem}. Give {'one of ' + ', '.join(named) if named else error.allowed}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(text: str) -> float | None:
    """A finite number, or None for what is none: the field keeps what was sent, and the slider stays at its start."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@lru_cache(maxsize=256)
def default_values(params: type[Params]) -> dict[str, Any]:
    """The values of the demo as it opens."""
    return params().values()


def _control(params: type[Params], name: str, value: str, default: str, error: FieldError | None) -> Control:
    schema = params.schema_of(name)
    said = schema["control"]
    return Control(
        name=name,
        label=schema["title"],
        kind=said["kind"],
        help=schema["description"],
        unit=said.get("unit", ""),
        value=value,
        default=default,
        stops=tuple(text_of(stop) for stop in said.get("stops", ())),
        minimum=text_of(schema.get("minimum", "")),
        maximum=text_of(schema.get("maximum", "")),
        step="1" if schema.get("type") == "integer" else "any",
        log=said.get("log", False),
        options=_options(said),
        error=explained(params, error) if error else "",
        wrong_line=error.line if error else None,
    )


def _options(said: Mapping[str, Any]) -> tuple[Option, ...]:
    if said["kind"] == "switch":
        return Option("true", "on"), Option("false", "off")
    return tuple(Option(value, label) for value, label in said.get("labels", {}).items())
