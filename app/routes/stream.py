"""The run as server-sent events: bytes made once in a worker, passed on as they are to everyone who watches."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
        first = await anext(messages)
    except Busy as full:
        return busy(full)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_all(first, messages), media_type="text/event-stream", headers=headers)


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest):  # type: ignore[type-var]  # frames() is an async generator, typed by its interface
        yield first
        async for message in rest:
            yield message


def _last_event_id(said: str | None) -> int | None:
    if said is None:
        return None
    if not said.isdecimal() or len(said) > 9:
        raise BadQuery([FieldError("Last-Event-ID", said, "the id of the last frame received")], {})
    return int(said)
