"""What other sites and programs take from here: oEmbed, a topic's prose as Markdown, the list of these as llms.txt."""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.addresses import base_of
from app.catalogue import entries
from app.embedding import NoEmbed, oembed
from app.markdown import llms, of_topic
from app.routes.answering import new_router
from app.routes.problems import problem, topic_of

router = new_router()

HEADERS = {"cache-control": "no-cache"}


@router.get("/oembed")
async def embedded(request: Request) -> Response:
    """OEmbed for a topic's address; in words, 400 for one that is broken, 404 for one that is not of a topic here."""
    items = request.query_params.multi_items()
    twice = [name for name, count in Counter(name for name, _ in items).items() if count > 1]
    try:
        if twice:
            raise NoEmbed(400, f"{twice[0][:80]} is given more than once: give it once.")
        return JSONResponse(oembed(base_of(request), dict(items)), headers=HEADERS)
    except NoEmbed as none:
        return problem(request, none.status, "Nothing to embed", none.message)


@router.get("/llms.txt")
async def llms_txt(request: Request) -> Response:
    """The topics' Markdown, listed."""
    return PlainTextResponse(llms(base_of(request)), headers=HEADERS)


@router.get("/topics/{slug}.md")
async def topic_md(request: Request, slug: str) -> Response:
    """A topic's prose as Markdown; 404 with the nearest topics."""
    topic = topic_of(slug)
    return PlainTextResponse(of_topic(entries()[slug], topic, base_of(request)), media_type="text/markdown", headers=HEADERS)
