"""The six promises through a real server: killed workers and servers, cut connections, a crowd, slow readers, a thousand runs."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.__main__ import let_go_of_the_gone
from app.produce import events
from app.topics import topics
from tests.app.crowd import watched_by
from tests.app.runs import producers
from tests.conftest import NO_TLS, Server

SLUG = "learning-rate"
PATH = f"/topics/{SLUG}/stream"
SO_ATTACH_FILTER = 26
DEMO = topics()[SLUG].demos[0]


class ProducerServer(Server):
    """The real server with one of the producers in tests/app/runs/producers.py."""

    def __init__(self, producer: str, **environment: str) -> None:
        super().__init__(**environment)
        self.command = ("-m", "tests.app.serve", f"tests.app.runs.producers:{producer}")


@contextmanager
def serving(producer: str, **environment: str) -> Iterator[Server]:
    server = ProducerServer(producer, **{"WORKERS": "2", **environment}).start()
    try:
        yield server
    finally:
        server.stop()


def lines(server: Server, query: str, after: int | None = None) -> Iterator[bytes]:
    """The messages of a stream as they come, `waiting` and comments left out; ends when the connection does."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with httpx.stream("GET", f"{server.url}{PATH}?{query}", headers=headers, timeout=30, verify=NO_TLS) as answer:
        rest = b""
        for chunk in answer.iter_bytes():
            *whole, rest = (rest + chunk).split(b"\n\n")
            yield from (each + b"\n\n" for each in whole if not each.startswith((b":", b"event: waiting")))


def through_breaks(server: Server, query: str) -> list[bytes]:
    """All messages as the page's own reader gets them: it asks again after its last frame whenever the connection ends early."""
    seen: list[bytes] = []
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            for each in lines(server, query, last(seen)):
                if not (seen and each.startswith(b"event: start")):
                    seen.append(each)
        except httpx.TransportError:
            time.sleep(0.1)
        if seen and seen[-1].startswith((b"event: done", b"event: failed")):
            return seen
    raise AssertionError("the run did not come to its end")


def last(seen: list[bytes]) -> int | None:
    """The id of the last frame."""
    ids = [int(each.split(b"\n")[1].rpartition(b":")[2]) for each in seen if each.startswith(b"event: frame")]
    return ids[-1] if ids else None


def made_directly(seed: int) -> list[bytes]:
    """The run without a server: what every viewer of it must have got. `small` is `paced` and `long` without the pauses."""
    values = DEMO.params(seed=seed).values()
    return [sent for _, sent in producers.small(SLUG, DEMO.name, values)]


def children(process: int) -> list[int]:
    """The processes that a process started: the server's workers."""
    said = [path.read_text(encoding="utf-8") for path in Path(f"/proc/{process}/task").glob("*/children")]
    return [int(each) for text in said for each in text.split()]


def resident_mib(process: int) -> float:
    """Memory of a process and its children."""
    pages = [int(Path(f"/proc/{each}/statm").read_text(encoding="utf-8").split()[1]) for each in [process, *children(process)]]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@pytest.mark.thorough
def test_killing_a_worker_in_mid_run_costs_no_viewer_of_seven_runs_a_frame() -> None:
    with serving("paced") as server, ThreadPoolExecutor(7) as pool:
        watching = [pool.submit(list, lines(server, f"seed={seed}")) for seed in range(7)]
        time.sleep(1.0)
        victim = children(server.process.pid)[0]
        os.kill(victim, signal.SIGKILL)
        seen = [each.result(60) for each in watching]
        assert victim not in children(server.process.pid)
    assert seen == [made_directly(seed) for seed in range(7)]


@pytest.mark.thorough
def test_killing_the_server_in_mid_run_costs_no_viewer_a_frame() -> None:
    with serving("paced") as server, ThreadPoolExecutor(5) as pool:
        watching = [pool.submit(through_breaks, server, f"seed={seed}") for seed in range(5)]
        time.sleep(0.8)
        workers = children(server.process.pid)
        server.process.kill()
        server.process.wait(10)
        server.start()
        seen = [each.result(60) for each in watching]
        assert not any(Path(f"/proc/{worker}/cmdline").exists() and gone(worker) for worker in workers)
    assert seen == [made_directly(seed) for seed in range(5)]


def gone(worker: int) -> bool:
    """Whether a worker of a server that was killed still serves; the number may be another process's by now."""
    return b"app.runs.worker" in Path(f"/proc/{worker}/cmdline").read_bytes()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), cuts=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_a_run_cut_anywhere_and_joined_is_the_run(server: Server, seed: int, cuts: list[int]) -> None:
    query, seen = f"seed={seed}&demo={DEMO.name}", list[bytes]()
    for cut in cuts:
        for count, each in enumerate(lines(server, query, last(seen)), 1):
            seen.append(each)
            if count == cut or each.startswith(b"event: done"):
                break
        if last(seen) is None or seen[-1].startswith(b"event: done"):
            seen = []  # cut before the first frame or complete: ask for the whole again
    seen += lines(server, query, last(seen))
    direct = [sent for _, sent in events(SLUG, DEMO.name, DEMO.params(seed=seed).values())]
    assert seen[1:] == direct[1:]  # the first names the build, which another working copy may have


