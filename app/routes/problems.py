"""What goes wrong with streams and exports, said the same way everywhere: JSON. (Pages say it in `error.html` and at fields.)"""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.catalogue import nearest
from app.query import BadQuery
from app.routes.pages import templates
from app.runs import Busy
from app.topic import Topic
from app.topics import topics


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


def unknown(problem: UnknownTopic) -> Response:
    """404 with the nearest topics."""
    near = [{"slug": entry.slug, "question": entry.question, "url": entry.url} for entry in nearest(problem.slug)]
    return JSONResponse({"message": f"No live topic {problem.slug[:80]!r}.", "nearest": near}, 404)


def refused(bad: BadQuery) -> Response:
    """422: each field at fault, its value, and what is allowed."""
    return JSONResponse({"message": str(bad), "errors": [error.as_json() for error in bad.errors]}, 422)


def busy(request: Request, full: Busy) -> Response:
    """503: come back in a moment. A page for who followed a link, JSON for scripts and for the page's own reader of streams."""
    message = "This server runs as many experiments as it can. Try again in a moment."
    headers = {"retry-after": str(full.retry_after), "cache-control": "no-store"}
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"message": message}, 503, headers=headers)
    said = {"status": 503, "title": "Busy", "message": message, "nearest": []}
    return templates.TemplateResponse(request, "error.html", said, 503, headers)
