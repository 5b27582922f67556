"""The application: settings, executor, routes, static files and headers put together. `app.__main__` serves it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import Response
from servestatic import ServeStaticASGI
from starlette.exceptions import HTTPException

from app.catalogue import nearest
from app.compression import compress_ahead
from app.routes import exports, operations, pages, stream
from app.routes.problems import UnknownTopic, unknown
from app.runs import Executor
from app.security import SecurityHeaders
from app.settings import Settings
from app.templating import STATIC, static_version
from app.topics import topics


def create_app(settings: Settings | None = None) -> FastAPI:
    """The FastAPI application, without the static files: `with_files` puts those before it."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        topics()  # a broken topic must fail here, loudly, and not before a visitor
        app.state.executor = Executor(chosen.limits)
        await app.state.executor.start()
        _collect_seldom()
        try:
            yield
        finally:
            await app.state.executor.stop()

    app = FastAPI(title="Watch It Learn", lifespan=lifespan, docs_url=None, redoc_url=None)
    for module in (pages, stream, exports, operations):
        app.include_router(module.router)
    app.add_exception_handler(UnknownTopic, _unknown_topic)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_middleware(SecurityHeaders, frame_ancestors=chosen.frame_ancestors)
    return app


def _collect_seldom() -> None:
    """Leaves what is imported out of garbage collections, and makes full ones rare: each walks the objects of every open stream.

    With a thousand viewers that is a tenth of a second in which nobody is answered, and Python would do it at every few hundred.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 5, 1_000)


async def _unknown_topic(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, UnknownTopic)
    return unknown(problem)


async def _http_problem(request: Request, problem: Exception) -> Response:
    """Addresses and methods that do not exist, as a page."""
    assert isinstance(problem, HTTPException)
    said = {"status": problem.status_code, "title": str(problem.detail), "message": "There is no page at this address."}
    context = said | {"nearest": nearest(request.url.path.rpartition("/")[2])}
    return pages.templates.TemplateResponse(request, "error.html", context, status_code=problem.status_code)


def with_files(app: FastAPI) -> ServeStaticASGI:
    """What uvicorn serves: static files under a versioned prefix, cached for good, and the application behind them."""
    compress_ahead(STATIC)
    files = ServeStaticASGI(app, max_age=60, immutable_file_test=_versioned, add_headers_function=_no_sniff)
    files.add_files(str(STATIC), prefix=f"static/{static_version()}/")
    return files


def _versioned(_path: str, _url: str) -> bool:
    """Every static URL carries the version, so that its content never changes."""
    return True


def _no_sniff(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
