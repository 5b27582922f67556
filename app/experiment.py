"""One experiment: a topic's demo with its values, out of a URL. What every route under /topics/{slug} begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from app.controls import default_values
from app.params import Params
from app.query import BadQuery, FieldError, chosen_of, items_of, parse
from app.runs import RunRequest
from app.runs.key import run_key
from app.topic import Demo, Preset, Question, Topic


def choose_demo(topic: Topic, items: Iterable[tuple[str, str]]) -> tuple[Demo, list[tuple[str, str]]]:
    """The demo a query string names, the first for none, and the items left for its params. Raises BadQuery for another."""
    pairs = list(items)
    named = [value for key, value in pairs if key == "demo"]
    rest = [(key, value) for key, value in pairs if key != "demo"]
    names = [demo.name for demo in topic.demos]
    if len(named) > 1:
        raise BadQuery([FieldError("demo", " and ".join(named), "it once", "given more than once")], dict(rest))
    if named and named[0] not in names:
        raise BadQuery([FieldError("demo", named[0], "one of " + ", ".join(names))], dict(rest))
    return topic.demo(named[0] if named else None), rest


@dataclass(frozen=True)
class Experiment:
    """A demo and its values: the identity of a run."""

    topic: Topic
    demo: Demo
    params: Params

    @classmethod
    def of(cls, topic: Topic, items: Iterable[tuple[str, str]]) -> Experiment:
        """The experiment of a query string. Raises BadQuery naming every field at fault."""
        demo, rest = choose_demo(topic, items)
        return cls(topic, demo, parse(demo.params, rest))

    def url(self, path: str = "", more: Iterable[tuple[str, str]] = ()) -> str:
        """The canonical address, without defaults: of the page (no path), of "/run.json", "/run.html" and the like.

        `more`: what the page's query string holds beside the experiment.
        """
        named = [("demo", self.demo.name)] if self.demo is not self.topic.demos[0] else []
        return self._address(path, [*named, *chosen_of(self.params), *more])

    @property
    def stream_url(self) -> str:
        """The run's stream, every value said: as the browser makes it of the form, which knows no defaults."""
        named = [("demo", self.demo.name)] if len(self.topic.demos) > 1 else []
        return self._address("/stream", named + items_of(self.params))

    def _address(self, path: str, items: list[tuple[str, str]]) -> str:
        return f"/topics/{self.topic.slug}{path}" + (f"?{urlencode(items)}" if items else "")

    @property
    def request(self) -> RunRequest:
        """What the executor is asked for."""
        values = self.params.values()
        key = run_key(self.topic.slug, self.demo.name, values)
        return RunRequest(key, self.topic.slug, self.demo.name, values, repeatable=not self.demo.timed)


def experiment_with(topic: Topic, demo: str | None, values: dict[str, Any]) -> Experiment:
    """An experiment by name and values, for links in prose. Raises KeyError or pydantic's ValidationError for a wrong link."""
    chosen = topic.demo(demo)
    return Experiment(topic, chosen, chosen.params.model_validate(values))


def linker(topic: Topic) -> Callable[..., str]:
    """The function `experiment_url` of a topic's templates: a demo's name, none for the first, and values over its defaults;
    `at_step` shows that moment, and `light` the series of that name among faint ones.
    """

    def experiment_url(demo: str | None = None, *, at_step: int | None = None, light: str = "", **values: Any) -> str:
        return experiment_with(topic, demo, values).url() + _fragment(at_step, light)

    return experiment_url


def _fragment(at_step: int | None, light: str) -> str:
    """What of a link the browser alone reads (static/js/address.js): a moment of the run, and a series to be lit."""
    said = ([("step", str(at_step))] if at_step is not None else []) + ([("light", light)] if light else [])
    return "#" + urlencode(said, quote_via=quote) if said else ""


def preset_experiment(topic: Topic, demo: Demo, preset: Preset | Question) -> Experiment:
    """Where a preset leads, or the run that a guess is about: its values over the defaults."""
    return Experiment(topic, demo, demo.params.model_validate(default_values(demo.params) | dict(preset.values)))


def guess_url(topic: Topic, demo: Demo, guess: Question) -> str:
    """Where a guess is asked: the run that it is about, and the guess's name."""
    return f"{preset_experiment(topic, demo, guess).url()}#guess={guess.name}"
