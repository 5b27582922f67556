"""Where the variables of TensorFlow 1 have values, and nodes are run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph import Array, Node
from engine.plan import Plan
from engine.session import Session as EngineSession
from engine.v1.naming import Names
from engine.v1.operations import Assignment, Fetch
from engine.v1.readiness import Readiness, Wanted


class Session:
    """The values of a graph's variables, none at first, and `run`."""

    def __init__(self, names: Names) -> None:
        self._graph = names.graph
        self._readiness = Readiness(names)
        self._values = EngineSession(self._graph)
        self._known = len(self._graph.variables)
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def run(self, fetches: Fetch | Sequence[Fetch], feed_dict: Mapping[Node | str, Any] | None = None) -> Any:
        """The value of each fetch, of an assignment the value assigned, None for an operation such as an initializer; a list for
        a list.

        Runs only what the fetches stand on. Raises Mistake for a placeholder that was not fed or fed another shape, a variable
        read before it was initialized, a fetch that is nothing to run, and after `close`; GraphError for a feed that is no
        placeholder, or a name that does not exist.
        """
        many = fetches if isinstance(fetches, list | tuple) else None
        wanted = self._readiness.take([fetches] if many is None else many, feed_dict or {})
        self._keep_up()
        results = self._results(wanted, self._planned(wanted))
        return results[0] if many is None else results

    def trace(self, wanted: Wanted) -> tuple[list[Any], dict[Node, Array]]:
        """The results of a run that was taken apart and found ready, by the plain interpreter, and every node's value."""
        self._keep_up()
        sets = {target: value for update in wanted.updates for target, value in update.sets.items()}
        computed = self._values.trace(wanted.order, wanted.feeds)
        results = self._results(wanted, [computed[node] for node in wanted.reads])
        for target, value in sets.items():
            self._values.assign(target, computed[value])
        return results, {node: computed[node] for node in wanted.order}

    def planned(self, wanted: Wanted) -> list[Any]:
        """The results of a run that was taken apart and found ready, by a plan."""
        self._keep_up()
        return self._results(wanted, self._planned(wanted))

    def value(self, variable: Node) -> Array:
        """A copy of a variable's value as it stands, zeros or its first value before it was initialized."""
        return self._values.value(variable)

    def assign(self, variable: Node, value: Any) -> None:
        """Sets a variable from outside of the graph."""
        self._values.assign(variable, value)

    def close(self) -> None:
        """From now on `run` raises Mistake."""
        self._readiness.close()

    def _planned(self, wanted: Wanted) -> Sequence[Array]:
        reads, updates = wanted.reads, wanted.updates
        if not (reads or updates):
            return ()
        key = (*reads, None, *updates)
        if key not in self._plans:
            self._plans[key] = self._values.plan(reads, updates)
        return self._plans[key](**wanted.feeds)

    def _results(self, wanted: Wanted, read: Sequence[Array]) -> list[Any]:
        """What the fetches come to, when variables have been initialized and assigned what was read."""
        for variable in wanted.initialized:
            self._values.assign(variable, variable.attributes["initial"])
        of_reads = iter(read)
        results = [next(of_reads) if isinstance(each, Node | Assignment) else None for each in wanted.fetches]
        for each, value in zip(wanted.fetches, results, strict=True):
            if isinstance(each, Assignment):
                self._values.assign(each.variable, value)
        return results

    def _keep_up(self) -> None:
        """Takes in variables made since; the memory of optimizers begins anew when there are any."""
        count = len(self._graph.variables)
        if count == self._known:
            return
        before, known = self._values, list(self._graph.variables.values())[: self._known]
        self._values, self._plans, self._known = EngineSession(self._graph), {}, count
        for node in known:
            self._values.assign(node, before.value(node))
