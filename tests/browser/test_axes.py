"""What is written in a chart: no letter is cut off, the ends of axes are numbered, names lie below what they name."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LAPTOP, Visit

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
both = pytest.mark.parametrize("visit", [PHONE, LAPTOP], indirect=True, ids=["phone", "laptop"])
CUT = """() => [...document.querySelectorAll('.plot[data-kind=plot]')].flatMap((plot) => {
  const all = plot.querySelector('.main-svg').getBoundingClientRect();
  return [...plot.querySelectorAll('.main-svg text')].filter((label) => {
    const { left, right, top, bottom } = label.getBoundingClientRect();
    if (!label.textContent.trim() || left === right) return label.style.display === 'none';
    const outside = left < all.left - 1 || right > all.right + 1 || top < all.top - 1 || bottom > all.bottom + 1;
    return label.style.display === 'none' || outside;
  }).map((label) => `${plot.dataset.chart}: ${label.textContent}`);
})"""
NAMES = """(chart) => [...document.querySelectorAll(`[data-chart=${chart}] .xtick text`)].map((name) => {
  const turned = /rotate\\((?!0,)/.test(name.getAttribute('transform') ?? '');
  return [turned, [...name.querySelectorAll('tspan')].map((line) => line.textContent).join(' ') || name.textContent];
})"""


@both
@pytest.mark.parametrize("path", ["distillation", "gan", "learning-rate", "neural-network", "attention?demo=heads"])
def test_no_label_is_left_out_or_cut(visit: Visit, path: str) -> None:
    visit.open(f"/topics/{path}")
    visit.finished()
    visit.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")  # on paper all of them are
    assert visit.page.evaluate(CUT) == []


@both
@pytest.mark.parametrize(
    ("path", "chart", "names"),
    [
        ("mixture-of-experts", "heights", ["data", "mixture", "dense, as many as serve a point"]),
        ("positional-encoding?demo=length", "maps", ["learned; below: rotary", "sinusoidal; below: ALiBi"]),
    ],
)
def test_long_names_of_pictures_lie_in_lines(visit: Visit, path: str, chart: str, names: list[str]) -> None:
    visit.open(f"/topics/{path}")
    visit.finished()
    visit.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")  # on paper all of them are
    assert visit.page.evaluate(NAMES, chart) == [[False, name] for name in names]
