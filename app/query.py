"""A query string to `Params`, or to errors a visitor can act on: field, value got, what is allowed.

Between the routes, which read the URL, and `app.topic`, whose demos run on `Params`. Nothing here knows HTML or HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from app.decimals import is_ambiguous, with_point
from app.params import Params
from app.typed import NOT_ALLOWED, LineError
from app.wording import plain

P = TypeVar("P", bound=Params)


@dataclass(frozen=True)
class FieldError:
    """One value that cannot be used; of a text of several lines, the part that cannot, and its line, counted from 1."""

    field: str
    value: str
    allowed: str
    problem: str = NOT_ALLOWED
    line: int | None = None

    @property
    def message(self) -> str:
        """For a script: name, value got, what is allowed. What a page says instead is `app.controls.explained`."""
        place = f"{self.field}, line {self.line}:" if self.line else f"{self.field} ="
        return f"{place} {self.value[:80]!r} is {self.problem}: give {self.allowed}."

    def as_json(self) -> dict[str, str | int]:
        """The body of a 422 answer to a script."""
        place = {"line": self.line} if self.line else {}
        return {"field": self.field, "value": self.value, "allowed": self.allowed, "message": self.message, **place}


class BadQuery(ValueError):
    """A query string that is no experiment. `errors` name every field at fault; `kept` are the values as they were sent."""

    def __init__(self, errors: list[FieldError], kept: dict[str, str]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors
        self.kept = kept


@lru_cache(maxsize=512)
def allowed(params: type[Params], name: str) -> str:
    """What a field takes, in words: "a number from 0.001 to 10", "one of relu, tanh", "true or false"."""
    schema = params.schema_of(name)
    options = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if options:
        return "one of " + ", ".join(str(option) for option in options)
    if schema.get("type") == "boolean":
        return "true or false"
    if schema.get("type") == "string":
        return f"at most {schema['maxLength']} characters"
    kind = "a whole number" if schema.get("type") == "integer" else "a number"
    return f"{kind} from {plain(schema['minimum'])} to {plain(schema['maximum'])}"


def parse(params: type[P], items: Iterable[tuple[str, str]]) -> P:
    """The values of a query string, defaults filled in. Raises BadQuery naming every field at fault."""
    pairs = list(items)
    kept = dict(pairs)
    errors = _repeated(pairs) + _unknown(params, kept)
    known = {name: as_read(params, name, value) for name, value in kept.items() if name in params.model_fields}
    try:
        parsed = params.model_validate(known)
    except ValidationError as invalid:
        errors += [_explain(params, known, dict(error)) for error in invalid.errors(include_url=False)]
    if errors:
        raise BadQuery(errors, kept)
    return parsed


def is_number(params: type[Params], name: str) -> bool:
    """Whether a field takes a number, whole or not."""
    return params.schema_of(name).get("type") in {"number", "integer"}


def as_read(params: type[Params], name: str, value: str) -> str:
    """A field's value as it is understood: a number's decimal comma is a point."""
    return with_point(value) if is_number(params, name) else value


def _repeated(pairs: list[tuple[str, str]]) -> list[FieldError]:
    counts = Counter(name for name, _ in pairs)
    twice = [name for name, count in counts.items() if count > 1]
    both = {name: " and ".join(value for key, value in pairs if key == name) for name in twice}
    return [FieldError(name, both[name], "it once", "given more than once") for name in twice]


def _unknown(params: type[Params], kept: dict[str, str]) -> list[FieldError]:
    strangers = [name for name in kept if name not in params.model_fields]
    return [FieldError(name, kept[name], "only " + ", ".join(params.in_order()), "not a parameter here") for name in strangers]


def _explain(params: type[Params], known: dict[str, str], error: dict[str, Any]) -> FieldError:
    where = error["loc"]
    if where:
        name = str(where[0])
        if error["type"] == "value_error":  # an entry's own check says best what it takes
            cause = error["ctx"]["error"]
            if isinstance(cause, LineError):
                return FieldError(name, cause.got, cause.allowed, cause.problem, cause.line)
            return FieldError(name, known.get(name, ""), str(error["msg"]).removeprefix("Value error, "))
        got = known.get(name, "")
        problem = _either(got) if is_number(params, name) and is_ambiguous(got) else NOT_ALLOWED
        return FieldError(name, got, allowed(params, name), problem)
    return FieldError("parameters", "these together", str(error["msg"]).removeprefix("Value error, "))


def _either(got: str) -> str:
    return f"{plain(float(got.replace(',', '.')))} to some and {got.replace(',', '')} to others"


def text_of(value: Any) -> str:
    """A value as a URL and a form field carry it: no exponent, no trailing zeros, lower-case booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain(float(f"{value:.12g}"))
    return str(value)


def items_of(params: Params) -> list[tuple[str, str]]:
    """Every parameter in form order, as a URL carries it."""
    return [(name, text_of(value)) for name, value in params.values().items()]


def chosen_of(params: Params) -> list[tuple[str, str]]:
    """Of these the ones that are not as the demo opens: what a canonical address says."""
    return [item for item in items_of(params) if item not in items_of(type(params)())]
