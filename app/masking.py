"""Passwords that stand in addresses, left out of all that is said: messages at the start, answers, lines of the log.

A setting is masked as a whole, since one that is wrong may be wrong in any way: a password with signs that an address cannot
hold, a scheme misspelt, a host left out. Free text, which may quote an address, is masked where it has the shape of one.
"""

from __future__ import annotations

import re

MASK = "***"
BEFORE_HOST = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:/{0,2})?.*@", re.DOTALL)
"""A scheme, and who asks: up to the last @, since a password may hold one."""
WORD_AS_PORT = re.compile(r"(?<=//)(?P<host>[^/?#:@\[\],]*|\[[^\]]*\]):(?!\d{1,5}(?:[/?#,]|$)).*", re.DOTALL)
"""What is no number where a port should be: a password whose host was left out."""
QUERY = re.compile(r"[?#].*", re.DOTALL)
QUOTED = re.compile(r"(?<=://)[^\s/@]*@")


def masked(setting: str) -> str:
    """An address, or several between commas, without what may be a password; what has none stays as it is."""
    text = BEFORE_HOST.sub(lambda found: f"{found['scheme'] or ''}{MASK}@", setting, count=1)
    text = WORD_AS_PORT.sub(lambda found: f"{found['host']}:{MASK}", text)
    return QUERY.sub(f"?{MASK}", text) if "://" in text else text


def masked_within(text: str) -> str:
    """A sentence or a traceback whose addresses say no password."""
    return QUOTED.sub(f"{MASK}@", text)


def wrong(name: str, value: str, allowed: str) -> ValueError:
    """What a setting that cannot be is told by: its name, what was got, and what is allowed."""
    return ValueError(f"{name} = {masked(value)!r}: {allowed}")
