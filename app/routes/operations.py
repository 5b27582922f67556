"""For the operator: is it alive, can it take a run, what has it done."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from app import VERSION
from app.routes.answering import new_router

router = new_router()


@router.get("/healthz")
async def healthz() -> Response:
    """200 while the process answers, with the version that does."""
    return PlainTextResponse(f"ok, version {VERSION}\n")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """200 when a run could be taken, else 503 and why."""
    trouble = request.app.state.executor.trouble()
    return PlainTextResponse(trouble, 503) if trouble else PlainTextResponse("ready")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text."""
    return Response(request.app.state.executor.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
