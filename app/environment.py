"""Limits out of the environment: each field of a dataclass of whole numbers is one variable, its name in capitals."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

from app.masking import wrong

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def limits_of(kind: type[T]) -> T:
    """The defaults, changed by the variables that say something. Raises ValueError naming variable, value and what it takes."""
    names = [field.name for field in fields(kind)]
    return kind(**{name: _whole(name.upper()) for name in names if os.environ.get(name.upper())})


def _whole(name: str) -> int:
    text = os.environ[name]
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise wrong(name, text, "give a whole number from 1, of at most nine digits")
    return int(text)
