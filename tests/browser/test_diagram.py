"""The network diagram in a real browser: what a frame adds is written in that frame, whatever was shown before."""

from __future__ import annotations

from tests.browser.conftest import Visit

WRITTEN = "[...document.querySelectorAll('#chart-network .textpoint')].map(one => one.textContent.trim())"


def test_every_step_of_a_forward_pass_writes_its_number_at_once(visit: Visit) -> None:
    page = visit.open("/topics/neural-network?demo=forward")
    visit.finished()
    all_numbers = page.evaluate(f"() => {WRITTEN}")
    page.locator("[data-do=first]").click()
    for step in range(1, 6):
        page.locator("[data-do=forward]").click()
        visit.wait_for(f"{WRITTEN}.filter(Boolean).includes('{all_numbers[step - 1]}')", seconds=5)
