"""The application: settings, executor, routes, static files and headers put together. `app.__main__` serves it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from app.addresses import UnderPath
from app.budgets import Budgets, TooMany
from app.compression import Compressed, OneCoding, compress_ahead
from app.files import Files
from app.hosts import KnownHosts
from app.rooms import MemoryRooms
from app.routes import classroom, exercises, exports, operations, pages, practice, room, sharing, stream
from app.routes.problems import Counted, UnknownTopic, http_problem, too_many, unknown_topic
from app.runs import Executor, Viewing
from app.security import SecurityHeaders
from app.settings import Settings
from app.templating import STATIC
from app.topics import topics


def create_app(settings: Settings | None = None) -> FastAPI:
    """The FastAPI application, without the static files: `with_files` puts those before it."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        topics()  # a broken topic must fail here, loudly, and not before a visitor
        app.state.budgets = Budgets(chosen.limits, chosen.limits_store)
        await app.state.budgets.start()
        app.state.executor = runs(chosen)
        await app.state.executor.start()
        app.state.rooms = MemoryRooms(chosen.room_limits)
        _collect_seldom()
        try:
            yield
        finally:
            app.state.rooms.stop()
            await app.state.executor.stop()
            await app.state.budgets.stop()

    app = FastAPI(title="Watch It Learn", lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    modules = (sharing, pages, practice, exercises, stream, room, classroom, exports, operations)
    for module in modules:
        app.include_router(module.router)
    app.state.routes = tuple(route for module in modules for route in module.router.routes)
    app.add_exception_handler(UnknownTopic, unknown_topic)
    app.add_exception_handler(HTTPException, http_problem)
    app.add_exception_handler(TooMany, too_many)
    app.add_middleware(Counted)
    app.add_middleware(Compressed)
    app.add_middleware(KnownHosts, allowed=chosen.allowed_hosts)
    app.add_middleware(SecurityHeaders, frame_ancestors=chosen.frame_ancestors, hsts_seconds=chosen.hsts_seconds)
    app.state.settings = chosen
    return app


def runs(settings: Settings) -> Viewing:
    """Runs computed in processes of this server, or by the machines of a broker, whose client only these servers import."""
    if not settings.broker_url:
        return Executor(settings.limits)
    from app.runs.board import Board
    from app.runs.shared import Shared

    return Shared(settings.limits, Board(settings.broker_url, settings.limits.broker_mib))


def _collect_seldom() -> None:
    """Leaves what is imported out of garbage collections, and makes full ones rare: each walks the objects of every open stream.

    With a thousand viewers that is a tenth of a second in which nobody is answered, and Python would do it at every few hundred.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 5, 1_000)


def with_files(app: FastAPI) -> ASGIApp:
    """What uvicorn serves: static files under a versioned prefix, cached for good, and the application behind them."""
    compress_ahead(STATIC)
    site, path = OneCoding(Files(app)), app.state.settings.base_path
    return UnderPath(site, path) if path else site
