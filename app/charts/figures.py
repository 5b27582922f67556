"""A chart's figure as the `start` event carries it: in its wire form, and accepted by plotly.py.

plotly.py takes some 4 ms to look a figure through, which a visitor who moves a slider would feel. It gives back what it was given
(a test says so for every demo), so that it is only asked, and asked once about each part: most tweaks change one trace or none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
import plotly.io
from plotly.graph_objects import Figure

from app.charts.base import Chart
from app.frames import encode

plotly.io.templates.default = None  # the theme is the browser's; plotly.py's own would be put into each figure and looked through


def wire_figure(chart: Chart) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}`, plain. Raises plotly.py's ValueError when the chart says what plotly does not know."""
    figure: dict[str, Any] = encode(chart.figure())
    for part in ({"layout": figure["layout"]}, *({"data": [trace]} for trace in figure["data"])):
        _check(orjson.dumps(part))
    return figure


@lru_cache(maxsize=2048)
def _check(part: bytes) -> None:
    """Raises ValueError for a trace or a layout that plotly.py refuses. All demos at their defaults have 243 of them."""
    Figure(orjson.loads(part))
