"""A demo's parameters without a site: `app.params` as it is in a `run.zip`, where NumPy is all that there is.

There is no form, no URL and no visitor: names, defaults and the checks of typed texts are left. A number may be any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import get_annotations
from typing import Any, ClassVar, NamedTuple

from app.typed import plain_lines

Parse = Callable[[str], str]


class _Field(NamedTuple):
    """What a field was declared with, as far as sentences about it need it."""

    default: Any
    title: str
    control: Mapping[str, Any]
    checks: tuple[Parse, ...] = ()


def slider(default: float, *_: Any, label: str, unit: str = "", **__: Any) -> Any:
    """A number."""
    return _Field(default, label, {"unit": unit})


def choice(default: str, options: Mapping[str, str], *, label: str, **_: Any) -> Any:
    """One of a few named options."""
    return _Field(default, label, {"labels": dict(options)})


def switch(default: bool, *, label: str, **_: Any) -> Any:
    """On or off."""
    return _Field(default, label, {})


def entry(default: str, *, label: str, **_: Any) -> Any:
    """A text, which the function in the field's annotation checks."""
    return _Field(default, label, {})


editor = entry


def checked(parse: Parse) -> Parse:
    """Marks a field's annotation with the function that checks a text."""
    return parse


def checked_lines(parse: Parse) -> Parse:
    """`checked` for a text of several lines."""
    return lambda text: parse(plain_lines(text))


@dataclass(frozen=True, kw_only=True)
class Params:
    """What every demo has: a seed, frozen values, no unknown names (TypeError). Raises ValueError for a text that is refused."""

    declared: ClassVar[dict[str, _Field]] = {"seed": _Field(0, "seed", {})}

    seed: int = 0

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, _Field)}
        hints = get_annotations(cls, eval_str=True)
        checks = {name: getattr(hints[name], "__metadata__", ()) for name in own}
        cls.declared = {**cls.declared, **{name: value._replace(checks=checks[name]) for name, value in own.items()}}
        for name, value in own.items():
            setattr(cls, name, value.default)
        dataclass(frozen=True, kw_only=True)(cls)

    def __post_init__(self) -> None:
        for name, field in self.declared.items():
            for check in field.checks:
                object.__setattr__(self, name, check(getattr(self, name)))

    @classmethod
    def schema_of(cls, name: str) -> dict[str, Any]:
        """Title and control of one field."""
        field = cls.declared[name]
        return {"title": field.title, "control": dict(field.control)}
