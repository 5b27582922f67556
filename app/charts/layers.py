"""Where the nodes of a directed acyclic graph stand when it is drawn in layers, each edge pointing down.

The method of Sugiyama, Tagawa and Toda (1981) in its four steps: a layer for each node, bends where an edge passes a layer, an
order within each layer that has few crossings, and last the places across. `app.charts.graph` draws by it. It is our own: igraph,
which does it well, is under the GPL, and the others know no width of a node or are not kept up.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

SWEEPS = 16
"""Times that each layer is set in place by its neighbours; more change nothing that one sees."""

PATIENCE = 4
"""Times that each layer is set in order by its neighbours without fewer crossings, before the best order is taken."""

BEND_WIDTH = 6.0
STRAIGHT = 8.0
"""How much more than a node a bend insists on standing right under the one before it, so that long edges are straight."""

Edge = tuple[str, str]


class Spot(NamedTuple):
    """What takes room in a layer: a node, or the bend of all edges from `key` that pass this layer."""

    key: str
    layer: int
    bend: bool


@dataclass(frozen=True)
class Layered:
    """`layer` and `across` of each node (its middle, in the unit of the widths), each edge's points (across, layer) on its way,
    and the `width` of it all.
    """

    layer: Mapping[str, int]
    across: Mapping[str, float]
    routes: Sequence[Sequence[tuple[float, int]]]
    width: float


@lru_cache(maxsize=64)
def layered(widths: tuple[tuple[str, float], ...], edges: tuple[Edge, ...], gap: float) -> Layered:
    """The graph of nodes (key, width) and edges in layers, at least `gap` between neighbours.

    Raises ValueError for an edge to a node that is not there, and for a cycle.
    """
    layer = layers([key for key, _ in widths], edges)
    drawing = _Drawing(dict(widths), gap, layer, edges)
    drawing.untangle()
    across = drawing.place()
    left = min((across[spot] - drawing.width(spot) / 2 for spot in across), default=0.0)
    right = max((across[spot] + drawing.width(spot) / 2 for spot in across), default=0.0)
    routes = [[(across[spot] - left, spot.layer) for spot in drawing.way(edge)] for edge in edges]
    at = {spot.key: across[spot] - left for spot in across if not spot.bend}
    return Layered(layer, at, routes, right - left)


def layers(keys: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Each node one below its lowest input; then, from the last up, right above its first reader where the edges get no longer.

    Raises ValueError for an edge to a node that is not there, and for a cycle.
    """
    readers: dict[str, list[str]] = {key: [] for key in keys}
    reads = dict.fromkeys(keys, 0)
    for source, target in edges:
        if source not in readers or target not in readers:
            raise ValueError(f"edge {source!r} to {target!r}: got a node that the graph does not have")
        readers[source].append(target)
        reads[target] += 1
    order, layer = _in_order(readers, reads)
    for key in reversed(order):
        if readers[key] and len(readers[key]) >= reads[key]:
            layer[key] = min(layer[target] for target in readers[key]) - 1
    return layer


def _in_order(readers: Mapping[str, Sequence[str]], reads: Mapping[str, int]) -> tuple[list[str], dict[str, int]]:
    """The nodes, inputs before those who read them, and how many edges the longest way to each has."""
    waits = dict(reads)
    order = [key for key, count in waits.items() if not count]
    layer = dict.fromkeys(order, 0)
    for key in order:  # grows while it is walked
        for target in readers[key]:
            layer[target] = max(layer.get(target, 0), layer[key] + 1)
            waits[target] -= 1
            if not waits[target]:
                order.append(target)
    if len(order) < len(waits):
        stuck = next(key for key, count in waits.items() if count)
        raise ValueError(f"node {stuck!r}: got an edge back to it, wanted a graph without cycles")
    return order, layer


