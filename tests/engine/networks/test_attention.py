"""Attention against PyTorch, in float64; what a mask hides, and sizes that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Session, gradients, ops
from engine.gradcheck import gradient_error
from engine.networks.attention import attention, causal_mask
from tests.engine.golden import GOLDEN, equal

RNG = np.random.default_rng(0)
ALL = (-3, -2, -1)


@pytest.mark.parametrize("name", ["attention", "causal attention"])
def test_attention_has_the_values_and_gradients_of_pytorch(name: str) -> None:
    graph = Graph(np.float64)
    tokens = graph.variable("tokens", GOLDEN["tokens"])
    made = attention(graph, "a", 4, 2, RNG)(tokens, causal_mask(5) if name.startswith("causal") else None).outputs
    weights, output = graph.variables["a/weights"], graph.variables["a/output"]
    outputs = [made, *gradients(ops.total(made * made * made, ALL), [tokens, weights, output])]
    session = Session(graph)
    session.assign(weights, GOLDEN["heads"])
    session.assign(output, GOLDEN["output"])
    for way in (session.plan(outputs)(), session.run(outputs)):
        for got, part in zip(way, ("values", "tokens", "weights", "output"), strict=True):
            equal(got, f"{name}/{part}")


@pytest.mark.parametrize("options", [{}, {"rotary": 100.0}, {"smear": True}, {"scale": 1.0, "inner": 8}])
def test_the_gradient_through_attention_is_what_central_differences_measure(options: dict[str, Any]) -> None:
    def function(tokens: Any) -> Any:
        return attention(tokens.graph, "a", 4, 2, np.random.default_rng(0), **options)(tokens, causal_mask(3)).outputs

    assert gradient_error(function, [RNG.normal(size=(4, 2, 3))]) < 1e-7


def seen(tokens: Any, mask: Any = None, bias: Any = None, **options: Any) -> tuple[Any, Any]:
    """Outputs and weights for tokens (4, n, steps)."""
    graph = Graph(np.float64)
    node = graph.placeholder("tokens", tokens.shape)
    made = attention(graph, "a", 4, 2, np.random.default_rng(0), **options)(node, mask, bias)
    outputs, weights = Session(graph).plan([made.outputs, made.weights])(tokens=tokens)
    return outputs, weights


def test_under_a_causal_mask_no_token_sees_those_to_come() -> None:
    tokens = RNG.normal(size=(4, 3, 6))
    later = tokens.copy()
    later[:, :, 4:] += 1
    outputs, weights = seen(tokens, causal_mask(6))
    np.testing.assert_array_equal(outputs[..., :4], seen(later, causal_mask(6))[0][..., :4])
    assert np.abs(seen(tokens)[0] - seen(later)[0])[..., :4].min() > 1e-6
    assert not weights[np.tril_indices(6, -1)[0], :, :, np.tril_indices(6, -1)[1]].any()
    np.testing.assert_allclose(weights.sum(0), 1)


def test_a_mask_of_each_sample_hides_its_padding() -> None:
    tokens, lengths = RNG.normal(size=(4, 3, 6)), np.array([6, 2, 4])
    mask = (np.arange(6)[:, None] < lengths).astype(float)[:, None, :, None]
    outputs, _ = seen(tokens, mask)
    for sample, length in enumerate(lengths):
        alone, _ = seen(tokens[:, sample : sample + 1, :length])
        np.testing.assert_allclose(outputs[:, sample, :length], alone[:, 0], rtol=1e-12)


def test_scores_are_products_of_keys_and_queries_over_the_root_of_their_size_unless_told() -> None:
    graph = Graph(np.float64)
    tokens = graph.placeholder("tokens", (4, 1, 3))
    made = attention(graph, "a", 4, 1, RNG)(tokens)
    plain = attention(graph, "b", 4, 1, RNG, scale=1.0)(tokens)
    session = Session(graph)
    session.assign(graph.variables["b/weights"], session.value(graph.variables["a/weights"]))
    scaled, unscaled = session.plan([made.scores, plain.scores])(tokens=RNG.normal(size=(4, 1, 3)))
    np.testing.assert_allclose(scaled * 2, unscaled)


def test_smeared_keys_are_half_those_before_them_at_the_start() -> None:
    tokens = RNG.normal(size=(4, 1, 3))
    graph = Graph(np.float64)
    node = graph.placeholder("tokens", (4, 1, 3))
    sharp, smeared = (
        attention(graph, name, 4, 1, np.random.default_rng(0), smear=smear)(node).scores
        for name, smear in (("a", False), ("b", True))
    )
    plain, mixed = Session(graph).plan([sharp, smeared])(tokens=tokens)
    np.testing.assert_allclose(mixed[1:], (plain[1:] + plain[:-1]) / 2)
    np.testing.assert_allclose(mixed[0], plain[0] / 2)


@pytest.mark.parametrize(("width", "heads", "inner"), [(4, 3, None), (0, 1, None), (4, 0, None), (4, 2, 5)])
def test_heads_that_cannot_share_are_refused(width: int, heads: int, inner: int | None) -> None:
    with pytest.raises(GraphError, match=rf"^a: got width {width}, {heads} heads and inner .*wanted heads of one size"):
        attention(Graph(), "a", width, heads, RNG, inner=inner)


@pytest.mark.parametrize("shape", [(3, 3), (2, 1, 1, 2), (3, 1, 1, 2)])
def test_a_mask_or_bias_that_is_not_of_keys_heads_samples_and_queries_is_refused(shape: tuple[int, ...]) -> None:
    graph = Graph()
    tokens = graph.placeholder("tokens", (4, 3, 3))
    layer = attention(graph, "a", 4, 2, RNG)
    for name in ("mask", "bias"):
        with pytest.raises(GraphError, match=rf"^a: got a {name} \(.*\), wanted .* that broadcasts to \(3, 2, 3, 3\)"):
            layer(tokens, **{name: np.ones(shape)})


def test_a_bias_is_added_to_the_scores() -> None:
    tokens, far = RNG.normal(size=(4, 2, 3)), np.zeros((3, 1, 1, 3))
    far[0] = -1e3
    _, weights = seen(tokens, bias=far)
    assert weights[0].max() < 1e-20
    np.testing.assert_allclose(weights[1:].sum(0), 1)


@pytest.mark.parametrize("shape", [(4, 6), (5, 2, 3), (3, 4, 2, 3)])
def test_tokens_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    graph = Graph()
    layer = attention(graph, "a", 4, 2, RNG)
    with pytest.raises(GraphError, match=r"^a: got tokens \(.*\), wanted \(4, n, steps\)"):
        layer(graph.placeholder("tokens", shape))
