"""Nodes that share a buffer: what only sets its inputs side by side is computed by computing each input in its place.

`engine.builder` asks here, before it makes buffers, where each such input is to stand. A group is one buffer: a node that nobody
sets beside others, its parts, their parts. It is used again, like any buffer, once all of them have been read.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.graph import TABLE, Array, Node
from engine.pieces import each


@dataclass(eq=False)
class Group:
    """One shared buffer. `whole` decides its shape; `stacks` are the nodes that set others side by side, outer before inner.

    `lasting`: something in it is fed from outside, so that it is never free.
    """

    whole: Node
    stacks: list[Node] = field(default_factory=list)
    lasting: bool = False

    @property
    def plain(self) -> bool:
        """Whether its parts fill all of it, so that it may become any buffer, and any buffer it."""
        return all(TABLE[node.op].rest is None for node in self.stacks)

    def kind(self, seats: Seats) -> Any:
        """What another group must be like to take over a buffer that is not plain: it finds its rows of ones and zeros as it left
        them.
        """
        return self.whole.shape, tuple(_layout(node, seats) for node in self.stacks)


@dataclass
class Seats:
    """`home`: node -> its group, the stack it is a part of, None for the whole, and which part. `copied`: stack -> the parts, by
    number, that cannot be computed in their place.
    """

    home: dict[Node, tuple[Group, Node | None, int]] = field(default_factory=dict)
    copied: dict[Node, list[int]] = field(default_factory=dict)

    def group(self, node: Node) -> Group | None:
        """The group a node belongs to, if any."""
        return self.home[node][0] if node in self.home else None

    def views(self, group: Group, buffer: Array) -> dict[Node, Array]:
        """Where each node of a group stands in a buffer."""
        views = {group.whole: buffer}
        for node in group.stacks:
            for at, (part, view) in enumerate(zip(node.inputs, _places(node, views[node]), strict=True)):
                if self.home.get(part) == (group, node, at):
                    views[part] = view
        return views

    def prepare(self, group: Group, buffer: Array) -> Array:
        """A new buffer with the numbers that stay."""
        views = self.views(group, buffer)
        for node in group.stacks:
            if (rest := TABLE[node.op].rest) is not None:
                views[node][...] = rest
        return buffer

    def copies(self, node: Node, whole: Array) -> list[tuple[Array, Node]]:
        """The parts of a stack that have to be copied to it, each with its place in `whole`."""
        places = _places(node, whole)
        return [(places[at], node.inputs[at]) for at in self.copied[node]]


def _places(node: Node, whole: Array) -> Sequence[Array]:
    places = TABLE[node.op].places
    assert places is not None, "only what sets its inputs side by side is a stack"
    return places(node, whole)


def _layout(node: Node, seats: Seats) -> Any:
    """All that decides which numbers of a stack's buffer nobody writes."""
    _, stack, at = seats.home[node]
    where = None if stack is None else (seats.home[node][0].stacks.index(stack), at)
    return where, node.op, tuple(node.attributes.items()), tuple(part.shape for part in node.inputs)


def seating(order: Sequence[Node]) -> Generator[None, None, Seats]:
    """Seats for all parts that can be computed in their place: no views, no variables, nothing that has another place."""
    seats = Seats()

    def seat(node: Node) -> None:
        if node.inputs and TABLE[node.op].places:
            free = {part: at for at, part in reversed(list(enumerate(node.inputs))) if _can_move(part, seats)}
            if free or node in seats.home:
                _seat(seats, node, free)

    yield from each(seat, reversed(order))
    return seats


def _can_move(node: Node, seats: Seats) -> bool:
    computed = node.op == "placeholder" or (node.inputs and not TABLE[node.op].view)
    return bool(computed) and node not in seats.home


def _seat(seats: Seats, node: Node, free: dict[Node, int]) -> None:
    """Parts in `free` are computed in the place it says, the others copied; one that stands there twice is copied once."""
    group, _, _ = seats.home.setdefault(node, (Group(node), None, 0))
    group.stacks.append(node)
    seats.copied[node] = []
    for at, part in enumerate(node.inputs):
        if free.get(part) == at:
            seats.home[part] = (group, node, at)
            group.lasting |= part.op == "placeholder"
        else:
            seats.copied[node].append(at)
