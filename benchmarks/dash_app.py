"""The peer of our page: the race of learning rates as a Dash app, `python -m benchmarks.dash_app PORT`.

A slider, and a callback that makes the same run on the same engine up to its first frame and answers with its two figures. What
is compared is the way from a key to charts on the screen, not the training.
"""

from __future__ import annotations

import sys
from itertools import count
from typing import Any

from dash import Dash, Input, Output, dcc, html

from app.frames import read
from app.produce import events
from app.topics import topics

SLUG, CHARTS = "learning-rate", ("loss", "accuracy")
DEMO = topics()[SLUG].demo("race")
STOPS = DEMO.params.schema_of("learning_rate")["control"]["stops"]


def first_frame(rate: float, seed: int) -> list[dict[str, Any]]:
    """The run's figures with what its first frame says, as plotly.js takes them."""
    run = events(SLUG, DEMO.name, {"learning_rate": rate, "seed": seed})
    start, frame = read(next(run)[1])[1], read(next(run)[1])[1]
    return [_with(start["charts"][name], frame["charts"].get(name, {})) for name in CHARTS]


def _with(figure: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    points = {uid: {"x": [x], "y": [y]} for uid, (x, y) in news.get("append", {}).items()}
    told = points | news.get("set", {})
    return {**figure, "data": [trace | told.get(trace.get("uid", ""), {}) for trace in figure["data"]]}


def make() -> Dash:
    """The app as Dash's own examples have it."""
    app = Dash(__name__)
    slider = dcc.Slider(0, len(STOPS) - 1, 1, value=4, id="rate", updatemode="drag")
    app.layout = html.Div([html.Div(slider), *(dcc.Graph(id=name) for name in CHARTS)])
    seeds = count(5000)

    @app.callback([Output(name, "figure") for name in CHARTS], Input("rate", "value"))  # type: ignore[untyped-decorator]  # Dash's
    def show(place: int) -> list[dict[str, Any]]:
        return first_frame(STOPS[place], next(seeds))

    return app


if __name__ == "__main__":
    make().run(port=sys.argv[1])
