"""What a visitor may type as a program: read or refused, at once, whatever it is, and never a fault."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.v1.programs import ProgramError, Tape, play, rehearse
from engine.v1.programs.functions import FUNCTIONS
from tests.cost import timed

SECONDS = 0.1

S = "s = tf.Session()\n"
REFUSED = {
    "a million nodes": ("x = tf.constant(1.0)\nfor i in range(1000000):\n    x = x * 2.0", "at most 150 nodes"),
    "nodes by derivatives of derivatives": (
        "x = tf.Variable(1.0)\ny = tf.tanh(x) * x\nfor i in range(20):\n    (y,) = tf.gradients(y, [x])",
        "at most 150 nodes",
    ),
    "a tensor of a billion numbers": ("x = tf.zeros((100000, 10000))", "a tensor of 1,000,000,000 numbers"),
    "a tensor by broadcasting": (
        "x = tf.placeholder(tf.float32, [4096])\ny = tf.reshape(x, [4096, 1])\nz = x + y",
        "a tensor of 16,777,216 numbers",
    ),
    "a tensor by a product": (
        "x = tf.placeholder(tf.float32, [4096, 1])\nz = tf.matmul(x, tf.reshape(x, [1, 4096]))",
        "a tensor of 16,777,216 numbers",
    ),
    "deep lists": (f"x = {'[' * 150}1{']' * 150}", "at most 20 deep"),
    "deeper lists than Python takes": (f"x = {'[' * 900}1{']' * 900}", "give a line of Python"),
    "deep signs": (f"x = {'-' * 1900}1", "at most 20 deep"),
    "a long sum": (f"x = {'+'.join('1' * 900)}", "at most 20 deep"),
    "an attribute": ("x = tf.constant.__globals__", "not a value that is simulated here"),
    "an attribute of a value": ("x = tf.constant(1.0)\ny = x.graph", "nothing that can be asked for"),
    "a method": ("x = tf.constant(1.0)\nx.__init__()", "nothing that can be called"),
    "a way to classes": ("x = ().__class__.__mro__[1].__subclasses__()", "not part of this small language"),
    "a builtin": ("__import__('os').system('ls')", "nothing that can be called"),
    "an import": ("import os", "nothing to import here"),
    "two names that look alike": ("x = tf.constant(1.0)\ny = х * 2.0", "CYRILLIC SMALL LETTER HA"),
    "a wide letter that Python takes for another": ("ｘ = 1", "FULLWIDTH LATIN SMALL LETTER X"),
    "a sign that is not seen": ("x = 1\u200b", "ZERO WIDTH SPACE"),
    "a zero": ("x = 1\x00", "the sign U+0000"),
    "a huge number": (f"x = {'9' * 1900}", "numbers up to 1,000,000"),
    "an infinite number": ("x = tf.constant(1e999)", "numbers up to 1,000,000"),
    "a number that grows": ("x = 9\nfor i in range(99):\n    x = x * x", "numbers up to 1,000,000"),
    "a tower of powers": ("x = 9**9**9**9**9", "not possible with these two"),
    "a tower of powers on a tensor": ("x = tf.constant(1.0)\ny = x ** 9 ** 2", "not possible with these two"),
    "a comprehension": ("x = [[j for j in range(99999)] for i in range(99999)]", "not part of this small language"),
    "a lambda": ("x = lambda: x()", "not part of this small language"),
    "a function": ("def f():\n    f()", "not part of this small language"),
    "an endless loop": ("while True:\n    x = 1", "not part of this small language"),
    "a long loop": ("for i in range(999999):\n    x = 1", "at most 10,000 parts in all"),
    "a long loop of nothing": ("for i in range(999999):\n    import tensorflow as tf", "at most 10,000 parts in all"),
    "loops in loops": ("for i in range(999):\n    for j in range(999):\n        x = 1", "at most 10,000 parts in all"),
    "many runs": ("x = tf.constant(1.0)\ns = tf.Session()\nfor i in range(501):\n    s.run(x)", "at most 500 calls of sess.run"),
    "long runs": (
        f"x = tf.zeros([64, 64])\nfor i in range(99):\n    x = x @ x\n{S}for i in range(99):\n    s.run(x)",
        "numbers in all",
    ),
    "many prints": ("for i in range(501):\n    print(i)", "at most 500 calls of print"),
    "operations without nodes": ("w = tf.Variable(1.0)\nfor i in range(999):\n    w.initializer", "at most 150 nodes"),
    "walks through the graph": (
        "x = tf.constant(1.0)\ny = x\nfor i in range(100):\n    y = tf.tanh(y)\nfor i in range(999):\n    tf.gradients(y, [y])",
        "at most 10,000 parts in all",
    ),
    "names for what is there already": (
        "x = tf.zeros([2])\nfor i in range(9999):\n    tf.reshape(x, [2])",
        "at most 10,000 parts in all",
    ),
    "many sessions": ("for i in range(5):\n    tf.Session()", "at most 4 sessions"),
    "another type": ("x = tf.placeholder(tf.int32, [2])", "tf.float32"),
    "whole numbers": ("x = tf.constant([1, 2])", "which TensorFlow makes int32"),
    "a shape that is not known whole": ("x = tf.placeholder(tf.float32, [None, 3])", "here a shape has no None"),
    "rows of other lengths": ("x = tf.constant([[1.0], [1.0, 2.0]])", "rows of equal length"),
    "a function that is not simulated": ("x = tf.nn.conv2d(1.0)", "not simulated here"),
    "an argument too many": ("x = tf.constant(1.0)\ny = tf.tanh(x, x, x)", "called with other arguments than it takes"),
    "a name that is not defined": ("x = tf.constant(1.0)\ny = z * 2.0", "not defined in the lines before"),
    "text that is no Python": ("x = = 1", "not Python"),
    "a text as long as an address": ("x = 1\n" * 10_000, "at most 2000 characters"),
}


def found_in(program: str) -> Tape | ProgramError:
    try:
        return rehearse(program)
    except ProgramError as wrong:
        return wrong


@pytest.mark.timed
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_or_mistaken_program_is_refused_at_once_with_its_line_and_what_is_allowed(name: str) -> None:
    program, words = REFUSED[name]
    found, seconds = timed(lambda: found_in(program))
    assert isinstance(found, ProgramError)
    assert words in str(found)
    assert seconds <= SECONDS
    assert 1 <= found.line <= program.count("\n") + 1
    assert found.got
    assert found.problem
    assert found.allowed


@pytest.mark.timed
def test_the_largest_programs_that_are_taken_are_read_as_quickly() -> None:
    made = "x = tf.placeholder(tf.float32, [8])\ny = x\nfor i in range(140):\n    y = tf.tanh(y)\ns = tf.Session()\n"
    runs = "    s.run(y, feed_dict={x: [1, 2, 3, 4, 5, 6, 7, 8]})\n    s.run(x, {x: [1, 2, 3, 4, 5, 6, 7, 8]})"
    found, seconds = timed(lambda: found_in(f"{made}for i in range(240):\n{runs}"))
    assert isinstance(found, Tape), found
    assert len(found.runs) == 480
    assert seconds <= SECONDS


NAMES = st.sampled_from(["x", "y", "w", "s", "z"])
NUMBERS = st.sampled_from(
    ["1.0", "2", "-0.5", "1e3", "1e-3", "0", "0.0", "[1.0, 2.0]", "[[1.0], [2.0]]", "[]", "[[]]", "None", "True", "'a'"]
)
SHAPES = st.sampled_from(["[2]", "[2, 1]", "[]", "()", "3", "[2, 2]", "[0]", "[-1]", "(2, 2, 2, 2, 2)", "None"])
LEAVES = NAMES | NUMBERS
CALLS = st.sampled_from(
    [*FUNCTIONS, "print", "tf.Session", "s.run", "w.assign", "w.assign_add", "s.close", "range", "x.minimize"]
)


def _deeper(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "@", "**", ","]), parts).map(
        lambda one: f"({one[0]} {one[1]} {one[2]})"
    )
    arguments = st.lists(parts | SHAPES, max_size=3).map(", ".join)
    named = st.sampled_from(
        ["", ", name='x'", ", feed_dict={x: [1.0, 2.0]}", ", {x: y}", ", axis=0", ", tf.float32", ", logits=x, labels=y"]
    )
    calls = st.tuples(CALLS, arguments, named).map(lambda one: f"{one[0]}({one[1]}{one[2]})")
    lists = st.lists(parts, max_size=3).map(lambda one: f"[{', '.join(one)}]")
    return signs | calls | lists | parts.map(lambda one: f"-{one}")


EXPRESSIONS = st.recursive(LEAVES, _deeper, max_leaves=6)
LINES = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(" = ".join),
    EXPRESSIONS,
    EXPRESSIONS.map(lambda one: f"print(s.run({one}))"),
    st.tuples(NAMES, SHAPES).map(lambda one: f"{one[0]} = tf.placeholder(tf.float32, {one[1]})"),
    st.tuples(NAMES, NUMBERS).map(lambda one: f"{one[0]} = tf.Variable({one[1]})"),
    EXPRESSIONS.map(lambda one: f"for z in range(3):\n    {one}"),
    st.just("s = tf.Session()"),
    st.just("s.run(tf.global_variables_initializer())"),
    st.just("y = tf.train.AdamOptimizer(0.1).minimize(y)"),
)
BEGUN = "x = tf.placeholder(tf.float32, [2])\nw = tf.Variable([1.0, 2.0])\ny = tf.reduce_sum(x * w)\ns = tf.Session()\n"
PROGRAMS = st.lists(LINES, min_size=1, max_size=6).map("\n".join)


@settings(max_examples=400, derandomize=True, suppress_health_check=list(HealthCheck))
@given(program=PROGRAMS | PROGRAMS.map(lambda lines: BEGUN + lines) | st.text(max_size=200))
@example(BEGUN + "s.run(tf.reduce_sum(w))")
def test_any_program_is_refused_or_runs_to_its_end_or_to_a_mistake_of_tensorflows(program: str) -> None:
    found, seconds = timed(lambda: found_in(program))
    assert seconds <= 5 * SECONDS
    if isinstance(found, Tape):
        with np.errstate(all="ignore"):
            told = list(play(found, np.random.default_rng(0)))
        assert len(told) == len(found.events)
        assert found.failure in (None, found.events[-1] if found.events else None)
