"""The settings at which a claim speaks or a title is true: declared once of the Params' own fields, and everything follows.

`Ground(depth=at_least(30), activation="relu")` judges a visitor's params, says itself in the words of the form, and names the
corners that a test walks. What no field can say goes first, in words with a function of the params.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from app.bounds import Bounds, OneOf, one_of
from app.params import Params


class Ground:
    """Conditions that must all hold: a value for equality, `at_least`, `at_most`, `between` or `one_of` for a field.

    `words` and `where`: a condition that is none of a single field's, in words, and as a function of the params.
    """

    def __init__(self, words: str = "", where: Callable[[Any], bool] = lambda _: True, /, **fields: Any) -> None:
        self._words, self._where = words, where
        self._fields: dict[str, Bounds | OneOf] = {
            name: wanted if isinstance(wanted, (Bounds, OneOf)) else one_of(wanted) for name, wanted in fields.items()
        }

    def holds(self, params: Params) -> bool:
        """Whether these params are on it."""
        return all(_met(name, wanted, params) for name, wanted in self._fields.items()) and bool(self._where(params))

    def said(self, params: type[Params]) -> str:
        """In words, with the form's labels: "depth at least 30, activation ReLU"; "any setting" where nothing is asked."""
        return ", ".join(words for words, _ in self._conditions(params)) or "any setting"

    def unmet(self, params: Params) -> str:
        """In the same words what keeps these params off it, so that a visitor sees what to change; "" on it."""
        return ", ".join(words for words, met in self._conditions(type(params)) if not met(params))

    def _conditions(self, params: type[Params]) -> Iterator[tuple[str, Callable[[Any], bool]]]:
        """Each condition in words and as a function."""
        if self._words:
            yield self._words, self._where
        for name, wanted in self._fields.items():
            yield _said(params.schema_of(name), wanted), partial(_met, name, wanted)

    def corners(self, params: type[Params]) -> list[dict[str, Any]]:
        """Values over the defaults: the ground's middle, then each field in turn at each of its ends.

        Without those that `where` refuses; of an int field the whole numbers inside.
        """
        ends = {name: _ends(params.schema_of(name), wanted) for name, wanted in self._fields.items()}
        middle = {name: self._nearest(params, name, ends[name]) for name in ends}
        candidates = [middle, *({**middle, name: end} for name in ends for end in ends[name] if end != middle[name])]
        return [values for values in candidates if self.holds(params(**values))]

    def _nearest(self, params: type[Params], name: str, ends: list[Any]) -> Any:
        """The default where it is inside, else the end that is nearest in the order of the stops."""
        default = params.model_fields[name].default
        if self._fields[name].hold(default) or not ends:
            return default
        if isinstance(default, bool) or not isinstance(default, (int, float)):
            return ends[0]
        return min(ends, key=lambda end: abs(end - default))


ANYWHERE = Ground()
"""The ground of what holds at any setting."""


def _met(name: str, wanted: Bounds | OneOf, params: Params) -> bool:
    return wanted.hold(getattr(params, name))


def _said(schema: Mapping[str, Any], wanted: Bounds | OneOf) -> str:
    control = schema["control"]
    unit = f"\u00a0{control['unit']}" if control.get("unit") else ""
    told = wanted.said(control.get("labels")) if isinstance(wanted, OneOf) else wanted.said()
    return f"{schema['title']} {told}{unit}"


def _ends(schema: Mapping[str, Any], wanted: Bounds | OneOf) -> list[Any]:
    """The outermost values of a field inside a condition."""
    return list(wanted.values) if isinstance(wanted, OneOf) else list(dict.fromkeys(_limits(schema, wanted)))


def _limits(schema: Mapping[str, Any], wanted: Bounds) -> Iterator[float]:
    low, high = max(wanted.low, schema.get("minimum", -math.inf)), min(wanted.high, schema.get("maximum", math.inf))
    whole = schema.get("type") == "integer"
    yield from (math.ceil(low), math.floor(high)) if whole else (low, high)
