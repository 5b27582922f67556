"""A topic's prose by itself: the blocks of its template, as HTML, as plain text, its follow-up questions one by one.

The page shows the same blocks within its frame (`templates/topic.html`); here they are taken out for what reads them without it,
the search and the Markdown.
"""

from __future__ import annotations

import re
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

FOLD = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


@dataclass(frozen=True)
class FollowUp:
    """A follow-up question with its answer, both as HTML; `anchor` names its place on the page."""

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
    return [FollowUp(f"follow-up-{place}", *found) for place, found in enumerate(FOLD.findall(html), 1)]


def anchored(html: str) -> Markup:
    """The same block, each question with the anchor by which a link finds it."""
    named = (f'<details id="{one.anchor}"><summary>{one.question}</summary>{one.answer}</details>' for one in follow_ups(html))
    return Markup(FOLD.sub(lambda _: next(named), html))  # noqa: S704  # the templates' own prose


def plain_text(html: str) -> str:
    """What is read of HTML, on one line; formulas on lines of their own are left out, those in the line stay as their signs."""
    inline = re.sub(r'<div class="formula".*?</div>', " ", html, flags=re.DOTALL)
    spaced = re.sub(r"</?(?:p|li|ul|ol|summary|details|h\d|div|tr|td|th)\b[^>]*>", " ", inline)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", spaced)).split())
