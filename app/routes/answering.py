"""How every address is declared: what answers GET answers HEAD as well, with the same status and headers and no body."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute


class _GetAndHead(APIRoute):
    """A route of FastAPI, which adds no HEAD by itself as Starlette's does. The server leaves the body out."""

    def __init__(self, path: str, endpoint: Any, **more: Any) -> None:
        methods = set(more.pop("methods", None) or {"GET"})
        super().__init__(path, endpoint, methods=methods | ({"HEAD"} if "GET" in methods else set()), **more)


def new_router() -> APIRouter:
    """A router whose `get` declares both methods."""
    return APIRouter(route_class=_GetAndHead)
