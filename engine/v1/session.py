"""Where the variables of TensorFlow 1 have values, and nodes are run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph import Array, GraphError, Node, topological_order
from engine.plan import Plan
from engine.session import Session as EngineSession
from engine.updates import Update
from engine.v1.naming import Names
from engine.v1.operations import Assignment, Fetch, Initialize


class Session:
    """The values of a graph's variables, none at first, and `run`."""

    def __init__(self, names: Names) -> None:
        self._names, self._graph = names, names.graph
        self._values = EngineSession(self._graph)
        self._known = len(self._graph.variables)
        self._initialized: set[Node] = set()
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def run(self, fetches: Fetch | Sequence[Fetch], feed_dict: Mapping[Node | str, Any] | None = None) -> Any:
        """The value of each fetch, None for an operation such as an initializer; a list for a list.

        Runs only what the fetches stand on. Raises GraphError naming a placeholder that was not fed or fed another shape, a
        variable read before it was initialized, a feed that is no placeholder, or a name that does not exist.
        """
        many = fetches if isinstance(fetches, list | tuple) else None
        wanted = [self._found(fetch) for fetch in ([fetches] if many is None else many)]
        self._names.give()
        self._keep_up()
        results = self._run(wanted, self._feeds(feed_dict or {}))
        return results[0] if many is None else results

    def _run(self, wanted: list[Any], feeds: dict[str, Any]) -> list[Any]:
        updates = [each for each in wanted if isinstance(each, Update)]
        assignments = [each for each in wanted if isinstance(each, Assignment)]
        nodes = [each for each in wanted if isinstance(each, Node)]
        reads = [*nodes, *(each.value for each in assignments)]
        self._check(topological_order([*reads, *(node for update in updates for node in update.reads())]), feeds)
        values: tuple[Array, ...] = ()
        if reads or updates:
            key = (*reads, None, *updates)
            if key not in self._plans:
                self._plans[key] = self._values.plan(reads, updates)
            values = self._plans[key](**feeds)
        for each in wanted:
            if isinstance(each, Initialize):
                for variable in each.variables:
                    self._set(variable, variable.attributes["initial"])
        for assignment, value in zip(assignments, values[len(nodes) :], strict=True):
            self._set(assignment.variable, value)
        of_nodes = iter(values)
        return [next(of_nodes) if isinstance(each, Node) else None for each in wanted]

    def _set(self, variable: Node, value: Array) -> None:
        self._values.assign(variable, value)
        self._initialized.add(variable)

    def _check(self, order: Sequence[Node], feeds: Mapping[str, Any]) -> None:
        for node in order:
            if node.op == "variable" and node not in self._initialized:
                raise GraphError(
                    f"variable {node.title!r}: got a read before it was initialized, wanted its initializer run first"
                )
            if node.op == "placeholder" and node.name not in feeds:
                raise GraphError(f"placeholder {node.title!r}: got no feed, wanted a value of shape {node.shape} in feed_dict")

    def _feeds(self, feed_dict: Mapping[Node | str, Any]) -> dict[str, Any]:
        feeds = {}
        for key, value in feed_dict.items():
            node = self._found(key)
            if not isinstance(node, Node) or node.op != "placeholder":
                raise GraphError(f"feed of {getattr(node, 'title', key)!r}: got something else, wanted a placeholder")
            feeds[node.name] = value
        return feeds

    def _found(self, fetch: Any) -> Any:
        if isinstance(fetch, str):
            return self._names.node(fetch)
        if isinstance(fetch, Node):
            return self._graph.as_node(fetch)
        if not isinstance(fetch, Initialize | Assignment | Update):
            raise GraphError(f"fetch: got {fetch!r}, wanted a node, its name, or an operation")
        return fetch

    def _keep_up(self) -> None:
        """Takes in variables made since; the memory of optimizers begins anew when there are any."""
        count = len(self._graph.variables)
        if count == self._known:
            return
        before, self._known = self._values, count
        self._values, self._plans = EngineSession(self._graph), {}
        for node in self._initialized:
            self._values.assign(node, before.value(node))