@dataclass
class _Drawing:
    """A drawing in the making: the spots of each layer in order, and which spots of the next each is joined to."""

    widths: Mapping[str, float]
    gap: float
    layer: Mapping[str, int]
    edges: Sequence[Edge]
    rows: list[list[Spot]] = field(init=False)

    def __post_init__(self) -> None:
        down: dict[Spot, dict[Spot, None]] = defaultdict(dict)
        for edge in self.edges:
            for one, other in pairwise(self.way(edge)):
                down[one][other] = None
        self.below = {spot: list(others) for spot, others in down.items()}
        up: dict[Spot, list[Spot]] = defaultdict(list)
        for spot, others in self.below.items():
            for other in others:
                up[other].append(spot)
        self.above = dict(up)
        self.rows = self._first_rows()

    def way(self, edge: Edge) -> list[Spot]:
        """The spots of an edge from its source to its target; edges from one source share their bends."""
        source, target = edge
        first, last = self.layer[source], self.layer[target]
        bends = [Spot(source, passed, True) for passed in range(first + 1, last)]
        return [Spot(source, first, False), *bends, Spot(target, last, False)]

    def width(self, spot: Spot) -> float:
        """Of a node what was said, of a bend a little."""
        return BEND_WIDTH if spot.bend else self.widths[spot.key]

    def _first_rows(self) -> list[list[Spot]]:
        """The spots as a walk down from the first nodes meets them, so that what belongs together stands together."""
        rows: list[list[Spot]] = [[] for _ in range(max(self.layer.values(), default=-1) + 1)]
        seen: set[Spot] = set()
        stack = [Spot(key, at, False) for key, at in reversed(list(self.layer.items()))]
        while stack:
            spot = stack.pop()
            if spot not in seen:
                seen.add(spot)
                rows[spot.layer].append(spot)
                stack.extend(reversed(self.below.get(spot, ())))
        return rows

    def untangle(self) -> None:
        """Sweeps down and up: each spot goes to the mean place of its neighbours in the layer before; the best order stays."""
        best, fewest = [list(row) for row in self.rows], self.crossings()
        sweep, last = 0, PATIENCE
        while fewest and sweep < last:
            downwards = sweep % 2 == 0
            near = self.above if downwards else self.below
            order = range(1, len(self.rows)) if downwards else range(len(self.rows) - 2, -1, -1)
            for at in order:
                self._sort(at, self.rows[at - 1 if downwards else at + 1], near)
            self._exchange()
            sweep, count = sweep + 1, self.crossings()
            if count < fewest:
                best, fewest, last = [list(row) for row in self.rows], count, sweep + PATIENCE
        self.rows = best

    def _sort(self, at: int, beside: Sequence[Spot], near: Mapping[Spot, Sequence[Spot]]) -> None:
        """A layer in the order of its neighbours' mean places; who has none keeps its own."""
        place = {spot: count for count, spot in enumerate(beside)}
        means = {}
        for own, spot in enumerate(self.rows[at]):
            others = [place[other] for other in near.get(spot, ())]
            means[spot] = sum(others) / len(others) if others else float(own)
        self.rows[at].sort(key=means.__getitem__)

    def _exchange(self) -> None:
        """Neighbours change places where that takes crossings away."""
        place = {spot: count for row in self.rows for count, spot in enumerate(row)}

        def crossed(left: Spot, right: Spot) -> int:
            count = 0
            for near in (self.above, self.below):
                lefts = sorted(place[other] for other in near.get(left, ()))
                count += sum(len(lefts) - bisect_right(lefts, place[other]) for other in near.get(right, ()))
            return count

        for row in self.rows:
            for at in range(len(row) - 1):
                left, right = row[at], row[at + 1]
                if crossed(right, left) < crossed(left, right):
                    row[at], row[at + 1] = right, left
                    place[left], place[right] = at + 1, at

    def crossings(self) -> int:
        """How many pairs of lines between neighbouring layers cross."""
        count = 0
        for row, beneath in pairwise(self.rows):
            place = {spot: at for at, spot in enumerate(beneath)}
            seen: list[int] = []
            for spot in row:
                ends = [place[other] for other in self.below.get(spot, ())]
                count += sum(len(seen) - bisect_right(seen, end) for end in ends)
                for end in ends:
                    insort(seen, end)
        return count

    def place(self) -> dict[Spot, float]:
        """Across: each layer as near to its neighbours' places as its order and widths allow, swept down and up."""
        across: dict[Spot, float] = {}
        for row in self.rows:
            across |= zip(row, self._apart(row, [0.0] * len(row), [1.0] * len(row)), strict=True)
        for sweep in range(SWEEPS):
            sides = [self.above] if sweep % 2 == 0 else [self.below]
            if sweep >= SWEEPS - 4:
                sides = [self.above, self.below]
            for row in self.rows if sweep % 2 == 0 else reversed(self.rows):
                wishes, weights = zip(*(self._wish(spot, sides, across) for spot in row), strict=True)
                across |= zip(row, self._apart(row, wishes, weights), strict=True)
        return across

    def _wish(
        self, spot: Spot, sides: Sequence[Mapping[Spot, Sequence[Spot]]], across: Mapping[Spot, float]
    ) -> tuple[float, float]:
        """Where a spot would stand by itself, and how much it minds."""
        pulls = [(across[other], STRAIGHT if spot.bend or other.bend else 1.0) for near in sides for other in near.get(spot, ())]
        if not pulls:
            return across[spot], 0.01
        total = sum(weight for _, weight in pulls)
        return sum(at * weight for at, weight in pulls) / total, total

    def _apart(self, row: Sequence[Spot], wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
        """The places nearest to the wishes, by least squares, in this order and apart: regression in one direction, by pooling
        neighbours that are out of order (Barlow, Bartholomew, Bremner and Brunk, 1972).
        """
        offsets = [0.0]
        for left, right in pairwise(row):
            gap = self.gap / 3 if left.bend and right.bend else self.gap
            offsets.append(offsets[-1] + (self.width(left) + self.width(right)) / 2 + gap)
        pools: list[tuple[float, float, int]] = []  # mean, weight, count
        for wish, weight, offset in zip(wishes, weights, offsets, strict=False):
            mean, total, count = wish - offset, weight, 1
            while pools and pools[-1][0] > mean:
                before, heavy, many = pools.pop()
                mean, total, count = (mean * total + before * heavy) / (total + heavy), total + heavy, count + many
            pools.append((mean, total, count))
        means = [mean for mean, _, count in pools for _ in range(count)]
        return [mean + offset for mean, offset in zip(means, offsets, strict=False)]
