"""A class in one room, in real browsers: a teacher and three students, what they follow, leave and answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from playwright.sync_api import Error as BrowserError

from tests.browser.conftest import left_behind
from tests.browser.test_access import AXE, CHECK
from tests.conftest import Server

AT = "/topics/learning-rate?seed=3"
SRC = "document.getElementById('run')?.getAttribute('src')"
FRAME = "document.getElementById('run')?.dataset.frame"
END = """() => {
  const room = JSON.parse(sessionStorage.getItem("room"));
  return room && fetch(`/room/${room.code}/end`, { method: "POST", headers: { "Room-Key": room.key } }).then(() => null);
}"""
SCREENS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 1280, "height": 800}},
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 844, "height": 390}, "color_scheme": "dark"},
)


@dataclass
class Class:
    """The teacher's page, the students', and what went wrong on any."""

    server: Server
    teacher: Page
    code: str
    students: list[Page]
    problems: list[str] = field(default_factory=list)

    def hears(self, said: ConsoleMessage) -> None:
        """Notes what a page says on its console."""
        if said.type != "log":
            self.problems.append(said.text)

    def fails(self, error: BrowserError) -> None:
        """Notes an exception that nobody caught."""
        self.problems.append(str(error))

    def all_show(self, expression: str, wanted: object) -> None:
        """Until every student's page says so."""
        for student in self.students:
            student.wait_for_function(f"(wanted) => {expression} === wanted", arg=wanted)

    def button(self, name: str) -> None:
        """The teacher presses a button of the bar."""
        self.teacher.locator(".room-bar").get_by_role("button", name=name, exact=True).click()


