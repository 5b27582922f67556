"""The topics, found by discovery: every module of this package that holds a `topic`. A broken one fails loudly at start.

A topic is one module here and its prose in `templates/topics/<slug>.html`; no other file knows it by name.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.topic import Topic


@cache
def topics() -> dict[str, Topic]:
    """Slug -> topic, of all modules here whose name does not start with an underscore. Raises whatever a broken one raises."""
    found = {}
    for module in iter_modules(__path__):
        if not module.name.startswith("_"):
            topic: Topic = import_module(f"{__name__}.{module.name}").topic
            if topic.slug != module.name.replace("_", "-"):
                raise ValueError(f"app/topics/{module.name}.py holds the topic {topic.slug!r}; name the file after the slug")
            found[topic.slug] = topic
    return found
