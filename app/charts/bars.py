"""Charts of bars: values by category, and histograms of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.charts.base import Axis, Chart, Series, Update, colour_of, known


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """A bar a category and series, all new in every frame. Value: {uid: heights (n,)}, or heights when there is one series.

    `colours`: one a category, in place of the series', where the categories have colours of their own on the charts beside it.
    """

    categories: Sequence[str | int]
    series: Mapping[str, Series]
    colours: Sequence[str] = ()

    def traces(self) -> list[dict[str, Any]]:
        """One bar trace a series."""
        return [
            {
                "type": "bar",
                "uid": uid,
                "name": one.name,
                "offsetgroup": uid,
                "x": list(self.categories),
                "y": [],
                "marker": {"color": list(self.colours) or colour_of(one, place), "line": {"width": 0}},
                "showlegend": len(self.series) > 1,
            }
            for place, (uid, one) in enumerate(self.series.items())
        ]

    def layout(self) -> dict[str, Any]:
        """Bars of a category side by side; categories that look like numbers are names all the same.

        Names lie or stand: Plotly slants them, too, but then redraws them upright and back again with the same data.
        """
        said = super().layout() | {"bargap": 0.25, "bargroupgap": 0.06, "barmode": "group"}
        return said | {"xaxis": said["xaxis"] | {"type": "category", "autotickangles": [0, 90]}}

    def update(self, value: Mapping[str, ArrayLike] | ArrayLike, step: int) -> Update:
        """The heights of all bars of each series named."""
        named = value if isinstance(value, Mapping) else {next(iter(self.series)): value}
        heights = {uid: np.asarray(bars) for uid, bars in known(named, self.series, self.title).items()}
        for uid, bars in heights.items():
            if bars.shape != (len(self.categories),):
                raise ValueError(f"chart {self.title!r}, {uid!r}: {bars.shape} bars, wanted {len(self.categories)}")
        return {"set": {uid: {"y": bars} for uid, bars in heights.items()}}


@dataclass(frozen=True, kw_only=True)
class Histogram(Chart):
    """How samples fall into `bins` equal bins over the x range. Value: {uid: samples (n,)}; drawn as shares that sum to 1.

    Samples outside the range count in the outermost bin, so that nothing is hidden.
    """

    series: Mapping[str, Series]
    bins: int = 40
    y: Axis = field(default_factory=lambda: Axis("share of samples"))

    def _edges(self) -> Any:
        if self.x.range is None or self.x.log:
            raise ValueError(f"chart {self.title!r}: a histogram needs a range on a linear x axis")
        return np.linspace(*self.x.range, self.bins + 1)

    def traces(self) -> list[dict[str, Any]]:
        """One bar trace a series, bars touching."""
        edges = self._edges()
        centres = (edges[:-1] + edges[1:]) / 2
        return [
            {
                "type": "bar",
                "uid": uid,
                "name": one.name,
                "x": centres,
                "y": [],
                "marker": {"color": colour_of(one, place), "line": {"width": 0}},
                "opacity": 0.75,
            }
            for place, (uid, one) in enumerate(self.series.items())
        ]

    def layout(self) -> dict[str, Any]:
        """Bars of all series over each other."""
        return super().layout() | {"bargap": 0, "barmode": "overlay"}

    def update(self, value: Mapping[str, ArrayLike], step: int) -> Update:
        """The share of samples in each bin, of each series named."""
        edges = self._edges()
        shares = {}
        for uid, samples in known(value, self.series, self.title).items():
            clipped = np.clip(np.asarray(samples, dtype=float).ravel(), edges[0], edges[-1])
            shares[uid] = np.histogram(clipped, edges)[0] / max(clipped.size, 1)
        return {"set": {uid: {"y": share} for uid, share in shares.items()}}
