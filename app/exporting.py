"""A finished run as data: JSON or CSV. (As a page, and as what makes it again, it is `app.takeaway`'s.)

Between `app.routes.exports`, which answers requests, and the messages of a stream (`app.frames`), which hold all the numbers that
the files say.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from app.experiment import Experiment
from app.frames import dumps_plain, read


def as_json(_experiment: Experiment, messages: list[bytes]) -> bytes:
    """`start` and `done` in one object with all frames between them, as JSON."""
    said = [read(message) for message in messages]
    (_, start), (_, done) = said[0], said[-1]
    frames = [payload for event, payload in said if event == "frame"]
    return dumps_plain({**start, "frames": frames, "done": done, "outcome": done["outcome"], "claims": done["claims"]})


def as_csv(_experiment: Experiment, messages: list[bytes]) -> bytes:
    """Step, epoch where there is one, and each line series under the name chart.series; an empty cell is a gap."""
    rows = [_row(payload) for event, payload in map(read, messages) if event == "frame"]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(frame: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: frame[name] for name in ("step", "epoch") if name in frame}
    for chart, update in frame["charts"].items():
        for series, (x, y) in update.get("append", {}).items():
            row[f"{chart}.{series}"] = y
            if x != frame["step"]:
                row[f"{chart}.{series}.x"] = x
    return row
