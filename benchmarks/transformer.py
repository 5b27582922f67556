"""A causal transformer of two blocks, width 32, four heads and 32 tokens, batch 32, Adam: it names the next of 16 symbols.

PyTorch's attention is `scaled_dot_product_attention`, all else as the tutorials have it; the networks have the same weights, none
of them a bias in attention, one in each dense layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers import stepping, torch_adam
from benchmarks.rows import Program, Row, compared, interleaved, programs
from engine import Graph, Session, dense, layer_norm, losses, optimizers
from engine.networks.attention import causal_mask, columns
from engine.networks.positions import learned
from engine.networks.recurrent import embedding
from engine.networks.transformer import block

SYMBOLS, WIDTH, HEADS, BLOCKS, STEPS, BATCH = 16, 32, 4, 2, 32, 32


def batch() -> tuple[Any, Any]:
    """Symbols and those that come next, both (n, steps)."""
    sequences = np.random.default_rng(0).integers(0, SYMBOLS, (BATCH, STEPS + 1))
    return sequences[:, :-1], sequences[:, 1:]


def ours() -> Program:
    """The engine's plan, fed at every step."""
    graph, rng = Graph(), np.random.default_rng(0)
    symbols = graph.placeholder("symbols", (BATCH, STEPS))
    targets = graph.placeholder("targets", (SYMBOLS, BATCH * STEPS))
    tokens = learned(graph, "positions", WIDTH, STEPS, rng)(embedding(graph, "symbol", SYMBOLS, WIDTH, rng)(symbols))
    for place in range(BLOCKS):
        tokens = block(graph, f"block {place + 1}", WIDTH, HEADS, rng)(tokens, causal_mask(STEPS)).outputs
    logits = dense(graph, "head", WIDTH, SYMBOLS, rng)(layer_norm(graph, "norm", WIDTH)(columns(tokens)))
    loss = losses.softmax_cross_entropy(logits, targets)
    plan = Session(graph).plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    x, following = batch()
    return stepping(plan, symbols=x.astype(np.float32), targets=losses.one_hot(following.ravel(), SYMBOLS))


def torch_eager() -> Program:
    """PyTorch: pre-LN blocks with one product for queries, keys and values."""

    def make(torch: Any) -> Any:
        nn, functional = torch.nn, torch.nn.functional
        parts = nn.ModuleDict(
            {"symbol": nn.Embedding(SYMBOLS, WIDTH), "norm": nn.LayerNorm(WIDTH), "head": nn.Linear(WIDTH, SYMBOLS)}
        )
        parts["positions"] = nn.Embedding(STEPS, WIDTH)
        for place in range(BLOCKS):
            parts[f"made {place}"] = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
            parts[f"output {place}"] = nn.Linear(WIDTH, WIDTH, bias=False)
            parts[f"norms {place}"] = nn.ModuleList([nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)])
            parts[f"perceptron {place}"] = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.ReLU(), nn.Linear(4 * WIDTH, WIDTH))
        x, following = (torch.from_numpy(np.ascontiguousarray(each)) for each in batch())
        moments = torch.arange(STEPS)

        def attended(tokens: Any, place: int) -> Any:
            heads = [part.view(BATCH, STEPS, HEADS, -1).transpose(1, 2) for part in parts[f"made {place}"](tokens).chunk(3, -1)]
            taken = functional.scaled_dot_product_attention(*heads, is_causal=True)
            return parts[f"output {place}"](taken.transpose(1, 2).reshape(BATCH, STEPS, WIDTH))

        def loss() -> Any:
            tokens = parts["symbol"](x) + parts["positions"](moments)
            for place in range(BLOCKS):
                first, second = parts[f"norms {place}"]
                tokens = tokens + attended(first(tokens), place)
                tokens = tokens + parts[f"perceptron {place}"](second(tokens))
            logits = parts["head"](parts["norm"](tokens))
            return functional.cross_entropy(logits.view(-1, SYMBOLS), following.view(-1))

        return parts, loss

    return torch_adam(make)


def rows() -> list[Row]:
    """A row a peer."""
    return compared("transformer", interleaved(programs(ours, {"torch-eager": torch_eager}, "transformer"), 20))
