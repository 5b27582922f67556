"""The run as server-sent events: bytes made once in a worker, passed on as they are to everyone who watches.

A stream is never to be kept by a cache, not even that of a finished run: it may begin with `waiting`, start in the middle
(`Last-Event-ID`) or break off. What caches carry is the same run as `run.json` (`app.routes.exports`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.experiment import Experiment
from app.query import BadQuery, FieldError
from app.routes.problems import busy, refused, topic_of
from app.runs import Busy

router = APIRouter()


@router.get("/topics/{slug}/stream")
async def stream(request: Request, slug: str) -> Response:
    """`start`, frames, `done` or `failed`; with `Last-Event-ID: k` frame k + 1 onward."""
    try:
        experiment = Experiment.of(topic_of(slug), request.query_params.multi_items())
        after = _last_event_id(request.headers.get("last-event-id"))
    except BadQuery as bad:
        return refused(bad)
    messages = request.app.state.executor.frames(experiment.request, after)
    try:
        first = await anext(messages, None)
    except Busy as full:
        return busy(request, full)
    if first is None:  # the server stops
        return busy(request, Busy())
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_all(first, messages), media_type="text/event-stream", headers=headers)


async def _all(first: list[bytes], rest: AsyncGenerator[list[bytes], None]) -> AsyncIterator[bytes]:
    """One write a batch. The server makes it wait while the connection takes no more, so that a slow viewer holds one batch."""
    async with aclosing(rest):
        yield b"".join(first)
        async for batch in rest:
            yield b"".join(batch)


def _last_event_id(said: str | None) -> int | None:
    if said is None:
        return None
    if not said.isdecimal() or len(said) > 9:
        raise BadQuery([FieldError("Last-Event-ID", said, "the id of the last frame received")], {})
    return int(said)
