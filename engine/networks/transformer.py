"""The block that transformers are made of: attention between tokens, then a perceptron on each, both added to what came in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.graph import Array, Graph, GraphError, Node
from engine.networks.activations import activation as activation_named
from engine.networks.activations import linear
from engine.networks.attention import Attended, Attention, as_tokens, attention, columns, shape_of
from engine.networks.initializers import suited_to
from engine.networks.layers import Layer, dense
from engine.networks.normalization import layer_norm, rms_norm

NORMS = {"pre": layer_norm, "post": layer_norm, "rms": rms_norm, "none": None}
"""Which norm, and where: before attention and perceptron (Xiong et al., 2020), or after each has been added (Vaswani et al.,
2017). RMS norm stands before.
"""


def block(
    graph: Graph,
    name: str,
    width: int,
    heads: int,
    rng: np.random.Generator,
    *,
    hidden: int | None = None,
    norm: str = "pre",
    residual: bool = True,
    activation: str = "relu",
    **options: Any,
) -> Attention:
    """A transformer's block (Vaswani et al., 2017) from tokens (width, n, steps) to tokens, called as `attention` is.

    `hidden` are the units of its perceptron, 4 width unless told, 0 for none. `norm` is one of NORMS. `residual` adds what comes
    in to what is made of it (He et al., 2016). `options` go to `attention`.
    Raises GraphError for an unknown norm or activation, and for sizes that `attention` refuses.
    """
    if norm not in NORMS:
        raise GraphError(f"{name}: got norm {norm!r}, wanted one of {', '.join(NORMS)}")
    attend = attention(graph, f"{name}/attention", width, heads, rng, **options)
    hidden = 4 * width if hidden is None else hidden
    think = _perceptron(graph, name, (width, hidden), activation, rng) if hidden else None
    make = NORMS[norm]
    norms = [make(graph, f"{name}/norm {place}", width) if make else linear for place in range(1, 3 if think else 2)]
    before, after = ([linear] * 2, norms) if norm == "post" else (norms, [linear] * 2)

    def apply(tokens: Node, mask: Node | Array | None = None, bias: Node | Array | None = None) -> Attended:
        n, _ = shape_of(name, tokens, width)
        x = columns(tokens)
        seen = attend(as_tokens(before[0](x), n), mask, bias)
        made = columns(seen.outputs)
        x = after[0](x + made if residual else made)
        if think is not None:
            made = think(before[1](x))
            x = after[1](x + made if residual else made)
        return replace(seen, outputs=as_tokens(x, n))

    return apply


def _perceptron(graph: Graph, name: str, sizes: tuple[int, int], activation: str, rng: np.random.Generator) -> Layer:
    """Two dense layers, the same for each token."""
    up = dense(graph, f"{name}/up", *sizes, rng, start=suited_to(activation))
    down = dense(graph, f"{name}/down", *sizes[::-1], rng)
    fire = activation_named(activation)
    return lambda x: down(fire(up(x)))
