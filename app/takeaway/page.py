"""`run.html`: a finished run with its player, as one page that needs no other file and no network.

It is the live page's own run (`templates/partials/run.html`, `<live-run>`) with all that it takes: the stylesheet, plotly.js and
the script modules, each of these under its name in an import map, and the run's stream, which the page reads out of itself.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from typing import Any

import orjson
from jinja2 import Template
from markupsafe import Markup

from app.catalogue import entries
from app.controls import controls
from app.experiment import Experiment
from app.frames import read
from app.query import text_of
from app.templating import ROOT, STATIC, make_templates, static_version
from app.wording import chosen, written

TEMPLATES = ("exported.html", "partials/run.html")
ENTRIES = ("live-run.js", "menus.js")
"""The modules that the page begins with."""
STYLES = ("site", "topic", "screens")
"""The stylesheets, in the order of templates/base.html."""
IMPORT = re.compile(r'(?<=")\./(?P<name>[\w-]+\.js)(?=";$)', re.MULTILINE)
FONT = re.compile(r"^@font-face .*url\(.*\n", re.MULTILINE)


def as_html(experiment: Experiment, messages: list[bytes]) -> bytes:
    """The page of a run, out of its stream's messages."""
    done, slug = read(messages[-1])[1], experiment.topic.slug
    fields, values = experiment.demo.params.schema_of, experiment.params.values()
    text = _page().render(
        question=entries()[slug].question,
        slug=slug,
        demo=experiment.demo,
        url=experiment.url(),
        parameters=[
            (fields(name)["title"], chosen(value), fields(name)["control"].get("unit", "")) for name, value in values.items()
        ],
        done=done,
        stream=_inside_script(b"".join(messages).decode()),
        plotly=_plotly(),
        style=_style(),
        modules=_inside_script(orjson.dumps({"imports": _modules()}).decode()),
        **_run(experiment, done),
    )
    return text.encode()


def _run(experiment: Experiment, done: dict[str, Any]) -> dict[str, Any]:
    """What `partials/run.html` asks of a page."""
    demo, params = experiment.demo, experiment.params
    said = {name: text_of(value) for name, value in params.values().items()}
    shown = {"charts": demo.charts(params), "claims": demo.claims, "controls": controls(demo.params, said, [])}
    nothing: dict[str, Any] = {"run": None, "pins": [], "mode": "", "plots_stay": False}
    return shown | nothing | {"kept": {"claims": [_judged(claim) for claim in done["claims"]]}}


def _judged(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim's row as the browser writes it (static/js/words.js), for who reads the page without scripts."""
    measured = written(claim["measured"]) if claim["was_measured"] else "not measured"
    if not claim["applies"]:
        at = claim["ground"]
        elsewhere = f"(at {at})" if claim["usual"] is None else f"{written(claim['usual'])} at {at}"
        return {"holds": "none", "cells": [measured, elsewhere, "does not apply"]}
    holds = claim["holds"]
    return {"holds": str(holds).lower(), "cells": [measured, claim["expected"], "holds" if holds else "does not hold"]}


@cache
def edition() -> str:
    """A hash of all that decides a page's bytes beside its run: the templates and what is under static/."""
    texts = [(ROOT / "templates" / name).read_text(encoding="utf-8") for name in TEMPLATES]
    return hashlib.sha256("".join([static_version(), *texts]).encode()).hexdigest()[:8]


@cache
def _page() -> Template:
    return make_templates().env.get_template(TEMPLATES[0])


@cache
def _modules() -> dict[str, str]:
    """Name -> the module's text as an address, of all that the page's modules import. There they import each other by name."""
    found: dict[str, str] = {}
    waiting = list(ENTRIES)
    while waiting:
        name = waiting.pop()
        if name not in found:
            text = (STATIC / "js" / name).read_text(encoding="utf-8")
            waiting += [imported["name"] for imported in IMPORT.finditer(text)]
            by_name = IMPORT.sub(r"\g<name>", text)
            found[name] = f"data:text/javascript;base64,{b64encode(by_name.encode()).decode()}"
    return found


@cache
def _style() -> Markup:
    """The stylesheets without the site's own fonts, which would be half a page; those of the visitor stand in for them."""
    sheets = ((STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return _inline(FONT.sub("", "\n".join(sheets)), "</style")


@cache
def _plotly() -> Markup:
    (path,) = (STATIC / "vendor").glob("plotly-*.min.js")
    return _inline(path.read_text(encoding="utf-8"), "</script")


def _inline(text: str, end: str) -> Markup:
    """A file's text, to stand in a page. Raises ValueError when HTML would end it early."""
    if end in text.lower() or "<!--" in text:
        raise ValueError(f"a file that says {end} or <!-- cannot stand in a page")
    return Markup(text)  # noqa: S704  # a file of the repository


def _inside_script(text: str) -> Markup:
    """JSON, or lines of it, that no text in it can break out of: `<` occurs within strings alone, where it may be an escape."""
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  # escaped just now
