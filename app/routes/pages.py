"""The pages: the catalogue, and a topic's page whole or in the part htmx asked for.

The part asked for is told by the id of the element to be filled: `run` when a control moved, `experiment` when a tab was opened.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.background import BackgroundTask

from app.budgets import TooMany, client_of
from app.catalogue import Entry, entries, neighbours
from app.controls import controls, explained
from app.exercises import of_topic
from app.experiment import Experiment, choose_demo, guess_url, linker, preset_experiment
from app.facts import teller
from app.page_query import MOST_PINS, PageQuery, Pin, pin_value, pinned
from app.passages import vocabulary
from app.prose import anchored
from app.query import BadQuery, chosen_of, text_of
from app.routes.answering import new_router
from app.routes.problems import UnknownTopic
from app.search import LONGEST_QUERY, search
from app.security import policy
from app.source import parts_of
from app.templating import make_templates
from app.topic import Demo, Question, Sketch, Topic
from app.topics import topics

router = new_router()
templates = make_templates()

PARTS = {"run": "partials/run.html", "experiment": "partials/experiment.html"}


@router.get("/", response_class=HTMLResponse)
def index(request: Request, q: str = "") -> Response:
    """The catalogue; with `q` the pages that hold its words, the best first.

    Not asynchronous, so that it runs in a thread and streams go on while the first visitor's search makes its index.
    """
    part = request.headers.get("hx-request") == "true"
    first = next(iter(entries().values()))
    said = {"query": q[:LONGEST_QUERY], "found": search(q), "first": first} | ({} if part else _glimpse(first))
    headers = {"vary": "HX-Request", "cache-control": "no-cache"}
    name = "partials/catalogue.html" if part else "index.html"
    return templates.TemplateResponse(request, name, said, headers=headers, background=BackgroundTask(vocabulary))


def _glimpse(entry: Entry) -> dict[str, Any]:
    """A topic's run as it opens, with its main chart alone."""
    said = _accepted(Experiment.of(topics()[entry.slug], []), PageQuery.of([]), [])
    return said | {"charts": dict(list(said["charts"].items())[:1]), "glimpse": True, "plots_stay": False}


@router.get("/topics/{slug}", response_class=HTMLResponse)
async def topic_page(request: Request, slug: str) -> Response:
    """A topic's page; 404 with the nearest topics, 422 with the errors at their fields and the other values kept."""
    if slug not in entries():
        raise UnknownTopic(slug)
    topic = topics()[slug]
    items = request.query_params.multi_items()
    try:
        query = PageQuery.of(items)
        experiment = Experiment.of(topic, query.items)
        pins = pinned(experiment, query)
        query = query.holding(pins)
    except BadQuery as bad:
        return _render(request, topic, _refused(topic, items, bad), status=422)
    if _part(request) is not None:
        await _warm(request, experiment)
    return _render(request, topic, _accepted(experiment, query, pins))


async def _warm(request: Request, experiment: Experiment) -> None:
    """Begins the run that the part's stream will ask for, if its client may have one more; else the stream says so."""
    executor = request.app.state.executor
    with suppress(TooMany):
        if not executor.known(experiment.request):
            await request.app.state.budgets.spend("runs", client_of(request))
        executor.warm(experiment.request)


@router.get("/static/{path:path}")
async def no_such_file() -> Response:
    """404 for what is no file; those that are there are answered before the application is asked (`app.main.with_files`)."""
    raise HTTPException(404)


def _part(request: Request) -> str | None:
    """The template of the part htmx asked for, None for a whole page."""
    if request.headers.get("hx-request") != "true":
        return None
    target = request.headers.get("hx-target", "")
    return next((part for name, part in PARTS.items() if target.rpartition("#")[2] == name), None)


def _render(request: Request, topic: Topic, said: dict[str, Any], status: int = 200) -> Response:
    part = _part(request)
    context = said | {"plots_stay": part == PARTS["run"]} | ({} if part else _place(entries()[topic.slug]))
    name = part or f"topics/{topic.slug}.html"
    if part and said["run"] is None:
        name = PARTS["experiment"]
    headers = {"vary": "HX-Request, HX-Target", "cache-control": "no-cache"} | (_steering(said, part) if part else {})
    if said["mode"] == "embed":
        headers["content-security-policy"] = policy(None)
    return templates.TemplateResponse(request, name, context, status_code=status, headers=headers)


