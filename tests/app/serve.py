"""The real server with a producer of the tests: `python -m tests.app.serve tests.app.runs.producers:small`."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import app.main
from app.__main__ import main
from app.runs import Executor

if __name__ == "__main__":
    served: Any = app.main
    served.Executor = partial(Executor, produce=sys.argv[1])
    main()
