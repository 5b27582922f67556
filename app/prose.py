"""A topic's prose by itself: the blocks of its template, as HTML, as plain text, its follow-up questions one by one.

The page shows the same blocks within its frame (`templates/topic.html`); here they are taken out for what reads them without it,
the search and the Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup

from app.experiment import linker
from app.facts import teller
from app.templating import make_templates, math
from app.topic import Topic

BLOCKS = {
    "short_answer": "The answer in 30 seconds",
    "fuller_answer": "Fuller answer",
    "wrong": "Where the common answer is wrong",
    "formulas": "Formulas",
    "try_this": "Try this",
    "follow_up": "Follow-up questions",
    "sources": "Sources",
}
"""The blocks of a topic's template in the order of the page, and their headings."""

FOLD = re.compile(r'<details(?: id="([\w-]+)")?><summary>(.*?)</summary>(.*?)</details>', re.DOTALL)
LONGEST_ANCHOR = 70


@dataclass(frozen=True)
class FollowUp:
    """A follow-up question with its answer, both as HTML.

    `anchor` names it: on its topic's page, in its own address, and in what visitors keep of their practice. It is made of the
    question's words, and so does not move when questions come and go; an `id` in the template keeps it when the words change.
    """

    anchor: str
    question: str
    answer: str


def blocks(topic: Topic, formula: Callable[..., Any] = math) -> dict[str, str]:
    """Name -> HTML of each block; `formula(latex, block)` says a formula, MathML as the page has it unless another is given."""
    template = make_templates().env.get_template(f"topics/{topic.slug}.html")
    said = {"slug": topic.slug, "experiment_url": linker(topic), "fact": teller(topic), "math": formula}
    return {name: "".join(template.blocks[name](template.new_context(said))) for name in BLOCKS}


def follow_ups(html: str) -> list[FollowUp]:
    """The questions of a block, in order."""
    return [FollowUp(name or anchor_of(question), question, answer) for name, question, answer in FOLD.findall(html)]


def anchor_of(question: str) -> str:
    """The words of a question as they stand in an address: "why-not-use-second-derivatives"."""
    letters = unicodedata.normalize("NFKD", plain_text(question)).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", letters.replace("'", "")))
    return name if len(name) <= LONGEST_ANCHOR else name[: LONGEST_ANCHOR + 1].rpartition("-")[0]


def anchored(html: str, page: str) -> Markup:
    """The same block, each question with the anchor by which a link finds it, and a link to the address of its own."""
    named = (
        f'<details id="{one.anchor}"><summary>{one.question}</summary>{one.answer}'
        f'<p class="own"><a href="{address_of(page, one)}">This question on its own page</a></p></details>'
        for one in follow_ups(html)
    )
    return Markup(FOLD.sub(lambda _: next(named), html))  # noqa: S704  # the templates' own prose


def address_of(page: str, one: FollowUp) -> str:
    """A follow-up question's own address; `page` is that of its topic."""
    return f"{page}/follow-up/{one.anchor}"


def plain_text(html: str) -> str:
    """What is read of HTML, on one line; formulas on lines of their own are left out, those in the line stay as their signs."""
    inline = re.sub(r'<div class="formula".*?</div>', " ", html, flags=re.DOTALL)
    spaced = re.sub(r"</?(?:p|li|ul|ol|summary|details|h\d|div|tr|td|th)\b[^>]*>", " ", inline)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", spaced)).split())