@pytest.fixture(scope="module")
def pages(browser: Browser) -> Iterator[list[Page]]:
    """The teacher's page and the students', which have the site's files from the lesson before."""
    contexts = [browser.new_context(**screen) for screen in ({"viewport": {"width": 1280, "height": 800}}, *SCREENS)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture
def lesson(pages: list[Page], server: Server) -> Iterator[Class]:
    """A teacher at a topic, and three students who came by code and by link."""
    teacher, *students = pages
    teacher.goto(f"{server.url}/room?at={AT.replace('=', '%3D').replace('?', '%3F')}")
    teacher.get_by_role("button", name="Open a room").click()
    teacher.wait_for_url(re.compile(r"/room/[A-Z]{8}$"))
    held = Class(server, teacher, teacher.url[-8:], students)
    for page in pages:
        page.on("console", held.hears)
        page.on("pageerror", held.fails)
    students[0].goto(f"{server.url}/room")
    students[0].get_by_label("The room’s code").fill(f"{held.code[:4].lower()} {held.code[4:]}")
    students[0].get_by_role("button", name="Join").click()
    for student in students[1:]:
        student.goto(f"{server.url}/room/{held.code}")
    expect(teacher.locator(".room-bar .said")).to_have_text("3 students")
    teacher.get_by_role("link", name="Go to a topic").click()
    for page in pages:
        page.wait_for_url(f"**{AT}*")
        page.wait_for_selector("live-run[data-frame]")
    yield held
    problems = list(held.problems)  # what the pages say of a room that is taken from under them is none
    teacher.evaluate(END)
    for page in pages:
        page.remove_listener("console", held.hears)
        page.remove_listener("pageerror", held.fails)
        left_behind(page)
    assert problems == []


def test_students_follow_values_moment_demo_and_topic(lesson: Class) -> None:
    teacher = lesson.teacher
    for page in (teacher, *lesson.students):
        expect(page.locator(".room-bar")).to_be_visible()
        assert page.evaluate("() => document.querySelector('.room-bar').getBoundingClientRect().height <= 48")
    teacher.get_by_role("textbox", name="your learning rate").fill("0.01")
    teacher.keyboard.press("Enter")
    lesson.all_show(SRC, teacher.evaluate(f"() => {SRC}"))
    assert "learning_rate=0.01" in (lesson.students[0].get_attribute("#run", "src") or "")
    expect(lesson.students[0].get_by_role("textbox", name="your learning rate")).to_have_value("0.01")
    teacher.get_by_role("button", name="To the first frame").click()
    for _ in range(3):
        teacher.get_by_role("button", name="One frame forward").click()
    lesson.all_show(FRAME, "3")
    teacher.get_by_role("button", name="Play", exact=True).click()
    lesson.all_show("'playing' in document.getElementById('run').dataset", wanted=True)
    teacher.locator(".tabs a").nth(1).click()
    teacher.wait_for_function(f"() => {SRC}.includes('demo=quadratic')")
    lesson.all_show(SRC, teacher.evaluate(f"() => {SRC}"))
    teacher.goto(f"{lesson.server.url}/topics/gan")
    for student in lesson.students:
        student.wait_for_url("**/topics/gan*")
        student.wait_for_selector("live-run[data-frame]")


def test_a_student_looks_around_alone_and_rejoins(lesson: Class) -> None:
    alone, other = lesson.students[:2]
    alone.get_by_role("textbox", name="your learning rate").fill("1")
    alone.keyboard.press("Enter")
    bar = alone.locator(".room-bar")
    expect(bar.locator(".said")).to_have_text("You are looking around on your own")
    lesson.teacher.get_by_role("textbox", name="momentum").fill("0.9")
    lesson.teacher.keyboard.press("Enter")
    other.wait_for_function(f"() => {SRC}.includes('momentum=0.9')")
    assert "momentum=0&" in (alone.get_attribute("#run", "src") or "")
    alone.goto(f"{lesson.server.url}/topics/pooling")
    expect(bar.locator(".said")).to_have_text("You are looking around on your own")
    bar.get_by_role("button", name="Rejoin").click()
    alone.wait_for_url("**/topics/learning-rate*")
    alone.wait_for_function(f"() => {SRC}?.includes('momentum=0.9')")
    alone.reload()
    expect(bar.locator(".said")).to_have_text("You are following the class")


def test_answers_come_in_as_bars_and_the_run_plays_for_all(lesson: Class) -> None:
    lesson.teacher.get_by_role("button", name="To the first frame").click()
    lesson.all_show(FRAME, "0")
    lesson.button("Ask")
    lesson.button("A B C")
    one, two, three = lesson.students
    for student, option in ((one, "B"), (two, "B"), (three, "C")):
        student.locator(".room-panel").get_by_role("button", name=option, exact=True).click()
        expect(student.locator(".room-panel")).to_contain_text(f"You chose {option}")
        expect(student.locator(".claims")).to_be_hidden()
        assert student.locator(".answers").count() == 0
    bars = lesson.teacher.locator(".answers li")
    expect(bars).to_have_text(["A0", "B2", "C1"])
    one.reload()
    expect(one.locator(".room-panel")).to_contain_text("You chose B")
    assert {page.evaluate(f"() => {FRAME}") for page in (lesson.teacher, two, three)} == {"0"}
    lesson.button("Play the run for all")
    for student in lesson.students:
        expect(student.locator(".answers li")).to_have_text(["A0", "B2", "C1"])
        student.wait_for_function(f"() => Number({FRAME}) > 0")
        expect(student.locator(".claims")).to_be_visible()
    expect(two.locator(".answers [aria-current]")).to_have_text("B2")


def test_axe_finds_nothing_while_a_question_is_open_and_once_it_is_over(lesson: Class) -> None:
    pages = (lesson.teacher, *lesson.students)
    lesson.button("Ask")
    lesson.button("A B C")
    for page in pages:
        expect(page.locator(".room-panel")).to_be_visible()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(CHECK) == []
    lesson.button("Play the run for all")
    for page in pages:
        expect(page.locator(".answers li")).to_have_count(3)
        assert page.evaluate(CHECK) == []


A_RUN = 30_000  # milliseconds in which a run has been played to its end, on a busy machine too
GUESS = "Rate 10: what will its training loss do?"
OPTIONS = ["Fall even faster than at rate 1", "Fall, and then bounce up and down", "Stay about where it began", "Blow up"]


def test_a_guess_of_the_page_is_asked_and_its_run_tells_all_what_was_right(lesson: Class) -> None:
    lesson.button("Ask")
    lesson.button(GUESS)
    for student in lesson.students:
        expect(student.locator(".room-panel > button")).to_have_text(OPTIONS)
    lesson.all_show(
        "Number(new URL(document.getElementById('run').getAttribute('src'), location).searchParams.get('learning_rate'))", 10
    )
    lesson.all_show(FRAME, "0")
    one, two, three = lesson.students
    for student, option in ((one, OPTIONS[0]), (two, OPTIONS[3]), (three, OPTIONS[3])):
        for telling in (".status .said", ".presets", ".claims", ".player"):
            expect(student.locator(f".experiment {telling}")).to_be_hidden()
        student.locator(".room-panel").get_by_role("button", name=option).click()
        expect(student.locator(".room-panel")).to_contain_text(f"You chose {option}")
    bars = lesson.teacher.locator(".answers .count")
    expect(bars).to_have_text(["1", "0", "0", "2"])
    lesson.button("Play the run for all")
    for page in (lesson.teacher, *lesson.students):
        expect(page.locator(".room-panel .right")).to_have_text("✓ Blow up2", timeout=A_RUN)
        expect(page.locator(".room-panel .told")).to_have_text("It is: Blow up.")
        expect(page.locator(".room-panel .because")).to_contain_text("Measured: the training loss of rate 10 at the end: ")
        expect(page.locator(".experiment .player")).to_be_visible()
    expect(one.locator(".because p")).to_be_visible()
    expect(two.locator(".because p")).to_be_hidden()
    assert two.evaluate("() => document.querySelector('.room-bar').offsetHeight") <= 0.4 * 844, "a phone still shows the chart"
    expect(one.locator(".answers [aria-current]")).to_have_text(f"{OPTIONS[0]}1")
    assert two.evaluate("() => document.querySelector('.charts').getBoundingClientRect().top < innerHeight / 2")
    two.locator(".room-panel").get_by_role("button", name="Close").click()
    expect(two.locator(".room-panel")).to_be_hidden()


def test_who_plays_a_guess_that_is_asked_from_its_own_place_plays_it_for_all(lesson: Class) -> None:
    lesson.button("Ask")
    lesson.button(GUESS)
    expect(lesson.students[0].locator(".room-panel > button")).to_have_text(OPTIONS)
    guess = lesson.teacher.get_by_role("form", name=GUESS)
    guess.get_by_role("radio", name="Blow up").check()
    guess.get_by_role("button", name="Play the run").click()
    for student in lesson.students:
        expect(student.locator(".answers .count")).to_have_text(["0"] * 4)
        student.wait_for_function(f"() => Number({FRAME}) > 0")


def test_a_class_behind_one_address_is_many_tabs(lesson: Class) -> None:
    tabs = []
    for page in (lesson.teacher, *lesson.students):
        with page.expect_request("**/room/*/stream") as asked:
            page.reload()
        tabs.append(asked.value.headers["tab"])
    assert len(set(tabs)) == 4


def test_the_teacher_ends_it_for_all_and_nothing_stays(lesson: Class) -> None:
    lesson.button("End")
    lesson.button("End for all?")
    for page in (lesson.teacher, *lesson.students):
        expect(page.locator(".room-bar .said")).to_contain_text("The class is over")
        assert page.evaluate("() => sessionStorage.getItem('room')") is None
        page.locator(".room-bar").get_by_role("button", name="Close").click()
        assert page.locator(".room-bar").count() == 0
    assert lesson.server.get(f"/room/{lesson.code}").status_code == 404


def test_who_is_in_no_room_loads_nothing_of_it(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(f"{server.url}/topics/gan")
    page.wait_for_selector("live-run[data-frame]")
    assert [url for url in asked if "room" in url.rpartition("/static/")[2]] == []
    page.context.close()
