"""What every template may call."""

from __future__ import annotations

from app.templating import STATIC, opening
from app.topics import topics

HEAVIEST = 12_000


def test_every_demo_whose_main_chart_is_a_plot_has_a_light_picture_of_it() -> None:
    demos = [(slug, demo) for slug, topic in topics().items() for demo in topic.demos]
    drawn = {(slug, demo.name) for slug, demo in demos if next(iter(demo.charts(demo.params()).values())).kind == "plot"}
    assert {(slug, demo.name) for slug, demo in demos if opening(slug, demo.name)} == drawn, "scripts/make_stills.py"
    stills = list((STATIC / "stills").glob("*/*.webp"))
    assert {(still.parent.name, still.stem) for still in stills} == drawn, "and no other demo"
    assert {still: still.stat().st_size for still in stills if still.stat().st_size > HEAVIEST} == {}
