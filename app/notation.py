r"""Notation: LaTeX to MathML as browsers set it well, with TeX's spaces around functions, signs and bars.

The converter writes a flat row of letters, numbers and operators and leaves their look to the browser, whose dictionary knows
neither that `\ln` is a function nor that the minus in `= -\ln y` is a sign and no subtraction (MathML Core, appendix B).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert

Element = ET.Element
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
"""Which HTML does not need: a run's frames are to be short."""

THIN = "0.167em"
SPACE_AROUND = dict.fromkeys("∂∞/|‖", "0") | dict.fromkeys("×·⋅", "0.222em")
"""Of operators that TeX sets otherwise than the browser's dictionary does; functions have none of their own."""
IN_TEXT = re.compile(r"(?<=\\text\{)[^}]*")
MARKUP, PLACEHOLDERS = "<&", "\ue000\ue001"
"""What the converter would pass through a text as it is, and what stands for it until the text is parsed."""
STYLES = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT"}
"""Browsers draw such letters by their own code points only, whatever `mathvariant` says."""
OPENING, CLOSING, SIGNS, RELATIONS = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉|‖!′…⋯"), set("+−±"), set("=≈≤≥<>←→↦∼∝")
"""What a row's operators are to what follows; of a bar nobody knows which side it closes."""
SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")


@lru_cache(maxsize=4096)
def mathml(latex: str, block: bool = False) -> str:
    """A formula as MathML, in the line or on a line of its own; some 1 ms. Raises latex2mathml's errors for what is no LaTeX."""
    return _written(_spaced(latex, block))


@lru_cache(maxsize=4096)
def breakable(latex: str) -> str:
    """A formula in pieces, each MathML of its own: too long for its room it is broken before a relation or the sign of a sum.

    A piece of words alone is plain text, and broken as such.
    """
    math = _spaced(latex)
    pieces = (_words(piece) or _written(_like(math, piece)) for piece in _pieces(math[0]))
    return "<wbr>".join(pieces)


def _spaced(latex: str, block: bool = False) -> Element:
    safe = IN_TEXT.sub(lambda found: found[0].translate(str.maketrans(MARKUP, PLACEHOLDERS)), latex)
    said = convert(safe, display="block" if block else "inline").replace(NAMESPACE, "")
    math = ET.fromstring(said)  # noqa: S314  # MathML that the converter made
    math.attrib = {"display": "block"} if block else {}
    for each in math.iter():
        _mend(each)
    for row in math.iter():
        if row.tag in ("math", "mrow", "mstyle", "mtd"):
            row[:] = list(_with_spaces(list(row)))
    return math


def _mend(sign: Element) -> None:
    """A letter, relation or operator as browsers know it."""
    sign.text = text = (sign.text or "").translate(str.maketrans(PLACEHOLDERS, MARKUP))
    if style := STYLES.get(sign.get("mathvariant", "")):
        sign.text = _styled(text, style)
    if text == "~":
        sign.tag, sign.text = "mo", "∼"
    if sign.tag == "mo" and (space := "0" if _is_function(sign) else SPACE_AROUND.get(text)):
        sign.attrib.update(lspace=space, rspace=space)
    if text in ("|", "‖"):
        sign.attrib.setdefault("stretchy", "false")


def _styled(letters: str, style: str) -> str:
    """Capitals in a style. Some have stood in Unicode since before the others came."""
    names = [(f"MATHEMATICAL {style} CAPITAL {letter}", f"{style} CAPITAL {letter}") for letter in letters]
    return "".join(next(filter(None, map(_named, pair))) for pair in names)


def _named(name: str) -> str:
    """The character of that name, "" where there is none."""
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return ""


def _with_spaces(row: list[Element]) -> Iterator[Element]:
    """A row's elements: a sign that joins nothing stands close to its number, a thin space parts a function from neighbours."""
    before: Element | None = None
    touching = False  # whether no space stands between `before` and `here`
    for here in row:
        if here.tag == "mspace":
            touching = False
            yield here
            continue
        if _text(here) in SIGNS:
            here.set("form", "prefix" if before is None or _expects_more(before) else "infix")
        if before is not None and touching and _are_parted(before, here):
            yield Element("mspace", width=THIN)
        before, touching = here, True
        yield here


def _are_parted(before: Element, here: Element) -> bool:
    """Whether one of two neighbours is a function and the other neither a bracket nor an operator with its own space."""
    if _is_function(before):
        return _is_function(here) or here.get("form") == "prefix" or not (_is_operator(here) or _is_bracketed(here))
    return _is_function(here) and (not _is_operator(before) or _text(before) in CLOSING)


def _expects_more(before: Element) -> bool:
    """Whether a sign after it belongs to what follows: after a function, an operator or an opening bracket."""
    return _is_function(before) or (_is_operator(before) and _text(before) not in CLOSING)


def _pieces(row: Iterable[Element]) -> list[list[Element]]:
    """A row's elements, cut before each relation and each sign that joins."""
    pieces: list[list[Element]] = [[]]
    for each in row:
        joins = _text(each) in RELATIONS or (_text(each) in SIGNS and each.get("form") == "infix")
        if joins and pieces[-1]:
            pieces.append([])
        if joins:
            each.set("form", "infix")  # also as the first of its piece
        pieces[-1].append(each)
    return pieces


def _words(piece: list[Element]) -> str:
    """What a piece without mathematics says, "" where there is some."""
    if any(each.tag != "mtext" for each in piece):
        return ""
    return escape("".join(each.text or "" for each in piece).replace("\N{NO-BREAK SPACE}", " "))


def _like(element: Element, children: list[Element]) -> Element:
    """The same element with other children."""
    made = Element(element.tag, element.attrib)
    made.extend(children)
    return made


def _written(math: Element) -> str:
    return ET.tostring(math, encoding="unicode")


def _core(element: Element) -> Element:
    """What stands on the line, without its scripts."""
    return _core(element[0]) if element.tag in SCRIPTED else element


def _text(element: Element) -> str:
    return _core(element).text or ""


def _is_function(element: Element) -> bool:
    """A name of several letters, such as ln or max: letters that are multiplied come one by one."""
    return _core(element).tag in ("mi", "mo") and len(_text(element)) > 1 and _text(element).isalpha()


def _is_operator(element: Element) -> bool:
    """One that the browser's dictionary knows."""
    return _core(element).tag == "mo" and not _is_function(element)


def _is_bracketed(element: Element) -> bool:
    """A group in brackets that grow with it."""
    core = _core(element)
    return core.tag == "mrow" and len(core) > 0 and _text(core[0]) in OPENING
