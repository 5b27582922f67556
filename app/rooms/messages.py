"""What a browser in a room may send, each value within bounds; and what it is sent. All are small: see `LARGEST`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.query import BadQuery, FieldError
from app.rooms.rooms import View

LARGEST = 1 << 14
"""Bytes of a message: an address with three kept runs and typed texts fits."""
LONGEST_ADDRESS = 12_000
MOST_FRAME = 9_999

M = TypeVar("M", bound="Message")


class Message(BaseModel):
    """A JSON object with these fields and no others, none turned into another type. The descriptions say what is allowed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Move(Message):
    """The teacher shows an experiment at a moment."""

    address: Annotated[str, Field(max_length=LONGEST_ADDRESS, description="the address of a topic's page on this site")]
    frame: Annotated[int, Field(ge=0, le=MOST_FRAME, description=f"a whole number from 0 to {MOST_FRAME}")]
    playing: Annotated[bool, Field(description="true or false")]
    speed: Annotated[
        float, Field(ge=0, le=16, allow_inf_nan=False, description="a number from 0 to 16, 0 for as fast as can be")
    ] = 1


class Ask(Message):
    """The teacher asks a guess of this site, or so many letters to choose from; without either nothing is asked any more."""

    letters: Annotated[Literal[2, 3, 4] | None, Field(description="2, 3 or 4")] = None
    guess: Annotated[
        str | None, Field(max_length=LONGEST_ADDRESS, description="the address of a guess, as /topics/NAME#guess=GUESS")
    ] = None


class Vote(Message):
    """A student answers the question of that number with one of its options, counted from 0."""

    number: Annotated[int, Field(ge=1, description="the number of the question")]
    option: Annotated[int, Field(ge=0, le=25, description="the option's place, from 0")]


def read(kind: type[M], body: bytes) -> M:
    """A message out of a request's body. Raises BadQuery naming every field at fault."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as invalid:
        raise BadQuery([_explained(kind, dict(error)) for error in invalid.errors(include_url=False)], {}) from None


def _explained(kind: type[Message], error: dict[str, Any]) -> FieldError:
    name = str(error["loc"][0])[:80] if error["loc"] else ""
    known = kind.model_fields.get(name)
    if known is None:
        return FieldError(name or "body", str(error["input"]), f"a JSON object with {', '.join(kind.model_fields)}")
    got = "" if error["type"] == "missing" else str(error["input"])
    return FieldError(name, got[:200], known.description or "")


def told(view: View, at: Callable[[str], str]) -> dict[str, Any]:
    """The state as a page reads it; `at` makes of an address of the site the one by which the page reaches it."""
    state, question = view.state, view.state.question
    return {
        "page": at(state.place.page_url) if state.place else None,
        "stream": at(state.place.stream_url) if state.place else None,
        "frame": state.moment.frame,
        "playing": state.moment.playing,
        "speed": state.moment.speed,
        "students": view.students,
        "question": question
        and {
            "number": question.number,
            "text": question.text,
            "options": question.options,
            "guess": question.guess,
            "open": question.is_open,
        },
        "counts": view.counts,
    }
