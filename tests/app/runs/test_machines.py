"""What a broker, two web servers and two worker machines lose, one after the other, and what their viewers do not lose."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Semaphore

import httpx
import pytest

from tests.app.routes.test_promises import PATH, SLUG, ProducerServer, last, lines, made_directly
from tests.app.runs.brokers import PASSWORD, Broker, broker
from tests.conftest import ROOT, Server
from tests.tied import tied

PRODUCER = "tests.app.runs.producers:paced"
VIEWERS = 8
BEGUN = 4
"""Once every viewer has so many of 42 messages, something is lost."""
QUIET_SECONDS = 12.0
"""No viewer waits longer than this for its next message, whatever was lost; on a free machine it is 1 to 5."""


class Machine:
    """A worker machine as a process: its agent and its workers, in a group of their own."""

    def __init__(self, url: str, producer: str = PRODUCER) -> None:
        command = tied([sys.executable, "-m", "tests.app.machine", producer])
        environment = os.environ | {"BROKER_URL": url, "WORKERS": "1"}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)

    def signal(self, number: int) -> None:
        """To all of its processes, as what befalls a machine does."""
        os.killpg(self.process.pid, number)

    def end(self) -> None:
        """However it stands with it."""
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGKILL)
        self.process.wait(10)


class Cluster:
    """All five."""

    def __init__(self, here: Broker) -> None:
        self.broker = here
        self.machines = [Machine(here.url), Machine(here.url)]
        self.sites: list[Server] = [ProducerServer("paced", BROKER_URL=here.url) for _ in range(2)]
        for each in self.sites:
            each.start()

    def end(self) -> None:
        """Ends what is left of them."""
        for machine in self.machines:
            machine.end()
        for each in self.sites:
            each.stop()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with broker() as here:
        running = Cluster(here)
        yield running
        running.end()


def watched(cluster: Cluster, seed: int, first: int, under_way: Semaphore) -> tuple[list[bytes], float]:
    """A run as a page gets it that asks the other server when one is gone, and the longest pause between two messages."""
    seen: list[bytes] = []
    begin = then = time.monotonic()
    longest = 0.0
    asked = first
    while time.monotonic() - begin < 60:
        try:
            for each in lines(cluster.sites[asked % 2], f"seed={seed}", last(seen)):
                if not (seen and each.startswith(b"event: start")):
                    seen.append(each)
                longest, then = max(longest, time.monotonic() - then), time.monotonic()
                if len(seen) == BEGUN:
                    under_way.release()
        except httpx.TransportError:
            time.sleep(0.05)
        if seen and seen[-1].startswith((b"event: done", b"event: failed")):
            return seen, longest
        asked += 1
    raise AssertionError(f"the run did not come to its end: {len(seen)} messages")


def nobody_notices(cluster: Cluster, loss: Callable[[Cluster], None], seed: int) -> None:
    """Eight viewers of four runs on two servers, in mid-run something is lost: each gets every message once, in order."""
    under_way = Semaphore(0)
    with ThreadPoolExecutor(VIEWERS) as pool:
        watching = [pool.submit(watched, cluster, seed + viewer // 2, viewer, under_way) for viewer in range(VIEWERS)]
        assert all(under_way.acquire(timeout=60) for _ in watching)
        loss(cluster)
        found = [each.result(90) for each in watching]
    for viewer, (seen, _) in enumerate(found):
        assert seen == made_directly(seed + viewer // 2)
    assert max(pause for _, pause in found) < QUIET_SECONDS


def kill_a_machine(cluster: Cluster) -> None:
    cluster.machines[0].end()
    cluster.machines[0] = Machine(cluster.broker.url)


def kill_a_site(cluster: Cluster) -> None:
    cluster.sites[0].process.kill()
    cluster.sites[0].process.wait(10)
    cluster.sites[0].launch()


def kill_the_broker(cluster: Cluster) -> None:
    cluster.broker.kill()
    cluster.broker.start()


def erase_the_broker(cluster: Cluster) -> None:
    cluster.broker.kill()
    cluster.broker.erase()
    cluster.broker.start()


def freeze_a_machine(cluster: Cluster) -> None:
    cluster.machines[0].signal(signal.SIGSTOP)
    time.sleep(4)
    cluster.machines[0].signal(signal.SIGCONT)


def freeze_the_broker(cluster: Cluster) -> None:
    cluster.broker.freeze(4)


@pytest.mark.thorough
@pytest.mark.timed
@pytest.mark.parametrize(
    "loss",
    [
        kill_a_machine,
        kill_a_site,
        *(
            pytest.param(loss, marks=pytest.mark.chaos)
            for loss in (kill_the_broker, erase_the_broker, freeze_a_machine, freeze_the_broker)
        ),
    ],
)
def test_whatever_is_lost_every_viewer_gets_every_message_once_and_in_order(
    cluster: Cluster, loss: Callable[[Cluster], None]
) -> None:
    nobody_notices(cluster, loss, sum(map(ord, loss.__name__)) * 10)


@pytest.mark.thorough
def test_a_server_that_starts_before_its_broker_serves_pages_says_503_and_takes_runs_once_the_broker_is_there() -> None:
    with broker() as here:
        here.kill()
        server = ProducerServer("small", BROKER_URL=here.url)
        server.launch()
        machine = Machine(here.url)
        try:
            until(lambda: server.get("/healthz").is_success)
            ready, run = server.get("/readyz"), server.get(f"{PATH}?seed=1")
            assert (ready.status_code, run.status_code) == (503, 503)
            assert "the broker at 127.0.0.1" in ready.text
            assert PASSWORD not in ready.text
            assert int(run.headers["Retry-After"]) > 0
            assert server.get(f"/topics/{SLUG}").is_success
            here.start()
            until(lambda: server.get("/readyz").is_success)
            assert list(lines(server, "seed=1")) == made_directly(1)
        finally:
            machine.end()
            server.stop()


def until(there: Callable[[], bool]) -> None:
    """Waits until it is so, a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if there():
                return
        time.sleep(0.05)
    raise AssertionError("it did not come to be so within a minute")
