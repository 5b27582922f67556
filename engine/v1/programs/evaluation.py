"""Expressions of a program: each part of the tree to what it stands for, a number, a list, a tensor, an operation.

After `functions`, which it calls; `rehearsal` adds the lines, the sessions and what they run.
"""

from __future__ import annotations

import ast
import operator
from abc import abstractmethod
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from inspect import signature
from typing import Any

import numpy as np

from engine.graph import Array, GraphError, Node
from engine.v1.mistakes import Mistake
from engine.v1.operations import Variable
from engine.v1.programs.building import FLOAT32, Builder, array_of, checked_number
from engine.v1.programs.functions import FUNCTIONS, METHODS, WALKS, initializer_of, operated
from engine.v1.programs.limits import MOST_EVALUATIONS, ProgramError, Refused
from engine.v1.programs.reading import EXPRESSIONS, segment

PARTS_OF_A_CALL = 5
"""What calling a function costs, in parts gone through."""
_signature = lru_cache(maxsize=256)(signature)
RESERVED = ("tf", "print", "range")
ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
}
"""Signs between two written numbers. Each number is small, and so is what one step of these makes of them."""


class Evaluation:
    """The names of a program under way, and its graph."""

    def __init__(self, text: str, given: Mapping[str, Array | float], builder: Builder) -> None:
        self._text, self._builder = text, builder
        self._names: dict[str, Any] = dict(given)
        self._written: dict[ast.AST, Any] = {}
        self._evaluations = 0

    @abstractmethod
    def _done(self, node: ast.Call, name: str) -> Any:
        """A call that does something: print, tf.Session. Raises Refused for another."""

    @abstractmethod
    def _method(self, node: ast.Call, owner: Any, name: str) -> Any:
        """A call of what a value has."""

    def value(self, node: ast.expr) -> Any:
        """What an expression stands for. Raises ProgramError, or Mistake."""
        if node in self._written:
            return self._written[node]
        self.spend(node)
        try:
            return self._evaluated(node)
        except Refused as wrong:
            raise ProgramError(node.lineno, wrong.got or segment(node, self._text), wrong.problem, wrong.allowed) from None

    def spend(self, node: ast.AST, parts: int = 1) -> None:
        """Counts what is gone through. Raises ProgramError when it is too much."""
        self._evaluations += parts
        if self._evaluations > MOST_EVALUATIONS:
            raise self.refused(node, "a part too many", f"loops that go through at most {MOST_EVALUATIONS:,} parts in all")

    def refused(self, node: ast.AST, problem: str, allowed: str) -> ProgramError:
        """What is wrong with a part of the text."""
        return ProgramError(getattr(node, "lineno", 1), segment(node, self._text), problem, allowed)

    def _evaluated(self, node: ast.expr) -> Any:
        kind = getattr(self, f"_{type(node).__name__.lower()}", None)
        if kind is None:
            raise Refused("not expected here", EXPRESSIONS)
        return kind(node)

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        if value is None or isinstance(value, (bool, str)):
            return value
        if not isinstance(value, (int, float)):
            raise Refused("not part of this small language", "numbers, texts, True, False or None")
        return checked_number(value)

    def _name(self, node: ast.Name) -> Any:
        if node.id in RESERVED:
            raise Refused("no value by itself", "a call, such as tf.constant(3.0)")
        if node.id not in self._names:
            known = [name for name in self._names if len(name) <= 20][:20]
            raise Refused("not defined in the lines before", f"one of {', '.join(known)}" if known else "a name assigned before")
        return self._names[node.id]

    def _tuple(self, node: ast.Tuple) -> Any:
        return tuple([self.value(part) for part in node.elts])

    def _list(self, node: ast.List) -> Any:
        made = array_of([self.value(part) for part in node.elts])
        written = all(isinstance(part, ast.Constant) or part in self._written for part in node.elts)
        if written and isinstance(made, np.ndarray):
            self._written[node] = made
        return made

    def _attribute(self, node: ast.Attribute) -> Any:
        name = dotted(node)
        if name == FLOAT32:
            return FLOAT32
        if name.startswith("tf."):
            raise Refused("not a value that is simulated here", "tf.float32, or a call of a function of tf")
        owner = self.value(node.value)
        if isinstance(owner, Variable) and node.attr == "initializer":
            return self._checked(node, initializer_of, owner)
        raise Refused("nothing that can be asked for", methods_of(owner))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(value, Node):
            return self._checked(node, FUNCTIONS["tf.negative"], value)
        made = -self._builder.numbers(value)
        if isinstance(node.operand, ast.Constant):
            self._written[node] = made.item()
        return made if made.ndim else made.item()

    def _binop(self, node: ast.BinOp) -> Any:
        left, right, sign = self.value(node.left), self.value(node.right), type(node.op).__name__
        if isinstance(left, Node) or isinstance(right, Node):
            return self._checked(node, operated, sign, left, right)
        numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (left, right))
        if not numbers or sign not in ARITHMETIC or (sign == "Div" and right == 0):
            raise Refused("not possible with these two", "tensors, or two numbers with + - * / between them")
        return checked_number(ARITHMETIC[sign](left, right))

    def _call(self, node: ast.Call) -> Any:
        name = dotted(node.func)
        if name in FUNCTIONS:
            return self._checked(node, FUNCTIONS[name], *self._arguments(node), **self._keywords(node))
        if name == "tf.Session" or not isinstance(node.func, ast.Attribute):
            return self._done(node, name)
        if name.startswith("tf."):
            near = get_close_matches(name, FUNCTIONS, 3, 0.6) or list(FUNCTIONS)
            raise Refused("not simulated here", ", ".join(near), name)
        return self._method(node, self.value(node.func.value), node.func.attr)

    def _called(self, node: ast.Call, owner: Any, name: str) -> Any:
        """A method that adds to the graph."""
        methods = METHODS.get(type(owner), {})
        if name not in methods:
            raise Refused("nothing that can be called", methods_of(owner))
        return self._checked(node, methods[name], owner, *self._arguments(node), **self._keywords(node))

    def _checked(self, node: ast.AST, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Calls a function of the language, and looks at what it made. Raises Refused, also for arguments it does not take."""
        self.spend(node, PARTS_OF_A_CALL)
        try:
            _signature(function).bind(self._builder, *arguments, **named)
        except TypeError as wrong:
            taken = [name for name in list(_signature(function).parameters)[1:] if name != "self"]
            raise Refused(f"called with other arguments than it takes ({wrong})", f"arguments for {', '.join(taken)}") from None
        if function in WALKS:
            self.spend(node, len(self._builder.tf.graph.nodes))
        try:
            made = function(self._builder, *arguments, **named)
        except Mistake:
            raise
        except GraphError as problem:  # what the engine does not do, and TensorFlow has no words for
            raise Refused(f"not possible here ({problem})", "another shape or operation") from None
        self._builder.check()
        return made

    def _arguments(self, node: ast.Call) -> list[Any]:
        return [self.value(one) for one in node.args]

    def _keywords(self, node: ast.Call) -> dict[str, Any]:
        names = [one.arg for one in node.keywords]
        if None in names or len(set(names)) < len(names):
            raise Refused("not part of this small language", "arguments by name, each once")
        return {str(one.arg): self.value(one.value) for one in node.keywords}


def dotted(node: ast.expr) -> str:
    """`tf.nn.relu` as it is written; nothing for what is no chain of names."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *parts[::-1]]) if isinstance(node, ast.Name) else ""


def methods_of(owner: Any) -> str:
    """What a value can be asked to do, for a message."""
    names = [f".{name}(…)" for name in METHODS.get(type(owner), {})]
    if isinstance(owner, Variable):
        names.append(".initializer")
    return ", ".join(names) or "sess.run(…) to have the value of a tensor, and no other way"
