"""What an operator watches, in a registry of its own, so that a process may hold more than one executor (tests do)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters, gauges and histogram of the public contract."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.runs_started = self._counter("runs_started", "Runs given to a worker")
        self.runs_finished = self._counter("runs_finished", "Runs that came to their end")
        self.runs_failed = self._counter("runs_failed", "Runs that raised, crashed or took too much")
        self.runs_cancelled = self._counter("runs_cancelled", "Runs that nobody watched any more")
        self.cache_hits = self._counter("run_cache_hits", "Requests for a run that was there, finished or going")
        self.cache_misses = self._counter("run_cache_misses", "Requests for a run that had to be started")
        self.frames_sent = self._counter("frames_sent", "Messages sent to viewers")
        self.runs_running = Gauge("runs_running", "Runs that advance now", registry=self.registry)
        self.runs_waiting = Gauge("runs_waiting", "Runs that wait for a slot", registry=self.registry)
        self.viewers = Gauge("viewers", "Open streams", registry=self.registry)
        self.first_frame = Histogram(
            "first_frame_seconds", "From request to first frame", buckets=SECONDS, registry=self.registry
        )

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def text(self) -> bytes:
        """The Prometheus text form."""
        return generate_latest(self.registry)
