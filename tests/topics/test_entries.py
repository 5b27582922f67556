"""What visitors type, of every entry of every topic: read or refused, at once, and never a fault.

Texts come at random, from the letters that numbers and expressions are made of, and from the defaults with a letter changed.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.params import Params
from app.query import BadQuery, items_of, parse
from app.topics import topics
from tests.cost import timed

SECONDS = 0.05

ENTRIES = [
    pytest.param(demo.params, name, id=f"{slug}/{demo.name}/{name}")
    for slug, topic in topics().items()
    for demo in topic.demos
    for name in demo.params.model_fields
    if demo.params.schema_of(name)["control"]["kind"] in ("entry", "editor")
]
every_entry = pytest.mark.parametrize(("params", "name"), ENTRIES)

NUMBERS = ["1", "-2.5", ".5", "1e3", "1e-400", "9e999", "nan", "inf", "1_0", "٣", "0x1", "−3"]
TOKENS = [*NUMBERS, ",", ";", "(", ")", "**", "*", "/", "+", "-", "x", "y", "pi", "sin(", "log(", "random"]
LIKELY = st.text("0123456789.,;+-*/^() eExypirandomsincotgbhqu−\t", max_size=320)
WORDS = st.lists(st.sampled_from(TOKENS), max_size=100).map("".join)
SPACED = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join)
ANY = st.text(max_size=320)


def like(default: str) -> st.SearchStrategy[str]:
    """The default with something set into it."""
    put = st.tuples(st.integers(0, len(default)), st.text(max_size=3))
    return put.map(lambda change: default[: change[0]] + change[1] + default[change[0] :])


def read(params: type[Params], name: str, text: str) -> Params | None:
    """The parameters, or None where the text is refused; nothing else may happen."""
    try:
        return parse(params, [(name, text)])
    except BadQuery as bad:
        (error,) = bad.errors
        assert error.field == name
        assert error.message
        return None


@pytest.mark.timed
@every_entry
@settings(max_examples=300, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_text_is_read_or_refused_at_once(params: type[Params], name: str, data: st.DataObject) -> None:
    text = data.draw(ANY | LIKELY | WORDS | SPACED | like(getattr(params(), name)))
    parsed, seconds = timed(lambda: read(params, name, text))
    assert seconds <= SECONDS
    if parsed is not None:
        assert parse(params, [(name, getattr(parsed, name))]) == parsed, "the canonical text is not its own"
        assert items_of(parsed)


@pytest.mark.timed
@every_entry
@pytest.mark.parametrize("unit", [" ", "1", "1 ", ",", ";", "(", "-", "x*", "1,", "\u3000", "\x00", "𝟙"])
def test_a_text_as_long_as_a_url_can_be_costs_no_more(params: type[Params], name: str, unit: str) -> None:
    parsed, seconds = timed(lambda: read(params, name, unit * 60_000 + "!"))
    assert parsed is None
    assert seconds <= SECONDS
