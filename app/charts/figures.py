"""A chart's figure as the `start` event carries it: built and validated by plotly.py, then in its wire form.

Validation costs some 4 ms a figure, which a visitor who moves a slider would feel; most tweaks leave figures as they were, so
the result is kept by content.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
import plotly.graph_objects as go

from app.charts.base import Chart
from app.frames import encode


def wire_figure(chart: Chart) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}`, plain. Raises plotly.py's ValueError when the chart says what plotly does not know."""
    said: dict[str, Any] = orjson.loads(_validated(orjson.dumps(encode(chart.figure()))))
    return said


@lru_cache(maxsize=256)
def _validated(figure: bytes) -> bytes:
    built = go.Figure(orjson.loads(figure)).to_plotly_json()
    built["layout"].pop("template", None)
    return orjson.dumps(encode(built))
