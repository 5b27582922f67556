"""The exercises by hand: the list of them, and a sheet, whole or in the part htmx asked for, marked where there are answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from app.controls import explained
from app.exercises import exercises, topic_of
from app.exercises.address import Address, SheetParams
from app.exercises.answers import Number
from app.exercises.marking import RIGHT, Mark, marked
from app.exercises.nouns import Sheet
from app.notation import breakable
from app.params import LARGEST_SEED
from app.routes.answering import new_router
from app.routes.problems import problem
from app.templating import make_templates

router = new_router()


@router.get("/exercises", response_class=HTMLResponse)
def index(request: Request) -> Response:
    """All kinds, each with the question it belongs to."""
    kinds = [(exercise, topic_of(exercise)) for exercise in exercises().values()]
    return make_templates().TemplateResponse(request, "exercises.html", {"kinds": kinds}, headers={"cache-control": "no-cache"})


@router.get("/exercises/{name}", response_class=HTMLResponse)
def sheet_page(request: Request, name: str) -> Response:
    """A sheet; 404 for an unknown kind, 422 with the errors at their fields where a seed, a name or an answer cannot be read.

    Not asynchronous: a worked solution is some 30 ms of MathML, and streams are to go on meanwhile.
    """
    exercise = exercises().get(name)
    if exercise is None:
        known = ", ".join(exercises())
        return problem(request, 404, "No such exercise", f"There is no exercise “{name[:80]}”. There are {known}.", near=name)
    address = Address.of(exercise, request.query_params.multi_items())
    said = {
        "exercise": exercise,
        "topic": topic_of(exercise),
        "address": address,
        "largest_seed": LARGEST_SEED,
        "errors": [explained(SheetParams, error) for error in address.errors if error.field != "seed"],
        "seed_error": next((explained(SheetParams, error) for error in address.errors if error.field == "seed"), ""),
    } | ({} if address.seed is None else _marked(address))
    part = request.headers.get("hx-request") == "true" and address.seed is not None
    headers = {"vary": "HX-Request", "cache-control": "no-cache"} | ({"hx-replace-url": address.url} if part else {})
    template = "partials/exercise.html" if part else "exercise.html"
    refused = address.errors or said.get("unreadable")
    return make_templates().TemplateResponse(request, template, said, status_code=422 if refused else 200, headers=headers)


def _marked(address: Address) -> dict[str, Any]:
    """The sheet with its marks, if there is anything to mark, and the worked solution if it is asked for."""
    sheet = address.sheet
    marks = marked(sheet, address.answers) if address.is_marked else {}
    return {
        "sheet": sheet,
        "marks": marks,
        "score": _score(marks),
        "exactness": _exactness(sheet),
        "unreadable": any(mark.state == "unreadable" for mark in marks.values()),
        "given": _board(sheet.given),
        "solution": _board(sheet.solution()) if address.solution else [],
    }


def _board(lines: Iterable[str]) -> list[Markup]:
    """Lines of LaTeX as a board has them: MathML that may be broken."""
    return [Markup(breakable(line)) for line in lines]  # noqa: S704  # made of our own formulas and numbers


def _score(marks: dict[str, Mark]) -> str:
    """How many lines are right, in words."""
    if not marks:
        return ""
    right = sum(mark.state in RIGHT for mark in marks.values())
    empty = sum(mark.state == "empty" for mark in marks.values())
    if right == len(marks):
        return f"All {right} lines are right."
    left = f", {empty} still to be filled in" if empty else ""
    return f"{right} of {len(marks)} lines {'is' if right == 1 else 'are'} right{left}."


def _exactness(sheet: Sheet) -> str:
    """How exact answers have to be, and how they may be written, for the forms that the sheet's lines have."""
    if any(isinstance(line.form, Number) and line.form.decimals for line in sheet.lines):
        return (
            "Give as many decimals as each line asks for: the last one may be off by one, and you may carry on with rounded "
            "values as well as with exact ones. You may also write a decimal comma, fractions such as 3/4, per cent and 2.5e-3."
        )
    if any(isinstance(line.form, Number) for line in sheet.lines):
        return "All answers are whole numbers."
    return "Write a shape like (3, 4) or 3 x 4, one with a single axis like (3,), and none where there is no such array."
