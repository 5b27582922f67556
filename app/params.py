"""A visitor's values: declared once in a topic, and everything else derives from that one declaration.

A demo's `Params` is a frozen pydantic model. Its fields are made by `slider`, `choice`, `switch`, `entry` or `editor`; from them
come the form's controls, the validation, the URL, the help text and the JSON Schema. The seed is a field like any other. Next in
the flow: `app.query` turns a query string into `Params`, `app.controls` turns `Params` into what the form shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.typed import plain_lines

LARGEST_SEED = 999_999
"""Large enough never to run out of dice throws, small enough to read out in a class room."""


def slider(
    default: float,
    stops: Sequence[float],
    *,
    label: str,
    help: str,
    unit: str = "",
    log: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    """A number with few stops, so that visitors share runs; typed in or in a URL it may be any within the range.

    `stops` ascend; the range is that of the stops unless `minimum` or `maximum` widen it. The field's annotation (`int` or
    `float`) decides whether fractions are allowed. Raises ValueError when the stops do not ascend or miss the default.
    """
    if list(stops) != sorted(set(stops)):
        raise ValueError(f"{label}: stops must ascend without repeats, got {list(stops)}")
    if default not in stops:
        raise ValueError(f"{label}: the default must be one of the stops, got {default}, allowed {list(stops)}")
    control: dict[str, Any] = {"kind": "slider", "stops": list(stops), "unit": unit, "log": log}
    low = min(stops) if minimum is None else minimum
    high = max(stops) if maximum is None else maximum
    return Field(default, ge=low, le=high, title=label, description=help, json_schema_extra={"control": control})


def choice(default: str, options: Mapping[str, str], *, label: str, help: str) -> Any:
    """One of a few named options. Annotate the field with a `Literal` of the same values; `options` gives their labels."""
    if default not in options:
        raise ValueError(f"{label}: the default must be an option, got {default!r}, allowed {list(options)}")
    control: dict[str, Any] = {"kind": "choice", "labels": dict(options)}
    return Field(default, title=label, description=help, json_schema_extra={"control": control})


def switch(default: bool, *, label: str, help: str) -> Any:
    """On or off."""
    return Field(default, title=label, description=help, json_schema_extra={"control": {"kind": "switch"}})


def entry(default: str, *, label: str, help: str, longest: int = 200) -> Any:
    """A short text the visitor types: numbers, points, an expression.

    Annotate the field `Annotated[str, checked(parse)]`: `parse(text)` returns the text in its canonical form, or raises
    ValueError saying what is allowed. It must be safe and quick on any text of `longest` characters: never `eval`.
    """
    control: dict[str, Any] = {"kind": "entry"}
    return Field(default, max_length=longest, title=label, description=help, json_schema_extra={"control": control})


def editor(default: str, *, label: str, help: str, longest: int = 2000) -> Any:
    """A text of several lines that the visitor types: a program, an array, a list. Its lines are numbered.

    Annotate the field `Annotated[str, checked_lines(parse)]`: `parse` is as for an entry, and raises LineError where one line
    is at fault, which the form then marks.
    """
    control: dict[str, Any] = {"kind": "editor"}
    return Field(default, max_length=longest, title=label, description=help, json_schema_extra={"control": control})


checked = AfterValidator
"""Marks a field's annotation with the function that checks an entry."""


def checked_lines(parse: Callable[[str], str]) -> AfterValidator:
    """`checked` for an editor: `parse` gets lines ended by a line feed alone, without blanks behind them or empty lines below."""
    return AfterValidator(lambda text: parse(plain_lines(text)))


def _seed() -> Any:
    text = "Where all randomness of the run comes from: the same seed gives the same data, weights and batches."
    control: dict[str, Any] = {"kind": "seed"}
    return Field(0, ge=0, le=LARGEST_SEED, title="seed", description=text, json_schema_extra={"control": control})


class Params(BaseModel):
    """What every demo has: a seed, frozen values, no unknown names, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seeded: ClassVar[bool] = True
    """Whether anything is drawn at random; if not, forms and addresses have no seed, and one in an old link is passed over."""

    seed: int = _seed()

    @classmethod
    def in_order(cls) -> list[str]:
        """Field names as the form shows them: the demo's own first, the seed last."""
        return [name for name in cls.model_fields if name != "seed"] + (["seed"] if cls.seeded else [])

    @classmethod
    def schema_of(cls, name: str) -> dict[str, Any]:
        """The JSON Schema of one field: type, title, description, default, minimum, maximum or enum, and its control."""
        properties: dict[str, dict[str, Any]] = cls.model_json_schema()["properties"]
        return properties[name]

    def values(self) -> dict[str, Any]:
        """Canonical JSON-safe values in form order: two spellings of one experiment (0.30, 0.3) give the same ones."""
        plain = self.model_dump(mode="json")
        return {name: plain[name] for name in self.in_order()}
