"""The stream as the contract has it: order, ids, resuming, determinism, refusals."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from app.frames import read
from app.topics import topics
from tests.app.events import frames, messages, said
from tests.conftest import Server
from tests.topics.measuring import FIRST, told

PATH = "/topics/learning-rate/stream?demo=race&seed=5"
HEAVIEST = 600_000
"""Bytes on the wire of a run at the defaults, compressed as browsers ask for it."""
EVERY_DEMO = [(slug, demo.name) for slug, topic in topics().items() for demo in topic.demos]


@pytest.mark.parametrize(("slug", "demo"), EVERY_DEMO)
def test_a_stream_is_start_then_frames_in_order_then_done_light_and_without_a_number_that_json_has_not(
    server: Server, slug: str, demo: str
) -> None:
    answer = server.get(f"/topics/{slug}/stream?demo={demo}", headers={"Accept-Encoding": "br"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.num_bytes_downloaded <= HEAVIEST
    assert not re.search(r"[\[,:]\s*-?(NaN|Infinity)", answer.text)
    told_in_order = [(kind, payload) for kind, payload in said(answer) if kind != "waiting"]
    kinds = [kind for kind, _ in told_in_order]
    assert kinds == ["start", *["frame"] * (len(kinds) - 2), "done"]
    ids = [int(re.search(rb"^id: \w+:(\d+)$", frame, re.MULTILINE)[1]) for frame in frames(answer)]  # type: ignore[index]  # it is there
    assert ids == list(range(len(ids)))
    start, done = told_in_order[0][1], told_in_order[-1][1]
    assert {"run", "topic", "params", "planned_frames", "charts"} <= start.keys()
    assert done["frames"] == len(ids)
    assert {"text", "measured", "holds"} <= done["claims"][0].keys()


@pytest.mark.thorough
@pytest.mark.parametrize(("slug", "demo"), EVERY_DEMO)
def test_every_run_gives_the_same_bytes_in_any_process(server: Server, slug: str, demo: str) -> None:
    """The server’s worker, with its own order of sets and hashes, and the process of this test. Of a run that measures time only
    what its claims count can be the same, and its frames are not.
    """
    there, here = server.get(f"/topics/{slug}/stream?demo={demo}&seed=0"), told(slug, demo, FIRST)
    sent = [message for message in messages(there) if not message.startswith(b"event: waiting")]
    assert (sha256(b"".join(sent)).hexdigest() == here.digest) is not topics()[slug].demo(demo).timed
    assert read(sent[-1])[1] == here.done


@pytest.mark.thorough
def test_the_same_url_gives_the_same_bytes_on_a_fresh_server(server: Server) -> None:
    other = Server().start()
    try:
        assert messages(other.get(PATH)) == messages(server.get(PATH))
    finally:
        other.stop()


@pytest.mark.parametrize("last", [0, 17, 60])
def test_a_stream_resumes_after_the_last_frame_received(server: Server, last: int) -> None:
    whole, rest = server.get(PATH), server.get(PATH, headers={"Last-Event-ID": str(last)})
    assert frames(rest) == frames(whole)[last + 1 :]
    assert messages(rest)[-1] == messages(whole)[-1]


def test_the_order_and_spelling_of_values_does_not_matter(server: Server) -> None:
    one = server.get("/topics/learning-rate/stream?demo=race&learning_rate=0.3&seed=1")
    other = server.get("/topics/learning-rate/stream?seed=1&learning_rate=3e-1")
    assert messages(one) == messages(other)


def test_seeds_and_values_make_different_runs(server: Server) -> None:
    runs = {
        b"".join(frames(server.get(f"/topics/learning-rate/stream?{query}"))) for query in ("seed=0", "seed=1", "learning_rate=1")
    }
    assert len(runs) == 3


def test_a_run_that_diverges_is_a_result_and_names_step_and_place(server: Server) -> None:
    kind, done = said(server.get("/topics/learning-rate/stream?demo=edge-of-stability&learning_rate=10"))[-1]
    assert (kind, done["outcome"]) == ("done", "diverged")
    assert done["diverged_at"] > 0
    assert done["message"].startswith(f"Diverged at step {done['diverged_at']}: the loss overflowed first.")


@pytest.mark.parametrize(
    ("query", "field", "value", "allowed"),
    [
        ("learning_rate=1e9", "learning_rate", "1e9", "a number from"),
        ("learning_rate=fast", "learning_rate", "fast", "a number from"),
        ("learning_rate=nan", "learning_rate", "nan", "a number from"),
        ("learning_rate=inf", "learning_rate", "inf", "a number from"),
        ("learning_rate=", "learning_rate", "", "a number from"),
        ("seed=1.5", "seed", "1.5", "a whole number from 0"),
        ("speed=3", "speed", "3", "only learning_rate"),
        ("seed=1&seed=2", "seed", "1 and 2", "it once"),
        ("demo=nothing", "demo", "nothing", "one of race"),
        ("demo=race&demo=race", "demo", "race and race", "it once"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(server: Server, query: str, field: str, value: str, allowed: str) -> None:
    for path in ("stream", "run.json", "run.csv"):
        answer = server.get(f"/topics/learning-rate/{path}?{query}")
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["field"], error["value"]) == (field, value)
        assert allowed in error["allowed"]


@pytest.mark.parametrize("last", [0, 17, 60])
def test_the_id_of_an_event_names_its_run_and_resumes_it(server: Server, last: int) -> None:
    whole = server.get(PATH)
    identifier = frames(whole)[last].split(b"\n")[1].removeprefix(b"id: ").decode()
    assert identifier == f"{said(whole)[0][1]['run']}:{last}"
    assert frames(server.get(PATH, headers={"Last-Event-ID": identifier})) == frames(whole)[last + 1 :]


@pytest.mark.parametrize("last", ["0" * 24 + ":17", "another-build_2:0", ""])
def test_the_id_of_another_builds_run_or_of_none_begins_the_run_anew(server: Server, last: str) -> None:
    assert messages(server.get(PATH, headers={"Last-Event-ID": last})) == messages(server.get(PATH))


@pytest.mark.parametrize(
    "last", ["x", "-1", "1.5", "9" * 40, "²", ":", ":3", "key:", "key:-1", "a:b:3", "key:1:", "k y:3", "key:²"]
)
def test_a_last_event_id_that_is_none_is_refused(server: Server, last: str) -> None:
    answer = server.get(PATH, headers={"Last-Event-ID": last.encode("latin-1")})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Last-Event-ID"


def test_an_unknown_topic_is_answered_with_the_nearest(server: Server) -> None:
    answer = server.get("/topics/lerning-rate/stream")
    assert answer.status_code == 404
    assert answer.json()["nearest"][0]["slug"] == "learning-rate"
