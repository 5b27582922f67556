"""What a run of TensorFlow 1 asks for, and whether it can be had: all that is checked before a number is computed.

Between operations, which it takes apart, and `engine.v1.session`, which computes what is found here to be ready. It knows shapes,
and which variables have been initialized, but no values, so that a program can be rehearsed without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.graph import GraphError, Node, topological_order
from engine.updates import Update
from engine.v1.mistakes import closed, empty_graph, misfed, not_fed, unfetchable, uninitialized
from engine.v1.naming import Names
from engine.v1.operations import Assignment, Initialize


@dataclass(frozen=True, eq=False)
class Wanted:
    """A run taken apart. `fetches`: as asked, names looked up. `order`: the nodes that are computed, inputs first, each once."""

    fetches: tuple[Any, ...]
    order: tuple[Node, ...]
    feeds: Mapping[str, Any]

    def fed(self, feeds: Mapping[str, Any]) -> Wanted:
        """The same run fed other values, by the names of the placeholders."""
        return replace(self, feeds=feeds)

    @property
    def updates(self) -> list[Update]:
        """The steps of optimizers among the fetches."""
        return [each for each in self.fetches if isinstance(each, Update)]

    @property
    def initialized(self) -> list[Node]:
        """The variables that are initialized."""
        return [node for each in self.fetches if isinstance(each, Initialize) for node in each.variables]

    @property
    def reads(self) -> list[Node]:
        """The nodes whose values are given back, or assigned, in the order of the fetches."""
        valued = [each.value if isinstance(each, Assignment) else each for each in self.fetches]
        return [each for each in valued if isinstance(each, Node)]


@dataclass(frozen=True)
class Needs:
    """What fetches stand on."""

    order: tuple[Node, ...]
    placeholders: tuple[Node, ...]
    variables: tuple[Node, ...]


class Readiness:
    """What a session has been told so far: which variables it initialized, and whether it is open."""

    def __init__(self, names: Names) -> None:
        self._names, self._graph = names, names.graph
        self._initialized: set[Node] = set()
        self._open = True
        self._needs: dict[tuple[Any, ...], Needs] = {}

    def close(self) -> None:
        """From now on nothing runs."""
        self._open = False

    def take(self, fetches: Sequence[Any], feed_dict: Mapping[Any, Any]) -> Wanted:
        """The run taken apart, after which the variables that it sets count as initialized.

        Raises Mistake or GraphError for what `Session.run` says.
        """
        if not self._open:
            raise closed()
        if not self._graph.nodes:
            raise empty_graph()
        found = tuple([self._found(fetch) for fetch in fetches])
        self._names.give()
        if found not in self._needs:
            self._needs[found] = _needs(found)
        feeds = self._feeds(feed_dict)
        self._check(self._needs[found], feeds)
        wanted = Wanted(found, self._needs[found].order, feeds)
        self._initialized.update(wanted.initialized, (each.variable for each in found if isinstance(each, Assignment)))
        return wanted

    def _check(self, needs: Needs, feeds: Mapping[str, Any]) -> None:
        for node in needs.variables:
            if node not in self._initialized:
                raise uninitialized(node)
        for node in needs.placeholders:
            if node.name not in feeds:
                raise not_fed(node)

    def _feeds(self, feed_dict: Mapping[Any, Any]) -> dict[str, Any]:
        feeds = {}
        for key, value in feed_dict.items():
            node = self._found(key)
            if not isinstance(node, Node) or node.op != "placeholder":
                raise GraphError(f"feed of {getattr(node, 'title', key)!r}: got something else, wanted a placeholder")
            if (shape := np.shape(value)) != node.shape:
                raise misfed(node, shape)
            feeds[node.name] = value
        return feeds

    def _found(self, fetch: Any) -> Any:
        if isinstance(fetch, str):
            return self._names.node(fetch)
        if isinstance(fetch, Node):
            return self._graph.as_node(fetch)
        if not isinstance(fetch, Initialize | Assignment | Update):
            raise unfetchable(fetch)
        return fetch


def _needs(found: Sequence[Any]) -> Needs:
    roots: list[Node] = []
    for each in found:
        if isinstance(each, Update):
            roots += (*each.reads(), *each.sets.values())
        elif not isinstance(each, Initialize):
            roots.append(each.value if isinstance(each, Assignment) else each)
    order = tuple(topological_order(roots))
    stored = (part for node in order if node.op == "variable" for part in node.attributes.get("parts", (node,)))
    variables = tuple(dict.fromkeys(node for node in stored if "begin" not in node.attributes))
    return Needs(order, tuple(node for node in order if node.op == "placeholder"), variables)
