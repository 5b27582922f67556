"""A run outside the site: the demo runs, its numbers are printed, and its charts drawn where matplotlib is there.

Called by the `run.py` of a `run.zip`, which says which demo and with which values.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path

import numpy as np

from app.takeaway.drawing import Picture
from app.topic import Claim, Demo, Diverged, Params, Run, Snapshot
from app.wording import written

PICTURE = "run.png"


def replay(demo: Demo, params: Params) -> None:
    """Prints the run's measured numbers as they come, how it ended, and each claim; draws the charts as the run leaves them."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack a sign
    picture, measured = Picture(demo.charts(params)), dict[str, float]()
    with np.errstate(all="ignore"):  # a run that overflows is a result
        ended = _watch(demo.run(params), picture, measured)
    if ended:
        _say(" ".join(filter(None, [f"Diverged at step {ended.step}: {ended.where}.", ended.reason])))
    for claim in demo.claims:
        _say(_judged(claim, params, measured))
    _draw(picture, demo.title)


def _watch(run: Run, picture: Picture, measured: dict[str, float]) -> Diverged | None:
    """Prints each snapshot and keeps what it says; returns how the run diverged, if it did."""
    while True:
        try:
            snapshot = next(run)
        except StopIteration as stop:
            return stop.value if isinstance(stop.value, Diverged) else None
        if snapshot is not None:  # it yields None while it prepares
            _say(_told(snapshot))
            picture.take(snapshot)
            measured |= snapshot.measured


def _told(snapshot: Snapshot) -> str:
    numbers = [f"{name} = {value:.6g}" for name, value in snapshot.measured.items()]
    return "; ".join([f"step {snapshot.step}", *numbers])


def _judged(claim: Claim, params: Params, measured: dict[str, float]) -> str:
    """The claim's row under the charts of the site, in a line."""
    value = measured.get(claim.measure, float("nan"))
    if not claim.ground.holds(params):
        verdict = f"does not apply, only at {claim.ground.unmet(params)}"
    else:
        verdict = f"expected {claim.bounds.said()}: {'holds' if claim.bounds.hold(value) else 'does not hold'}"
    return f"{claim.text} [measured {written(value)}, {verdict}]"


def _draw(picture: Picture, title: str) -> None:
    if find_spec("matplotlib") is None:
        return _say("With matplotlib installed, the charts are drawn as well.")
    picture.save(Path(PICTURE), title)
    return _say(f"The charts are in {PICTURE}.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
