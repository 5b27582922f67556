"""A finished run as a file: JSON, CSV, or one HTML page with its charts. (What makes it again is `app.takeaway`.)

Between `app.routes.exports`, which answers requests, and the messages of a stream (`app.frames`), which hold all the numbers that
the files say.
"""

from __future__ import annotations

import csv
import hashlib
import io
from functools import cache
from typing import Any

import orjson
from jinja2 import Template
from markupsafe import Markup

from app.catalogue import entries
from app.experiment import Experiment
from app.frames import dumps_plain, read
from app.templating import ROOT, STATIC, make_templates
from app.wording import chosen

PAGE = "exported.html"


def as_json(_experiment: Experiment, messages: list[bytes]) -> bytes:
    """`start` and `done` in one object with all frames between them, as JSON."""
    said = [read(message) for message in messages]
    (_, start), (_, done) = said[0], said[-1]
    frames = [payload for event, payload in said if event == "frame"]
    return dumps_plain({**start, "frames": frames, "done": done, "outcome": done["outcome"], "claims": done["claims"]})


def as_csv(_experiment: Experiment, messages: list[bytes]) -> bytes:
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


def as_html(experiment: Experiment, messages: list[bytes]) -> bytes:
    """One page that needs no other file and no network: parameters, all charts at their last frame, claims, and plotly.js."""
    said = [read(message) for message in messages]
    done, slug = said[-1][1], experiment.topic.slug
    charts = experiment.demo.charts(experiment.params)
    fields, values = experiment.demo.params.schema_of, experiment.params.values()
    text = _page().render(
        question=entries()[slug].question,
        demo=experiment.demo,
        url=experiment.url(),
        parameters=[
            (fields(name)["title"], chosen(value), fields(name)["control"].get("unit", "")) for name, value in values.items()
        ],
        charts=[(name, chart.title, chart.wide, chart.kind) for name, chart in charts.items()],
        done=done,
        figures=_inside_script(orjson.dumps(last_figures(said)).decode()),
        plotly=_plotly(),
    )
    return text.encode()


def last_figures(said: list[tuple[str, Any]]) -> dict[str, dict[str, Any]]:
    """Chart name -> its figure as the last frame left it, out of a stream's events and payloads; arrays as they came."""
    figures: dict[str, dict[str, Any]] = said[0][1]["charts"]
    news: dict[tuple[str, str], dict[str, Any]] = {}
    for update in (payload["charts"] for event, payload in said if event == "frame"):
        for chart, words in update.items():
            for uid, (x, y) in words.get("append", {}).items():
                grown = news.setdefault((chart, uid), {"x": [], "y": []})
                grown["x"].append(x)
                grown["y"].append(y)
            news |= {(chart, uid): attributes for uid, attributes in words.get("set", {}).items()}
    return {name: figure | {"data": _traces(name, figure["data"], news)} for name, figure in figures.items()}


def _traces(chart: str, traces: list[dict[str, Any]], news: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """The traces with their news; plotly.js makes CSS classes of a uid, so that none may hold spaces or dots."""
    return [
        trace | news.get((chart, trace["uid"]), {}) | {"uid": f"series-{place}"} if "uid" in trace else trace
        for place, trace in enumerate(traces)
    ]


@cache
def edition() -> str:
    """A hash of all that decides a page's bytes beside its run: the template and plotly.js."""
    template = (ROOT / "templates" / PAGE).read_text(encoding="utf-8")
    return hashlib.sha256((template + _plotly()).encode()).hexdigest()[:8]


@cache
def _page() -> Template:
    return make_templates().env.get_template(PAGE)


@cache
def _plotly() -> Markup:
    """plotly.js, to stand inline. Raises ValueError when HTML would end it early."""
    (path,) = (STATIC / "vendor").glob("plotly-*.min.js")
    text = path.read_text(encoding="utf-8")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError(f"{path.name} says </script or <!-- and cannot stand in a page")
    return Markup(text)  # noqa: S704  # a file of the repository


def _inside_script(json: str) -> Markup:
    """JSON that no text in it can break out of: `<` occurs only within strings, where it may be written as an escape."""
    return Markup(json.replace("<", "\\u003c"))  # noqa: S704  # escaped just now
