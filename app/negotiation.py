"""What a client would like to get, read by weight: its `Accept-Encoding` and its `Accept` (RFC 9110, 12.4.2 and 12.5).

`app.compression` asks which coding to send, `app.routes.problems` whether a problem is told as a page or as JSON, and routes
whether the client has the content already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

PLAIN = "identity"
WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)", re.IGNORECASE)
ALIASES = {"x-gzip": "gzip"}


def weights(header: str) -> dict[str, float]:
    """Name in lower case -> weight from 0 to 1; a weight that is none counts as 0, since nothing is known to be welcome."""
    said: dict[str, float] = {}
    for each in header.split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        if name:
            said[ALIASES.get(name.lower(), name.lower())] = _weight(parameters)
    return said


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter[:1] in {"q", "Q"}:
            found = WEIGHT.fullmatch(parameter)
            return min(1.0, float(found[1])) if found else 0.0
    return 1.0


def coding(header: str, offered: Sequence[str]) -> str:
    """The content coding to send: of those offered, best first, the one of the greatest weight; "identity" when none is welcome.

    Where a client names identity, it is weighed with the rest; where it does not, any coding that is welcome goes before it. One
    that refuses everything, identity too, still gets identity, which RFC 9110 (12.5.3) allows.
    """
    said = weights(header)
    others = said.get("*", 0.0)
    best = max(offered, key=lambda name: said.get(name, others), default=PLAIN)
    weight = said.get(best, others)
    return best if weight > 0 and weight >= said.get(PLAIN, 0.0) else PLAIN


def wants_json(header: str, *, by_default: bool = False) -> bool:
    """Whether `Accept` asks for JSON rather than HTML; `by_default` where it names neither more than the other."""
    said = weights(header)
    json, html = (said.get(name, 0.0) for name in ("application/json", "text/html"))
    return by_default if json == html else json > html


def is_known(said: str, tag: str) -> bool:
    """Whether `If-None-Match` names this content: in a list perhaps, weakly perhaps, as proxies that compress say it."""
    return said.strip() == "*" or tag in {f"W/{each.strip().removeprefix('W/')}" for each in said.split(",")}
