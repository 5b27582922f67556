"""Nodes that share a buffer: what only sets its inputs side by side is computed by computing each input in its rows.

`engine.plan` asks here, before it makes buffers, where each such input is to stand. A group is one buffer: a node that nobody
sets beside others, its parts, their parts. It is used again, like any buffer, once all of them have been read.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.graph import TABLE, Array, Node
from engine.pieces import each


@dataclass(eq=False)
class Group:
    """One shared buffer. `whole` decides its shape; rows are counted from its first.

    `fills`: what stands in rows that no part has, by start, rows and number, outer nodes before inner. `filled`: the rows of each
    part. `lasting`: something in it is fed from outside, so that it is never free.
    """

    whole: Node
    fills: list[tuple[int, int, float]] = field(default_factory=list)
    filled: list[tuple[int, int]] = field(default_factory=list)
    lasting: bool = False

    @property
    def kind(self) -> Any:
        """What another group must be like to take the buffer over: it finds its rows of ones and zeros as it left them."""
        return self.whole.shape, tuple(self.fills), tuple(self.filled)

    def prepare(self, buffer: Array) -> Array:
        """A new buffer with the numbers that stay."""
        for start, rows, rest in self.fills:
            buffer[..., start : start + rows, :] = rest
        return buffer


@dataclass
class Seats:
    """`home`: node -> its group and the row it begins at. `copied`: node -> the inputs that cannot be computed in their place,
    each with the row of the group's buffer that it is copied to.
    """

    home: dict[Node, tuple[Group, int]] = field(default_factory=dict)
    copied: dict[Node, list[tuple[int, Node]]] = field(default_factory=dict)

    def group(self, node: Node) -> Group | None:
        """The group a node belongs to, if any."""
        return self.home[node][0] if node in self.home else None


def seating(order: Sequence[Node], given: Collection[Node]) -> Generator[None, None, Seats]:
    """Seats for all parts that can be computed in their place: no views, no variables, nothing that is `given` another place."""
    seats = Seats()

    def seat(node: Node) -> None:
        starts = TABLE[node.op].starts if node.inputs else None
        if starts is None or node in given:
            return
        parts = list(zip(starts(node), node.inputs, strict=True))
        free = {part: start for start, part in parts if _can_move(part, given, seats)}
        if free or node in seats.home:
            _seat(seats, node, parts, free)

    yield from each(seat, reversed(order))
    return seats


def _can_move(node: Node, given: Collection[Node], seats: Seats) -> bool:
    computed = node.op == "placeholder" or (node.inputs and not TABLE[node.op].view)
    return bool(computed) and node not in given and node not in seats.home


def _seat(seats: Seats, node: Node, parts: Sequence[tuple[int, Node]], free: dict[Node, int]) -> None:
    """Parts in `free` are computed at the row it says, the others copied; one that stands there twice is copied once."""
    group, begin = seats.home.setdefault(node, (Group(node), 0))
    group.fills.append((begin, node.shape[-2], TABLE[node.op].rest))
    seats.copied[node] = []
    for start, part in parts:
        group.filled.append((begin + start, part.shape[-2]))
        if free.get(part) == start:
            seats.home[part] = (group, begin + start)
            group.lasting |= part.op == "placeholder"
        else:
            seats.copied[node].append((begin + start, part))
