"""The face of TensorFlow 1: what runs, what is uninitialized, what the classic mistakes are told, and what each pass removes."""

from __future__ import annotations

import numpy as np
import pytest

from engine import GraphError
from engine.v1 import TensorFlow

X = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def test_a_program_of_2016_runs() -> None:
    tf = TensorFlow()
    x, w = tf.placeholder((2, 3), name="x"), tf.Variable([[1.0, 2.0]], name="w")
    y = tf.matmul(w, x)
    session = tf.Session()
    assert session.run(tf.global_variables_initializer()) is None
    np.testing.assert_array_equal(session.run(y, feed_dict={x: X}), [[9, 12, 15]])
    once, again = session.run([y, w], {"x": X})
    np.testing.assert_array_equal(once, [[9, 12, 15]])
    np.testing.assert_array_equal(again, [[1, 2]])


def test_gradient_descent_moves_variables_between_runs() -> None:
    tf = TensorFlow()
    w = tf.Variable(3.0, name="w")
    loss = tf.square(w)
    train, session = tf.minimize(loss, 0.25), tf.Session()
    session.run(w.initializer)
    losses = [float(session.run([train, loss])[1]) for _ in range(3)]
    assert losses == [9.0, 2.25, 0.5625]


def test_a_variable_has_no_value_before_its_initializer_ran() -> None:
    tf = TensorFlow()
    w, v = tf.Variable(1.0, name="w"), tf.Variable(2.0, name="v")
    session = tf.Session()
    session.run(w.initializer)
    assert float(session.run(w)) == 1.0
    with pytest.raises(GraphError, match="variable 'v': got a read before it was initialized, wanted its initializer run first"):
        session.run(tf.add(w, v))
    with pytest.raises(GraphError, match="variable 'v'"):
        session.run([v.initializer, v])
    with pytest.raises(GraphError, match="variable 'v'"):
        session.run(tf.minimize(tf.square(w) + tf.square(v), 0.1))


def test_only_what_a_fetch_stands_on_must_be_fed() -> None:
    tf = TensorFlow()
    x, y = tf.placeholder((), name="x"), tf.placeholder((), name="y")
    twice, both = x * 2.0, tf.add(x, y, name="both")
    session = tf.Session()
    assert float(session.run(twice, {x: 3.0})) == 6.0
    with pytest.raises(GraphError, match=r"placeholder 'y': got no feed, wanted a value of shape \(\) in feed_dict"):
        session.run(both, {x: 3.0})


def test_the_classic_mistakes_are_named() -> None:
    tf = TensorFlow()
    x, w = tf.placeholder((2, 3), name="x"), tf.Variable([[1.0, 2.0, 3.0]], name="w")
    session = tf.Session()
    session.run(w.initializer)
    with pytest.raises(GraphError, match=r"matmul: got w \(1, 3\), x \(2, 3\); wanted"):
        tf.matmul(w, x)
    with pytest.raises(GraphError, match=r"placeholder 'x': got shape \(3, 2\), wanted \(2, 3\)"):
        session.run(tf.tanh(x), {x: np.ones((3, 2))})
    with pytest.raises(GraphError, match="feed of 'w': got something else, wanted a placeholder"):
        session.run(w, {w: 1.0})
    with pytest.raises(GraphError, match="fetch 'nothing': got a name this graph does not have"):
        session.run("nothing")
    with pytest.raises(GraphError, match="fetch: got 3, wanted a node"):
        session.run(3)  # type: ignore[arg-type]
    with pytest.raises(GraphError, match="another graph"):
        session.run(TensorFlow().constant(1.0))
    with pytest.raises(GraphError, match=r"assign to 'w': got Const.* \(\), wanted \(1, 3\)"):
        w.assign(tf.constant(2.0))
    with pytest.raises(GraphError, match="optimizer: got 'magic'"):
        tf.minimize(tf.reduce_sum(w), 0.1, "magic")
    with pytest.raises(GraphError, match="reduce of 'x': got axis 2"):
        tf.reduce_mean(x, 2)


