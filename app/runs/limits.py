"""What an operator limits, each by one environment variable; the table in docs/operations.md says the same."""

from __future__ import annotations

import os
from dataclasses import dataclass

MIB = 1 << 20


class Busy(Exception):
    """The server runs, or keeps waiting, as much as it may. `retry_after` is in seconds."""

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(f"busy; retry after {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limits:
    """The limits and their defaults: one laptop, a class of forty."""

    workers: int = max(1, min(8, os.cpu_count() or 1))
    """worker processes (WORKERS)"""
    live_runs: int = 128
    """runs that advance at the same time (LIVE_RUNS)"""
    waiting_runs: int = 256
    """runs that wait for a slot before visitors get 503 (WAITING_RUNS)"""
    viewers: int = 4000
    """open streams (VIEWERS)"""
    run_cpu_seconds: int = 60
    """CPU seconds a run may take (RUN_CPU_SECONDS)"""
    step_cpu_seconds: int = 5
    """CPU seconds one snapshot, or one piece of preparing, may take (STEP_CPU_SECONDS)"""
    run_frames: int = 241
    """frames a run may have (RUN_FRAMES)"""
    run_memory_mib: int = 1024
    """memory that the runs of one worker may take beyond what it starts with (RUN_MEMORY_MIB)"""
    cache_mib: int = 256
    """finished runs kept in memory, the least recently used going first (CACHE_MIB)"""
    runs_a_worker: int = 2000
    """runs after which a worker is replaced by a fresh one (RUNS_A_WORKER)"""
    stalled_seconds: int = 30
    """how long a connection may take nothing of what is sent before it is closed (STALLED_SECONDS)"""
    tab_requests_a_minute: int = 1200
    """requests of one browser tab, those for static files apart (TAB_REQUESTS_A_MINUTE)"""
    tab_runs_a_minute: int = 240
    """runs that are computed for one browser tab, others' and finished ones apart (TAB_RUNS_A_MINUTE)"""
    tab_live_runs: int = 16
    """streams that one browser tab has open (TAB_LIVE_RUNS)"""
    address_requests_a_minute: int = 12_000
    """as for a tab, of all that comes from one address (ADDRESS_REQUESTS_A_MINUTE)"""
    address_runs_a_minute: int = 2400
    """as for a tab, of all that comes from one address (ADDRESS_RUNS_A_MINUTE)"""
    address_live_runs: int = 320
    """as for a tab, of all that comes from one address (ADDRESS_LIVE_RUNS)"""
    broker_mib: int = 1024
    """runs kept by the broker, the oldest messages going first (BROKER_MIB)"""
