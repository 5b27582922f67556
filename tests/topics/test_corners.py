"""The corners of what visitors may choose, several parameters at once at an end of their range: every run there begins well, and
in `make fuzz` it comes to its end within its share of CPU time.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames import read
from app.params import LARGEST_SEED
from app.produce import events
from app.topic import Demo
from tests.fuzzing import FUZZ, tried
from tests.topics.measuring import measure
from tests.topics.test_topics import DEAREST_SECONDS, ends_of, every_demo

FIRST_FRAMES = 2


def corners(demo: Demo) -> st.SearchStrategy[dict[str, object]]:
    """Each parameter at one of its ends, or as the demo opens; the first that is tried has all at their upper ends."""
    opens = demo.params().values()
    places = {name: st.sampled_from([*reversed(ends), opens[name]]) for name, ends in ends_of(demo).items()}
    return st.fixed_dictionaries({**places, "seed": st.integers(0, LARGEST_SEED)})


@pytest.mark.thorough
@pytest.mark.fuzzed
@every_demo
def test_a_run_in_a_corner_begins_well_and_ends_in_time(slug: str, demo: Demo) -> None:
    @tried(2)
    @given(corners(demo))
    def run(values: dict[str, object]) -> None:
        begins_well(slug, demo, values)
        if FUZZ:
            told = measure(slug, demo.name, values)
            assert told.done["outcome"] in {"finished", "diverged"}
            assert sum(told.cpu) <= DEAREST_SECONDS, f"{values}: {sum(told.cpu):.1f} s"

    run()


def begins_well(slug: str, demo: Demo, values: dict[str, object]) -> None:
    """`start`, and then frames of the charts that it named, each a step further than the last."""
    run = events(slug, demo.name, values)
    start = read(next(run)[1])[1]
    step = -1
    for (kind, sent), _ in zip(run, range(FIRST_FRAMES), strict=False):
        if kind == "frame":
            frame = read(sent)[1]
            assert frame["charts"].keys() <= start["charts"].keys(), values
            assert frame["step"] > step, values
            step = frame["step"]
