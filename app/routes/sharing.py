"""What other sites and programs take from here: oEmbed, prose as Markdown, its list llms.txt, and what crawlers ask for."""

from __future__ import annotations

from collections import Counter
from xml.sax.saxutils import escape

from fastapi import Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from app.addresses import base_of, base_path
from app.cards import deck
from app.catalogue import entries
from app.embedding import NoEmbed, oembed
from app.exercises import exercises
from app.markdown import llms, of_topic
from app.routes.answering import new_router
from app.routes.problems import problem, topic_of
from app.templating import STATIC

router = new_router()

HEADERS = {"cache-control": "no-cache"}
PAGES = ("/", "/practice", "/exercises", "/room")
"""The pages beside the topics' own."""
ROBOTS = """User-agent: *
Disallow: {path}/topics/*/stream
Disallow: {path}/topics/*/run.
Disallow: {path}/exercises/*?
Disallow: {path}/oembed
Disallow: {path}/room/
Disallow: {path}/metrics
Sitemap: {base}/sitemap.xml
"""
"""Pages may be read by any crawler; runs and other sheets are for visitors: each is computed (RFC 9309; sitemaps.org)."""
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'


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


@router.get("/robots.txt")
async def robots_txt(request: Request) -> Response:
    """What crawlers may read. They ask for it at the root of a host alone."""
    return PlainTextResponse(ROBOTS.format(path=base_path(request), base=base_of(request)), headers=HEADERS)


@router.get("/sitemap.xml")
def sitemap_xml(request: Request) -> Response:
    """The addresses of all pages that are worth finding. Not asynchronous, since the first one makes the deck of cards."""
    paths = [
        *PAGES,
        *(exercise.url for exercise in exercises().values()),
        *(card.url for cards in deck().values() for card in cards),
    ]
    listed = "".join(f"<url><loc>{escape(base_of(request) + path)}</loc></url>\n" for path in paths)
    return Response(SITEMAP.format(listed), media_type="application/xml", headers=HEADERS)


@router.get("/favicon.ico")
async def favicon() -> Response:
    """The icon, for what does not read which one a page names."""
    return FileResponse(STATIC / "favicon.ico", headers={"cache-control": "public, max-age=86400"})


@router.get("/topics/{slug}.md")
async def topic_md(request: Request, slug: str) -> Response:
    """A topic's prose as Markdown; 404 with the nearest topics."""
    topic = topic_of(slug)
    return PlainTextResponse(of_topic(entries()[slug], topic, base_of(request)), media_type="text/markdown", headers=HEADERS)
