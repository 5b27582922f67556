"""Practising in a real browser: the session, its clock and keys, the schedule beside the reference, the file, what is due."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsrs
import pytest
from playwright.sync_api import Browser, expect

from app.cards import deck
from app.prose import plain_text
from tests.browser.conftest import Visit
from tests.browser.test_access import AXE, CHECK
from tests.browser.test_scripts import Modules, modules  # noqa: F401  # a fixture
from tests.conftest import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "reduced_motion": "reduce", "color_scheme": "dark"}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
EPOCH = datetime(2026, 1, 5, 9, tzinfo=UTC)
REVIEWS = "JSON.parse(localStorage.getItem('practice reviews')).reviews"
SEEN = """(days) => localStorage.setItem("practice reviews", JSON.stringify({
  format: "Watch It Learn practice", version: 1,
  reviews: { lstm: [[Date.now() - days * 86400000, 3]], "learning-rate": [[Date.now() - days * 86400000, 3]],
             "lstm/how-does-a-gru-differ": [[Date.now() - days * 86400000, 4]] },
}))"""


def history(rng: random.Random) -> list[tuple[int, int]]:
    """Grades at random times: some within minutes, some after weeks or years."""
    time, reviews = int(EPOCH.timestamp() * 1000), []
    for _ in range(rng.randint(1, 12)):
        reviews.append((time, rng.choice((1, 2, 3, 3, 3, 4))))
        time += int(rng.choice((60_000, 3_600_000, 86_400_000, 30 * 86_400_000)) * rng.uniform(0.1, 12))
    return reviews


def reference(reviews: list[tuple[int, int]]) -> dict[str, float]:
    """What py-fsrs, the reference, makes of a history."""
    step = (timedelta(minutes=10),)
    scheduler = fsrs.Scheduler(learning_steps=step, relearning_steps=step, enable_fuzzing=False)
    card = fsrs.Card(due=EPOCH)
    for time, grade in reviews:
        when = EPOCH + timedelta(milliseconds=time - EPOCH.timestamp() * 1000)
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), when)
    assert card.stability is not None
    assert card.difficulty is not None
    return {"due": card.due.timestamp() * 1000, "stability": card.stability, "difficulty": card.difficulty}


def test_the_schedule_is_that_of_the_reference_on_a_thousand_random_histories(modules: Modules) -> None:  # noqa: F811
    rng = random.Random(17)  # noqa: S311  # histories, no secrets
    histories = [history(rng) for _ in range(1000)]
    ours = modules.run("practice/schedule", f"return {json.dumps(histories)}.map(m.scheduled)")
    for reviews, card in zip(histories, ours, strict=True):
        theirs = reference(reviews)
        assert card["due"] == theirs["due"], reviews
        assert card["memory"]["stability"] == pytest.approx(theirs["stability"], rel=1e-5), reviews
        assert card["memory"]["difficulty"] == pytest.approx(theirs["difficulty"], rel=1e-5), reviews


def test_what_comes_next_is_due_then_new_then_what_is_being_learned(modules: Modules) -> None:  # noqa: F811
    told = modules.run(
        "practice/queue",
        """const now = new Date(2026, 4, 5, 12).getTime(), minute = 60000, day = 1440 * minute;
        const names = ["a", "b", "c", ...Array.from({ length: 20 }, (_, place) => `n${place}`)];
        const reviews = new Map([["b", [[now - 9 * day, 3]]], ["a", [[now - 8 * day, 3]]], ["c", [[now - minute, 1]]]]);
        const first = m.standing(names, reviews, now);
        reviews.set("a", [...reviews.get("a"), [now, 3]]).set("b", [...reviews.get("b"), [now, 3]]);
        const second = m.standing(names, reviews, now);
        for (const name of second.fresh) reviews.set(name, [[now, 4]]);
        const third = m.standing(names, reviews, now);
        const nobody = m.standing(["a"], reviews, now);
        const more = m.standing(names, reviews, now, 10);
        const asked = [first, second, third, nobody].map((one) => m.next(one, now));
        return [first.due, first.fresh.length, ...asked, more.fresh.length]""",
    )
    assert told == [["b", "a"], 9, "b", "n0", "c", None, 10]


@pytest.mark.parametrize("visit", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
def test_a_card_is_asked_timed_answered_ticked_and_graded(visit: Visit) -> None:
    page = visit.open("/practice")
    own, first, *_ = next(iter(deck().values()))
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".asked")).to_have_text(plain_text(own.question))
    expect(page.locator(".asked")).to_be_focused()
    expect(page.locator(".answered")).to_be_hidden()
    page.get_by_role("button", name="Start the clock").click()
    expect(page.get_by_role("timer")).to_have_text("29 s")
    page.get_by_role("button", name="Show the answer").click()
    answer = page.locator("#session .answer")
    expect(answer.get_by_role("checkbox")).to_have_count(len(own.points))
    answer.get_by_role("checkbox").first.check()
    expect(page.locator(".said")).to_have_text(f"You ticked 1 of {len(own.points)} points.")
    expect(answer.get_by_role("link", name="See it happen")).to_have_attribute("href", own.url)
    assert page.locator(".grades .next").all_text_contents() == ["10 min", "15 min", "2 days", "8 days"]
    page.get_by_role("button", name="Good").click()
    expect(page.locator(".asked")).to_have_text(plain_text(first.question))
    assert page.evaluate(f"() => {REVIEWS}['{own.name}'].map(([, grade]) => grade)") == [3]
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_space_shows_the_answer_and_a_number_grades_it_while_the_focus_is_in_the_session(visit: Visit) -> None:
    page = visit.open("/practice")
    page.get_by_role("button", name="Begin").click()
    page.keyboard.press("3")
    expect(page.locator(".answered")).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("1")
    assert page.evaluate(f"() => Object.values({REVIEWS}).flat().map(([, grade]) => grade)") == [1]
    page.keyboard.press("Space")
    expect(page.locator(".answered")).to_be_visible()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("4")
    assert page.evaluate(f"() => Object.values({REVIEWS}).flat().length") == 1


@pytest.mark.first_visit
def test_when_the_thirty_seconds_are_over_the_page_says_so_and_goes_on_waiting(visit: Visit) -> None:
    page = visit.page
    page.clock.install()
    visit.open("/practice")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Start the clock").click()
    page.clock.run_for(31_000)
    expect(page.locator(".over")).to_contain_text("The thirty seconds are over.")
    expect(page.locator(".answered")).to_be_hidden()


def test_a_link_to_a_card_asks_it_and_the_catalogue_says_what_is_due(visit: Visit) -> None:
    page = visit.open("/practice#lstm")
    expect(page.locator(".asked")).to_have_text(plain_text(deck()["lstm"][0].question))
    expect(page.locator(".asked")).to_be_in_viewport()
    page.evaluate(SEEN, 5)
    visit.open("/")
    expect(page.get_by_role("link", name="Practise: 2 cards due")).to_be_visible()
    assert page.locator(".card[data-due]").evaluate_all("cards => cards.map((one) => [one.dataset.slug, one.dataset.due])") == [
        ["learning-rate", "1 due"],
        ["lstm", "1 due"],
    ]
    visit.open("/practice")
    expect(page.locator(".counts")).to_contain_text("2 cards due")


def test_a_file_takes_the_schedule_to_another_browser_and_adds_to_what_is_there(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/practice")
    page.evaluate(SEEN, 5)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save to a file").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    assert path.name.startswith("watch-it-learn-practice-")
    before = page.evaluate(f"() => {REVIEWS}")
    page.evaluate(SEEN, 1)
    page.locator("[data-action=import]").set_input_files(path)
    expect(page.locator(".kept")).to_have_text("3 reviews added.")
    page.locator("[data-action=import]").set_input_files(path)
    expect(page.locator(".kept")).to_have_text("0 reviews added, 3 here already.")
    after = page.evaluate(f"() => {REVIEWS}")
    assert {name: reviews[0] for name, reviews in after.items()} == {name: reviews[0] for name, reviews in before.items()}
    assert all(len(reviews) == 2 for reviews in after.values())


BAD_FILES = {
    "{": "is not JSON.",
    "[]": "was not saved from this page.",
    "null": "was not saved from this page.",
    '{"format": "Watch It Learn practice", "version": 1, "reviews": null}': "was not saved from this page.",
    '{"format": "Watch It Learn practice", "version": 2, "reviews": {}}': "is of version 2; this page reads version 1.",
    '{"format": "Watch It Learn practice", "reviews": {}}': "is of version undefined; this page reads version 1.",
    **{
        f'{{"format": "Watch It Learn practice", "version": 1, "reviews": {reviews}}}': said
        for reviews, said in {
            '{"lstm": 3}': "has no list of reviews where it names “lstm”.",
            '{"<b>": []}': "has no list of reviews where it names “<b>”.",
            '{"lstm": [3]}': "has a review of “lstm” that cannot be read: 3.",
            '{"lstm": [[1, 5]]}': "has a review of “lstm” that cannot be read: [1,5].",
            '{"lstm": [[1, 3], [1.5, 3]]}': "has a review of “lstm” that cannot be read: [1.5,3].",
            '{"__proto__": [["x", 3]]}': 'has a review of “__proto__” that cannot be read: ["x",3].',
            '{"lstm": [[9e14, 3]]}': "has a review of “lstm” that lies in the future: ",
        }.items()
    },
}


def test_what_is_wrong_with_a_file_is_said(modules: Modules) -> None:  # noqa: F811
    tried = "try { m.fromText(text, 1e13); return 'read'; } catch (wrong) { return wrong.message; }"
    told = modules.run("practice/reviews", f"return {json.dumps(list(BAD_FILES))}.map((text) => {{ {tried} }})")
    assert [one for one, said in zip(told, BAD_FILES.values(), strict=True) if not one.startswith(said)] == []


def test_where_nothing_can_be_kept_reviews_last_as_long_as_the_page(modules: Modules) -> None:  # noqa: F811
    body = """const { setItem } = Storage.prototype, reviews = new Map([["gan", [[5, 3]]]]);
      Storage.prototype.setItem = () => { throw new Error("full"); };
      const told = [m.add(reviews), [...m.kept()]];
      Storage.prototype.setItem = setItem;
      return [...told, localStorage.getItem("practice reviews"), m.add(new Map()), localStorage.getItem("practice reviews")];"""
    lasts, kept, before, again, after = modules.run("practice/reviews", body)
    assert (lasts, kept, before, again) == (False, [["gan", [[5, 3]]]], None, True)
    assert json.loads(after)["reviews"] == {"gan": [[5, 3]]}


def test_what_is_kept_and_cannot_be_read_is_put_aside(modules: Modules) -> None:  # noqa: F811
    body = """localStorage.setItem("practice reviews", "{"); const empty = m.kept().size; m.add(new Map([["gan", [[5, 3]]]]));
      return [empty, localStorage.getItem("practice reviews, unreadable"), m.kept().size];"""
    assert modules.run("practice/reviews", body) == [0, "{", 1]


def test_a_file_that_cannot_be_read_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/practice")
    page.evaluate(SEEN, 5)
    before = page.evaluate("() => localStorage.getItem('practice reviews')")
    path = tmp_path / "mine.json"
    path.write_text("[]", encoding="utf-8")
    page.locator("[data-action=import]").set_input_files(path)
    expect(page.locator(".kept")).to_have_text("“mine.json” was not saved from this page. Nothing was changed.")
    assert page.evaluate("() => localStorage.getItem('practice reviews')") == before


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_without_script_the_cards_can_be_read(visit: Visit) -> None:
    page = visit.open("/practice")
    own = deck()["lstm"][0]
    expect(page.locator("#session")).to_be_hidden()
    card = page.locator("[id='lstm']")
    card.locator("summary").click()
    expect(card.get_by_text(plain_text(own.points[0].said))).to_be_visible()


def test_axe_finds_nothing_in_a_session_and_open_cards(browser: Browser, server: Server) -> None:
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page = context.new_page()
    found: dict[Any, list[str]] = {}
    for path in ("/practice", deck()["lstm"][1].url):
        page.goto(server.url + path)
        page.evaluate(
            "() => document.querySelectorAll('.flashcard details').forEach((one) => (one.open = one.closest('#lstm, #gan')))"
        )
        for width, theme in ((1280, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # a Literal that mypy takes for any text
            found[path, theme, "before"] = page.evaluate(CHECK)
            if page.locator("[data-action=begin]").is_visible():
                page.get_by_role("button", name="Begin").click()
                page.keyboard.press("Space")
            found[path, theme] = page.evaluate(CHECK)
    context.close()
    assert not any(found.values()), found
