"""A plan in the making: every node gets the array it lives in, and its kernel the calls that fill it, in the order of the graph.

Between `engine.seats`, which says what stands together in one buffer, and `engine.plan`, which steps through the calls. A buffer
goes to its last reader, if that works number by number, or else to a later node. So does the memory of what is set at the end of
a step: once its old value has been read, the new one is computed right there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.buffers import Buffers, Life
from engine.calls import block
from engine.graph import TABLE, Array, Call, GraphError, Node
from engine.passes import Simplified
from engine.pieces import each
from engine.seats import Group, Seats, seating
from engine.values import Values

TURNED_OFTEN = 4
"""Products that multiply by a turned matrix, from which it is copied once: BLAS turns it anew in each of them."""

TALL, SHORT = 64, 128
"""A product with so many rows, and so few terms in each sum, is faster when its right factor is first copied if it is turned."""


class Builder:
    """A plan in the making: which array each node lives in, and the calls so far."""

    def __init__(self, values: Values, simplified: Simplified, instead: Mapping[Node, Array]) -> None:
        self.values, self.simplified = values, simplified
        self.calls: list[Call] = []
        self.works_at: list[Node] = []
        self.feeds: dict[str, Array] = {}
        self.buffers = Buffers(values.flat.dtype)
        self._instead = instead  # of where the values have them
        self.arrays: dict[Node, Array] = {}
        self._owner: dict[Node, Node] = {}
        self._holder: dict[Node, Node] = {}
        self._last: dict[Node, int] = {}
        self._sets: dict[Node, Node] = {}  # what is set -> its new value
        self._set_by: dict[Node, Node] = {}
        self._part_of: dict[Node, Node] = {}  # a variable -> the vector that is set, or itself
        self._lives_in: dict[Node, Node] = {}  # what lives in the memory of what is set
        self._kept: dict[Node, Array] = {}
        self._seats = Seats()
        self._shared: dict[Group, dict[Node, Array]] = {}
        self._turned: dict[tuple[int, ...], Array] = {}
        self._prepared: defaultdict[Any, list[Array]] = defaultdict(
            list
        )  # free ones with rows that only a like group finds right
        self._dying: dict[Node, None] = {}  # whose buffers nobody reads after the node that is computed now
        self._lasting: set[Node] = set()
        self._products: Counter[Node] = Counter()

    def fetched(self, node: Node) -> Array:
        """Where the value of an output lives, as it was before anything was set."""
        stand_in = self.simplified.stand_in[node]
        return self._kept.get(stand_in, self.arrays[stand_in])

    def emit(self, outputs: Sequence[Node], sets: Mapping[Node, Node]) -> Generator[None, None, None]:
        """Buffers and calls for all nodes, in order; then what could not be computed right where it is set is copied there."""
        order = self.simplified.order
        self._sets = {target: self.simplified.stand_in[value] for target, value in sets.items()}
        self._part_of = _parts(self._sets)
        self._set_by = {value: target for target, value in self._sets.items()}
        self._seats = yield from seating(order)
        yield from each(self._foresee, enumerate(order))
        pinned = {self.simplified.stand_in[node]: None for node in (*outputs, *sets.values())}
        self._lasting = {self._holder[node] for node in pinned}
        yield from each(self._emit, enumerate(order))
        self._keep(pinned)
        for target, value in self._sets.items():
            if self._lives_in.get(value) is not target:  # else it was computed there
                self.calls.append((np.copyto, (self.values.of(target), self._kept.get(value, self.arrays[value]))))
                self.works_at.append(target)

    def lives(self) -> list[Life]:
        """When each buffer holds what; calls are counted with those of `_keep`, which come before all else."""
        ahead = len(self._kept)
        lives = [
            Life(buffer, begins + ahead, ends + ahead) for buffer, begins, ends in self.buffers.lives(len(self.calls) - ahead)
        ]
        fed = {id(block(array)) for array in self.feeds.values()}
        return [life._replace(begins=0) if id(self.buffers.made[life.buffer]) in fed else life for life in lives]

    def _keep(self, nodes: Iterable[Node]) -> None:
        """Copies, before all else, what is read at the end of a step but is set until then."""
        set_until_then = [node for node in nodes if self._owner[node] in self._part_of]
        self.buffers.now = -len(set_until_then)
        self._kept = {node: self.buffers.make(node.shape) for node in set_until_then}
        self.calls[:0] = [(np.copyto, (kept, self.arrays[node])) for node, kept in self._kept.items()]
        self.works_at[:0] = set_until_then

    def _foresee(self, item: tuple[int, Node]) -> None:
        """The node whose buffer a node lives in, the whole of a group; and that it and what it reads are needed up to here."""
        place, node = item
        op = TABLE[node.op] if node.inputs else None
        owner = self._owner[node] = self._owner[node.inputs[0]] if op and op.view else node
        group = self._seats.group(owner)
        self._holder[node] = group.whole if group else self._part_of.get(owner, owner)
        if node in self._part_of:
            self._lives_in[self._part_of[node]] = self._part_of[node]
        for read in (node, *node.inputs):
            self._last[self._holder[read]] = place
        if op and op.product:
            self._products[node.inputs[0]] += 1

    def _emit(self, item: tuple[int, Node]) -> None:
        """Buffer and calls of one node; what nobody reads afterwards is let go."""
        place, node = item
        self._dying = {}
        self.buffers.now = len(self.calls)
        for read in (node, *node.inputs):
            holder = self._holder[read]
            if self._last[holder] == place and self._ends(holder):
                self._dying[holder] = None
        self.arrays[node] = self._computed(node) if node.inputs else self._leaf(node)
        self.works_at += [node] * (len(self.calls) - len(self.works_at))
        self.buffers.now = len(self.calls)
        for holder in self._dying:
            self._let_go(holder)

    def _ends(self, holder: Node) -> bool:
        """Whether a buffer is free once it is read: it is not fed, no output and no variable's, unless that is set."""
        group = self._seats.group(holder)
        computed = holder.inputs and holder not in self._lasting and not (group and group.lasting)
        return bool(computed) or holder in self._sets

    def _let_go(self, holder: Node) -> None:
        """A buffer that others may have now; the memory of what is set only its new value."""
        group = self._seats.group(holder)
        if holder in self._lives_in:
            del self._lives_in[holder]
        elif group is None:
            self.buffers.give(self.arrays[holder])
        elif group.plain:
            self.buffers.give(self._shared.pop(group)[holder])
        else:
            buffer = self._shared.pop(group)[holder]
            self._prepared[group.kind(self._seats)].append(buffer)
            self.buffers.end(buffer)

    def _seat(self, node: Node) -> Array:
        """The place of a node in its group's buffer, which is there from the first of the group on."""
        group = self._seats.home[node][0]
        if group not in self._shared:
            self._shared[group] = self._seats.views(group, self._group_buffer(group))
        return self._shared[group][node]

    def _group_buffer(self, group: Group) -> Array:
        """One in which the rows that no part fills stand as they should; one that is fed is nobody else's before, either."""
        if group.plain and not group.lasting:
            return self.buffers.take(group.whole.shape)
        prepared = self._prepared[group.kind(self._seats)]
        if group.lasting or not prepared:
            return self._seats.prepare(group, self.buffers.make(group.whole.shape))
        self.buffers.begin(prepared[-1])
        return prepared.pop()

    def _leaf(self, node: Node) -> Array:
        if node.op == "constant":
            value: Array = node.attributes["value"]
            return value
        if node.op == "variable":
            return self._instead[node] if node in self._instead else self.values.of(node)
        self.feeds[node.name] = buffer = self._seat(node) if node in self._seats.home else self.buffers.make(node.shape)
        return buffer

    def _computed(self, node: Node) -> Array:
        op, arrays = TABLE[node.op], [self.arrays[source] for source in node.inputs]
        if op.view:
            view: Array = op.compute(*arrays, **node.attributes)
            turned_often = self._products[node] >= TURNED_OFTEN and not view.flags.c_contiguous
            if np.may_share_memory(view, arrays[0]) and not turned_often:
                return view
            self._owner[node] = node
        if node in self._seats.copied:
            return self._set_beside(node)
        out = self._out(node)
        if op.product and _better_turned(*arrays):
            arrays[1] = self._turned_once(arrays[1])
        self.calls += op.kernel(out, *arrays, **node.attributes) if op.kernel else [(_copy_computed, (out, op, arrays, node))]
        return out

    def _turned_once(self, factor: Array) -> Array:
        """The right factor of the next product, copied; the copy's buffer serves all that are alike."""
        copy = self._turned.setdefault(factor.shape, np.empty(factor.shape, factor.dtype))
        self.calls.append((np.copyto, (copy, factor)))
        return copy

    def _set_beside(self, node: Node) -> Array:
        """What stands already where it is to stand, but for the parts that have to be copied there."""
        whole = self._seat(node)
        self.calls += [(np.copyto, (place, self.arrays[part])) for place, part in self._seats.copies(node, whole)]
        return whole

    def _out(self, node: Node) -> Array:
        """A buffer for a node: its seat, or where it is set, or that of an input which nobody reads after it, or another."""
        if node in self._seats.home:
            return self._seat(node)
        if TABLE[node.op].numberwise:
            target = self._vacated(node)
            if target:  # the very array that is read, if it is: NumPy looks longer at another of the same memory
                return self.arrays[target] if target in self.arrays else self.values.of(target)
            for source in node.inputs:
                if source in self._dying and self._may_go_over(node, source):
                    return self._written_over(node, source)
        return self.buffers.take(node.shape)

    def _vacated(self, node: Node) -> Node | None:
        """What the node is the new value of, if nobody reads the old one after it."""
        target = self._set_by.get(node)
        if target is None:
            return None
        tenants = [tenant for tenant, home in self._lives_in.items() if home is target]
        if not self._dying.keys() >= set(tenants):
            return None
        for tenant in tenants:
            del self._dying[tenant], self._lives_in[tenant]
        self._lives_in[node] = target
        return target

    def _may_go_over(self, node: Node, source: Node) -> bool:
        """Whether their buffers are alike. With single numbers NumPy would be slower; what is set keeps nothing else."""
        group = self._seats.group(source)
        alike = source.shape == node.shape != () and (group is None or group.plain)
        return alike and not (source in self._lives_in and node in self._lasting)

    def _written_over(self, node: Node, source: Node) -> Array:
        """The buffer of an input that nobody reads after the node."""
        del self._dying[source]
        group = self._seats.group(source)
        if group:
            del self._shared[group]
        if source in self._lives_in:
            self._lives_in[node] = self._lives_in.pop(source)
        return self.arrays[source]


def _parts(targets: Iterable[Node]) -> dict[Node, Node]:
    """Each variable that is set, alone or as a part of a vector -> what is set."""
    part_of: dict[Node, Node] = {}
    for target in targets:
        for part in (target, *target.attributes.get("parts", ())):
            if part in part_of:
                raise GraphError(f"variable {part.title!r}: is set by two updates of one plan, wanted one")
            part_of[part] = target
    return part_of


def _better_turned(a: Array, b: Array) -> bool:
    """Whether b is a turned view, and a product with it one for which OpenBLAS is slow to read it so."""
    turned = b.ndim == 2 and b.T.flags.c_contiguous and not b.flags.c_contiguous
    return turned and a.shape[-2] >= TALL and b.shape[0] <= SHORT


def _copy_computed(out: Array, op: Any, arrays: list[Array], node: Node) -> None:
    np.copyto(out, op.compute(*arrays, **node.attributes))
