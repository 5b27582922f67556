"""Runs: where they execute and where their messages are kept. One small face, `Executor.frames(request, after)`.

    request -> Executor -> worker process: steps the producer's generators -> messages (bytes)
                  |                                                             |
                  +------ RunLog, one a run, shared by all its viewers <--------+

Past one machine the same face would stand before a shared log; nothing outside this package knows where a run is computed.
"""

from app.runs.executor import Executor
from app.runs.limits import Busy, Limits
from app.runs.log import RunRequest

__all__ = ["Busy", "Executor", "Limits", "RunRequest"]
