"""What browsers in a room say to each other: the teacher's moves and questions, students' answers, the stream that all follow.

The teacher's key and a student's seat come in headers (`Room-Key`, `Room-Seat`), never in an address. No answer depends on a
cookie, so that a page of another site can do no more than any stranger.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from functools import partial, wraps
from typing import Any

import orjson
from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from app.addresses import at, within
from app.query import BadQuery, FieldError
from app.rooms import Answered, Full, Moment, NoRoom, NotAsked, NotYours, Rooms, View, read_code
from app.rooms.messages import LARGEST, Ask, Move, Vote, read, told
from app.rooms.place import guess_at, place_of
from app.routes.answering import new_router
from app.routes.problems import problem, refused
from app.routes.room import HEADERS, full, guessed_wrong, refuse_guessing
from app.routes.stream import HEADERS as STREAM_HEADERS

router = new_router()

SEAT = re.compile(r"[A-Za-z0-9_-]{20,64}")
BODY_SECONDS = 10
KEEP_ALIVE = b": nothing new\n\n"
OVER = b"event: over\ndata: {}\n\n"
LETTERS = "ABCD"
SPOKEN = "Listen to the question, and choose a letter."

Endpoint = Callable[[Request, Rooms, str], Awaitable[Response]]


class TooLarge(Exception):
    """A body of more bytes than any message has, or one that does not come."""


def in_room(endpoint: Endpoint) -> Callable[[Request, str], Coroutine[Any, Any, Response]]:
    """An endpoint of a room: what it raises becomes an answer, and who has neither key nor seat may not try for long."""

    @wraps(endpoint)
    async def answered(request: Request, code: str) -> Response:
        try:
            return await endpoint(request, request.app.state.rooms, read_code(code) or "")
        except (NoRoom, NotYours) as stranger:
            return await _turned_away(request, stranger)
        except BadQuery as bad:
            return refused(bad)
        except TooLarge:
            return problem(request, 413, "Too large", f"A message to a room has at most {LARGEST} bytes.", headers=HEADERS)
        except NotAsked:
            return problem(request, 409, "Not asked", "This question is over.", headers=HEADERS)
        except Answered:
            return problem(request, 409, "Answered", "This browser has already answered the question.", headers=HEADERS)
        except Full:
            return full(request, "This room is full.")

    answered.__annotations__ = {"request": Request, "code": str, "return": Response}
    del answered.__wrapped__  # else FastAPI reads the endpoint's own signature
    return answered


async def _turned_away(request: Request, stranger: NoRoom | NotYours) -> Response:
    """404 or 403. Raises TooMany, whichever it would be, once too many were wrong."""
    await refuse_guessing(request)
    await guessed_wrong(request)
    if isinstance(stranger, NoRoom):
        return problem(request, 404, "No such room", "There is no room with this code, or the class is over.", headers=HEADERS)
    return problem(
        request, 403, "Not yours", "Only the teacher may do that here, and only those who follow may answer.", headers=HEADERS
    )


async def _body(request: Request) -> bytes:
    """The request's body. Raises TooLarge."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise TooLarge
    except TimeoutError:
        raise TooLarge from None
    return body


def _key(request: Request) -> str:
    return request.headers.get("room-key", "")


def _seat(request: Request) -> str:
    """The browser's own secret. Raises BadQuery for what is none."""
    seat = request.headers.get("room-seat", "")
    if not SEAT.fullmatch(seat):
        raise BadQuery([FieldError("Room-Seat", seat, "20 to 64 letters, digits, hyphens or underscores")], {})
    return seat


DONE = 204


@router.post("/room/{code}/steer")
@in_room
async def steer(request: Request, rooms: Rooms, code: str) -> Response:
    """The teacher shows an experiment at a moment."""
    move = read(Move, await _body(request))
    await rooms.steer(code, _key(request), place_of(within(request, move.address)), Moment(move.frame, move.playing, move.speed))
    return Response(status_code=DONE, headers=HEADERS)


@router.post("/room/{code}/ask")
@in_room
async def ask(request: Request, rooms: Rooms, code: str) -> Response:
    """The teacher asks, or takes the question away."""
    asked = read(Ask, await _body(request))
    if asked.guess is None:
        await rooms.ask(code, _key(request), SPOKEN, tuple(LETTERS[: asked.letters or 0]))
    elif asked.letters is None:
        guess = guess_at(within(request, asked.guess))
        await rooms.ask(code, _key(request), guess.question, tuple(option.text for option in guess.options), guess.name)
    else:
        raise BadQuery([FieldError("letters", str(asked.letters), "no letters with a guess, which has its own answers")], {})
    return Response(status_code=DONE, headers=HEADERS)


@router.post("/room/{code}/reveal")
@in_room
async def reveal(request: Request, rooms: Rooms, code: str) -> Response:
    """No more answers are taken."""
    await rooms.reveal(code, _key(request))
    return Response(status_code=DONE, headers=HEADERS)


@router.post("/room/{code}/end")
@in_room
async def end(request: Request, rooms: Rooms, code: str) -> Response:
    """The class is over."""
    await rooms.close(code, _key(request))
    return Response(status_code=DONE, headers=HEADERS)


@router.post("/room/{code}/vote")
@in_room
async def vote(request: Request, rooms: Rooms, code: str) -> Response:
    """A student answers."""
    answer = read(Vote, await _body(request))
    await rooms.vote(code, _seat(request), answer.number, answer.option)
    return Response(status_code=DONE, headers=HEADERS)


@router.get("/room/{code}/stream")
@in_room
async def stream(request: Request, rooms: Rooms, code: str) -> Response:
    """`state` now and at each change, `over` at the end: the teacher's for who has the key, else a student's."""
    if not _key(request):
        await refuse_guessing(request)
    await rooms.state(code)
    if request.method == "HEAD":
        return StreamingResponse(iter(()), media_type="text/event-stream", headers=STREAM_HEADERS)
    views = rooms.watch(code, _key(request)) if _key(request) else rooms.follow(code, _seat(request))
    first = await anext(views, None)
    return StreamingResponse(_events(first, views, partial(at, request)), media_type="text/event-stream", headers=STREAM_HEADERS)


async def _events(first: View | None, rest: AsyncIterator[View | None], at: Callable[[str], str]) -> AsyncIterator[bytes]:
    """Each view as an event, with addresses by which the page reaches them.

    A viewer who takes nothing is waited for, and then gets the newest view alone.
    """
    assert isinstance(rest, AsyncGenerator)
    async with aclosing(rest):
        yield _event(first, at)
        async for view in rest:
            yield _event(view, at)
    yield OVER


def _event(view: View | None, at: Callable[[str], str]) -> bytes:
    return KEEP_ALIVE if view is None else b"event: state\ndata: " + orjson.dumps(told(view, at)) + b"\n\n"
