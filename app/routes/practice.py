"""Practising: the cards, the address of each follow-up question, and the deck as a package for Anki."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from app.addresses import base_of
from app.anki import package
from app.cards import deck
from app.negotiation import is_known
from app.routes.answering import new_router
from app.routes.problems import problem, topic_of
from app.templating import make_templates

router = new_router()
templates = make_templates()

HEADERS = {"cache-control": "no-cache"}


@router.get("/practice", response_class=HTMLResponse)
def practice(request: Request) -> Response:
    """All cards, to be read without script and practised with it. Not asynchronous: the first visitor's makes the deck."""
    return templates.TemplateResponse(request, "practice.html", {"deck": deck()}, headers=HEADERS)


@router.get("/topics/{slug}/follow-up/{anchor}", response_class=HTMLResponse)
def follow_up(request: Request, slug: str, anchor: str) -> Response:
    """A follow-up question with its answer; 404 with its topic when there is none of that name."""
    topic_of(slug)
    own, *others = deck()[slug]
    found = next((card for card in others if card.name == f"{slug}/{anchor}"), None)
    if found is None:
        message = f"“{own.question}” has no follow-up question at this address."
        return problem(request, 404, "No such question", message, near=slug)
    said = {"card": found, "own": own, "others": others}
    return templates.TemplateResponse(request, "follow_up.html", said, headers=HEADERS)


@router.get("/anki.apkg")
async def anki(request: Request) -> Response:
    """The deck for Anki, made in a thread; 304 for who has it."""
    made = await run_in_threadpool(package, base_of(request))
    headers = HEADERS | {"etag": made.tag, "content-disposition": 'attachment; filename="watch-it-learn.apkg"'}
    if is_known(request.headers.get("if-none-match", ""), made.tag):
        return Response(status_code=304, headers=headers)
    return Response(made.content, media_type="application/x-apkg", headers=headers)
