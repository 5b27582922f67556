"""A plan: outputs and updates as one flat list of NumPy calls on buffers made ahead; once it is hot, as one generated function.

After `engine.passes` has made the graph smaller, every node that is left gets a buffer, and its kernel binds that buffer. A
buffer goes to a later node once its last reader has read it. Updates come last, when every read of the old values is over. A
plan that is stepped often is written out as one Python function without a loop. A plan belongs to one run and one thread.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from itertools import starmap
from operator import call
from typing import Any

import numpy as np

from engine.graph import TABLE, Array, Call, GraphError, Node
from engine.passes import Simplified, simplifying
from engine.pieces import each
from engine.seats import Group, Seats, seating
from engine.updates import Assign, Update
from engine.values import Values

OUT_BY_NAME = (np.maximum, np.minimum)
"""NumPy wants their `out` by name, lest it be taken for a third operand."""

HOT = 500
"""The steps after which a plan is written out as a function: compiling a call takes about as long as it then saves in so many."""


TURNED_OFTEN = 4
"""Products that multiply by a turned matrix, from which it is copied once: BLAS turns it anew in each of them."""

TALL, SHORT = 64, 128
"""A product with so many rows, and so few terms in each sum, is faster when its right factor is first copied if it is turned."""


def planning(
    values: Values, outputs: Sequence[Node], updates: Sequence[Update | Assign] = (), flat: Array | None = None
) -> Generator[None, None, Plan]:
    """Compiles outputs and updates to a plan, in pieces; `flat` is another vector to work on than the values' own."""
    wanted = [*outputs, *(node for update in updates for node in update.reads())]
    builder = _Builder(values, (yield from simplifying(wanted)), values.flat if flat is None else flat)
    builder.place_gradients(updates)
    yield from builder.emit(wanted)
    if updates:
        builder.keep([*outputs, *(update.value for update in updates if isinstance(update, Assign))])
    for update in sorted(updates, key=lambda update: isinstance(update, Assign)):
        builder.emit_update(update)
    one_by_one: list[tuple[Any, ...]] = []
    yield from each(lambda made: one_by_one.append(_by_place(*made)), builder.calls)
    return Plan(builder, outputs, one_by_one)


class Plan:
    """Made by `Session.plan`. Call it with the feeds by name to run one step; it returns copies of the outputs.

    Outputs are values from before the updates, variables too. A placeholder keeps what it was fed until it is fed again. `calls`
    are the NumPy calls of a step, `bytes` the size of its buffers.
    """

    def __init__(self, builder: _Builder, outputs: Sequence[Node], one_by_one: list[tuple[Any, ...]]) -> None:
        self.calls = builder.calls
        self.removed = builder.simplified.removed
        self.bytes = builder.bytes
        self.fetches = tuple(outputs)
        self.outputs = tuple(builder.array(node) for node in outputs)
        self._feeds = {name: (buffer, buffer.shape) for name, buffer in builder.feeds.items()}
        self._known = builder.values.graph.placeholders
        self._missing = set(builder.feeds)
        self._one_by_one = one_by_one
        self._cold_for = HOT
        self._function: Callable[[], None] | None = None

    @property
    def source(self) -> str:
        """The function that the calls become once the plan has been stepped `HOT` times."""
        return _written_out(self.calls)[0]

    @property
    def fed(self) -> dict[str, Array]:
        """What each placeholder of the plan was fed last, by name."""
        return {name: buffer for name, (buffer, _) in self._feeds.items()}

    def __call__(self, **feeds: Any) -> tuple[Array, ...]:
        """One step: feeds in, calls, copies of the outputs out. Raises GraphError for a missing, unknown or misshapen feed."""
        self.step(**feeds)
        return tuple(output.copy() for output in self.outputs)

    def step(self, **feeds: Any) -> None:
        """One step without copies, for inner loops; `outputs` are the live buffers."""
        if feeds:
            self.feed(feeds)
        if self._missing:
            raise GraphError(f"placeholder {sorted(self._missing)[0]!r}: got no feed, wanted {self._wanted(self._missing)}")
        if self._function is None:
            self._cold_step()
        else:
            self._function()

    def _cold_step(self) -> None:
        """The calls one by one: a loop in C, which is nearly as fast as the function and needs no compiling."""
        self._cold_for -= 1
        if not self._cold_for:
            self._function = _compiled(*_written_out(self.calls))
        deque(starmap(call, self._one_by_one), 0)

    def feed(self, feeds: Mapping[str, Any]) -> None:
        """Copies values into the placeholders' buffers; one that this plan does not read is passed over."""
        for name, value in feeds.items():
            if name not in self._feeds:
                if name in self._known:
                    continue
                raise GraphError(f"feed {name!r}: got a name this graph does not have, wanted {self._wanted(self._feeds)}")
            buffer, wanted = self._feeds[name]
            # Asking NumPy for the shape of a number takes a microsecond, a tenth of a small network's step
            shape = () if value.__class__ is float else getattr(value, "shape", None)
            if shape is None:
                shape = np.shape(value)
            if shape != wanted:
                raise GraphError(f"placeholder {name!r}: got shape {shape}, wanted {wanted}")
            buffer[...] = value
        if self._missing:
            self._missing.difference_update(feeds)

    def _wanted(self, names: Any) -> str:
        return ", ".join(f"{name} {self._feeds[name][1]}" for name in sorted(names)) or "none"


