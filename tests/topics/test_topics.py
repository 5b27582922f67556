"""What is promised of every topic and every demo, whoever wrote it: claims that hold and can fail, budgets, determinism, prose.

No topic is known here by name: a new one is tested as soon as `app.topics` finds it.
"""

from __future__ import annotations

import ast
import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from jinja2 import Environment, nodes

from app.controls import default_values
from app.topic import Claim, Demo, Params, Preset
from app.topics import topics
from tests.topics.measuring import EXHAUSTIVE, FIRST, ROOT, SOME_SEEDS, Told, measure, told

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.thorough if seed in SOME_SEEDS else EXHAUSTIVE) for seed in range(1, 10))]
SNAPSHOT_SECONDS, RUN_SECONDS, RUN_BYTES = 0.05, 3.0, 2_000_000
DEAREST_SECONDS = 10.0
"""CPU time of a run wherever a visitor may go."""
BLOCKS = ("short_answer", "fuller_answer", "wrong", "formulas", "try_this", "follow_up", "sources")
MAY_IMPORT = ("engine", "app.topic", "app.charts", "numpy")


def off_the_defaults(demo: Demo) -> list[Preset]:
    """For each claim that does not apply at the defaults the first preset at which it does."""
    settings = [(preset, values_of(demo, preset)) for preset in demo.presets]
    elsewhere = [claim for claim in demo.claims if not claim.ground.holds(demo.params())]
    return [next(preset for preset, params in settings if claim.ground.holds(params)) for claim in elsewhere]


def values_of(demo: Demo, preset: Preset) -> Params:
    return demo.params.model_validate(default_values(demo.params) | dict(preset.values))


@dataclass(frozen=True)
class Link:
    """An experiment that a topic's prose links to: demo and values, the moment that it shows and the series that it lights."""

    demo: str | None
    values: dict[str, object]
    at_step: int | None = None
    light: str = ""


def links_of(slug: str) -> Iterator[Link]:
    """The links to experiments in a topic's prose."""
    source = (ROOT / "templates" / "topics" / f"{slug}.html").read_text(encoding="utf-8")
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "experiment_url":
            said = {one.key: one.value.as_const() for one in call.kwargs}
            shown = {name: said.pop(name) for name in ("at_step", "light") if name in said}
            yield Link(call.args[0].as_const() if call.args else None, said, **shown)


def ends_of(demo: Demo) -> dict[str, list[object]]:
    """What each parameter may be at the utmost: the ends of a slider's range, every option of a choice."""
    schemas = {name: demo.params.schema_of(name) for name in demo.params.model_fields if name != "seed"}
    return {
        name: [*schema.get("enum", []), *(schema[end] for end in ("minimum", "maximum") if end in schema)]
        for name, schema in schemas.items()
    }


