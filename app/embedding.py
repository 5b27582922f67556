"""A topic's address, as somebody else's page sends it, to what that page shows: oEmbed (oembed.com, version 1.0).

`app.routes.sharing` answers with it. An address is taken apart here and only here; what is wrong with one is said in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from markupsafe import Markup

from app.catalogue import Entry, entries
from app.experiment import Experiment
from app.page_query import PageQuery, pinned
from app.query import BadQuery
from app.templating import SITE, STILL_SIZE, still
from app.topics import topics

WIDTH, HEIGHT = 800, 600
"""Pixels in which the main chart and its player fit."""
LONGEST_SIDE = 10_000
DAY = 86_400
PORTS = {"http": 80, "https": 443}
TOPIC = re.compile(r"/topics/([^/]+)/?")
MOMENT = re.compile(r"frame=\d{1,4}", re.ASCII)
FRAME = Markup('<iframe src="{}" width="{}" height="{}" title="{}" style="border: 0" loading="lazy" allowfullscreen></iframe>')


class NoEmbed(ValueError):
    """An address or a size that cannot be served, with the status and the words of the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True)
class Embed:
    """What is shown: a topic, and the address of its page in embed mode."""

    entry: Entry
    src: str


def embed_of(base: str, address: str) -> Embed:
    """What an address of this site shows; `base` is where the site is. Raises NoEmbed."""
    parts = _parts(address)
    path = _path_within(parts, base)
    found = TOPIC.fullmatch(path)
    if not found:
        raise NoEmbed(404, f"There is no topic at {path[:80] or '/'}: only a topic’s page can be embedded, {base}/topics/….")
    entry = entries().get(unquote(found[1]))
    if entry is None:
        raise NoEmbed(404, f"There is no topic “{unquote(found[1])[:80]}”. {base}/llms.txt lists them all.")
    moment = f"#{parts.fragment}" if MOMENT.fullmatch(parts.fragment) else ""
    return Embed(entry, base + _shown(entry, parts.query) + moment)


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in PORTS and bool(parts.hostname) and parts.port != -1
    except ValueError:
        whole = False
    if not whole:
        raise NoEmbed(
            400, f"url = {address[:200]!r} is not the address of a page: give it whole, as https://example.org/topics/…."
        )
    return parts


def _path_within(parts: SplitResult, base: str) -> str:
    """The path below the site's own. A page and its embedding may differ in http and https, but not in the host."""
    own = urlsplit(base)
    place = parts.path.removeprefix(own.path)
    if _host(parts) != _host(own) or not parts.path.startswith(own.path) or not f"{place}/".startswith("/"):
        raise NoEmbed(404, f"{parts.netloc[:200]}{parts.path[:80]} is not on this site: only pages of {base} can be embedded.")
    return place


def _host(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port; no port where it is that of the scheme, so that http and https by their usual ports are one."""
    port = parts.port if parts.port != PORTS[parts.scheme] else None
    return (parts.hostname or "").rstrip("."), port


def _shown(entry: Entry, query: str) -> str:
    """The canonical address of the page in embed mode; raises NoEmbed where the page would refuse a value."""
    try:
        page = PageQuery.of(parse_qsl(query, keep_blank_values=True))
        experiment = Experiment.of(topics()[entry.slug], page.items)
        return page.holding(pinned(experiment, page)).shown("embed").url(experiment)
    except BadQuery as bad:
        raise NoEmbed(400, str(bad)) from None


def oembed(base: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a request with `url`, and perhaps `maxwidth`, `maxheight` and `format`. Raises NoEmbed."""
    if asked.get("format", "json") != "json":
        raise NoEmbed(501, f"format = {asked['format'][:80]!r} is not served here: give json.")
    if "url" not in asked:
        raise NoEmbed(400, f"url is missing: give the address of a topic’s page, {base}/oembed?url={base}/topics/….")
    width, height = _at_most(asked, "maxwidth", WIDTH), _at_most(asked, "maxheight", HEIGHT)
    embed = embed_of(base, asked["url"])
    title = embed.entry.question
    said: dict[str, Any] = {"version": "1.0", "type": "rich", "provider_name": SITE["name"], "provider_url": f"{base}/"}
    said |= {"title": title, "html": FRAME.format(embed.src, width, height, title), "width": width, "height": height}
    said["cache_age"] = DAY
    return said | _thumbnail(base, embed.entry, width, height)


def _thumbnail(base: str, entry: Entry, width: int, height: int) -> dict[str, Any]:
    """The topic's still picture, where it is within the size asked for."""
    picture, (wide, high) = still(entry.slug), STILL_SIZE
    if picture is None or wide > width or high > height:
        return {}
    return {"thumbnail_url": base + picture, "thumbnail_width": wide, "thumbnail_height": high}


def _at_most(asked: Mapping[str, str], name: str, usual: int) -> int:
    text = asked.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LONGEST_SIDE)) and 0 < int(text) <= LONGEST_SIDE):
        raise NoEmbed(400, f"{name} = {text[:80]!r} is not allowed: give a whole number of pixels from 1 to {LONGEST_SIDE}.")
    return min(int(text), usual)
