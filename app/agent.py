"""`python -m app.agent`: a worker machine. It computes runs for the web servers that use the same broker (BROKER_URL).

It serves nothing but its own metrics, for the operator, where METRICS_PORT names a port. WORKERS and the limits of runs are as
for the site, and the same on every machine. SIGTERM or Ctrl-C gives back what is not done, for another machine to go on with.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

from prometheus_client import start_http_server

from app import logs
from app.runs import Executor
from app.runs.kernels import fingerprint
from app.settings import Settings


async def work(settings: Settings, produce: str) -> None:
    """Until a signal; ends with a sentence where this machine may not join."""
    from app.runs.agent import LET_GO_SECONDS, Agent, OtherKernels
    from app.runs.board import Board

    executor = Executor(settings.limits, produce, LET_GO_SECONDS)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, settings.host, executor.metrics.registry)
    agent = Agent(Board(settings.broker_url, settings.limits.broker_mib), executor, fingerprint())
    await agent.start()
    working = asyncio.create_task(agent.work())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await working
    except OtherKernels as problem:
        sys.exit(f"Cannot join: {problem}")
    finally:
        await agent.stop()


def main(arguments: Sequence[str] = (), produce: str = "app.produce:pieces") -> None:
    """Reads the settings and works; ends with a sentence where it cannot."""
    if arguments:
        sys.exit(f"Cannot start: {arguments[0]} is no argument, there are none. The environment holds BROKER_URL and the limits.")
    try:
        settings = Settings.from_environment()
    except ValueError as problem:
        sys.exit(f"Cannot start: {problem}")
    if not settings.broker_url:
        sys.exit("Cannot start: BROKER_URL is not set. It names the broker from which this machine is to take runs.")
    logs.configure()
    asyncio.run(work(settings, produce))


if __name__ == "__main__":
    main(sys.argv[1:])
