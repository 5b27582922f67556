"""A program as a parameter: the check at the field, and the tape that charts and runs share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.topic import Ground, LineError
from engine.v1.programs import ProgramError, Tape, rehearse


@lru_cache(maxsize=64)
def rehearsed(program: str) -> Tape:
    """The tape of a checked program. A tape holds no values, so that runs can share it."""
    return rehearse(program)


def checked_program(text: str) -> str:
    """The program itself. Raises LineError for what is not of the language or goes past its limits."""
    try:
        rehearsed(text)
    except ProgramError as wrong:
        raise line_error(wrong) from None
    return text


def line_error(wrong: ProgramError) -> LineError:
    """The error as the form tells it, at its line."""
    return LineError(wrong.line, wrong.got, wrong.allowed, wrong.problem)


def of(program: str, titles: Mapping[str, str], **more: Any) -> Ground:
    """The ground of one program, which a message calls by its title."""
    title = next(title for title, one in titles.items() if one == program)
    return Ground(f"the program “{title}”", lambda params: params.program == program, **more)
