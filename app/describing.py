"""The site as an OpenAPI description: every address with what it takes, derived from the routes and from the demos' parameters.

`app.routes.exports` serves it as `/openapi.json`. A topic's addresses are written out, one for each topic, since what they take
differs from demo to demo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app import VERSION
from app.exercises import exercises
from app.params import LARGEST_SEED
from app.topic import Demo, Topic
from app.topics import topics

TOPIC, EXERCISE = "/topics/{slug}", "/exercises/{name}"
RUNS = ("", "/stream", "/run.json", "/run.csv", "/run.html", "/run.zip")
"""Below a topic's address: what takes an experiment."""
TEXT: dict[str, Any] = {"type": "string"}
QUERIES: dict[str, dict[str, Any]] = {
    "/": {"q": TEXT},
    "/oembed": {"url": TEXT, "maxwidth": {"type": "integer"}, "maxheight": {"type": "integer"}, "format": {"enum": ["json"]}},
}
"""What other addresses take, by name."""
REFUSALS = {
    "404": "There is nothing at this address.",
    "422": "A value is not allowed: field, value and what is allowed.",
    "429": "More requests or runs than one client may have; `Retry-After` says when to come again.",
    "503": "The server is busy; `Retry-After` says when to come again.",
}


def described(routes: Iterable[BaseRoute], path: str) -> dict[str, Any]:
    """The description (OpenAPI 3.1) of a site that stands under `path`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Watch It Learn", "version": VERSION},
        "servers": [{"url": path or "/"}],
        "paths": dict(_paths([route for route in routes if isinstance(route, APIRoute)])),
        "components": {"schemas": _schemas()},
    }


def parameters_of(demo: Demo) -> dict[str, Any]:
    """The JSON Schema of a demo's parameters, without what only the form is told."""
    schema = demo.params.model_json_schema()
    properties = {name: dict(schema["properties"][name]) for name in demo.params.in_order()}
    for said in properties.values():
        said.pop("control")
    return {"type": "object", "additionalProperties": False, "properties": properties}


@lru_cache(maxsize=1)
def _schemas() -> dict[str, Any]:
    return {_name(topic, demo): _experiment(topic, demo) for topic in topics().values() for demo in topic.demos}


def _paths(routes: Iterable[APIRoute]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address -> its methods; HEAD, which is answered everywhere as GET is, goes without saying."""
    for route in routes:
        path = route.path.replace(":path}", "}")
        runs = path.startswith(TOPIC) and path.removeprefix(TOPIC) in RUNS
        for topic in topics().values() if runs else (None,):
            takes = _experiments(topic) if topic else _takes(path)
            methods = {method.lower(): _operation(route, takes) for method in sorted(set(route.methods or ()) - {"HEAD"})}
            yield path.replace("{slug}", topic.slug) if topic else path, methods


def _operation(route: APIRoute, takes: list[dict[str, Any]]) -> dict[str, Any]:
    summary = (route.endpoint.__doc__ or "").partition("\n")[0]
    refusals = {status: {"description": text} for status, text in REFUSALS.items()}
    return {"summary": summary, "parameters": takes, "responses": {"200": {"description": "as asked for"}, **refusals}}


def _experiments(topic: Topic) -> list[dict[str, Any]]:
    demos = [{"$ref": f"#/components/schemas/{_name(topic, demo)}"} for demo in topic.demos]
    return [{"name": "experiment", "in": "query", "style": "form", "explode": True, "schema": {"anyOf": demos}}]


def _name(topic: Topic, demo: Demo) -> str:
    return f"{topic.slug}.{demo.name}"


def _experiment(topic: Topic, demo: Demo) -> dict[str, Any]:
    """A demo's parameters with its name, which the first may leave out."""
    schema = parameters_of(demo)
    needed = {} if demo is topic.demos[0] else {"required": ["demo"]}
    return schema | needed | {"title": demo.title, "properties": {"demo": {"const": demo.name}, **schema["properties"]}}


def _takes(path: str) -> list[dict[str, Any]]:
    names = {"{slug}": list(topics()), "{name}": list(exercises()) if path == EXERCISE else []}
    inside = [part for part in path.split("/") if part.startswith("{")]
    placed = [
        {"name": part[1 : part.index("}")], "in": "path", "required": True, "schema": _one_of(names, part)} for part in inside
    ]
    return placed + [{"name": name, "in": "query", "schema": schema} for name, schema in _query(path).items()]


def _one_of(names: dict[str, list[str]], part: str) -> dict[str, Any]:
    known = names.get(part[: part.index("}") + 1])
    return {"enum": known} if known else {"type": "string", "minLength": 1}


def _query(path: str) -> dict[str, Any]:
    if path == EXERCISE:
        return {"seed": {"type": "integer", "minimum": 0, "maximum": LARGEST_SEED}, "solution": {"enum": ["1"]}}
    return QUERIES.get(path, {})
