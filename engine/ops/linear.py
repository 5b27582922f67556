"""Matrix products, and the affine map of a dense layer, whose bias is the last column of its weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.graph import Array, Call, GraphError, Node, Op, Shape, apply
from engine.ops.shapes import padded, rows, total_to, transpose, with_ones
from engine.ops.table import register


def matmul(a: Node, b: Node) -> Node:
    """The matrix product over the last two axes; axes in front broadcast."""
    return apply("matmul", a, b)


def affine(weights: Node, inputs: Node) -> Node:
    """W x + b for inputs (fan_in, n) and weights (units, fan_in + 1), the last column being the bias: (units, n)."""
    if len(inputs.shape) < 2 or weights.shape[-1:] != (inputs.shape[-2] + 1,):
        got = f"got {weights.title} {weights.shape} and {inputs.title} {inputs.shape}"
        columns = f"weights of (units, {inputs.shape[-2] + 1}): one column a feature and one for the bias, or " * (
            len(inputs.shape) > 1
        )
        raise GraphError(f"affine: {got}, wanted {columns}inputs of ({weights.shape[-1] - 1}, n)")
    return apply("affine", weights, with_ones(inputs))


def _product(a: Shape, b: Shape) -> Shape:
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-2]:
        raise GraphError("wanted (m, k) and (k, n)")
    copies = np.broadcast_shapes(a[:-2], b[:-2]) if len(a) > 2 or len(b) > 2 else ()
    return (*copies, a[-2], b[-1])


def _affine_shape(weights: Shape, inputs: Shape) -> Shape:
    if len(weights) < 2 or weights[-1] != inputs[-2]:
        raise GraphError(f"wanted weights of (units, {inputs[-2]}): one column a feature and one for the bias")
    return _product(weights, inputs)


def _matmul_kernel(out: Array, a: Array, b: Array) -> list[Call]:
    """The bound method has a third of `np.matmul`'s overhead; it wants two axes and a contiguous `out`."""
    if out.ndim == 2 and a.ndim == 2 and b.ndim == 2 and out.flags.c_contiguous:
        parts = _parts(a.shape[0], *b.shape)
        if parts == 1:
            return [(a.dot, (b, out))]
        stops = [len(a) * part // parts for part in range(parts + 1)]
        return [(a[start:stop].dot, (b, out[start:stop])) for start, stop in pairwise(stops)]
    return [(np.matmul, (a, b, out))]


def _matmul_gradient(node: Node, g: Node) -> list[Node]:
    a, b = node.inputs
    return [total_to(matmul(g, transpose(b)), a.shape), total_to(matmul(transpose(a), g), b.shape)]


def _parts(rows: int, inner: int, columns: int) -> int:
    """Into how many products a product is best cut, by rows: OpenBLAS has kernels for small matrices, up to a million
    multiplications where it has AVX-512, that do without packing and take half the time on the shapes of a convolution.
    """
    parts = -(-rows * inner * columns // 1_000_000)
    return parts if parts <= 4 and rows >= 4 * parts else 1


def _affine_gradient(node: Node, g: Node) -> list[Node]:
    """As for a product, but nothing is computed for the row of ones, which has no gradient to receive."""
    weights, inputs = node.inputs
    fan_in = inputs.shape[-2] - 1
    to_features = matmul(rows(transpose(weights), 0, fan_in), g)
    return [
        total_to(matmul(g, transpose(inputs)), weights.shape),
        total_to(padded(to_features, 0, fan_in + 1), inputs.shape),
    ]


register(Op("matmul", _product, np.matmul, _matmul_gradient, _matmul_kernel, product=True))
register(Op("affine", _affine_shape, np.matmul, _affine_gradient, _matmul_kernel, product=True))
