"""The operations, by family, simplest first. Importing a family fills the table; adding an operation is one entry in its family.

An entry has a shape rule, the plain computation, the kernel that writes into a plan's buffer, and the gradient in graph terms.
"""

from engine.ops.arithmetic import (
    absolute,
    add,
    cos,
    divide,
    exp,
    expm1,
    log,
    log1p,
    maximum,
    minimum,
    multiply,
    negative,
    rounded,
    sign,
    sin,
    sqrt,
    square,
    subtract,
)
from engine.ops.contraction import contract, permute
from engine.ops.convolution import max_pool, patches, unpatched, windows
from engine.ops.linear import affine, matmul
from engine.ops.lookup import gather
from engine.ops.nonlinear import gates, gates_slope, positive, relu, sigmoid, softplus, tanh
from engine.ops.reductions import greatest, inner, mean, total
from engine.ops.shapes import (
    broadcast_to,
    concatenate,
    detach,
    reshape,
    rows,
    total_to,
    transpose,
    with_gradient,
    with_ones,
)
from engine.ops.softmax import softmax
from engine.ops.vectors import flat, number

__all__ = [
    "absolute",
    "add",
    "affine",
    "broadcast_to",
    "concatenate",
    "contract",
    "cos",
    "detach",
    "divide",
    "exp",
    "expm1",
    "flat",
    "gates",
    "gates_slope",
    "gather",
    "greatest",
    "inner",
    "log",
    "log1p",
    "matmul",
    "max_pool",
    "maximum",
    "mean",
    "minimum",
    "multiply",
    "negative",
    "number",
    "patches",
    "permute",
    "positive",
    "relu",
    "reshape",
    "rounded",
    "rows",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softplus",
    "sqrt",
    "square",
    "subtract",
    "tanh",
    "total",
    "total_to",
    "transpose",
    "unpatched",
    "windows",
    "with_gradient",
    "with_ones",
]
