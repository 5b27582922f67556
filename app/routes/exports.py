"""Runs and topics for scripts and for keeping: `run.json`, `run.csv`, `run.html`, `run.zip`, `/api/topics`, `/openapi.json`.

A finished run is plain HTTP that any proxy may cache; `app.exporting` writes its files, `app.takeaway` what makes it again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.addresses import at, base_path
from app.budgets import client_of
from app.catalogue import entries
from app.describing import described, parameters_of
from app.experiment import Experiment, experiment_with
from app.exporting import as_csv, as_json
from app.frames import read
from app.negotiation import is_known
from app.query import BadQuery
from app.routes.answering import new_router
from app.routes.problems import busy, refused, topic_of
from app.runs import Busy
from app.takeaway.archive import as_zip
from app.takeaway.page import as_html, edition
from app.topics import topics

router = new_router()

Writer = Callable[[Experiment, list[bytes]], bytes]


@router.get("/topics/{slug}/run.json")
async def run_json(request: Request, slug: str) -> Response:
    """The finished run with plain numbers; computed when it is not cached."""
    return await _finished(request, slug, as_json, "application/json")


@router.get("/topics/{slug}/run.csv")
async def run_csv(request: Request, slug: str) -> Response:
    """The run's line series, one row a frame."""
    return await _finished(request, slug, as_csv, "text/csv; charset=utf-8")


@router.get("/topics/{slug}/run.html")
async def run_html(request: Request, slug: str) -> Response:
    """The finished run with its player, as one page to keep: it opens from a disk, without a network."""
    return await _finished(request, slug, as_html, "text/html; charset=utf-8", edition=edition(), save_as="html")


@router.get("/topics/{slug}/run.zip")
async def run_zip(request: Request, slug: str) -> Response:
    """What makes this run again in an empty folder: its code and a script. Nothing is computed for it."""
    asked = _asked(request, slug)
    if isinstance(asked, Response):
        return asked
    experiment, headers = asked
    headers |= _saved(experiment, "zip")
    return Response(await run_in_threadpool(as_zip, experiment), media_type="application/zip", headers=headers)


@router.get("/topics/{slug}/run.py")
async def run_py(request: Request) -> Response:
    """Where the script was before it had all with it that it needs."""
    return RedirectResponse(f"run.zip?{request.url.query}", 308)


async def _finished(request: Request, slug: str, write: Writer, kind: str, *, edition: str = "", save_as: str = "") -> Response:
    """A file of the finished run; one that is saved and not shown when `save_as` gives its ending."""
    asked = _asked(request, slug, edition)
    if isinstance(asked, Response):
        return asked
    experiment, headers = asked
    client, executor, budgets = client_of(request), request.app.state.executor, request.app.state.budgets
    if not executor.known(experiment.request):
        await budgets.spend("runs", client)
    try:
        async with budgets.live(client):
            messages = await executor.finished(experiment.request)
    except Busy as full:
        return busy(request, full)
    event, payload = read(messages[-1])
    if event == "failed":
        return JSONResponse(payload, 503, headers={"retry-after": "5"})
    if save_as:
        headers |= _saved(experiment, save_as)
    return Response(await run_in_threadpool(write, experiment, messages), media_type=kind, headers=headers)


def _saved(experiment: Experiment, ending: str) -> dict[str, str]:
    """The header that has a browser save a file, under the experiment's name."""
    return {"content-disposition": f'attachment; filename="{experiment.topic.slug}-{experiment.demo.name}.{ending}"'}


def _asked(request: Request, slug: str, edition: str = "") -> tuple[Experiment, dict[str, str]] | Response:
    """The experiment with the headers its file is cached by; or 422 for one that is none, 304 for one that the asker has.

    What a timed demo gives is not to be kept. `edition`: what decides the file's bytes beside the run.
    """
    try:
        experiment = Experiment.of(topic_of(slug), request.query_params.multi_items())
    except BadQuery as bad:
        return refused(bad)
    if experiment.demo.timed:  # another run of the same settings is another file
        return experiment, {"cache-control": "no-store"}
    tag = f'W/"{experiment.request.key}{edition}"'  # weak: its bytes differ by content coding
    headers = {"etag": tag, "cache-control": "public, max-age=86400"}
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return experiment, headers


@router.get("/api/topics")
async def api_topics(request: Request) -> list[dict[str, Any]]:
    """The live topics with their demos and the JSON Schema of their parameters."""
    return [_described(slug, partial(at, request)) for slug in entries() if slug in topics()]


@router.get("/openapi.json")
def openapi_json(request: Request) -> JSONResponse:
    """All of these addresses as an OpenAPI description."""
    return JSONResponse(described(request.app.state.routes, base_path(request)), headers={"cache-control": "no-cache"})


def _described(slug: str, at: Callable[[str], str]) -> dict[str, Any]:
    entry, topic = entries()[slug], topics()[slug]
    demos = [
        {
            "name": demo.name,
            "title": demo.title,
            "url": at(experiment_with(topic, demo.name, {}).url()),
            "parameters": parameters_of(demo),
        }
        for demo in topic.demos
    ]
    said = {"number": entry.number, "slug": slug, "chapter": entry.chapter, "question": entry.question, "url": at(entry.url)}
    return said | {"parameters": demos[0]["parameters"], "demos": demos}
