"""Expressions that a visitor types, as nodes: a small recursive-descent parser, so that nothing typed is ever executed.

    surface = expression("(1 - x)**2 + 100*(y - x**2)**2", ("x", "y"))
    height = surface(x=x, y=y)  # nodes in, node out; gradients come from `engine.gradients` as for any other

The grammar, tightest last: sums, products, signs, whole powers, then numbers, names, functions and parentheses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.graph import Node
from engine.ops import absolute, cos, exp, log, sin, sqrt, square, tanh

FUNCTIONS: Mapping[str, Callable[[Node], Node]] = {
    "sin": sin,
    "cos": cos,
    "exp": exp,
    "log": log,
    "sqrt": sqrt,
    "abs": absolute,
    "tanh": tanh,
}
NUMBERS = {"pi": math.pi}
LONGEST, DEEPEST, HIGHEST_POWER, LARGEST, MOST_OPERATIONS = 200, 20, 8, 1e6, 48
"""Characters, nested parentheses, exponent, size of a number, operations: bounds on what one run can be asked to compute."""

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z]+)|(\*\*|[-+*/^()])|(\S))", re.ASCII)

Tree = float | str | tuple["str | Tree", ...]
"""A number, a name, or an operation and what it is applied to; of a power, the whole exponent comes last."""


@dataclass(frozen=True)
class Expression:
    """A checked expression. `text`: its canonical spelling, which parses to the same. Call it with a node for each name."""

    text: str
    names: tuple[str, ...]
    tree: Tree

    def __call__(self, **values: Node) -> Node:
        """The expression of these nodes, which broadcast as in NumPy."""
        return _node(self.tree, values)


def expression(text: str, names: tuple[str, ...] = ("x", "y"), most: int = MOST_OPERATIONS) -> Expression:
    """Parses `text`, which may hold `most` operations.

    Raises ValueError saying what is allowed, and what was met instead, for anything else.
    """
    return _Parser(text, names, most).parse()


class _Parser:
    """One text on its way through the grammar, a method a rule; `_place` is the next token."""

    def __init__(self, text: str, names: tuple[str, ...], most: int) -> None:
        self._names, self._most, self._depth, self._place = names, most, 0, 0
        if len(text) > LONGEST:
            raise self._refused(f"got {len(text)} characters, wanted at most {LONGEST}")
        matches = list(TOKEN.finditer(text.strip()))
        for match in matches:
            if match[4]:
                raise self._refused(f"got {match[4]!r} at character {match.start(4) + 1}")
        self._tokens = ["**" if match[0].strip() == "^" else match[0].strip() for match in matches]

    def parse(self) -> Expression:
        """The whole text is one sum, in which at least one of the names stands."""
        tree = self._sum()
        if self._next():
            raise self._refused(f"got {self._next()!r} after a complete expression")
        if not set(self._names) & set(self._tokens):
            raise self._refused(f"got none of {', '.join(self._names)} in it")
        if (operations := _operations(tree)) > self._most:
            raise self._refused(f"got {operations} operations, wanted at most {self._most}")
        return Expression("".join(self._tokens), self._names, tree)

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise self._refused(f"got {self._next() or 'the end'!r} where {token!r} was due")
        self._take()

    def _sum(self) -> Tree:
        tree = self._product()
        while self._next() in ("+", "-"):
            tree = (self._take(), tree, self._product())
        return tree

    def _product(self) -> Tree:
        tree = self._signed()
        while self._next() in ("*", "/"):
            tree = (self._take(), tree, self._signed())
        return tree

    def _signed(self) -> Tree:
        """Minus binds less than a power, as in mathematics: -x**2 is -(x**2)."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(f"nested deeper than {DEEPEST}")
        if self._next() in ("+", "-"):
            sign = self._take()
            tree: Tree = self._signed() if sign == "+" else ("negative", self._signed())
        else:
            tree = self._power()
        self._depth -= 1
        return tree

    def _power(self) -> Tree:
        base = self._atom()
        if self._next() != "**":
            return base
        self._take()
        exponent = self._take() if self._next() else "the end"
        if not re.fullmatch(r"\d", exponent) or not 1 <= int(exponent) <= HIGHEST_POWER:
            raise self._refused(f"got the power {exponent!r}")
        return ("power", base, float(exponent))

    def _atom(self) -> Tree:
        token = self._take() if self._next() else "the end"
        if token in ("(",):
            tree = self._sum()
            self._expect(")")
            return tree
        if token in FUNCTIONS:
            self._expect("(")
            tree = self._sum()
            self._expect(")")
            return (token, tree)
        if token in self._names:
            return token
        if token in NUMBERS:
            return NUMBERS[token]
        return self._number(token)

    def _number(self, token: str) -> float:
        if not (token[0].isdigit() or token[0] == "."):
            raise self._refused(f"got {token!r} where a value was due")
        number = float(token)
        if number > LARGEST:
            raise self._refused(f"got the number {token}, wanted at most {LARGEST:g}")
        return number

    def _refused(self, problem: str) -> ValueError:
        takes = f"numbers, pi, + - * /, whole powers ** 1 to {HIGHEST_POWER}, parentheses, {' '.join(FUNCTIONS)}"
        return ValueError(f"an expression of {' and '.join(self._names)} with {takes} ({problem})")


def _operations(tree: Tree) -> int:
    """How many nodes it takes, before equal ones are shared; a power is the products that `_to_the` makes of it."""
    if isinstance(tree, str | float):
        return 0
    operation, *parts = tree
    if operation == "power":
        exponent = int(float(str(parts[1])))
        return _operations(parts[0]) + exponent.bit_length() + exponent.bit_count() - 2
    return 1 + sum(_operations(part) for part in parts)


def _node(tree: Tree, values: Mapping[str, Node]) -> Node:
    if isinstance(tree, str):
        return values[tree]
    if isinstance(tree, float):
        return next(iter(values.values())).graph.constant(tree)
    operation, *parts = tree
    if operation == "power":
        return _to_the(_node(parts[0], values), int(float(str(parts[1]))))
    nodes = [_node(part, values) for part in parts]
    return _applied(str(operation), nodes)


def _applied(operation: str, nodes: list[Node]) -> Node:
    if operation == "negative":
        return -nodes[0]
    if operation in FUNCTIONS:
        return FUNCTIONS[operation](nodes[0])
    first, second = nodes
    if operation == "+":
        return first + second
    if operation == "-":
        return first - second
    return first * second if operation == "*" else first / second


def _to_the(base: Node, exponent: int) -> Node:
    """By squaring: the eighth power is three multiplications."""
    if exponent == 1:
        return base
    half = _to_the(base, exponent // 2)
    squared = square(half)
    return squared * base if exponent % 2 else squared
