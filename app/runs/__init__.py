"""Runs: where they execute and where their messages are kept. One small face, `Viewing.frames(request, after)`.

    request -> Executor -> worker process: steps the producer's generators -> messages (bytes)
                  |                                                             |
                  +------ RunLog, one a run, shared by all its viewers <--------+

`Viewing` is what viewers need, `Executor` computes runs in worker processes of its own. Nothing outside this package knows where
a run is computed.
"""

from app.runs.executor import Executor
from app.runs.limits import Busy, Limits
from app.runs.log import RunRequest
from app.runs.viewing import Viewing

__all__ = ["Busy", "Executor", "Limits", "RunRequest", "Viewing"]
