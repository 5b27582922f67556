"""Finished runs and topics for scripts: plain numbers, cacheable, the same as the stream's."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from app.frames import plain
from app.topics import topics
from tests.app.events import said
from tests.conftest import Server

QUERY = "demo=race&seed=3"
FILES = ("run.json", "run.csv", "run.html", "run.zip")


def test_run_json_holds_the_stream_in_plain_numbers(server: Server) -> None:
    run = server.get(f"/topics/learning-rate/run.json?{QUERY}").json()
    stream = said(server.get(f"/topics/learning-rate/stream?{QUERY}"))
    assert run["params"] == stream[0][1]["params"]
    assert len(run["frames"]) == stream[-1][1]["frames"]
    assert run["claims"] == stream[-1][1]["claims"]
    assert "bdata" not in json.dumps(run)
    _, frame = stream[5]
    assert run["frames"][4]["step"] == frame["step"]
    bars = plain(frame["charts"]["accuracy"]["set"]["accuracy"]["y"])
    assert run["frames"][4]["charts"]["accuracy"]["set"]["accuracy"]["y"] == pytest.approx(list(bars))


def test_run_csv_has_one_row_a_frame(server: Server) -> None:
    rows = list(csv.DictReader(io.StringIO(server.get(f"/topics/learning-rate/run.csv?{QUERY}").text)))
    stream = said(server.get(f"/topics/learning-rate/stream?{QUERY}"))
    assert len(rows) == stream[-1][1]["frames"]
    assert float(rows[-1]["step"]) == stream[-1][1]["steps"]
    assert any(name.startswith("loss.") for name in rows[0])


@pytest.mark.parametrize("file", FILES)
def test_a_finished_run_is_cacheable_and_revalidates(file: str, server: Server) -> None:
    first = server.get(f"/topics/learning-rate/{file}?{QUERY}")
    again = server.get(f"/topics/learning-rate/{file}?{QUERY}", headers={"If-None-Match": first.headers["etag"]})
    assert "max-age" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


TIMED = [(slug, demo.name) for slug, topic in topics().items() for demo in topic.demos if demo.timed]


@pytest.mark.parametrize(("slug", "demo"), TIMED)
def test_a_file_of_a_run_that_measures_time_is_that_of_the_stream_and_not_to_be_stored(
    slug: str, demo: str, server: Server
) -> None:
    stream = said(server.get(f"/topics/{slug}/stream?demo={demo}"))
    answer = server.get(f"/topics/{slug}/run.json?demo={demo}", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers
    assert answer.json()["run"] == stream[0][1]["run"]


@pytest.mark.parametrize("file", FILES)
def test_what_is_no_run_is_refused_with_what_is_allowed(file: str, server: Server) -> None:
    refused = server.get(f"/topics/learning-rate/{file}?demo=race&learning_rate=fast")
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["learning_rate"]
    assert server.get(f"/topics/no-such-topic/{file}").status_code == 404


def test_the_page_of_a_run_is_a_file_to_save(server: Server) -> None:
    page = server.get(f"/topics/learning-rate/run.html?{QUERY}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-disposition"] == 'attachment; filename="learning-rate-race.html"'


def test_the_archive_of_a_run_is_a_file_to_save_and_the_old_script_leads_to_it(server: Server) -> None:
    archive = server.get(f"/topics/learning-rate/run.zip?{QUERY}")
    assert archive.headers["content-type"] == "application/zip"
    assert archive.headers["content-disposition"] == 'attachment; filename="learning-rate-race.zip"'
    moved = server.get(f"/topics/learning-rate/run.py?{QUERY}")
    assert (moved.status_code, moved.headers["location"]) == (308, f"run.zip?{QUERY}")


def test_a_topic_page_links_every_file_of_its_run(server: Server) -> None:
    page = server.get(f"/topics/learning-rate?{QUERY}").text
    for file in FILES:
        assert re.search(rf'href="/topics/learning-rate/{re.escape(file)}\?(?:[^"]*&amp;)?seed=3"', page)


def test_the_api_describes_every_live_topic(server: Server) -> None:
    said_topics = {each["slug"]: each for each in server.get("/api/topics").json()}
    assert said_topics.keys() == topics().keys()
    for slug, each in said_topics.items():
        assert {"number", "slug", "chapter", "question", "url", "parameters", "demos"} == each.keys()
        assert each["parameters"] == each["demos"][0]["parameters"]
        assert [demo["name"] for demo in each["demos"]] == [demo.name for demo in topics()[slug].demos]
        for demo in each["demos"]:
            assert server.get(demo["url"]).status_code == 200
            for schema in demo["parameters"]["properties"].values():
                assert {"title", "description", "default"} <= schema.keys()
                assert {"enum", "minimum", "maxLength"} & schema.keys() or schema["type"] == "boolean"