def _steering(said: dict[str, Any], part: str) -> dict[str, str]:
    """Where htmx puts a part: a run's canonical URL replaces the address, with no step in the history; errors go to fields."""
    if said["run"] is not None:
        return {"hx-replace-url": said["run"]["page_url"]} if part == PARTS["run"] else {}
    return {"hx-retarget": "#experiment", "hx-reswap": "outerMorph"}


def _place(entry: Entry) -> dict[str, Any]:
    before, after = neighbours(entry.slug)
    return {"topic": entry, "previous": before, "next": after, "by_hand": of_topic(entry)}


def _accepted(experiment: Experiment, query: PageQuery, pins: list[Pin]) -> dict[str, Any]:
    demo, params = experiment.demo, experiment.params
    kept = {name: text_of(value) for name, value in params.values().items()}
    run = {
        "key": experiment.request.key,
        "stream_url": experiment.stream_url,
        "page_url": query.url(experiment),
        "canonical_url": experiment.url(),
        "present_url": query.shown("present").url(experiment),
        "embed_url": query.shown("embed").url(experiment),
        "plain_url": query.shown("").url(experiment),
        "pin": pin_value(experiment),
        "json_url": experiment.url("/run.json"),
        "csv_url": experiment.url("/run.csv"),
        "html_url": experiment.url("/run.html"),
        "zip_url": experiment.url("/run.zip"),
    }
    said = _demo_context(experiment.topic, demo, experiment.url())
    shown = {"pins": pins, "pin_values": query.pins, "mode": query.mode, "most_pins": MOST_PINS}
    return (
        said
        | shown
        | {
            "run": run,
            "charts": demo.charts(params),
            "at_defaults": not chosen_of(params),
            "controls": controls(demo.params, kept, [], dict(query.items)),
            "errors": [],
        }
    )


def _refused(topic: Topic, items: list[tuple[str, str]], bad: BadQuery) -> dict[str, Any]:
    """The same page without a run: errors at their fields, those of no field on top; mode and pins kept, charts by default."""
    try:
        demo, _ = choose_demo(topic, items)
    except BadQuery:
        demo = topic.demos[0]
    query = PageQuery.kept(items, demo)
    said = _accepted(Experiment(topic, demo, demo.params()), query, []) | _demo_context(topic, demo, here="")
    shown = controls(demo.params, bad.kept, bad.errors)
    elsewhere = [explained(demo.params, error) for error in bad.errors if error.field not in demo.params.model_fields]
    return said | {"run": None, "controls": shown, "errors": elsewhere}


def _demo_context(topic: Topic, demo: Demo, here: str) -> dict[str, Any]:
    """What the form says of the demo; `here` is the address of the experiment shown, "" when none is."""
    experiment_url = linker(topic)
    presets = [(preset.title, preset_experiment(topic, demo, preset).url()) for preset in demo.presets]
    return {
        "slug": topic.slug,
        "demos": [
            {"name": one.name, "title": one.title, "url": experiment_url(one.name), "current": one is demo} for one in topic.demos
        ],
        "demo": demo,
        "claims": demo.claims,
        "presets": [{"title": title, "url": url, "current": url == here} for title, url in presets],
        "guesses": [_asked(topic, demo, guess) for guess in demo.guesses],
        "code": parts_of(demo.run),
        "experiment_url": experiment_url,
        "fact": teller(topic),
        "anchored": anchored,
    }


def _asked(topic: Topic, demo: Demo, guess: Question) -> dict[str, Any]:
    """What the page knows of a guess: all but what the run will answer, and why."""
    there = preset_experiment(topic, demo, guess)
    links = {"url": there.url(), "link": guess_url(topic, demo, guess), "stream_url": there.stream_url}
    return {"asked": guess, "drawn": isinstance(guess, Sketch)} | links
