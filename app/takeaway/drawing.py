"""The charts of a run as matplotlib draws them: the same figures as in a browser, at the last moment, in one picture.

A chart says a figure and its news in plotly's words (`app.charts.base`). Here those words are kept up to date without a browser,
and each trace is drawn by its type. matplotlib is loaded when a picture is saved, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from app.charts import Chart
from app.topic import Snapshot

Axes = Any
Trace = dict[str, Any]
PIXELS = 100
"""CSS pixels of a chart's height that make an inch."""
MARKS = {"square": "s", "diamond": "D", "x": "x", "cross": "P", "star": "*", "triangle-up": "^"}
DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-.", "longdash": "--"}
SIDES = {"top": "bottom", "bottom": "top"}
"""Where a text stands of its point -> which of its edges is there."""


class Picture:
    """Charts by name, each with the state of its traces."""

    def __init__(self, charts: Mapping[str, Chart]) -> None:
        self.charts = charts
        self.traces = {name: [dict(trace) for trace in chart.traces()] for name, chart in charts.items()}

    def take(self, snapshot: Snapshot) -> None:
        """What one moment says of the charts."""
        for name, value in snapshot.charts.items():
            update = self.charts[name].update(value, snapshot.step)
            named = {trace["uid"]: trace for trace in self.traces[name] if "uid" in trace}
            for uid, (x, y) in update.get("append", {}).items():
                named[uid] |= {"x": [*named[uid]["x"], x], "y": [*named[uid]["y"], y]}
            for uid, attributes in update.get("set", {}).items():
                named[uid] |= attributes

    def save(self, path: Path, title: str) -> None:
        """All charts, one below the other, as a picture. Raises ImportError without matplotlib."""
        import_module("matplotlib").use("Agg")  # a file needs no window
        pyplot = import_module("matplotlib.pyplot")
        heights = [chart.height / PIXELS + 0.9 for chart in self.charts.values()]
        figure, places = pyplot.subplots(
            len(heights), figsize=(9, sum(heights)), height_ratios=heights, squeeze=False, layout="constrained"
        )
        figure.suptitle(_plain(title), fontweight="bold")
        for (name, chart), axes in zip(self.charts.items(), places.flat, strict=True):
            _drawn(axes, chart, self.traces[name])
        figure.savefig(path, dpi=150)
        pyplot.close(figure)


