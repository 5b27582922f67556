"""From a text to the tree of a program: signs, syntax, and a whitelist of what may stand in it; nothing is executed.

The text is short and its signs are plain before Python's parser sees it, and the tree is small, flat and of known parts before
`rehearsal` walks it.
"""

from __future__ import annotations

import ast
import unicodedata
import warnings
from collections.abc import Iterator

from engine.v1.programs.limits import DEEPEST, LONGEST, MOST_PIECES, ProgramError

STATEMENTS = "x = …, calls of tf, print(…), with tf.Session() as …:, for … in range(…):"
EXPRESSIONS = "numbers, texts, lists, names, + - * / @ **, and calls of tf and of what it makes"
LOADS = (ast.Load, ast.Store)
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.USub, ast.UAdd)
PARTS = (
    *(ast.Module, ast.Assign, ast.Expr, ast.For, ast.With, ast.withitem, ast.Import, ast.alias),
    *(ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.BinOp, ast.UnaryOp),
    *(ast.List, ast.Tuple, ast.Dict, *LOADS, *OPERATORS),
)
IMPORTS = ("import tensorflow as tf", "import tensorflow.compat.v1 as tf")


def read(text: str) -> ast.Module:
    """The tree of a program. Raises ProgramError for a text that is too long, holds other signs, or is not of the language."""
    if len(text) > LONGEST:
        raise ProgramError(1, f"{text[:40]}…", f"{len(text)} characters long", f"at most {LONGEST} characters")
    _check_signs(text)
    tree = _parsed(text)
    pieces = 0
    for node, depth in _walk(tree):
        pieces += not isinstance(node, (*LOADS, *OPERATORS))
        if depth > DEEPEST:
            raise _at(node, text, "nested too deeply", f"parts nested at most {DEEPEST} deep")
        if pieces > MOST_PIECES:
            raise _at(node, text, "a part too many", f"a program of at most {MOST_PIECES} names, numbers and calls")
        if not isinstance(node, PARTS):
            raise _at(node, text, "not part of this small language", STATEMENTS if isinstance(node, ast.stmt) else EXPRESSIONS)
        if isinstance(node, ast.Import) and ast.unparse(node) not in IMPORTS:
            raise _at(node, text, "nothing to import here", " or ".join(IMPORTS))
    return tree


def segment(node: ast.AST, text: str) -> str:
    """The first line of what a part of the tree was read from."""
    said = ast.get_source_segment(text, node) if hasattr(node, "lineno") else None
    return (said or "the program").partition("\n")[0]


def _check_signs(text: str) -> None:
    """Plain ASCII only: else a name could look like another, since Python takes many letters for one."""
    for number, line in enumerate(text.split("\n"), start=1):
        for sign in line:
            if not " " <= sign <= "~":
                name = unicodedata.name(sign, f"the sign U+{ord(sign):04X}")
                raise ProgramError(number, sign, f"{name}, not a plain sign", "letters, digits and signs of ASCII, and blanks")


def _parsed(text: str) -> ast.Module:
    lines = text.split("\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the text is the visitor's business
            return ast.parse(text)
    except SyntaxError as wrong:
        number = min(max(wrong.lineno or 1, 1), len(lines))
        got = lines[number - 1].strip() or "the end of the program"
        raise ProgramError(number, got, f"not Python ({wrong.msg})", "a line of Python") from None
    except (RecursionError, MemoryError, ValueError):
        raise ProgramError(1, lines[0][:40], "nested too deeply", f"parts nested at most {DEEPEST} deep") from None


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, int]]:
    """Every part with its depth, in the order of the text, without recursion."""
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack += [(child, depth + 1) for child in reversed(list(ast.iter_child_nodes(node)))]


def _at(node: ast.AST, text: str, problem: str, allowed: str) -> ProgramError:
    return ProgramError(getattr(node, "lineno", 1), segment(node, text), problem, allowed)
