"""Typed expressions: their values and gradients, that a canonical text stays itself, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Graph, Session
from engine.expressions import expression
from engine.gradcheck import gradient_error

X, Y = np.array([[0.7, -1.2]]), np.array([[1.5, 0.4]])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(1 - x)**2 + 100*(y - x**2)**2", (1 - X) ** 2 + 100 * (Y - X**2) ** 2),
        ("-x**2", -(X**2)),
        ("x - y - 1", X - Y - 1),
        ("x / 2 / y * 3", X / 2 / Y * 3),
        ("--x + +y", X + Y),
        ("sin(x)*cos(2*pi*y)", np.sin(X) * np.cos(2 * np.pi * Y)),
        ("exp(-(x^2 + y^2)) + log(y) + sqrt(y)", np.exp(-(X**2 + Y**2)) + np.log(Y) + np.sqrt(Y)),
        ("abs(x) + tanh(y) - .5e-1", np.abs(X) + np.tanh(Y) - 0.05),
        ("x**7 + y**8", X**7 + Y**8),
    ],
)
def test_a_text_is_computed_as_it_reads_and_its_gradient_is_right(text: str, wanted: np.ndarray) -> None:
    surface = expression(text)
    graph = Graph(np.float64)
    made = surface(x=graph.constant(X), y=graph.constant(Y))
    np.testing.assert_allclose(Session(graph).run([made])[0], wanted, rtol=1e-12)
    assert expression(surface.text) == surface
    assert gradient_error(lambda x, y: surface(x=x, y=y) + x * 0.0 + y * 0.0, (X, Y)) < 1e-6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "got 'the end' where a value was due"),
        ("3 + 4", "got none of x, y in it"),
        ("x y", "got 'y' after a complete expression"),
        ("x +", "got 'the end' where a value was due"),
        ("(x", r"got 'the end' where '\)' was due"),
        ("sin x", r"got 'x' where '\(' was due"),
        ("__import__('os')", "got '_' at character 1"),
        ("x.real", r"got '\.' at character 2"),
        ("z**2", "got 'z' where a value was due"),
        ("x**9", "got the power '9'"),
        ("x**y", "got the power 'y'"),
        ("x**2**2", r"got '\*\*' after a complete expression"),
        ("x*1e999", "got the number 1e999"),
        ("x, y", "got ',' at character 2"),
        ("(" * 50 + "x" + ")" * 50, "nested deeper than 20"),
        ("-" * 100 + "x", "nested deeper than 20"),
        ("x+" * 200 + "x", "got 401 characters"),
        ("x/" * 49 + "x", "got 49 operations, wanted at most 48"),
        ("x**7+" * 9 + "x**8*-x", "got 50 operations"),
        ("x + ²", "got '²' at character 5"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=rf"an expression of x and y with numbers, .* \(.*{problem}"):
        expression(text)
