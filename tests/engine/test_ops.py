"""Every operation's gradient against central differences, once and twice, and its kernel against its plain computation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import Graph, GraphError, Node, Session, gradients, ops
from engine.gradcheck import gradient_error
from engine.graph import TABLE, apply, topological_order
from engine.networks.activations import ACTIVATIONS, softmax
from engine.ops.shapes import padded

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))
COLUMN, CUBE = RNG.normal(size=(3, 1)), RNG.normal(size=(2, 3, 4))
AWAY = A + np.sign(A) * 0.2  # away from the corner at zero
IMAGES = RNG.normal(size=(2, 5, 6, 3))
COPIES = RNG.normal(size=(2, 1, 4, 5, 2))
HEADS = RNG.normal(size=(2, 3, 2, 4))
MASK = np.triu(np.ones((3, 4)))
SIDE_BY_SIDE: dict[str, Any] = {"size": (2, 2), "stride": 2}
OVERLAPPING: dict[str, Any] = {"size": (3, 2), "stride": 1}


def of_images(op: str, windows: dict[str, Any]) -> Callable[[Node], Node]:
    """What max pooling makes of gradients, for fixed images."""

    def function(values: Node) -> Node:
        images = values.graph.constant(IMAGES)
        return apply(op, images, ops.max_pool(images, **windows), values, **windows)

    return function


CASES: dict[str, tuple[Callable[..., Node], tuple[Any, ...]]] = {
    "add": (ops.add, (A, COLUMN)),
    "subtract": (ops.subtract, (CUBE, B)),
    "multiply": (ops.multiply, (A, COLUMN)),
    "divide": (ops.divide, (A, np.abs(B) + 0.5)),
    "maximum": (ops.maximum, (A, B)),
    "minimum": (ops.minimum, (A, COLUMN)),
    "negative": (ops.negative, (A,)),
    "gates": (lambda a: ops.gates(a, 1), (A,)),
    "gates_slope": (lambda a: ops.gates_slope(a, 1), (A,)),
    "exp": (ops.exp, (A,)),
    "expm1": (ops.expm1, (A,)),
    "log1p": (ops.log1p, (np.abs(A),)),
    "log": (ops.log, (np.abs(A) + 0.5,)),
    "sqrt": (ops.sqrt, (np.abs(A) + 0.5,)),
    "square": (ops.square, (A,)),
    "sin": (ops.sin, (A,)),
    "cos": (ops.cos, (A,)),
    "absolute": (ops.absolute, (AWAY,)),
    "sign": (ops.sign, (AWAY,)),
    "rounded": (ops.rounded, (np.floor(A) + 0.3,)),
    "tanh": (ops.tanh, (A,)),
    "sigmoid": (ops.sigmoid, (A * 3,)),
    "softplus": (ops.softplus, (A * 3,)),
    "relu": (ops.relu, (AWAY,)),
    "positive": (ops.positive, (AWAY,)),
    "matmul": (lambda a, b: ops.matmul(a, ops.transpose(b)), (A, B)),
    "matmul over copies": (ops.matmul, (CUBE, RNG.normal(size=(4, 2)))),
    "affine": (ops.affine, (RNG.normal(size=(2, 4)), A)),
    "affine over copies": (ops.affine, (RNG.normal(size=(2, 5, 4)), CUBE)),
    "transpose": (ops.transpose, (A,)),
    "reshape": (lambda a: ops.reshape(a, (2, 6)), (A,)),
    "broadcast_to": (lambda a: ops.broadcast_to(a, (2, 3, 4)), (COLUMN,)),
    "total_to": (lambda a: ops.total_to(a, (3, 1)), (CUBE,)),
    "rows": (lambda a: ops.rows(a, 1, 3), (A,)),
    "padded": (lambda a: padded(a, 1, 5), (A,)),
    "with_ones": (ops.with_ones, (A,)),
    "flat": (lambda a, b: ops.flat([a, b]), (A, COLUMN)),
    "concatenate": (lambda a, b: ops.concatenate([a, b]), (A, COLUMN * np.ones((1, 4)))),
    "total": (ops.total, (A,)),
    "total over samples": (lambda a: ops.total(a, -1, keepdims=True), (A,)),
    "total over features": (lambda a: ops.total(a, -2), (CUBE,)),
    "inner": (ops.inner, (A, B)),
    "inner of one with itself": (lambda a: ops.inner(a, a), (A,)),
    "inner over copies": (ops.inner, (CUBE, RNG.normal(size=CUBE.shape))),
    "mean": (lambda a: ops.mean(a, (-1,)), (A,)),
    "custom": (lambda a: ops.with_gradient(a * a, [a], lambda g: [g * a * 2.0]), (A,)),
    "assembled": (lambda a, b: apply("assembled", a, b, starts=(1, 5), size=9), (A, B)),
    "patches": (lambda a: ops.patches(a, (3, 2), 2, 1), (IMAGES,)),
    "unpatched": (lambda a: ops.unpatched(a, IMAGES.shape, (3, 3), 2, 1), (RNG.normal(size=(18, 27)),)),
    "unpatched rows": (lambda a: ops.unpatched(ops.transpose(a), (1, 3, 3, 2), (2, 2)), (RNG.normal(size=(8, 4)),)),
    "patches over copies": (lambda a: ops.patches(a, (3, 2), 1, 1), (COPIES,)),
    "unpatched over copies": (lambda a: ops.unpatched(a, COPIES.shape, (2, 2), 1, 1), (RNG.normal(size=(2, 4, 60)),)),
    "max_pool over copies": (lambda a: ops.max_pool(a, **OVERLAPPING), (COPIES,)),
    "max_pool": (lambda a: ops.max_pool(a, **SIDE_BY_SIDE), (IMAGES,)),
    "max_pool overlapping": (lambda a: ops.max_pool(a, **OVERLAPPING), (IMAGES,)),
    "max_pool of one": (lambda a: ops.max_pool(a, (1, 1), 2), (IMAGES,)),
    "spread": (of_images("spread", SIDE_BY_SIDE), (RNG.normal(size=(2, 2, 3, 3)),)),
    "spread overlapping": (of_images("spread", OVERLAPPING), (RNG.normal(size=(2, 3, 5, 3)),)),
    "picked": (of_images("picked", OVERLAPPING), (RNG.normal(size=IMAGES.shape),)),
    "gather": (lambda a: ops.gather(a, a.graph.constant([0.0, 3.0, 3.0])), (A,)),
    "gather over copies": (lambda a: ops.gather(a, a.graph.constant([0.0, 3.0, 3.0])), (CUBE,)),
    "scatter": (lambda a: apply("scatter", a, a.graph.constant([0.0, 3.0, 3.0, 1.0]), title="a", entries=5, axis=-1), (A,)),
    "gather along an axis": (lambda a: ops.gather(a, a.graph.constant([1.0, 0.0, 1.0]), axis=-3), (CUBE,)),
    "rows of samples": (lambda a: ops.rows(a, 1, 3, axis=-1), (CUBE,)),
    "rows along an axis": (lambda a: ops.rows(a, 1, 2, axis=-3), (CUBE,)),
    "concatenate samples": (lambda a, b: ops.concatenate([a, b], axis=-1), (CUBE, CUBE[..., :1])),
    "concatenate along an axis": (lambda a, b: ops.concatenate([a, b], axis=-3), (CUBE, CUBE[:1])),
    "permute": (lambda a: ops.permute(a, "dnk->kdn"), (CUBE,)),
    "permute over copies": (lambda a: ops.permute(a, "nk->kn"), (CUBE,)),
    "contract for scores": (lambda a, b: ops.contract(a, b, "hdnk,hdnq->khnq"), (HEADS, RNG.normal(size=(2, 3, 2, 5)))),
    "contract of weights": (lambda a, b: ops.contract(a, b, "hdnk,khnq->hdnq"), (HEADS, RNG.normal(size=(4, 2, 2, 5)))),
    "contract over copies": (lambda a, b: ops.contract(a, b, "df,dn->nf"), (CUBE, RNG.normal(size=(3, 5)))),
    "total of the middle": (lambda a: ops.total(a, -2, keepdims=True), (CUBE,)),
    "total over two of three": (lambda a: ops.total(a, (-3, -2)), (CUBE,)),
    "total over the ends": (lambda a: ops.total(a, (-3, -1)), (CUBE,)),
    "total of what is turned": (lambda a: ops.total(ops.permute(a, "dnk->kdn"), -2), (CUBE,)),
    "total_to the middle": (lambda a: ops.total_to(a, (2, 1, 4)), (CUBE,)),
    "inner along an axis": (lambda a, b: ops.inner(a, b, -2), (CUBE, RNG.normal(size=CUBE.shape))),
    "softmax": (softmax, (A,)),
    "softmax at a temperature": (lambda a: softmax(a, 3.0), (A,)),
    "softmax over samples": (lambda a: softmax(a, axis=-1), (CUBE,)),
    "softmax over keys": (lambda a: softmax(a, axis=-4), (HEADS,)),
    "softmax of what a mask lets through": (lambda a: softmax(a, axis=-2, mask=MASK), (CUBE,)),
    "softmax_slope": (lambda y, g: apply("softmax_slope", y, g, axis=-2), (A, B)),
    **{f"activation {name}": (function, (AWAY,)) for name, function in ACTIVATIONS.items()},
}

SMOOTH = sorted(set(CASES) - {"sign", "rounded", "positive", "activation step", "custom"})
WITHOUT_GRADIENT = {"greatest", "detach", "number"}


@pytest.mark.parametrize("case", CASES)
def test_the_gradient_is_what_central_differences_measure(case: str) -> None:
    function, arrays = CASES[case]
    assert gradient_error(function, arrays) < 1e-7


@pytest.mark.parametrize("case", SMOOTH)
def test_the_gradient_of_the_gradient_is_what_central_differences_measure(case: str) -> None:
    function, arrays = CASES[case]

    def squared_slopes(*nodes: Node) -> Node:
        made = function(*nodes)
        loss = ops.total(made * made, tuple(range(-len(made.shape), 0))) if made.shape else made * made
        parts = gradients(loss, nodes)
        sums = [ops.total(part * part, tuple(range(-len(part.shape), 0))) for part in parts]
        return sums[0] if len(sums) == 1 else sums[0] + sums[1]

    assert gradient_error(squared_slopes, arrays) < 1e-5


def test_no_operation_is_left_without_a_case() -> None:
    graph = Graph()
    used = set()
    for function, arrays in CASES.values():
        before = graph.count
        made = function(*(graph.constant(array) for array in arrays))
        used |= {node.op for node in topological_order([made])}
        assert graph.count > before
    assert set(TABLE) - used <= WITHOUT_GRADIENT


@pytest.mark.parametrize("case", CASES)
def test_the_kernel_writes_what_the_plain_computation_gives(case: str) -> None:
    function, arrays = CASES[case]
    graph = Graph(np.float64)
    made = function(*(graph.placeholder(f"x{place}", array.shape) for place, array in enumerate(arrays)))
    feeds = {f"x{place}": array for place, array in enumerate(arrays)}
    session = Session(graph)
    np.testing.assert_allclose(session.plan([made])(**feeds)[0], session.run([made], feeds)[0], rtol=1e-13, atol=1e-14)


def test_nan_stays_nan_through_relu_so_that_a_diverged_run_shows() -> None:
    graph = Graph()
    x = graph.placeholder("x", (1, 2))
    plan = Session(graph).plan([ops.relu(x)])
    assert np.isnan(plan(x=[[np.nan, -1.0]])[0]).tolist() == [[True, False]]


@pytest.mark.parametrize("function", [ops.sigmoid, ops.softplus, softmax])
def test_huge_inputs_do_not_overflow(function: Callable[[Node], Node]) -> None:
    graph = Graph()
    x = graph.placeholder("x", (2, 2))
    with np.errstate(over="raise", invalid="raise"):
        (values,) = Session(graph).plan([function(x)])(x=[[1e4, -1e4], [0, 5e3]])
    assert np.isfinite(values).all()


def test_shapes_that_do_not_fit_are_named_at_build_time() -> None:
    graph = Graph()
    images, weights = graph.placeholder("images", (3, 8)), graph.variable("head", np.ones((2, 5)))
    with pytest.raises(
        GraphError, match=r"head \(2, 5\) and images \(3, 8\), wanted weights of \(units, 4\).* inputs of \(4, n\)"
    ):
        ops.affine(weights, images)


@pytest.mark.parametrize("axis", [0, -4])
def test_an_axis_that_is_not_there_is_named_with_the_operation_and_what_it_got(axis: int) -> None:
    graph = Graph()
    cube, numbers = graph.placeholder("cube", (2, 3, 4)), graph.placeholder("numbers", (2,))
    asked: dict[str, Callable[[], Node]] = {
        "softmax": lambda: softmax(cube, axis=axis),
        "rows": lambda: ops.rows(cube, 0, 1, axis=axis),
        "concatenate": lambda: ops.concatenate([cube, cube], axis=axis),
        "gather": lambda: ops.gather(cube, numbers, axis=axis),
        "total": lambda: ops.total(cube, axis),
        "inner": lambda: ops.inner(cube, cube, axis),
        "greatest": lambda: ops.greatest(cube, axis),
    }
    for name, ask in asked.items():
        with pytest.raises(GraphError, match=rf"^{name}: got cube \(2, 3, 4\).*wanted .*ax[ie]s from -3 to -1") as raised:
            ask()
        assert str(axis) in str(raised.value)


@pytest.mark.parametrize(
    "spec",
    ["", "hdnk", "hdnk,hdnq", "hdnk,hdnq->khq", "hdnk,hdnq->kdhnq", "hhnk,hdnq->khnq", "hd1k,hd1q->kh1q", "hdnk,hdnq->khnr"],
)
def test_a_contraction_of_other_letters_is_refused_with_an_example(spec: str) -> None:
    graph = Graph()
    a, b = graph.placeholder("a", (2, 3, 2, 4)), graph.placeholder("b", (2, 3, 2, 5))
    with pytest.raises(GraphError, match=rf'contract: got a .*, b .*; wanted a spec as in "hdnk,hdnq->khnq".*got {spec!r}'):
        ops.contract(a, b, spec)


def test_arrays_that_do_not_fit_their_letters_are_named() -> None:
    graph = Graph()
    a, b = graph.placeholder("a", (2, 3, 4)), graph.placeholder("b", (2, 5, 4))
    with pytest.raises(GraphError, match=r"contract: got a \(2, 3, 4\), b \(2, 5, 4\); wanted axis 'd' .* one size, got 3 and 5"):
        ops.contract(a, b, "ndk,ndq->nkq")
    with pytest.raises(GraphError, match=r"contract: got a \(2, 3, 4\), .* wanted axes hdnk, got 3 of them"):
        ops.contract(a, b, "hdnk,hdnq->khnq")
    for spec in ("ndk", "ndk->nd", "nnk->knn", "ndk->dkm"):
        with pytest.raises(GraphError, match=rf'permute: got a \(2, 3, 4\); wanted a spec as in "dnk->ndk".*got {spec!r}'):
            ops.permute(a, spec)
    with pytest.raises(GraphError, match=r"permute: got a \(2, 3, 4\); wanted axes hndk, got 3 of them"):
        ops.permute(a, "hndk->hnkd")
    with pytest.raises(GraphError, match=r"concatenate: got a \(2, 3, 4\), b \(2, 5, 4\); wanted parts .* only in axis -3"):
        ops.concatenate([a, b], axis=-3)
    with pytest.raises(GraphError, match=r"concatenate: got no parts"):
        ops.concatenate([])
    with pytest.raises(GraphError, match=r"total: got a .*wanted each axis once, got \(-1, -1\)"):
        ops.total(a, (-1, -1))


def test_what_is_masked_gets_exactly_nothing_and_the_rest_is_the_softmax_of_the_rest() -> None:
    logits, mask = RNG.normal(size=(4, 6)) * 40, np.ones((4, 6))
    mask[1, :3], mask[:, 5], logits[1, :3] = 0, 0, 1e4
    graph = Graph()
    given, shown = graph.placeholder("logits", (4, 6)), graph.placeholder("mask", (4, 6))
    session = Session(graph)
    outputs = [softmax(given, mask=mask), softmax(given, mask=shown)]
    for way in (session.plan(outputs)(logits=logits, mask=mask), session.run(outputs, {"logits": logits, "mask": mask})):
        for made in way:
            assert not made[mask == 0].any()
            np.testing.assert_allclose(made.sum(0), [1, 1, 1, 1, 1, 0], rtol=1e-6)
            rest = np.exp(logits[[0, 2, 3], :3] - logits[[0, 2, 3], :3].max(0))
            np.testing.assert_allclose(made[[0, 2, 3], :3], rest / rest.sum(0), rtol=1e-4, atol=1e-20)


def test_a_saturated_softmax_holds_no_denormal_numbers() -> None:
    graph = Graph()
    logits = graph.placeholder("logits", (200, 2))
    (made,) = Session(graph).plan([softmax(logits)])(logits=-np.arange(400.0).reshape(200, 2))
    assert made.dtype == np.float32
    assert made.min() > np.finfo(np.float32).tiny


def test_a_mask_of_other_numbers_or_of_another_shape_is_refused() -> None:
    graph = Graph()
    x = graph.placeholder("x", (3, 4))
    with pytest.raises(GraphError, match=r"softmax of x: got a mask with -1e\+09, wanted 0 and 1 alone"):
        softmax(x, mask=np.array([[0.0, -1e9, 1.0, 1.0]]))
    with pytest.raises(GraphError, match=r"softmax: got x \(3, 4\), .*wanted a mask that broadcasts to \(3, 4\)"):
        softmax(x, mask=np.ones((2, 3, 4)))


def test_an_unknown_operation_and_an_unknown_argument_are_refused() -> None:
    graph = Graph()
    x = graph.placeholder("x", (2, 2))
    with pytest.raises(GraphError, match="unknown"):
        apply("no_such", x)
    with pytest.raises(GraphError, match=r"total: got x \(2, 2\); .*'over', wanted the arguments axes, keepdims"):
        apply("total", x, over=3)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (3, 2, 3), (5, 1, 2, 2), (1,) * 6])
@pytest.mark.parametrize("op", TABLE)
def test_whatever_shapes_an_operation_gets_it_gives_a_node_or_says_whose_they_are(op: str, shape: tuple[int, ...]) -> None:
    graph = Graph()
    first, second = graph.placeholder("first", shape), graph.placeholder("second", (3, 2))
    attributes: dict[str, dict[str, Any]] = {
        "patches": {"size": (2, 2), "stride": 1, "padding": 0},
        **{name: {"size": (2, 2), "stride": 1} for name in ("max_pool", "spread", "picked")},
        "total": {"axes": (-2, -1), "keepdims": False},
        "inner": {"axes": (-2, -1)},
        "rows": {"start": 0, "stop": 2},
        "reshape": {"to": (6,)},
        "broadcast_to": {"to": (4, 3, 2)},
        "softmax": {"axis": -2},
        "softmax_slope": {"axis": -2},
        "greatest": {"axis": -2},
        "gather": {"axis": -2, "title": ""},
        "scatter": {"axis": -2, "title": "", "entries": 3},
        "permute": {"spec": "ab->ba"},
        "contract": {"spec": "ab,bc->ac"},
    }
    for inputs in ((first,), (first, second), (second, first)):
        message = f"first {shape}"
        try:
            apply(op, *inputs, **attributes.get(op, {}))
        except GraphError as problem:
            message = str(problem)
        assert f"first {shape}" in message


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 10])
def test_the_largest_of_a_few_rows_is_the_largest_of_all(rows: int) -> None:
    """Also where two are equal, and NaN where one is."""
    values = np.random.default_rng(rows).normal(size=(rows, 6)).astype(np.float32)
    values[0, 1], values[-1, 2] = values[-1, 1], np.nan
    graph = Graph()
    plan = Session(graph).plan([ops.greatest(graph.placeholder("a", (rows, 6)))])
    np.testing.assert_array_equal(plan(a=values)[0], values.max(axis=0, keepdims=True))
