"""A worker machine with a producer of the tests: `python -m tests.app.machine tests.app.runs.producers:small`."""

from __future__ import annotations

import sys

from app.agent import main

if __name__ == "__main__":
    main(produce=sys.argv[1])
