"""The code of a run: what of the topic's own package it reaches, in reading order. What a page shows is what runs.

`run` comes first, then the constants, then functions and classes in the order in which a reader meets their names. The engine's
names are left to the engine's own documents, those of charts and claims to the page.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from engine import Graph

LAYERS = ("attention", "convolution", "dropout", "layers", "normalization", "positions", "recurrent", "transformer")
"""The modules of engine.networks that networks are built with; its losses and optimizers are used beside them."""
Place = tuple[str, str]
"""A module and a name at its top level."""


@dataclass(frozen=True)
class Part:
    """A definition, or all constants together: its name, what it first says of itself, its text, whether it stands unfolded."""

    name: str
    summary: str
    text: str
    open: bool = False


@cache
def parts_of(run: Callable[..., Any]) -> tuple[Part, ...]:
    """The run and all it reaches; open are the run, which has the loop, and what builds the network."""
    reached = dict.fromkeys(_reach((run.__module__, run.__name__), {}))
    code = [place for place in reached if not _is_constant(place)]
    builders = [place for place in code if _uses(place, _is_layer)] or [place for place in code if _uses(place, _is_graph)][:1]
    first, *others = (_part(place, place in (code[0], *builders)) for place in code)
    return (first, *_constants([place for place in reached if _is_constant(place)]), *others)


class _Chapter:
    """A module's top level: name -> statement, and name -> the place it is imported from."""

    def __init__(self, name: str) -> None:
        self.module = import_module(name)
        self.lines = inspect.getsource(self.module).splitlines()
        self.ends: dict[str, int] = {}
        self.definitions: dict[str, ast.stmt] = {}
        self.imports: dict[str, Place] = {}
        before: list[str] = []
        for statement in ast.parse("\n".join(self.lines)).body:
            if _is_text(statement):  # a constant's docstring belongs to it
                self.ends |= dict.fromkeys(before, statement.end_lineno or 0)
            before = list(_defined(statement))
            self.definitions |= dict.fromkeys(before, statement)
            self.ends |= dict.fromkeys(before, statement.end_lineno or 0)
            if isinstance(statement, ast.ImportFrom):
                self.imports |= {alias.asname or alias.name: (statement.module or "", alias.name) for alias in statement.names}

    def text(self, name: str) -> str:
        statement = self.definitions[name]
        decorators = getattr(statement, "decorator_list", [])
        begin = min(node.lineno for node in (statement, *decorators))
        return "\n".join(self.lines[begin - 1 : self.ends[name]])


_chapter = cache(_Chapter)


def _reach(place: Place, found: dict[Place, None]) -> dict[Place, None]:
    """Adds a place and, depth first, all that its statement names in the same package; what is imported is followed home."""
    module, name = place
    chapter = _chapter(module)
    if name in chapter.imports:
        home = chapter.imports[name]
        return _reach(home, found) if _package(home[0]) == _package(module) else found
    if name not in chapter.definitions or place in found:
        return found
    found[place] = None
    for inner, attribute in _named(chapter.definitions[name]):
        target = vars(chapter.module).get(inner)
        if not isinstance(target, ModuleType):
            _reach((module, inner), found)
        elif _package(target.__name__) == _package(module):
            _reach((target.__name__, attribute), found)
    return found


def _package(module: str) -> str:
    """app.topics.<topic>, of any module in it."""
    return ".".join(module.split(".")[:3])


def _named(node: ast.AST) -> list[tuple[str, str]]:
    """The names that a statement reads when it runs, in order, each with what is read of it; not those it itself gives."""
    read = list(_read(node))
    own = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    own |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    own = set() if isinstance(node, ast.Assign | ast.AnnAssign) else own
    return [(name.id, attribute) for name, attribute in read if name.id not in own]


def _read(node: ast.AST, attribute: str = "") -> Iterator[tuple[ast.Name, str]]:
    if isinstance(node, ast.Name):
        yield node, attribute
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _read(child, node.attr if isinstance(node, ast.Attribute) else "")


def _defined(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top level gives."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        yield from (each.id for each in ast.walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_constant(place: Place) -> bool:
    return not isinstance(_statement(place), ast.FunctionDef | ast.ClassDef)


def _statement(place: Place) -> ast.stmt:
    return _chapter(place[0]).definitions[place[1]]


def _uses(place: Place, fits: Callable[[Any], bool]) -> bool:
    """Whether a definition names something of the sort."""
    return any(fits(vars(_chapter(place[0]).module).get(name)) for name, _ in _named(_statement(place)))


def _is_layer(value: Any) -> bool:
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    return home in {f"engine.networks.{name}" for name in LAYERS}


def _is_graph(value: Any) -> bool:
    return value is Graph


def _part(place: Place, open_: bool) -> Part:
    module, name = place
    statement = _statement(place)
    assert isinstance(statement, ast.FunctionDef | ast.ClassDef)
    summary = (ast.get_docstring(statement) or "").partition("\n")[0]
    return Part(name, summary, _chapter(module).text(name), open_)


def _constants(places: list[Place]) -> Iterator[Part]:
    """All constants as one part, module by module as they are met, each in its module's order; none when there are none."""
    modules = list(dict.fromkeys(module for module, _ in places))
    ordered = sorted(places, key=lambda place: (modules.index(place[0]), _statement(place).lineno))
    if ordered:
        texts = dict.fromkeys(_chapter(module).text(name) for module, name in ordered)  # one statement may give several names
        yield Part("constants", ", ".join(name for _, name in ordered), "\n".join(texts))
