"""The pages of a class: where a room is opened or its code is typed, and the room itself with its code, link and QR picture.

What happens in a room afterwards is `app.routes.classroom`; topics are followed on their own pages.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import segno
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup

from app.addresses import at as reached
from app.addresses import base_of
from app.budgets import client_of
from app.query import BadQuery
from app.rooms import Full, NoRoom, read_code
from app.rooms.codes import spelt
from app.rooms.place import place_of
from app.routes.answering import new_router
from app.routes.problems import problem
from app.templating import make_templates

router = new_router()

HEADERS = {"cache-control": "no-store"}
OWN = {"localhost", "127.0.0.1", "::1"}
"""Hosts by which a machine reaches itself, and nobody else reaches it."""
NO_CODE = "A code has eight letters, as in BCDF-GHJK."
NO_ROOM = "There is no room with this code. Perhaps the class is over, or a letter is wrong."


@router.get("/room", response_class=HTMLResponse)
async def door(request: Request, code: str = "", at: str = "") -> Response:
    """Where a teacher opens a room and a student types a code; `at` is the topic's page that the teacher comes from."""
    if not code.strip():
        return _page(request, {"at": _from(at)})
    known = read_code(code)
    if known is None:
        return _page(request, {"typed": code[:40], "error": NO_CODE}, 422)
    return RedirectResponse(f"/room/{known}", 303, HEADERS)


@router.post("/room")
async def opened(request: Request) -> Response:
    """Opens a room: 201 with its code, and its key for the teacher's browser alone; 503 when there is no place for it."""
    budgets, client = request.app.state.budgets, client_of(request)
    await budgets.may_try("new rooms", client)
    try:
        room = await request.app.state.rooms.open()
    except Full:
        return full(request, "All rooms of this server are taken.")
    await budgets.tried("new rooms", client)
    return JSONResponse({"code": room.code, "key": room.key, "url": reached(request, f"/room/{room.code}")}, 201, headers=HEADERS)


@router.get("/room/{code}", response_class=HTMLResponse)
async def inside(request: Request, code: str) -> Response:
    """A room's page: its code, its link and their picture. Who comes here follows; who opened the room goes on from here."""
    known = read_code(code)
    await refuse_guessing(request)
    try:
        if known is None:
            raise NoRoom
        await request.app.state.rooms.state(known)
    except NoRoom:
        await guessed_wrong(request)
        return _page(request, {"typed": code[:40], "error": NO_ROOM if known else NO_CODE}, 404)
    if known != code:
        return RedirectResponse(f"/room/{known}", 307, HEADERS)
    link = f"{base_of(request)}/room/{known}"
    own = urlsplit(link).hostname in OWN
    return _page(request, {"code": known, "spelt": spelt(known), "link": link, "picture": picture_of(link), "own": own})


async def refuse_guessing(request: Request) -> None:
    """Raises TooMany for an address from which too many wrong codes came, right ones then too."""
    await request.app.state.budgets.may_try("wrong codes", client_of(request))


async def guessed_wrong(request: Request) -> None:
    """Counts a wrong code or key."""
    await request.app.state.budgets.tried("wrong codes", client_of(request))


def full(request: Request, what: str) -> Response:
    """503: somebody must go first."""
    return problem(request, 503, "Full", f"{what} Try again in a few minutes.", headers=HEADERS | {"retry-after": "60"})


def picture_of(link: str) -> Markup:
    """A QR picture as SVG, dark on light in either theme, since many cameras read no other."""
    drawn = io.BytesIO()
    code = segno.make(link, micro=False, error="m")
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn.getvalue().decode())  # noqa: S704  # paths that segno drew


def _from(address: str) -> str:
    """The topic's page of that address; "" for any other."""
    with suppress(BadQuery):
        return place_of(address).page_url
    return ""


def _page(request: Request, said: Mapping[str, Any], status: int = 200) -> Response:
    context = {"code": None, "at": "", "typed": "", "error": "", **said}
    return make_templates().TemplateResponse(request, "room.html", context, status_code=status, headers=HEADERS)
