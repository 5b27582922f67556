"""The pages of exercises by hand: the list, a sheet, a marked one, the part htmx asks for, and whatever else one may send."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import entries
from app.exercises import exercises, of_topic
from app.params import LARGEST_SEED
from tests.conftest import NO_TLS, Server

KINDS = pytest.mark.parametrize("name", list(exercises()))
SHEET = "/exercises/lstm-step?seed=7"
MARKED = f"{SHEET}&z_f=0,46&f=0.613&z_i=0.62&i=0.65"


def marks(html: str) -> list[str]:
    return re.findall(r'<li class="line" data-mark="(\w+)"', html)


def test_the_list_names_every_kind_and_the_question_it_belongs_to(server: Server) -> None:
    html = server.get("/exercises").text
    for exercise in exercises().values():
        assert f'href="{exercise.url}"' in html
        assert exercise.about in html
    assert 'href="/exercises"' in server.get("/").text


def test_a_topics_page_links_to_its_exercises(server: Server) -> None:
    for entry in entries().values():
        html = server.get(entry.url).text
        assert [name for name, each in exercises().items() if f'href="{each.url}"' in html] == [
            each.name for each in of_topic(entry)
        ]


@KINDS
def test_a_sheet_has_a_field_and_a_formula_for_each_line_and_no_marks(server: Server, name: str) -> None:
    answer = server.get(f"/exercises/{name}?seed=7")
    assert answer.status_code == 200
    for line in exercises()[name].sheet(7).lines:
        assert f'<input id="{line.name}" name="{line.name}" value=""' in answer.text
        assert f'<p class="help" id="{line.name}-help" popover><math>' in answer.text
    assert marks(answer.text) == []
    assert "Worked solution" not in answer.text


@KINDS
def test_the_worked_solution_comes_on_request_line_by_line(server: Server, name: str) -> None:
    html = server.get(f"/exercises/{name}?seed=7&solution=1").text
    board = html.partition('data-kind="working">')[2].partition("</div>")[0]
    assert board.count("<p>") == len(exercises()[name].sheet(7).lines)


def test_a_marked_sheet_is_a_link_and_says_line_by_line_how_it_is(server: Server) -> None:
    answer = server.get(MARKED)
    assert answer.status_code == 200
    assert marks(answer.text) == ["right", "right", "wrong", "follows"] + ["empty"] * 6
    assert "The number is right, the sign is not." in answer.text
    assert "Right from your <math>" in answer.text
    assert "3 of 10 lines are right, 6 still to be filled in." in answer.text
    assert 'value="0,46"' in answer.text


def test_the_part_is_the_sheet_alone_and_brings_its_canonical_address(server: Server) -> None:
    answer = server.get(f"{MARKED}&o=&c=%20", headers={"HX-Request": "true"})
    assert answer.text.startswith('<section id="exercise"')
    assert answer.headers["hx-replace-url"] == f"{SHEET}&z_f=0%2C46&f=0.613&z_i=0.62&i=0.65"
    assert server.get(answer.headers["hx-replace-url"]).text.count('data-mark="right"') == 2
    assert "hx-replace-url" not in server.get(MARKED).headers


@pytest.mark.parametrize("seed", ["x", "-1", str(LARGEST_SEED + 1), "1.5", "", "1e2", "nan", "9" * 5000])
def test_a_seed_that_is_none_is_told_at_its_field_and_answers_are_kept(server: Server, seed: str) -> None:
    answer = server.get(f"/exercises/lstm-step?seed={seed}&f=0.6")
    assert answer.status_code == 422
    assert re.search(r'id="seed-error">Seed: [^<]*Give a whole number from 0 to 999999', answer.text)
    assert '<input type="hidden" name="f" value="0.6">' in answer.text


def test_an_answer_that_cannot_be_read_is_told_at_its_line_and_the_others_are_marked(server: Server) -> None:
    answer = server.get(f"{SHEET}&z_f=<b>&f=0.613&z_i=0.6&z_i=0.7&i={'9' * 5000}&z_g=1e999")
    assert answer.status_code == 422
    assert marks(answer.text)[:5] == ["unreadable", "right", "unreadable", "unreadable", "unreadable"]
    assert "“&lt;b&gt;” cannot be read as a number" in answer.text
    assert "“0.6 and 0.7” cannot be read as a number" in answer.text
    assert "at most 40 characters" in answer.text
    assert "too large" in answer.text


def test_a_name_that_is_no_line_is_told(server: Server) -> None:
    answer = server.get(f"{SHEET}&q=1&solution=yes")
    assert answer.status_code == 422
    assert "“q=1” is no line here" in answer.text
    assert "“solution=yes” is not allowed" in answer.text


def test_an_unknown_kind_gets_404_with_those_that_there_are(server: Server) -> None:
    answer = server.get("/exercises/lstm")
    assert answer.status_code == 404
    assert all(name in answer.text for name in exercises())
    assert server.get("/exercises/", follow_redirects=True).status_code == 200


def test_another_one_is_the_next_seed(server: Server) -> None:
    assert f'href="{SHEET.replace("7", "8")}"' in server.get(SHEET).text
    assert 'href="/exercises/lstm-step?seed=0"' in server.get(f"/exercises/lstm-step?seed={LARGEST_SEED}").text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(exercises())), data=st.data())
def test_whatever_is_sent_gets_a_page(server: Server, name: str, data: st.DataObject) -> None:
    names = st.sampled_from([line.name for line in exercises()[name].sheet(0).lines]) | st.sampled_from(["seed", "solution"])
    text = st.text(st.characters(codec="utf-8"), max_size=30)
    pairs = data.draw(
        st.lists(st.tuples(names | text, text | st.sampled_from(["1", "-1", "1e300", "0", "1/0", "(1,2)"])), max_size=8)
    )
    path = f"/exercises/{name}?{urlencode(pairs)}"
    answer = httpx.get(server.url + path, verify=NO_TLS, timeout=60)
    assert answer.status_code in (200, 422), path
    assert unescape(answer.text).count("</html>") == 1 or "</html>" in urlencode(pairs)


@pytest.mark.parametrize("path", ["/exercises/%00", "/exercises/" + quote("löss\n"), "/exercises/" + "x" * 3000])
def test_strange_names_get_404(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404