def _drawn(axes: Axes, chart: Chart, traces: list[Trace]) -> None:
    axes.set_title(_plain(chart.title), loc="left", fontsize="medium")
    layout = chart.layout()
    if chart.kind == "working":
        return _written(axes, traces[0])
    for trace in _side_by_side(traces) if layout.get("barmode") == "group" else traces:
        DRAWN[trace["type"]](axes, trace)
    for which in "xy":
        _scaled(axes, which, layout[f"{which}axis"])
    if any("scaleanchor" in layout[f"{which}axis"] for which in "xy"):
        axes.set_aspect("equal")
    handles, names = axes.get_legend_handles_labels()
    if len(names) > 1:
        axes.legend(handles, names, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return None


def _scaled(axes: Axes, which: str, said: Mapping[str, Any]) -> None:
    """One axis as the layout has it; a range on a log axis is in powers of ten."""
    axis = getattr(axes, f"{which}axis")
    log, edges = said.get("type") == "log", said.get("range")
    if log:
        getattr(axes, f"set_{which}scale")("log")
    if edges is not None:
        getattr(axes, f"set_{which}lim")([10**edge for edge in edges] if log else edges)
    if "tickvals" in said:
        axis.set_ticks(list(said["tickvals"]), [_plain(text) for text in said.get("ticktext", said["tickvals"])])
    if not said.get("showticklabels", True):
        axis.set_ticks([])
    axis.set_visible(said.get("visible", True))
    axis.set_label_text(_plain(said["title"]["text"]))


def _scatter(axes: Axes, trace: Trace) -> None:
    """Lines, marks and texts at places."""
    x, y = _places(trace)
    label, line = _labelled(trace), trace.get("line", {})
    if "lines" in trace["mode"]:
        look = {"color": _colour(line.get("color")), "linestyle": DASHES.get(line.get("dash", "solid"), "--")}
        axes.plot(x, y, linewidth=line.get("width", 2) * 0.75, zorder=3, **look, **label)
    if "markers" in trace["mode"]:
        _marks(axes, x, y, trace["marker"], {} if "lines" in trace["mode"] else label)
    if "text" in trace["mode"]:
        _texts(axes, x, y, trace)


def _places(trace: Trace) -> tuple[list[float], list[float]]:
    """X and y of as many points as have both, a gap where one is missing."""
    known = zip(trace["x"], trace["y"], strict=False)
    points = [(np.nan, np.nan) if None in point else point for point in known]
    return [across for across, _ in points], [down for _, down in points]


def _marks(axes: Axes, x: Any, y: Any, marker: Mapping[str, Any], label: Mapping[str, str]) -> None:
    symbol = marker.get("symbol", "circle")
    colours, size = _colour(marker.get("color")), np.square(np.asarray(marker.get("size", 6), float) * 0.75)
    look: dict[str, Any] = {"marker": MARKS.get(symbol, "o") if isinstance(symbol, str) else "o", "s": size, "zorder": 4}
    if "colorscale" in marker:
        look |= {"c": marker["color"], "cmap": _scale(marker["colorscale"]), "vmin": marker["cmin"], "vmax": marker["cmax"]}
    elif isinstance(symbol, str) and symbol.endswith("-open"):
        look |= {"facecolors": "none", "edgecolors": colours, "linewidths": 2}
    else:
        look |= {"color": colours}
    axes.scatter(x, y, **look, **label)


def _texts(axes: Axes, x: Any, y: Any, trace: Trace) -> None:
    texts = trace["text"] if not isinstance(trace["text"], str) else [trace["text"]] * len(x)
    colours = _colour(trace.get("textfont", {}).get("color"))
    sides = trace.get("textposition", "middle")
    for place, (across, down, text) in enumerate(zip(x, y, texts, strict=False)):
        side = SIDES.get(_each(sides, place).partition(" ")[0], "center")
        look = {"color": _each(colours, place), "ha": "center", "va": side, "fontsize": "small"}
        axes.text(across, down, _plain(text), clip_on=True, zorder=5, **look)


def _each(said: Any, place: int) -> Any:
    """An attribute of one point, said for all or one by one."""
    return said[place] if isinstance(said, list) else said


def _bars(axes: Axes, trace: Trace) -> None:
    """Upright bars, or lying ones with their texts inside."""
    colours = _colour(trace["marker"]["color"])
    if trace.get("orientation") == "h":
        axes.barh(trace["y"], trace["x"], left=trace["base"], color=colours, edgecolor="grey")
        middles = [start + wide / 2 for start, wide in zip(trace["base"], trace["x"], strict=True)]
        return _texts(axes, middles, trace["y"], trace)
    heights = np.asarray(trace["y"], float)
    look = {"width": trace.get("width") or _pitch(trace["x"]), "color": colours, "alpha": trace.get("opacity", 1)}
    axes.bar(_numbers(axes, trace)[: len(heights)], heights, **look, **_labelled(trace))
    return None


def _numbers(axes: Axes, trace: Trace) -> Any:
    """Where the bars stand: at their numbers, or by name at 0, 1, 2, ..."""
    if "names" in trace:
        axes.set_xticks(range(len(trace["names"])), [_plain(str(name)) for name in trace["names"]])
    return np.asarray(trace["x"], float)


def _side_by_side(traces: list[Trace]) -> Iterator[Trace]:
    """Bars of one category beside each other."""
    width = 0.75 / len(traces)
    for place, trace in enumerate(traces):
        middle = (place - (len(traces) - 1) / 2) * width
        yield trace | {"names": list(trace["x"]), "x": np.arange(len(trace["x"])) + middle, "width": width}


def _pitch(x: Any) -> float:
    return min((abs(float(after) - float(before)) for before, after in pairwise(x)), default=1.0)


def _heatmap(axes: Axes, trace: Trace) -> None:
    """A cell a number; without places, at 0, 1, 2, ..."""
    z = np.asarray([[np.nan if value is None else value for value in row] for row in np.asarray(trace["z"], object)], float)
    x, y = (np.asarray(trace.get(name, range(size)), float) for name, size in zip("xy", z.shape[::-1], strict=True))
    axes.pcolormesh(x, y, z, shading="nearest", **_coloured(trace))


def _contour(axes: Axes, trace: Trace) -> None:
    z, levels = np.asarray(trace["z"], float), trace["ncontours"]
    axes.contourf(trace["x"], trace["y"], z, levels, **_coloured(trace))
    axes.contour(trace["x"], trace["y"], z, levels, colors="white", linewidths=0.4)


def _coloured(trace: Trace) -> dict[str, Any]:
    return {"cmap": _scale(trace["colorscale"]), "vmin": trace.get("zmin"), "vmax": trace.get("zmax")}


def _scale(stops: Any) -> Any:
    colours = import_module("matplotlib.colors")
    return colours.LinearSegmentedColormap.from_list("scale", [(share, _colour(colour)) for share, colour in stops])


def _colour(said: Any) -> Any:
    """A colour, or one a point, as matplotlib takes it: "#rrggbb" as it is, "rgba(...)" as four shares."""
    if isinstance(said, list | tuple):
        return [_colour(one) for one in said]
    if not isinstance(said, str) or not said.startswith("rgba("):
        return said
    red, green, blue, alpha = (float(part) for part in said[5:-1].split(","))
    return red / 255, green / 255, blue / 255, alpha


def _written(axes: Axes, trace: Trace) -> None:
    """Lines of LaTeX, as they are written."""
    axes.set_axis_off()
    text = "\n".join(trace["text"])
    axes.text(0, 1, _plain(text), family="monospace", fontsize="small", va="top", transform=axes.transAxes)


def _labelled(trace: Trace) -> dict[str, str]:
    """What the legend calls it."""
    return {"label": _plain(trace["name"])} if trace.get("name") and trace.get("showlegend", True) else {}


def _plain(text: str) -> str:
    """A text that matplotlib takes for no formula, with the line breaks of HTML."""
    return text.replace("$", r"\$").replace("<br>", "\n")


DRAWN: dict[str, Callable[[Axes, Trace], None]] = {"scatter": _scatter, "bar": _bars, "heatmap": _heatmap, "contour": _contour}
