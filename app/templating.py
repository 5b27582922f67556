"""Jinja with what every template may call: `static`, `math`, and the catalogue for the navigation.

Templates say addresses as the site has them, `/topics/…`; what they come to where it stands under a path is seen to here, once.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Token

from app import VERSION
from app.addresses import base_of, base_path, under
from app.catalogue import chapters
from app.notation import mathml
from app.wording import written

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
SITE = {
    "name": "Watch It Learn",
    "about": "Thirty classic deep-learning interview questions, and those asked since, each answered by a network that trains "
    "live in front of you. Move a slider, rewind the training, send the link.",
}
STILL_SIZE = (480, 270)
"""Width and height of every still picture in pixels."""


@cache
def static_version() -> str:
    """A hash over all static files: it stands in their URLs, so that they may be cached for good.

    Modules import each other by relative path within it.
    """
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            digest.update(str(path.relative_to(STATIC)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """The URL of a file under static/. Raises FileNotFoundError when there is none, so that a page never links to nothing."""
    if not (STATIC / path).is_file():
        raise FileNotFoundError(f"static/{path}")
    return f"/static/{static_version()}/{path}"


@cache
def still(slug: str) -> str | None:
    """The URL of a topic's still picture, when one was made (scripts/make_stills.py)."""
    path = f"stills/{slug}.webp"
    return static(path) if (STATIC / path).is_file() else None


@cache
def opening(slug: str, demo: str) -> str | None:
    """The URL of the picture that stands where a demo's main chart will be until it is drawn, when one was made (as above)."""
    path = f"stills/{slug}/{demo}.webp"
    return static(path) if (STATIC / path).is_file() else None


@cache
def modules() -> tuple[str, ...]:
    """The URLs of all script modules, so that a page asks for them at once and not import by import."""
    names = (path.name for path in sorted((STATIC / "js").glob("*.js")) if path.name != "early.js")
    return tuple(static(f"js/{name}") for name in names)


@lru_cache(maxsize=4096)
def math(latex: str, block: bool = False) -> Markup:
    """A formula as MathML, in the line or on a line of its own, which scrolls where it is too wide."""
    formula = Markup(mathml(latex, block))  # noqa: S704  # the templates' own formulas, no visitor's text
    return Markup('<div class="formula" tabindex="0">{}</div>').format(formula) if block else formula


COLOURED = (Token.Keyword, Token.Operator.Word, Token.Literal, Token.Comment)
"""What the stylesheet gives a colour; all other code goes without tags, which are most of what highlighted code weighs."""


@lru_cache(maxsize=1024)
def highlighted(code: str) -> Markup:
    """Python as HTML, each coloured word in a tag."""
    tokens = [
        (kind if any(kind in one for one in COLOURED) else Token.Text, text) for kind, text in PythonLexer().get_tokens(code)
    ]
    said = io.StringIO()
    HtmlFormatter(cssclass="code").format(tokens, said)
    return Markup(said.getvalue())  # noqa: S704  # our own source, and Pygments escapes it


class Page(Template):
    """A template; what is rendered for a request has the addresses by which its visitor reaches the site."""

    def render(self, *said: Any, **more: Any) -> str:
        """The HTML."""
        request = dict(*said, **more).get("request")
        return under(base_path(request) if request else "", super().render(*said, **more))


@cache
def make_templates() -> Jinja2Templates:
    """The environment; an undefined name in a template is an error, not an empty string."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.template_class = Page
    pictures = {"still": still, "opening": opening, "still_size": STILL_SIZE}
    said: dict[str, Any] = {"static": static, "modules": modules, "math": math, "written": written, "site": SITE}
    own = {"chapters": chapters(), "base_of": base_of, "kept": None, "glimpse": False, "version": VERSION}
    environment.globals.update(said, highlighted=highlighted, **own, **pictures)
    return Jinja2Templates(env=environment)
