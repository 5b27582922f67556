"""The block of transformers against PyTorch's own, in float64, and its variants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Session, gradients, losses, ops, optimizers
from engine.gradcheck import gradient_error
from engine.networks.attention import causal_mask
from engine.networks.transformer import NORMS, block
from tests.engine.golden import GOLDEN, equal

RNG = np.random.default_rng(0)
BEGIN = {
    "attention/weights": GOLDEN["heads"],
    "attention/output": GOLDEN["output"],
    "up/weights": GOLDEN["up"],
    "down/weights": GOLDEN["down"],
    **{f"norm {1 + place // 2}/{('scale', 'shift')[place % 2]}": GOLDEN["norms"][:, place, None] for place in range(4)},
}


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_block_has_the_values_and_gradients_of_pytorch(norm: str) -> None:
    graph = Graph(np.float64)
    tokens = graph.variable("tokens", GOLDEN["tokens"])
    made = block(graph, "b", 4, 2, RNG, hidden=8, norm=norm)(tokens, causal_mask(5)).outputs
    names = ("attention/weights", "up/weights", "norm 1/scale", "norm 2/shift")
    wrt = [tokens, *(graph.variables[f"b/{name}"] for name in names)]
    outputs = [made, *gradients(ops.total(made * made * made, (-3, -2, -1)), wrt)]
    session = Session(graph)
    for name, value in BEGIN.items():
        session.assign(graph.variables[f"b/{name}"], value)
    for way in (session.plan(outputs)(), session.run(outputs)):
        values, by_tokens, by_weights, by_up, by_scale, by_shift = way
        for got, part in ((values, "values"), (by_tokens, "tokens"), (by_weights, "weights"), (by_scale, "first scale")):
            equal(got, f"{norm} block/{part}")
        equal(by_up[:, :-1], f"{norm} block/up")
        equal(by_shift, f"{norm} block/second shift")


@pytest.mark.parametrize(
    "options", [*({"norm": norm} for norm in NORMS), {"residual": False}, {"hidden": 0}, {"activation": "gelu"}]
)
def test_the_gradient_through_a_block_is_what_central_differences_measure(options: dict[str, Any]) -> None:
    def function(tokens: Any) -> Any:
        return block(tokens.graph, "b", 4, 2, np.random.default_rng(0), **options)(tokens, causal_mask(3)).outputs

    assert gradient_error(function, [RNG.normal(size=(4, 2, 3))]) < 1e-6


def test_a_block_of_rms_norm_has_no_shift_and_one_without_a_norm_or_a_perceptron_has_none_of_theirs() -> None:
    graph = Graph()
    for norm in ("rms", "none"):
        block(graph, norm, 4, 2, RNG, norm=norm)
    block(graph, "bare", 4, 2, RNG, hidden=0)
    of = {key: {name.partition("/")[2] for name in graph.variables if name.startswith(key)} for key in ("rms", "none", "bare")}
    both = {"attention/weights", "attention/output"}
    assert of["none"] == {*both, "up/weights", "down/weights"}
    assert of["rms"] == {*of["none"], "norm 1/scale", "norm 2/scale"}
    assert of["bare"] == {*both, "norm 1/scale", "norm 1/shift"}


def test_an_unknown_norm_is_refused_with_those_there_are() -> None:
    with pytest.raises(GraphError, match="b: got norm 'batch', wanted one of pre, post, rms, none"):
        block(Graph(), "b", 4, 2, RNG, norm="batch")


def test_a_causal_block_learns_to_repeat_the_symbol_before() -> None:
    """Which no perceptron on single tokens can do."""
    graph, rng = Graph(), np.random.default_rng(0)
    symbols = rng.integers(0, 4, (32, 9))
    inputs, targets = graph.placeholder("inputs", (16, 32, 8)), graph.placeholder("targets", (4, 32 * 8))
    made = block(graph, "b", 16, 2, rng)(inputs, causal_mask(8)).outputs
    head = graph.variable("head", rng.normal(size=(4, 16)) * 0.1)
    loss = losses.softmax_cross_entropy(head @ ops.reshape(made, (16, 32 * 8)), targets)
    train = Session(graph).plan([loss], [optimizers.adam(loss, 0.01)])
    given = np.concatenate(
        [np.eye(4)[symbols[:, 1:]], np.broadcast_to(np.pad(np.eye(8), ((0, 0), (0, 4))), (32, 8, 12))], axis=-1
    )
    feeds = {"inputs": given.transpose(2, 0, 1), "targets": np.eye(4)[symbols[:, :-1]].reshape(-1, 4).T}
    before = train(**feeds)[0]
    for _ in range(200):
        train.step(**feeds)
    after = train(**feeds)[0]
    assert before > 1.2
    assert after < 0.6