class _Builder:
    """A plan in the making: which array each node lives in, and the calls so far."""

    def __init__(self, values: Values, simplified: Simplified, flat: Array) -> None:
        self.values, self.simplified = values, simplified
        self.calls: list[Call] = []
        self.feeds: dict[str, Array] = {}
        self.bytes = 0
        self._flat = flat  # the vector worked on, which need not be the values' own
        self._arrays: dict[Node, Array] = {}
        self._owner: dict[Node, Node] = {}
        self._holder: dict[Node, Node] = {}
        self._last: dict[Node, int] = {}
        self._given: dict[Node, Array] = {}
        self._seats = Seats()
        self._shared: dict[Group, Array] = {}
        self._turned: dict[tuple[int, ...], Array] = {}
        self._free: defaultdict[Any, list[Array]] = defaultdict(list)
        self._gradients: dict[Update, Array] = {}
        self._copies: list[tuple[Array, Node]] = []
        self._products: Counter[Node] = Counter()

    def array(self, node: Node) -> Array:
        """Where a node of the original graph lives."""
        return self._arrays[self.simplified.stand_in[node]]

    def place_gradients(self, updates: Sequence[Update | Assign]) -> None:
        """One flat vector of gradients an update, laid out as the values are; gradients are computed straight into it."""
        for update in updates:
            if isinstance(update, Update) and update.gradients:
                where = self.values.span(update.variables)
                flat = self._new((*self._flat.shape[:-1], where.stop - where.start))
                self._gradients[update] = flat
                for variable, gradient in zip(update.variables, update.gradients, strict=True):
                    stand_in = self.simplified.stand_in[gradient]
                    view = self.values.view(variable, flat, where.start)
                    if stand_in.inputs and not TABLE[stand_in.op].view and stand_in not in self._given:
                        self._given[stand_in] = view
                    else:
                        self._copies.append((view, stand_in))

    def emit(self, wanted: Sequence[Node]) -> Generator[None, None, None]:
        """Buffers and calls for all nodes, in order."""
        order = self.simplified.order
        self._seats = yield from seating(order, self._given)
        yield from each(self._foresee, enumerate(order))
        for node in (*(self.simplified.stand_in[node] for node in wanted), *self._given):
            self._last.pop(self._holder[node], None)
        yield from each(self._emit, enumerate(order))
        self.calls += [(np.copyto, (view, self._arrays[node])) for view, node in self._copies]

    def keep(self, nodes: Sequence[Node]) -> None:
        """Copies what is read after the updates but written by them: variables, and gradients, which clipping cuts in place."""
        for stand_in in {self.simplified.stand_in[node]: None for node in nodes}:
            owner, array = self._owner[stand_in], self._arrays[stand_in]
            if owner.op == "variable" or owner in self._given:
                self._arrays[stand_in] = kept = self._new(array.shape)
                self.calls.append((np.copyto, (kept, array)))

    def emit_update(self, update: Update | Assign) -> None:
        """The calls that change variables, after all that read them."""
        if isinstance(update, Assign):
            self.calls.append((np.copyto, (self._variable(update.variable), self.array(update.value))))
            return
        where = self.values.span(update.variables)
        inputs = [self.array(node) for node in update.inputs]
        gradient = self._gradients.get(update, np.empty(0, self._flat.dtype))
        slots = self.values.slots(update, self._flat)
        self.calls += update.bind(self._flat[..., where], gradient, inputs, slots)

    def _foresee(self, item: tuple[int, Node]) -> None:
        """The node whose buffer a node lives in, the whole of a group; and that it and what it reads are needed up to here."""
        place, node = item
        op = TABLE[node.op] if node.inputs else None
        owner = self._owner[node] = self._owner[node.inputs[0]] if op and op.view else node
        group = self._seats.group(owner)
        self._holder[node] = group.whole if group else owner
        for read in (node, *node.inputs):
            self._last[self._holder[read]] = place
        if op and op.product:
            self._products[node.inputs[0]] += 1

    def _emit(self, item: tuple[int, Node]) -> None:
        """Buffer and calls of one node; what nobody reads afterwards is let go."""
        place, node = item
        self._arrays[node] = self._computed(node) if node.inputs else self._leaf(node)
        for read in (node, *node.inputs):
            holder = self._holder[read]
            if self._last.get(holder) == place:
                del self._last[holder]
                self._let_go(holder)

    def _let_go(self, holder: Node) -> None:
        """A buffer that others may have now, unless it is fed or a variable's."""
        group = self._seats.group(holder)
        if not holder.inputs or (group and group.lasting):
            return
        if group:
            self._free[group.kind].append(self._shared.pop(group))
        else:
            self._free[holder.shape].append(self._arrays[holder])

    def _seat(self, node: Node) -> Array:
        """The rows of a node in its group's buffer, which is there from the first of the group on."""
        group, start = self._seats.home[node]
        if group not in self._shared:
            free = self._free[group.kind]
            self._shared[group] = free.pop() if free else group.prepare(self._new(group.whole.shape))
        return self._shared[group][..., start : start + node.shape[-2], :]

    def _leaf(self, node: Node) -> Array:
        if node.op == "constant":
            value: Array = node.attributes["value"]
            return value
        if node.op == "variable":
            return self._variable(node)
        self.feeds[node.name] = buffer = self._seat(node) if node in self._seats.home else self._new(node.shape)
        return buffer

    def _variable(self, node: Node) -> Array:
        return self.values.of(node, self._flat)

    def _computed(self, node: Node) -> Array:
        op, arrays = TABLE[node.op], [self._arrays[source] for source in node.inputs]
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
        group, _ = self._seats.home[node]
        whole = self._seat(node)
        for start, part in self._seats.copied[node]:
            rows = self._shared[group][..., start : start + part.shape[-2], :]
            self.calls.append((np.copyto, (rows, self._arrays[part])))
        return whole

    def _out(self, node: Node) -> Array:
        if node in self._given:
            return self._given[node]
        if node in self._seats.home:
            return self._seat(node)
        free = self._free[node.shape]
        return free.pop() if free else self._new(node.shape)

    def _new(self, shape: tuple[int, ...]) -> Array:
        array = np.zeros(shape, self._flat.dtype)
        self.bytes += array.nbytes
        return array


