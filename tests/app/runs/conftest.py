"""The promises of runs are asked of both ways to compute them: in processes of the server, and by machines behind a broker."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import pytest

from tests.app.runs.executors import with_broker, with_executor


class Everywhere(Protocol):
    """Runs a test with the one or with the other."""

    def __call__(self, test: Callable[[Any], Coroutine[Any, Any, None]], **limits: Any) -> None: ...


@pytest.fixture(params=[with_executor, with_broker], ids=["embedded", "over a broker"])
def everywhere(request: pytest.FixtureRequest) -> Everywhere:
    chosen: Everywhere = request.param
    return chosen


@pytest.fixture(params=[with_executor, pytest.param(with_broker, marks=pytest.mark.chaos)], ids=["embedded", "over a broker"])
def everywhere_in_time(request: pytest.FixtureRequest) -> Everywhere:
    """For tests of many seconds: over a broker they run with `make chaos`."""
    chosen: Everywhere = request.param
    return chosen
