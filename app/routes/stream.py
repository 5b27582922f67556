"""The run as server-sent events: bytes made once in a worker, passed on as they are to everyone who watches.

A stream is never to be kept by a cache, not even that of a finished run: it may begin with `waiting`, start in the middle
(`Last-Event-ID`) or break off. What caches carry is the same run as `run.json` (`app.routes.exports`).
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from app.budgets import client_of
from app.experiment import Experiment
from app.query import BadQuery, FieldError
from app.routes.answering import new_router
from app.routes.problems import busy, refused, topic_of
from app.runs import Busy

router = new_router()


LAST_ID = re.compile(r"(?:([\w-]{1,64}):)?(\d{1,9})", re.ASCII)
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@router.get("/topics/{slug}/stream")
async def stream(request: Request, slug: str) -> Response:
    """`start`, frames, `done` or `failed`; with `Last-Event-ID: key:k` frame k + 1 onward. HEAD begins no run."""
    try:
        experiment = Experiment.of(topic_of(slug), request.query_params.multi_items())
        after, of = _last_frame(request.headers.get("last-event-id"))
    except BadQuery as bad:
        return refused(bad)
    executor = request.app.state.executor
    try:
        executor.check(experiment.request)
        if request.method == "HEAD":
            return StreamingResponse(iter(()), media_type="text/event-stream", headers=HEADERS)
        client, budgets = client_of(request), request.app.state.budgets
        if not executor.known(experiment.request):
            await budgets.spend("runs", client)
        messages = budgets.followed(client, executor.frames(experiment.request, after, of))
        first = await anext(messages, None)
    except Busy as full:
        return busy(request, full)
    if first is None:  # the server stops
        return busy(request, Busy())
    return StreamingResponse(_all(first, messages), media_type="text/event-stream", headers=HEADERS)


@router.get("/topics/{slug}/ahead")
async def ahead(request: Request, slug: str) -> Response:
    """`start` and the first frame of a run that may be wanted next, such as that of a slider's next stop, and no more.

    204 where to make them would keep somebody waiting. Who wants the run goes on by `Last-Event-ID`.
    """
    try:
        experiment = Experiment.of(topic_of(slug), request.query_params.multi_items())
    except BadQuery as bad:
        return refused(bad)
    made = [] if request.method == "HEAD" else await request.app.state.executor.ahead(experiment.request)
    if not made:
        return Response(status_code=204, headers=HEADERS)
    return StreamingResponse(iter([b"".join(made)]), media_type="text/event-stream", headers=HEADERS)


async def _all(first: list[bytes], rest: AsyncGenerator[list[bytes], None]) -> AsyncIterator[bytes]:
    """One write a batch. The server makes it wait while the connection takes no more, so that a slow viewer holds one batch."""
    async with aclosing(rest):
        yield b"".join(first)
        async for batch in rest:
            yield b"".join(batch)


def _last_frame(said: str | None) -> tuple[int | None, str | None]:
    """The frame that a viewer had last, and the name of its run; None for what is not said.

    Raises BadQuery for what is no id of a frame. The run begins anew for who had a frame of another one, of another build say; a
    bare number is taken for a frame of this run.
    """
    if not said:
        return None, None
    found = LAST_ID.fullmatch(said)
    if found is None:
        raise BadQuery([FieldError("Last-Event-ID", said, "the id of the last frame received, as key:k or k")], {})
    return int(found[2]), found[1]