@contextmanager
def asking_for_health(server: Server) -> Iterator[list[float]]:
    """Seconds that /healthz took each time, there after the block; asked by a process that has nothing else to do."""
    taken: list[float] = []
    command = [sys.executable, "-m", "tests.app.probe", str(server.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as probe:
        assert probe.stdout is not None
        assert probe.stdout.readline() == "asking\n"
        yield taken
        said, _ = probe.communicate()
    taken += map(float, said.split())


@pytest.mark.thorough
@pytest.mark.timed
def test_a_thousand_viewers_of_one_run_cost_one_computation_and_leave_the_server_awake() -> None:
    with serving("paced") as server:
        with asking_for_health(server) as health:
            seen = watched_by(1000, server.port, f"{PATH}?seed=1")
        started = server.get("/metrics").text
    assert seen == {b"".join(made_directly(1)): 1000}
    assert "\nruns_started_total 1.0" in started
    print(f"healthz: {len(health)} times, slowest {max(health) * 1e3:.0f} ms")
    assert len(health) > 20
    assert max(health) < 0.25


@pytest.mark.thorough
@pytest.mark.timed
def test_a_term_signal_ends_a_thousand_streams_within_three_seconds_each_after_a_whole_message() -> None:
    with serving("long") as server, ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watched_by, 1000, server.port, f"{PATH}?seed=1")
        while gauge(server, "viewers") < 1000:
            assert not watching.done()
            time.sleep(0.02)
        assert server.stop() < 3
    whole = b"".join(made_directly(1))
    seen = watching.result()
    assert seen.total() == 1000
    told_to_come_back = [each for each in seen if each.startswith(b'{"message":')]  # whose first message was not there yet
    assert sum(seen.pop(each) for each in told_to_come_back) < 500
    broken = [each for each in seen if not (whole.startswith(each) and each.endswith(b"\n\n") and len(each) < len(whole))]
    assert broken == []


@pytest.mark.thorough
@pytest.mark.timed
def test_a_viewer_that_does_not_read_costs_little_holds_up_nobody_and_is_let_go() -> None:
    with serving("large", STALLED_SECONDS="2") as server:
        whole = server.get(f"{PATH}?seed=1").content
        before = resident_mib(server.process.pid)
        asleep = [stalled(server) for _ in range(40)]
        begin = time.monotonic()
        assert server.get(f"{PATH}?seed=1").content == whole
        assert time.monotonic() - begin < 2
        assert gauge(server, "viewers") == 40
        assert resident_mib(server.process.pid) - before < 40 * 0.4  # of 4 MB that each is behind
        deadline = time.monotonic() + 15
        while gauge(server, "viewers") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert gauge(server, "viewers") == 0
        for link in asleep:
            link.close()


@pytest.mark.thorough
def test_a_viewer_whose_machine_is_gone_without_a_word_is_let_go() -> None:
    with serving("large", STALLED_SECONDS="2") as server:
        link = stalled(server)
        assert link.recv(1000).startswith(b"HTTP/1.1 200")
        vanish(link)
        assert gauge(server, "viewers") == 1
        deadline = time.monotonic() + 15
        while gauge(server, "viewers") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert gauge(server, "viewers") == 0
        link.close()


def vanish(link: socket.socket) -> None:
    """Cuts a connection as a pulled plug does: nothing that comes is seen or acknowledged any more, and nothing is said.

    By a packet filter on our own end that lets nothing through. Where a process may not have one, the end stays as it is: a
    viewer that does not read.
    """
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))  # one instruction: return 0
    with contextlib.suppress(PermissionError):
        link.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(nothing)))


def test_every_connection_has_the_systems_timeout_for_what_is_not_acknowledged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        let_go_of_the_gone(listener, 7)
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 7


def stalled(server: Server) -> socket.socket:
    """A viewer that asks for a run and then reads nothing."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", server.port))
    link.sendall(f"GET {PATH}?seed=1 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return link


def gauge(server: Server, name: str) -> float:
    return next(float(line.split()[1]) for line in server.get("/metrics").text.splitlines() if line.startswith(f"{name} "))


@pytest.mark.thorough
def test_memory_after_a_thousand_runs_is_that_after_a_hundred() -> None:
    with (
        serving("small", CACHE_MIB="4") as server,
        httpx.Client(timeout=30, verify=NO_TLS) as client,
        ThreadPoolExecutor(4) as pool,
    ):

        def run(seed: int) -> bytes:
            return client.get(f"{server.url}{PATH}?seed={seed}").content

        assert all(b"event: done" in each for each in pool.map(run, range(100)))
        early = resident_mib(server.process.pid)
        assert all(b"event: done" in each for each in pool.map(run, range(100, 1000)))
        late = resident_mib(server.process.pid)
        assert gauge(server, "runs_finished_total") == 1000
    print(f"memory: {early:.1f} MiB after 100 runs, {late:.1f} MiB after 1000")
    assert late < early * 1.2


@pytest.mark.timed
def test_readiness_says_in_words_why_there_is_none() -> None:
    server = ProducerServer("no_such_name", WORKERS="1")
    server.launch()
    said = ""
    deadline = time.monotonic() + 60
    while "no_such_name" not in said and time.monotonic() < deadline:
        time.sleep(0.1)
        try:
            answer = server.get("/readyz")
        except httpx.TransportError:
            continue
        assert answer.status_code == 503
        said = answer.text
    assert said.startswith("no worker can start: AttributeError")
    assert server.get("/healthz").status_code == 200
    assert server.stop() < 3


def test_a_refusal_is_a_page_for_a_browser_and_json_for_a_script_and_says_when_to_come_back() -> None:
    with serving("paced", VIEWERS="1") as server:
        watching = lines(server, "seed=1")
        next(watching)
        page = server.get(f"{PATH}?seed=2", headers={"Accept": "text/html,*/*"})
        script = server.get(f"{PATH}?seed=2")
        export = server.get(f"/topics/{SLUG}/run.json?seed=2")
    assert [each.status_code for each in (page, script, export)] == [503] * 3
    assert all(int(each.headers["retry-after"]) > 0 for each in (page, script, export))
    assert "as many experiments as it can" in page.text
    assert page.text.lstrip().lower().startswith("<!doctype html>")
    assert "as many experiments as it can" in script.json()["message"]