DEMOS = [pytest.param(slug, demo, id=f"{slug}/{demo.name}") for slug, topic in topics().items() for demo in topic.demos]
PRESETS = [
    pytest.param(slug, demo, preset, id=f"{slug}/{demo.name}/{preset.title}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for preset in demo.presets
]
GROUNDS = [
    pytest.param(slug, demo, preset, id=f"{slug}/{demo.name}/{preset.title}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for preset in demo.presets
    if preset in off_the_defaults(demo)
]
ENDS = [
    pytest.param(slug, demo, {name: end}, id=f"{slug}/{demo.name}/{name}={end}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for name, ends in ends_of(demo).items()
    for end in ends
]
CORNERS = [
    pytest.param(slug, demo, json.loads(corner), id=f"{slug}/{demo.name}/{corner}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for corner in dict.fromkeys(json.dumps(values) for claim in demo.claims for values in claim.ground.corners(demo.params))
]
LINKS = [
    pytest.param(slug, topic.demo(link.demo), link, id=f"{slug}/{link.demo}/{link.values}")
    for slug, topic in topics().items()
    for link in links_of(slug)
]
SHOWING = [param for param in LINKS if isinstance(link := param.values[2], Link) and (link.light or link.at_step is not None)]
"""The links that show a moment or light a series."""
CLAIMS = [
    pytest.param(demo, claim, id=f"{slug}/{demo.name}/{place}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for place, claim in enumerate(demo.claims)
]
every_topic = pytest.mark.parametrize("slug", list(topics()))
every_demo = pytest.mark.parametrize(("slug", "demo"), DEMOS)
every_preset = pytest.mark.parametrize(("slug", "demo", "preset"), PRESETS)
every_ground = pytest.mark.parametrize(("slug", "demo", "preset"), GROUNDS)
every_claim = pytest.mark.parametrize(("demo", "claim"), CLAIMS)


@pytest.mark.parametrize("seed", SEEDS)
@every_demo
def test_claims_hold_at_the_defaults(slug: str, demo: Demo, seed: int) -> None:
    claims = told(slug, demo.name, {"seed": seed}).done["claims"]
    assert any(claim["applies"] for claim in claims), "no claim applies at the defaults"
    assert not _failed(claims)


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=EXHAUSTIVE) for seed in range(1, 10)])
@every_ground
def test_claims_that_do_not_apply_at_the_defaults_hold_at_a_preset(slug: str, demo: Demo, preset: Preset, seed: int) -> None:
    assert not _failed(told(slug, demo.name, {**preset.values, "seed": seed}).done["claims"])


@pytest.mark.thorough
@every_preset
def test_a_preset_runs_as_planned_and_fails_no_claim(slug: str, demo: Demo, preset: Preset) -> None:
    run = told(slug, demo.name, dict(preset.values))
    assert not _failed(run.done["claims"])
    assert sum(run.cpu) <= DEAREST_SECONDS
    _as_planned(run)


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize(("slug", "demo", "values"), ENDS)
def test_a_run_at_the_end_of_a_range_ends_as_planned_and_fails_no_claim(slug: str, demo: Demo, values: dict[str, object]) -> None:
    run = told(slug, demo.name, values)
    assert not _failed(run.done["claims"])
    assert sum(run.cpu) <= DEAREST_SECONDS
    _as_planned(run)


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize(("slug", "demo", "values"), CORNERS)
def test_claims_hold_at_the_corners_of_their_grounds(slug: str, demo: Demo, values: dict[str, object]) -> None:
    assert not _failed(told(slug, demo.name, values).done["claims"])


@pytest.mark.thorough
@pytest.mark.parametrize(("slug", "demo", "link"), LINKS)
def test_where_a_link_in_the_prose_leads_no_claim_fails(slug: str, demo: Demo, link: Link) -> None:
    run = told(slug, demo.name, link.values)
    assert not _failed(run.done["claims"])
    _as_planned(run)


@pytest.mark.parametrize(("slug", "demo", "link"), SHOWING)
def test_a_link_lights_a_series_that_its_charts_have_and_shows_a_moment_of_its_run(slug: str, demo: Demo, link: Link) -> None:
    charts = demo.charts(demo.params.model_validate(link.values))
    names = {trace["name"] for chart in charts.values() for trace in chart.traces() if trace.get("name")}
    assert not link.light or link.light in names
    if link.at_step is not None:
        assert 0 <= link.at_step <= told(slug, demo.name, link.values).done["steps"]


@every_topic
def test_a_topics_prose_shows_a_moment_or_lights_a_series(slug: str) -> None:
    assert [link for link in links_of(slug) if link.light or link.at_step is not None]


@every_demo
def test_as_many_frames_are_sent_as_were_planned(slug: str, demo: Demo) -> None:
    _as_planned(told(slug, demo.name, FIRST))


@every_demo
def test_every_chart_shows_something_new_at_least_ten_times(slug: str, demo: Demo) -> None:
    run = told(slug, demo.name, FIRST)
    assert {name: count for name, count in run.changes.items() if count < 10} == {}
    assert len(run.changes) >= 2


@pytest.mark.thorough
@pytest.mark.timed
@every_demo
def test_a_default_run_keeps_its_budgets(slug: str, demo: Demo) -> None:
    best = np.array(told(slug, demo.name, FIRST).cpu)
    if best.max() > SNAPSHOT_SECONDS or best.sum() > RUN_SECONDS:  # it may have had a bad moment
        best = np.minimum(best, measure(slug, demo.name, FIRST).cpu)
    assert best.max() <= SNAPSHOT_SECONDS, f"frame or piece {best.argmax()} took {best.max() * 1000:.0f} ms of CPU"
    assert best.sum() <= RUN_SECONDS
    assert told(slug, demo.name, FIRST).size <= RUN_BYTES


@every_claim
def test_a_claim_has_its_ground_and_can_fail(demo: Demo, claim: Claim) -> None:
    grounds = [params for params in _settings(demo) if claim.ground.holds(params)]
    assert grounds, "it applies neither at the defaults nor at a preset"
    for measured in ({claim.measure: math.nan}, {}):
        assert claim.judge(grounds[0], measured)["holds"] is False


@every_demo
def test_charts_have_titles_and_named_axes(slug: str, demo: Demo) -> None:
    for chart in demo.charts(demo.params()).values():
        assert chart.title
        assert chart.x.title
        assert chart.y.title


@every_demo
def test_a_chart_that_takes_clicks_names_an_entry_and_says_what_a_click_does(slug: str, demo: Demo) -> None:
    for params in _settings(demo):
        for chart in demo.charts(params).values():
            assert bool(chart.click) == bool(chart.click_help)
            assert chart.click or not chart.click_adds
            if chart.click:
                assert chart.click in demo.params.model_fields, f"{chart.title}: there is no parameter {chart.click!r}"
                assert demo.params.schema_of(chart.click)["control"]["kind"] == "entry"


@every_topic
def test_a_topic_imports_only_the_engine_and_the_vocabulary_of_topics(slug: str) -> None:
    own = "app.topics." + slug.replace("-", "_")
    allowed = (*MAY_IMPORT, own, *sys.stdlib_module_names)
    strangers = [
        f"{path.name}: {name}"
        for path in _sources(own)
        for name in _imports(path)
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    ]
    assert strangers == []


@every_topic
def test_a_topic_has_prose_with_every_block(slug: str) -> None:
    template = (ROOT / "templates" / "topics" / f"{slug}.html").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"{% block (\w+) %}(.*?){% endblock %}", template, re.DOTALL))
    assert [name for name in BLOCKS if not _text(blocks.get(name, ""))] == []


def _failed(claims: list[dict[str, object]]) -> list[str]:
    return [f"{claim['text']}: {claim['measured']}, wanted {claim['expected']}" for claim in claims if claim["holds"] is False]


def _as_planned(run: Told) -> None:
    """A run that diverges may end early, and no other."""
    if run.done["outcome"] == "finished":
        assert run.done["frames"] == run.planned_frames
    else:
        assert run.done["frames"] <= run.planned_frames


def _settings(demo: Demo) -> list[Params]:
    """The values a visitor is led to: the defaults and the presets."""
    return [values_of(demo, preset) for preset in (Preset("defaults", {}), *demo.presets)]


def _sources(module: str) -> list[Path]:
    package = ROOT.joinpath(*module.split("."))
    return sorted(package.rglob("*.py")) if package.is_dir() else [package.with_suffix(".py")]


def _imports(path: Path) -> Iterator[str]:
    """What a file imports, wherever in it; `from app import charts` is app.charts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or "a relative import"
            yield from (f"{module}.{alias.name}" for alias in node.names) if module in ("app", "app.topics") else (module,)


def _text(html: str) -> str:
    """What is left to read without tags."""
    return re.sub(r"<[^>]*>", "", html).strip()
