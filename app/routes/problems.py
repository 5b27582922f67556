"""What goes wrong, said the same way everywhere: as a page (`error.html`) or as JSON, whichever the client accepts.

(A value that cannot be used is another matter: a page says it at its field, and a script gets JSON from `refused`.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.addresses import at
from app.budgets import TooMany, client_of
from app.catalogue import entries, nearest
from app.hosts import PROBES
from app.negotiation import wants_json
from app.query import BadQuery
from app.runs import Busy
from app.templating import make_templates
from app.topic import Topic
from app.topics import topics

FOR_SCRIPTS = re.compile(r"/api/.*|/oembed|/room/.*/.*|.*/stream|.*/run\.\w+")
"""Addresses whose answers are no pages: who names no kind gets JSON there."""
PATH_SIGNS = "/:@!$&'()*+,;=~-._"
"""What may stand in a path as it is (RFC 3986, 3.3), so that a backslash, a query or a line's end in it stays a part of it."""
MESSAGES = {404: "There is no page at this address."}


class UnknownTopic(Exception):
    """An address under /topics/ that names no topic with a demo."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def topic_of(slug: str) -> Topic:
    """The live topic of that slug. Raises UnknownTopic, which the application answers with 404."""
    if slug not in topics():
        raise UnknownTopic(slug)
    return topics()[slug]


def problem(
    request: Request, status: int, title: str, message: str, *, near: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A page or JSON; with `near`, a mistyped slug, the topics that it may have meant."""
    found = nearest(near) if near is not None else []
    more = {**(headers or {}), "vary": "Accept"}
    if wants_json(request.headers.get("accept", ""), by_default=bool(FOR_SCRIPTS.fullmatch(request.url.path))):
        listed = [{"slug": entry.slug, "question": entry.question, "url": at(request, entry.url)} for entry in found]
        body: dict[str, Any] = {"message": message} | ({"nearest": listed} if listed else {})
        return JSONResponse(body, status, headers=more)
    said = {"status": status, "title": title, "message": message, "nearest": found}
    return make_templates().TemplateResponse(request, "error.html", said, status_code=status, headers=more)


async def unknown_topic(request: Request, raised: Exception) -> Response:
    """404 with the nearest topics."""
    assert isinstance(raised, UnknownTopic)
    what = (
        f"The topic “{raised.slug}” is still to come." if raised.slug in entries() else f"There is no topic “{raised.slug[:80]}”."
    )
    return problem(request, 404, "No such topic", what, near=raised.slug)


async def http_problem(request: Request, raised: Exception) -> Response:
    """Addresses and methods that do not exist; the exception's own headers go with the answer."""
    assert isinstance(raised, HTTPException)
    if raised.status_code == 405:
        return _not_allowed(request, raised)
    if raised.status_code == 404 and (shorter := _without_slash(request)):
        return RedirectResponse(shorter, 307)
    message, near = MESSAGES.get(raised.status_code, f"{raised.detail}."), request.url.path.rpartition("/")[2]
    return problem(
        request,
        raised.status_code,
        str(raised.detail),
        message,
        near=near if raised.status_code == 404 else None,
        headers=raised.headers,
    )


def _not_allowed(request: Request, raised: HTTPException) -> Response:
    """405 that says what the address answers; to OPTIONS, which asks just that, the same without the reproach."""
    methods = sorted(dict(raised.headers or {})["Allow"].split(", "))
    headers = {**(raised.headers or {}), "Allow": ", ".join(methods)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    message = f"This address does not take {request.method[:20]}. It answers {' and '.join(methods)}."
    return problem(request, 405, "Method not allowed", message, headers=headers)


def _without_slash(request: Request) -> str | None:
    """The address without the slashes around it, from the root of the host, where there is something; None otherwise.

    It names no scheme and no host, since only the visitor knows by which the server is reached, and it begins with one slash,
    since two would name a host.
    """
    path = request.scope["path"]
    shorter = "/" + path.strip("/")
    if not path.endswith("/") or "route" in request.scope:
        return None
    scope = {**request.scope, "path": shorter}
    if all(route.matches(scope)[0] is Match.NONE for route in request.app.router.routes):
        return None
    query = request.scope["query_string"].decode("latin-1")
    return quote(shorter, safe=PATH_SIGNS) + (f"?{query}" if query else "")


def refused(bad: BadQuery) -> Response:
    """422: each field at fault, its value, and what is allowed."""
    return JSONResponse({"message": str(bad), "errors": [error.as_json() for error in bad.errors]}, 422)


async def too_many(request: Request, raised: Exception) -> Response:
    """429: this client may ask again in a moment. A page does so by itself; so do the scripts of ours."""
    assert isinstance(raised, TooMany)
    headers = {"retry-after": str(raised.retry_after), "refresh": str(raised.retry_after), "cache-control": "no-store"}
    return problem(request, 429, "Too many requests", str(raised), headers=headers)


class Counted:
    """Has every request but those of probes paid for out of its client's budget, before anything is done for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """429 for who has none left."""
        answer: ASGIApp = self._app
        if scope["type"] == "http" and scope["path"] not in PROBES:
            request = Request(scope)
            try:
                await scope["app"].state.budgets.spend("requests", client_of(request))
            except TooMany as refusal:
                answer = await too_many(request, refusal)
        await answer(scope, receive, send)


def busy(request: Request, full: Busy) -> Response:
    """503: come back in a moment."""
    headers = {"retry-after": str(full.retry_after), "cache-control": "no-store"}
    message = "This server is running as many experiments as it can. Try again in a moment."
    return problem(request, 503, "Busy", message, headers=headers)
