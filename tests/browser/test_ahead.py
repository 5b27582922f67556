"""Asked ahead: while a slider is in hand, the first frames of the stops beside it are ready when it moves there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.browser.conftest import Visit

RATE = "form.controls .stops[data-for=learning_rate]"


def asked_ahead(visit: Visit) -> list[str]:
    """The learning rates whose runs were asked for ahead, in order."""
    return [parse_qs(urlsplit(url).query)["learning_rate"][0] for url in visit.requests if "/ahead?" in url]


def stop(visit: Visit, beyond: int) -> str:
    """The stop so many beyond the one where the slider stands."""
    return str(visit.page.locator(RATE).evaluate(f"range => range.dataset.stops.split(' ')[Number(range.value) + {beyond}]"))


def test_a_slider_in_hand_asks_for_the_stops_beside_it_and_after_a_move_for_those_that_are_new(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race")
    visit.finished()
    assert asked_ahead(visit) == []
    here, before, after, beyond = (stop(visit, places) for places in (0, -1, 1, 2))
    with page.expect_response(lambda answer: f"/ahead?demo=race&learning_rate={before}&" in answer.url) as ready:
        page.locator(RATE).focus()
    assert ready.value.status == 200
    with page.expect_response(lambda answer: f"/ahead?demo=race&learning_rate={here}&" in answer.url):
        page.keyboard.press("ArrowRight")
    visit.finished()
    assert asked_ahead(visit) == [after, before, beyond, here]


def test_the_run_of_a_stop_that_was_asked_for_ahead_is_whole(visit: Visit) -> None:
    page = visit.open("/topics/learning-rate?demo=race&seed=77")
    visit.finished()
    with page.expect_response(lambda answer: "/ahead?" in answer.url):
        page.locator(RATE).focus()
    before = page.locator("live-run").get_attribute("data-key")
    page.keyboard.press("ArrowRight")
    visit.wait_for(f"document.querySelector('live-run').dataset.key !== '{before}'")
    visit.finished()
    frames = page.evaluate("() => document.querySelector('live-run').timeline.done.frames")
    assert frames == page.evaluate("() => document.querySelector('live-run').timeline.length")
