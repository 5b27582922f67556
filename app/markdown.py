"""A topic's prose as Markdown, formulas as LaTeX in dollars: for readers that are programs, and for notes of one's own.

Out of the same blocks as the page (`app.prose`); links are absolute, so that the text can be read anywhere. Also the list of all
topics in the form of llms.txt (llmstxt.org).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markupsafe import Markup

from app.catalogue import Entry, chapters
from app.experiment import experiment_with
from app.prose import BLOCKS, blocks
from app.templating import SITE
from app.topic import Topic

AROUND = {"strong": "**", "em": "*", "cite": "*", "code": "`"}
"""What stands on both sides of an element's text."""
BEFORE = dict.fromkeys(("p", "div", "ul", "ol", "details", "table", "pre"), "\n\n") | dict.fromkeys(("summary", "h3"), "\n\n### ")
BEFORE |= {"tr": "\n|", "td": " ", "th": " ", "caption": ""}
AFTER = dict.fromkeys(("summary", "h3", "ul", "ol", "table", "pre", "caption"), "\n\n") | {"td": " |", "th": " |"}
OTHERS = {"a", "li", "tex", "data", "sup", "sub", "span", "thead", "tbody"}
"""Elements that `_Writer` says itself, or that have no sign here."""
SPECIAL = re.compile(r"([\\`*_\[\]<$|])")
INDENT = re.compile(r"^ +(?! *(?:- |\d+\. ))", re.MULTILINE)
"""Spaces before what is no item of a list."""


def tex(latex: str, block: bool = False) -> Markup:
    """A formula for `_Writer`, in place of the page's MathML."""
    return Markup("<tex{}>{}</tex>").format(Markup(" data-block") if block else "", latex)


class _Writer(HTMLParser):
    """HTML of a topic's blocks to Markdown. Raises ValueError for an element that it does not know."""

    def __init__(self, base: str, page: str) -> None:
        super().__init__()
        self._base, self._page = base, page
        self._said: list[str] = []
        self._links: list[str] = []
        self._lists: list[int | None] = []
        self._formula = ""
        self._code = False
        self._blocks: list[str] = []
        self._block = False
        self._columns: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins an element."""
        said = dict(attrs)
        if tag not in AROUND.keys() | BEFORE.keys() | OTHERS:
            raise ValueError(f"<{tag}> has no Markdown here")
        self._block = self._block or tag == "pre"
        self._said.append(("" if self._block else AROUND.get(tag, "")) + BEFORE.get(tag, ""))
        self._code = self._code or tag == "code"
        if tag == "table":
            self._columns = 0
        elif tag in {"td", "th"} and self._columns is not None:
            self._columns += 1
        elif tag == "a":
            self._links.append(self._absolute(said.get("href") or ""))
            self._said.append("[")
        elif tag == "tex":
            self._formula = "\n\n$$\n" if "data-block" in said else "$"
            self._said.append(self._formula)
        elif tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()

    def _item(self) -> None:
        number = self._lists[-1]
        self._lists[-1] = number if number is None else number + 1
        self._said.append("\n" + "  " * (len(self._lists) - 1) + ("- " if number is None else f"{number + 1}. "))

    def handle_endtag(self, tag: str) -> None:
        """Ends it."""
        self._said.append(AFTER.get(tag, "") + ("" if self._block else AROUND.get(tag, "")))
        self._code = self._code and tag != "code"
        self._block = self._block and tag != "pre"
        if tag == "tr" and self._columns:
            self._said.append("\n|" + " --- |" * self._columns)  # below the first row, which Markdown takes for the head
            self._columns = None
        elif tag == "a":
            self._said.append(f"]({self._links.pop()})")
        elif tag == "tex":
            self._said.append(self._formula[::-1])
            self._formula = ""
        elif tag in {"ul", "ol"}:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        """Text: a formula and code as they are, all else with its spaces made one and Markdown's own signs escaped."""
        if self._block:
            if data.strip():
                self._said.append(f"\x00{len(self._blocks)}\x00")
                self._blocks.append(f"```\n{data.strip(chr(10))}\n```")
        elif self._formula or self._code:
            self._said.append(data.strip() if self._formula else data)
        else:
            self._said.append(SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", data)))

    def _absolute(self, href: str) -> str:
        full = self._base + href if href.startswith("/") else self._page + href if href.startswith("#") else href
        return f"<{full}>" if re.search(r"[()\s]", full) else full

    def text(self) -> str:
        """All of it."""
        said = re.sub(r" +$|(?<=\|) +(?= )", "", INDENT.sub("", "".join(self._said)), flags=re.MULTILINE)
        tidy = re.sub(r"\n{3,}", "\n\n", said).strip()
        return re.sub("\x00(\\d+)\x00", lambda place: self._blocks[int(place[1])], tidy)


def of_html(html: str, base: str, page: str) -> str:
    """Markdown of some HTML; `base` and `page` are the addresses of the site and of the page that it stands on."""
    writer = _Writer(base, page)
    writer.feed(html)
    writer.close()
    return writer.text()


def of_topic(entry: Entry, topic: Topic, base: str) -> str:
    """A topic's page: question, prose, and its demos as links."""
    page = base + entry.url
    said = blocks(topic, tex)
    sections = [f"## {title}\n\n{of_html(said[name], base, page)}" for name, title in BLOCKS.items()]
    head = f"# {entry.question}\n\nTopic {entry.number} of {SITE['name']}, {entry.chapter}. The page with its live demos: {page}"
    return "\n\n".join([head, *sections[:-1], _demos(topic, base), sections[-1]]) + "\n"


def _demos(topic: Topic, base: str) -> str:
    lines = []
    for demo in topic.demos:
        here = experiment_with(topic, demo.name, {})
        hint = f": {_escaped(demo.hint)}" if demo.hint else ""
        lines.append(f"- [{_escaped(demo.title)}]({base}{here.url()}) ([the finished run]({base}{here.url('/run.json')})){hint}")
    return "## Demos\n\nEach trains when its page is opened.\n\n" + "\n".join(lines)


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def llms(base: str) -> str:
    """The site for a language model: what it is, every topic's Markdown by chapter, and where runs are as numbers."""
    lines = [f"# {SITE['name']}", "", f"> {SITE['about']}", ""]
    for chapter in chapters():
        listed = (f"- [{entry.question}]({base}{entry.url}.md)" for entry in chapter.topics)
        lines += [f"## {chapter.title}", "", *listed, ""]
    lines += ["## Data", "", f"- [Topics, demos and their parameters]({base}/api/topics): JSON Schema of every parameter"]
    lines += ["- A finished run: the address of a topic’s page with `/run.json` before the query, `/run.csv` for its lines", ""]
    return "\n".join(lines)
