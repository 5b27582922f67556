"""What a broker, two web servers and two worker machines lose, one after the other, and what their viewers do not lose."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.app.routes.test_promises import ProducerServer, last, lines, made_directly
from tests.app.runs.brokers import Broker, broker
from tests.conftest import ROOT, Server

PRODUCER = "tests.app.runs.producers:paced"
VIEWERS = 8
QUIET_SECONDS = 8.0
"""No viewer waits longer than this for its next message, whatever was lost; on a free machine it is 1 to 3."""


class Machine:
    """A worker machine as a process: its agent and its workers, in a group of their own."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.app.machine", PRODUCER]
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


def watched(cluster: Cluster, seed: int, first: int) -> tuple[list[bytes], float]:
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
        except httpx.TransportError:
            time.sleep(0.05)
        if seen and seen[-1].startswith((b"event: done", b"event: failed")):
            return seen, longest
        asked += 1
    raise AssertionError(f"the run did not come to its end: {len(seen)} messages")


def nobody_notices(cluster: Cluster, loss: Callable[[Cluster], None], seed: int) -> None:
    """Eight viewers of four runs on two servers, in mid-run something is lost: each gets every message once, in order."""
    with ThreadPoolExecutor(VIEWERS) as pool:
        watching = [pool.submit(watched, cluster, seed + viewer // 2, viewer) for viewer in range(VIEWERS)]
        time.sleep(1.0)
        loss(cluster)
        found = [each.result(90) for each in watching]
    for viewer, (seen, _) in enumerate(found):
        assert seen == made_directly(seed + viewer // 2)
    print(f"longest pause {max(pause for _, pause in found):.1f} s")
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


def cut_the_network(cluster: Cluster) -> None:
    cluster.broker.freeze(4)


@pytest.mark.thorough
@pytest.mark.timed
@pytest.mark.parametrize(
    "loss",
    [
        kill_a_machine,
        kill_a_site,
        kill_the_broker,
        pytest.param(erase_the_broker, marks=pytest.mark.exhaustive),
        pytest.param(freeze_a_machine, marks=pytest.mark.exhaustive),
        pytest.param(cut_the_network, marks=pytest.mark.exhaustive),
    ],
)
def test_whatever_is_lost_every_viewer_gets_every_message_once_and_in_order(
    cluster: Cluster, loss: Callable[[Cluster], None]
) -> None:
    nobody_notices(cluster, loss, sum(map(ord, loss.__name__)) * 10)
