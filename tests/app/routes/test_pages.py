"""The pages as HTML: catalogue, search, topics, the parts htmx asks for, and what goes wrong."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import entries, neighbours
from app.experiment import Experiment
from app.page_query import PageQuery
from app.query import text_of
from app.topics import topics
from tests.conftest import Server

PART = {"HX-Request": "true", "HX-Target": "live-run#run"}
EVERY_TOPIC = pytest.mark.parametrize("slug", list(topics()))


def links(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'(?:href|hx-get)="([^"]*)"', html)]


def test_the_catalogue_shows_all_questions_each_with_a_picture_of_its_demo(server: Server) -> None:
    html = server.get("/").text
    assert [slug for slug in entries() if f'data-slug="{slug}"' not in html] == []
    assert set(topics()) == set(entries())
    assert html.count('<img src="/static/') - html.count('icon.svg" alt') >= len(entries()) >= 30


def test_a_search_finds_what_questions_and_texts_hold(server: Server) -> None:
    html = server.get("/?q=edge+of+STABILITY").text
    slugs = re.findall(r'class="card[^"]*" data-slug="([^"]*)"', html)
    assert "learning-rate" in slugs
    assert len(slugs) < 10
    assert "data-slug" not in server.get("/?q=zzzz").text
    assert "show all questions" in server.get("/?q=zzzz").text


def test_a_search_is_shown_as_it_was_typed_and_never_as_markup(server: Server) -> None:
    assert "<script>alert" not in server.get("/?q=<script>alert(1)</script>").text


@EVERY_TOPIC
def test_every_link_on_a_topics_page_leads_to_a_page(server: Server, slug: str) -> None:
    said = (link.removeprefix(server.url) for link in links(server.get(f"/topics/{slug}").text))
    targets = {link for link in said if not link.startswith("#")}
    inside = {link for link in targets if link.startswith("/")}
    assert [link for link in targets - inside if not link.startswith("https://")] == []
    for link in inside:
        parts = urlsplit(link)
        if parts.path == f"/topics/{slug}" and parts.query:
            Experiment.of(topics()[slug], PageQuery.of(parse_qsl(parts.query)).items)
        elif not parts.path.endswith((".json", ".csv")):
            assert status(server, link) == 200, link


@cache
def status(server: Server, link: str) -> int:
    """Asked once: every page names every other."""
    return server.get(link).status_code


@EVERY_TOPIC
def test_a_topics_page_names_every_parameter_and_chart(server: Server, slug: str) -> None:
    for demo in topics()[slug].demos:
        html = server.get(f"/topics/{slug}?demo={demo.name}").text
        for name in demo.params.in_order():
            assert f'name="{name}"' in html
        for name in demo.charts(demo.params()):
            assert f'data-chart="{name}"' in html


def test_an_unknown_topic_gets_404_with_the_nearest(server: Server) -> None:
    answer = server.get("/topics/lerning-rates")
    assert answer.status_code == 404
    assert 'href="/topics/learning-rate"' in answer.text


def test_an_unknown_address_and_method_get_a_page(server: Server) -> None:
    assert server.get("/nothing/here").status_code == 404
    assert "All questions" in server.get("/nothing/here").text


def test_a_bad_value_keeps_all_else_and_says_in_the_forms_words_what_is_allowed(server: Server) -> None:
    pin = "learning_rate=0.1&seed=2"
    said = [("demo", "race"), ("learning_rate", "1e9"), ("momentum", "0.5"), ("seed", "7"), ("pin", pin), ("pin", "no=run")]
    answer = server.get("/topics/learning-rate", params=[*said, ("present", "1")])
    assert answer.status_code == 422
    assert "Your learning rate: “1e9” is not allowed. Give a number from 0.00001 to 100." in answer.text
    kept = {"demo": "race", "learning_rate": "1e9", "momentum": "0.5", "seed": "7", "pin": escape(pin), "present": "1"}
    for name, value in kept.items():
        assert re.findall(rf'name="{name}" value="([^"]*)"', answer.text) == [value]
    assert '<body class="present">' in answer.text
    assert "<live-run" in answer.text
    assert " src=" not in answer.text.partition("<live-run")[2].partition(">")[0]


def test_a_refused_choice_is_shown_as_refused_and_no_preset_as_the_run(server: Server) -> None:
    text = server.get("/topics/gan?demo=ring&cure=prayer").text
    assert re.findall(r"<option[^>]* selected>([^<]*)", text) == ["prayer (not allowed)", "1×"]
    assert 'href="/topics/gan?demo=ring&amp;' in text
    assert 'aria-current="true"' not in text
    assert 'aria-current="true"' in server.get("/topics/gan?demo=ring").text


def test_previous_and_next_follow_the_order_in_which_the_catalogue_shows_the_topics() -> None:
    shown = list(entries().values())
    assert [neighbours(entry.slug) for entry in shown] == list(zip([None, *shown[:-1]], [*shown[1:], None], strict=True))


@pytest.mark.parametrize("mode", ["present", "embed"])
def test_a_mode_is_a_link_and_lasts_from_topic_to_topic(server: Server, mode: str) -> None:
    plain, dressed = (links(server.get(f"/topics/gan?seed=1{more}").text) for more in ("", f"&{mode}=1"))
    assert any(link.endswith("&present=1") for link in plain)
    first, last = neighbours("gan")
    assert {f"{one.url}?{mode}=1" for one in (first, last) if one} <= set(dressed)
    assert not any("present=1" in link or "embed=1" in link for link in dressed if "seed=1" in link)


def test_what_the_address_alone_holds_is_explained_above_the_form(server: Server) -> None:
    text = server.get("/topics/learning-rate?demo=race&lr=1&embed=yes").text
    assert "In the address, “embed=yes” is not allowed. Give 1, or leave it out." in text
    assert '<body class="embed">' not in text
    assert "In the address, “lr=1” is not a parameter here." in server.get("/topics/learning-rate?demo=race&lr=1").text


def test_a_control_gets_the_run_alone_and_its_address(server: Server) -> None:
    answer = server.get("/topics/learning-rate?demo=race&learning_rate=3e-2", headers=PART)
    assert answer.text.lstrip().startswith("<live-run")
    assert answer.headers["hx-replace-url"] == "/topics/learning-rate?learning_rate=0.03"


@EVERY_TOPIC
def test_no_link_on_a_page_says_a_default(server: Server, slug: str) -> None:
    for demo in topics()[slug].demos:
        address = Experiment(topics()[slug], demo, demo.params()).url()
        assert address == f"/topics/{slug}" + ("" if demo is topics()[slug].demos[0] else f"?demo={demo.name}")
        every = "&".join(f"{name}={quote_plus(text_of(value))}" for name, value in demo.params().values().items())
        page = server.get(f"/topics/{slug}?demo={demo.name}&{every}").text
        assert f'data-url="{address}"' in page
        for link in (link.removeprefix(server.url) for link in links(page)):
            parts = urlsplit(link)
            if parts.path.startswith(f"/topics/{slug}") and parts.query:
                query = PageQuery.of(parse_qsl(parts.query, keep_blank_values=True))
                there = Experiment.of(topics()[slug], query.items)
                assert link.partition("#")[0] == there.url(parts.path.removeprefix(f"/topics/{slug}"), _more(query))


def _more(query: PageQuery) -> list[tuple[str, str]]:
    return [("pin", pin) for pin in query.pins] + ([(query.mode, "1")] if query.mode else [])


def test_a_bad_value_from_a_control_goes_to_its_field(server: Server) -> None:
    answer = server.get("/topics/learning-rate?learning_rate=x", headers=PART)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#experiment"
    assert 'aria-invalid="true"' in answer.text


def test_every_answer_carries_the_policy(server: Server) -> None:
    paths = ("/", "/topics/learning-rate", "/topics/nothing", "/healthz", "/api/topics", "/topics/learning-rate/run.json?seed=x")
    for path in paths:
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]


def test_static_files_are_compressed_and_kept_for_good(server: Server) -> None:
    html = server.get("/topics/learning-rate").text
    path = re.search(r'"(/static/[^"]*plotly[^"]*)"', html)[1]  # type: ignore[index]  # it is there
    answer = server.get(path, headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]


def test_a_page_loads_nothing_from_another_host_and_names_one_only_for_the_visitor_to_open(server: Server) -> None:
    for path in ("/", *(f"/topics/{slug}" for slug in topics())):
        html = server.get(path).text.replace(f'="{server.url}', '="')  # what it says of itself is this host's
        named = re.findall(r'<(\w+)[^>]*?(?:src|href|action|content)="https?://[^"]*"', html)
        assert set(named) <= {"a"}
        assert 'href="http://' not in html


names = st.sampled_from(["demo", "seed", "learning_rate", "momentum", "hidden_units", "q", ""])
values = st.text(max_size=30) | st.sampled_from(["0", "-0", "1e400", "nan", "true", "race", "0x10", "１", "1_000", " 1 "])


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, values), max_size=4), st.sampled_from(["", "/stream"]))
def test_nothing_a_visitor_sends_breaks_the_server(server: Server, query: list[tuple[str, str]], path: str) -> None:
    encodable = [(name, value.encode("utf-8", "replace").decode()) for name, value in query]
    assert server.get(f"/topics/learning-rate{path}", params=encodable).status_code in {200, 422}
