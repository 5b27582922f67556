"""A program gone through line by line: its graph is built, its runs are checked and counted, and nothing is computed.

After `evaluation`; what it leaves is a `tape`. Shapes are all that TensorFlow's classic mistakes depend on, so that a rehearsal
finds each of them at its line, and every limit, without a number.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.graph import TABLE, Array, GraphError, Node
from engine.updates import Update
from engine.v1.face import TensorFlow
from engine.v1.mistakes import Mistake, unfetchable, unfetchable_result
from engine.v1.operations import Assignment, Initialize
from engine.v1.programs.building import Builder, said
from engine.v1.programs.evaluation import RESERVED, Evaluation, dotted
from engine.v1.programs.limits import MOST_PRINTS, MOST_RUNS, MOST_SESSIONS, MOST_WORK, OVERHEAD, Refused
from engine.v1.programs.reading import read, segment
from engine.v1.programs.tape import Closed, Event, Failed, Fetched, Made, Printed, Ran, Tape
from engine.v1.readiness import Readiness, Wanted

RUN = "sess.run(fetches), or sess.run(fetches, feed_dict={x: …})"


@dataclass(frozen=True, eq=False)
class Session:
    """A session of the program: its number, and what it has been told so far."""

    number: int
    readiness: Readiness


def rehearse(text: str, given: Mapping[str, Array | float] | None = None, dtype: npt.DTypeLike = np.float32) -> Tape:
    """The tape of a program; `given` are names that it finds defined, with their numbers.

    Raises ProgramError for a line that is not of the language, or goes past a limit. A mistake that TensorFlow 1 has words for
    ends the tape instead.
    """
    tree = read(text)
    return Rehearsal(text, given or {}, Builder(TensorFlow(dtype))).tape(tree)


class Rehearsal(Evaluation):
    """One program under way, with its sessions and what has happened."""

    def __init__(self, text: str, given: Mapping[str, Array | float], builder: Builder) -> None:
        super().__init__(text, given, builder)
        self._line = 1
        self._events: list[Event] = []
        self._sessions: list[Session] = []
        self._work: dict[tuple[Node, ...], int] = {}
        self._told_nodes = self._told_operations = self._runs = self._prints = self._worked = 0

    def tape(self, tree: ast.Module) -> Tape:
        """Goes through the whole program, or up to its mistake."""
        try:
            self._block(tree.body)
        except Mistake as mistake:
            self._tell_made()
            self._events.append(Failed(self._line, mistake))
        b = self._builder
        names = {name: value for name, value in self._names.items() if isinstance(value, Node)}
        nodes = tuple(node for node in b.tf.graph.nodes if node not in b.hidden)
        operations, sessions = tuple(b.operations.values()), len(self._sessions)
        return Tape(b.tf, tuple(self._events), nodes, operations, sessions, b.draws, tuple(b.losses), names)

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self._line = statement.lineno
            self.spend(statement)
            self._statement(statement)
            self._tell_made()

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            value = self.value(statement.value)
            for target in statement.targets:
                self._assign(target, value)
        elif isinstance(statement, ast.Expr):
            self.value(statement.value)
        elif isinstance(statement, ast.For):
            self._loop(statement)
        elif isinstance(statement, ast.With):
            self._with(statement)

    def _assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name) and target.id not in RESERVED:
            self._names[target.id] = value
        elif isinstance(target, ast.Tuple) and isinstance(value, (list, tuple)) and len(value) == len(target.elts):
            for one, part in zip(target.elts, value, strict=True):
                self._assign(one, part)
        else:
            raise self.refused(target, "nothing to assign this to", "a name, or as many names as there are values")

    def _loop(self, loop: ast.For) -> None:
        call = loop.iter
        if not isinstance(call, ast.Call) or dotted(call.func) != "range" or call.keywords or loop.orelse:
            raise self.refused(call, "no loop of this language", "for step in range(100):")
        bounds = [self.value(one) for one in call.args]
        if not 1 <= len(bounds) <= 2 or not all(type(one) is int for one in bounds):
            raise self.refused(call, "no range of this language", "one whole number, or two, for range")
        for step in range(*bounds):
            self._assign(loop.target, step)
            self._block(loop.body)

    def _with(self, block: ast.With) -> None:
        (item, *more) = block.items
        session = self.value(item.context_expr)
        if more or not isinstance(session, Session):
            raise self.refused(item.context_expr, "no session", "with tf.Session() as sess:")
        if item.optional_vars is not None:
            self._assign(item.optional_vars, session)
        self._block(block.body)
        self._close(session)

    def _done(self, node: ast.Call, name: str) -> Any:
        if name == "tf.Session":
            return self._opened(node)
        if name == "print":
            return self._printed(node)
        raise Refused("nothing that can be called", "a function of tf, a method of what it made, or print")

    def _opened(self, node: ast.Call) -> Session:
        if node.args or node.keywords:
            raise Refused("more than a session takes here", "tf.Session()")
        if len(self._sessions) >= MOST_SESSIONS:
            raise Refused("a session too many", f"at most {MOST_SESSIONS} sessions")
        session = Session(len(self._sessions), Readiness(self._builder.tf.names))
        self._sessions.append(session)
        return session

    def _close(self, session: Session) -> None:
        session.readiness.close()
        self._events.append(Closed(self._line, session.number))

    def _printed(self, node: ast.Call) -> None:
        parts = self._arguments(node)
        self._prints += 1
        if self._prints > MOST_PRINTS:
            raise Refused("a line too many", f"at most {MOST_PRINTS} calls of print in all")
        if node.keywords:
            raise Refused("more than print takes here", 'values with commas between, such as print("loss", value)')
        self._tell_made()
        self._events.append(Printed(self._line, tuple(self._printable(part) for part in parts)))

    def _printable(self, value: Any) -> Any:
        """A value as Python would print it; what a session gives stays to be filled in."""
        if isinstance(value, Fetched):
            return value
        if isinstance(value, list):
            return [self._printable(one) for one in value]
        if isinstance(value, Node):
            shape = str(value.shape)
            named = f"'{value.name}:0' shape={shape} dtype=float32_ref" if value.op == "variable" else ""
            return f"<tf.Variable {named}>" if named else f'Tensor("{value.name}:0", shape={shape}, dtype=float32)'
        if isinstance(value, (Initialize, Update, Assignment)):
            operation = self._builder.operations[value]
            return f"<tf.Operation '{operation.name}' type={operation.kind}>"
        if isinstance(value, (str, int, float, type(None), np.ndarray)):
            return str(value.tolist() if isinstance(value, np.ndarray) else value)
        raise Refused("nothing that is printed here", "texts, numbers, tensors, and what sess.run gave")

    def _method(self, node: ast.Call, owner: Any, name: str) -> Any:
        if not isinstance(owner, Session):
            return self._called(node, owner, name)
        if name == "run":
            return self._run(node, owner)
        if name == "close" and not node.args and not node.keywords:
            return self._close(owner)
        raise Refused("nothing that a session does here", f"{RUN}, or sess.close()")

    def _run(self, node: ast.Call, session: Session) -> Any:
        if self._runs >= MOST_RUNS:
            raise Refused("a run too many", f"at most {MOST_RUNS} calls of sess.run in all")
        asked, feeds = self._of_run(node)
        many = isinstance(asked, (list, tuple))
        fetches = [_fetchable(one) for one in (asked if many else [asked])]
        self._tell_made()
        wanted = self._taken(session, fetches, feeds)
        self._count(wanted)
        operations = tuple(self._builder.operations[each] for each in wanted.fetches if each in self._builder.operations)
        self._events.append(Ran(self._line, session.number, wanted, operations))
        results = [self._result(each, place) for place, each in enumerate(wanted.fetches)]
        self._runs += 1
        return results if many else results[0]

    def _of_run(self, node: ast.Call) -> tuple[Any, dict[Any, Any]]:
        """What is fetched, and placeholder -> what it is fed."""
        more = [*node.args[1:], *(one.value for one in node.keywords if one.arg == "feed_dict")]
        if not node.args or len(more) > 1 or len(node.args) + len(node.keywords) > 1 + len(more):
            raise Refused("no run of this language", RUN)
        fetches = self.value(node.args[0])
        if not more:
            return fetches, {}
        (fed,) = more
        if not isinstance(fed, ast.Dict) or None in fed.keys:
            raise Refused("no dictionary", "feed_dict={x: …}", segment(fed, self._text))
        pairs = zip(fed.keys, fed.values, strict=True)
        return fetches, {self._fed(key): self._feed(value) for key, value in pairs if key is not None}

    def _fed(self, key: ast.expr) -> Node:
        node = self.value(key)
        if not isinstance(node, Node) or node.op != "placeholder":
            raise Refused("no placeholder", "placeholders as the keys of feed_dict", segment(key, self._text))
        return node

    def _feed(self, expression: ast.expr) -> Any:
        value = self.value(expression)
        return value if isinstance(value, Fetched) else self._builder.numbers(value)

    def _taken(self, session: Session, fetches: list[Any], feeds: dict[Any, Any]) -> Wanted:
        """The run taken apart; what it is fed out of earlier runs is not known yet, but for its shape."""
        shapes = {key: np.broadcast_to(0.0, one.shape) if isinstance(one, Fetched) else one for key, one in feeds.items()}
        try:
            wanted = session.readiness.take(fetches, shapes)
        except Mistake:
            raise
        except GraphError as problem:
            raise Refused(f"not possible here ({problem})", RUN) from None
        return wanted.fed({key.name: value for key, value in feeds.items()})

    def _count(self, wanted: Wanted) -> None:
        if wanted.order not in self._work:
            self._work[wanted.order] = sum(_work(node) for node in wanted.order)
        self._worked += self._work[wanted.order]
        if self._worked > MOST_WORK:
            raise Refused("more than there is time for", f"runs that compute at most {MOST_WORK:,} numbers in all")

    def _result(self, fetch: Any, place: int) -> Any:
        node = fetch.value if isinstance(fetch, Assignment) else fetch
        return Fetched(self._runs, place, node.shape) if isinstance(node, Node) else None

    def _tell_made(self) -> None:
        """Tells what the graph has got since it was last told."""
        b = self._builder
        b.tf.names.give()
        nodes = tuple(node for node in b.tf.graph.nodes[self._told_nodes :] if node not in b.hidden)
        operations = tuple(b.operations.values())[self._told_operations :]
        self._told_nodes, self._told_operations = len(b.tf.graph.nodes), len(b.operations)
        if nodes or operations:
            self._events.append(Made(self._line, nodes, operations))


def _fetchable(value: Any) -> Any:
    """A fetch that TensorFlow looks at: also one that it has an error for. Raises Refused for another, and Mistake."""
    if isinstance(value, np.ndarray):
        raise unfetchable(value.ravel()[0].item())
    if isinstance(value, Fetched):
        raise unfetchable_result(value, value.shape)
    if not isinstance(value, (Node, Initialize, Assignment, Update, str, int, float, type(None))):
        raise Refused("nothing that a session runs", "tensors and operations of this program", said(value))
    return value


def _work(node: Node) -> int:
    """How many numbers are computed for a node, or multiplied."""
    sizes = [prod(node.shape), *(prod(source.shape) for source in node.inputs)]
    inner = node.inputs[0].shape[-1] if node.inputs and TABLE[node.op].product else 1
    return OVERHEAD + max(*sizes, prod(node.shape) * inner)
