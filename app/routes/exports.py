"""Runs and topics for scripts: `run.json`, `run.csv`, `/api/topics`. A finished run is plain HTTP that any proxy may cache."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from app.catalogue import entries
from app.experiment import Experiment
from app.frames import dumps_plain, read
from app.query import BadQuery
from app.routes.problems import busy, refused, topic_of
from app.runs import Busy
from app.topic import Demo
from app.topics import topics

router = APIRouter()


@router.get("/topics/{slug}/run.json")
async def run_json(request: Request, slug: str) -> Response:
    """The finished run with plain numbers; computed when it is not cached."""
    return await _export(request, slug, as_json, "application/json")


@router.get("/topics/{slug}/run.csv")
async def run_csv(request: Request, slug: str) -> Response:
    """The run's line series, one row a frame."""
    return await _export(request, slug, as_csv, "text/csv; charset=utf-8")


async def _export(request: Request, slug: str, write: Callable[[list[bytes]], bytes], kind: str) -> Response:
    try:
        experiment = Experiment.of(topic_of(slug), request.query_params.multi_items())
    except BadQuery as bad:
        return refused(bad)
    tag = f'"{experiment.request.key}"'
    headers = {"etag": tag, "cache-control": "public, max-age=86400"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    try:
        messages = await request.app.state.executor.finished(experiment.request)
    except Busy as full:
        return busy(request, full)
    event, payload = read(messages[-1])
    if event == "failed":
        return JSONResponse(payload, 503, headers={"retry-after": "5"})
    return Response(await run_in_threadpool(write, messages), media_type=kind, headers=headers)


def _has(said: str, tag: str) -> bool:
    """Whether `If-None-Match` names this content: in a list perhaps, weakly perhaps, as proxies that compress say it."""
    return said.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in said.split(",")}


def as_json(messages: list[bytes]) -> bytes:
    """`start` and `done` in one object with all frames between them, as JSON."""
    said = [read(message) for message in messages]
    (_, start), (_, done) = said[0], said[-1]
    frames = [payload for event, payload in said if event == "frame"]
    return dumps_plain({**start, "frames": frames, "done": done, "outcome": done["outcome"], "claims": done["claims"]})


def as_csv(messages: list[bytes]) -> bytes:
    """Step, epoch where there is one, and each line series under the name chart.series; an empty cell is a gap."""
    rows = [_row(payload) for event, payload in map(read, messages) if event == "frame"]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(frame: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: frame[name] for name in ("step", "epoch") if name in frame}
    for chart, update in frame["charts"].items():
        for series, (x, y) in update.get("append", {}).items():
            row[f"{chart}.{series}"] = y
            if x != frame["step"]:
                row[f"{chart}.{series}.x"] = x
    return row


@router.get("/api/topics")
async def api_topics() -> list[dict[str, Any]]:
    """The live topics with their demos and the JSON Schema of their parameters."""
    return [_described(slug) for slug in entries() if slug in topics()]


def _described(slug: str) -> dict[str, Any]:
    entry, topic = entries()[slug], topics()[slug]
    demos = [
        {
            "name": demo.name,
            "title": demo.title,
            "url": f"{entry.url}?demo={demo.name}" if len(topic.demos) > 1 else entry.url,
            "parameters": _schema(demo),
        }
        for demo in topic.demos
    ]
    said = {"number": entry.number, "slug": slug, "chapter": entry.chapter, "question": entry.question, "url": entry.url}
    return said | {"parameters": demos[0]["parameters"], "demos": demos}


def _schema(demo: Demo) -> dict[str, Any]:
    schema = demo.params.model_json_schema()
    properties = {name: dict(schema["properties"][name]) for name in demo.params.in_order()}
    for said in properties.values():
        said.pop("control")
    return {"type": "object", "additionalProperties": False, "properties": properties}