def _better_turned(a: Array, b: Array) -> bool:
    """Whether b is a turned view, and a product with it one for which OpenBLAS is slow to read it so."""
    turned = b.ndim == 2 and b.T.flags.c_contiguous and not b.flags.c_contiguous
    return turned and a.shape[-2] >= TALL and b.shape[0] <= SHORT


def _copy_computed(out: Array, op: Any, arrays: list[Array], node: Node) -> None:
    np.copyto(out, op.compute(*arrays, **node.attributes))


def _by_place(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """A call as one tuple, all its arguments given by place."""
    if function in OUT_BY_NAME:
        return (partial(function, out=arguments[-1]), *arguments[:-1])
    return (function, *arguments)


def _written_out(calls: Sequence[Call]) -> tuple[str, dict[str, Any]]:
    """One function of all calls, and what its names stand for: functions and arguments are its locals, the least that Python can
    spend on a call.
    """
    names: dict[int, str] = {}
    bound: dict[str, Any] = {}

    def name(thing: Any) -> str:
        if id(thing) not in names:
            names[id(thing)] = f"v{len(names)}"
            bound[names[id(thing)]] = thing
        return names[id(thing)]

    lines = []
    for function, arguments in calls:
        words = [name(argument) for argument in arguments]
        if function in OUT_BY_NAME:
            words[-1] = f"out={words[-1]}"
        lines.append(f"    {name(function)}({', '.join(words)})")
    return f"def step({', '.join(f'{key}={key}' for key in bound)}):\n" + ("\n".join(lines) or "    pass"), bound


def _compiled(source: str, bound: dict[str, Any]) -> Callable[[], None]:
    exec(compile(source, "<plan>", "exec"), bound)  # noqa: S102  # the text is made above out of v0, v1, ... alone
    step: Callable[[], None] = bound.pop("step")  # else each would hold the other, and all buffers, after the plan is gone
    return step