def test_names_are_made_unique_and_found() -> None:
    tf = TensorFlow()
    x = tf.placeholder((), name="x")
    first, second, third = tf.add(x, 1.0), tf.add(x, 2.0), x + 3.0
    tf.names.give()
    assert [first.name, second.name, third.name] == ["add", "add_1", "add_2"]
    session = tf.Session()
    assert float(session.run("add_1:0", {"x:0": 5.0})) == 7.0
    assert tf.Variable(0.0, name="x").name == "x_1"


def test_a_node_is_no_value_until_it_is_run_and_runs_share_nothing_but_variables() -> None:
    tf = TensorFlow()
    count = tf.Variable(0.0, name="count")
    more = count.assign(count + 1.0)
    one, other = tf.Session(), tf.Session()
    one.run(count.initializer)
    other.run(count.initializer)
    for _ in range(3):
        one.run(more)
    assert (float(one.run(count)), float(other.run(count))) == (3.0, 0.0)


def test_a_variable_made_later_leaves_the_values_of_the_others() -> None:
    tf = TensorFlow()
    first = tf.Variable(1.0, name="first")
    session = tf.Session()
    session.run(first.initializer)
    session.run(first.assign(tf.constant(7.0)))
    second = tf.Variable(2.0, name="second")
    session.run(second.initializer)
    assert float(session.run(first * second)) == 14.0


def test_gradients_are_nodes_of_the_same_graph() -> None:
    tf = TensorFlow()
    x = tf.placeholder((), name="x")
    before = len(tf.graph.nodes)
    (slope,) = tf.gradients(tf.tanh(x), [x])
    (bend,) = tf.gradients(slope, [x])
    assert len(tf.graph.nodes) > before
    assert slope.name.startswith("gradients/")
    t = np.tanh(0.5)
    values = tf.Session().run([slope, bend], {x: 0.5})
    np.testing.assert_allclose(values, [1 - t**2, -2 * t * (1 - t**2)], rtol=1e-6)


def test_each_pass_removes_what_was_planted_for_it() -> None:
    tf = TensorFlow()
    x = tf.placeholder((4, 4), name="x")
    seconds = tf.multiply(tf.constant(60.0, name="minute"), 60.0, name="hour")
    left, right = tf.tanh(x, name="left"), tf.tanh(x, name="right")
    nothing = tf.multiply(left, 1.0, name="times one")
    unused = tf.exp(x, name="unused")
    out = tf.multiply(tf.add(nothing, right), seconds, name="out")
    made = tf.optimized(out)
    removed = {stage.name: stage.removed for stage in made.stages}
    assert unused.name in removed["pruned"]
    assert removed["identity"] == ("times one",)
    assert removed["folded"] == ("hour",)
    assert "right" in removed["shared"]
    assert [stage.left for stage in made.stages] == sorted((stage.left for stage in made.stages), reverse=True)
    assert made.bytes_after <= made.bytes_before
    values = np.random.default_rng(0).normal(size=(4, 4))
    np.testing.assert_allclose(tf.Session().run(out, {x: values}), 2 * np.tanh(values) * 3600, rtol=1e-5)


def test_buffers_written_in_place_take_less_memory() -> None:
    tf = TensorFlow()
    node = x = tf.placeholder((10, 10), name="x")
    for _ in range(20):
        node = tf.tanh(node)
    made = tf.optimized(node)
    assert made.bytes_before == 21 * 400
    assert made.bytes_after <= 4 * 400
    assert x.name not in made.stages[0].removed


def test_zero_times_a_placeholder_is_left_alone() -> None:
    tf = TensorFlow()
    x = tf.placeholder((), name="x")
    with np.errstate(invalid="ignore"):
        assert np.isnan(tf.Session().run(x * 0.0, {x: np.inf}))
