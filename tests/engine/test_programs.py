"""Programs of TensorFlow 1: what they print, what their nodes are called, and the mistakes at their lines.

What is printed, the names, the lines and the exceptions are those of TensorFlow 2.21's `tf.compat.v1`, in which these programs
were run; its last digits differ here and there, and the words of a mistake are those of 1.15, without attributes of a node.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.v1.programs import Failed, Made, Outcome, Printed, Ran, Tape, play, rehearse

W = 'w = tf.Variable([1.0, 2.0], name="w")\n'
X = 'x = tf.placeholder(tf.float32, [2, 3], name="x")\n'
S = "s = tf.Session()\n"


def printed(tape: Tape, traced: bool = True) -> list[str]:
    """The lines that a program prints."""
    rng = np.random.default_rng(0)
    return [outcome.text for event, outcome in play(tape, rng, lambda _: traced) if isinstance(event, Printed)]


def last(tape: Tape) -> Outcome:
    *_, (_, outcome) = play(tape, np.random.default_rng(0))
    return outcome


EVERYTHING = """\
x = tf.placeholder(tf.float32, [2, 2], name="x")
a = -x + 1 - x * 2 / 4 + x ** 2
b = tf.nn.softmax(a)
c = tf.reshape(tf.transpose(b), [4])
d = tf.reduce_mean(c, 0) + tf.reduce_sum(tf.abs(x), axis=1)
e = tf.sqrt(tf.exp(tf.log(tf.ones([2]) * 4.0)))
with tf.Session() as sess:
    print(sess.run(a, {x: [[1, -2], [3, 4]]}))
    print(sess.run([d, e], feed_dict={x: [[1, -2], [3, 4]]}))
    print(a, b, c, d, e)
"""


def test_a_program_prints_what_tensorflow_prints() -> None:
    tensors = [("add_1", "(2, 2)"), ("Softmax", "(2, 2)"), ("Reshape", "(4,)"), ("add_2", "(2,)"), ("Sqrt", "(2,)")]
    assert printed(rehearse(EVERYTHING)) == [
        "[[ 0.5  8. ]\n [ 5.5 11. ]]",
        "[array([3.5, 7.5], dtype=float32), array([2., 2.], dtype=float32)]",
        " ".join(f'Tensor("{name}:0", shape={shape}, dtype=float32)' for name, shape in tensors),
    ]


OPTIMIZERS = """\
w = tf.Variable([0.1, 0.2], name="w")
loss = tf.reduce_sum(tf.square(w - 3.0))
adam = tf.train.AdamOptimizer(0.1).minimize(loss)
momentum = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
s = tf.Session()
s.run(tf.global_variables_initializer())
for i in range(3):
    s.run(adam)
print(s.run(w))
for i in range(3):
    s.run(momentum)
print(s.run(w))
"""


@pytest.mark.parametrize("traced", [True, False])
def test_optimizers_move_variables_as_tensorflows_do_node_by_node_or_planned(traced: bool) -> None:
    lines = [np.array(line.strip("[]").split(), float) for line in printed(rehearse(OPTIMIZERS), traced)]
    np.testing.assert_allclose(lines, [[0.39960194, 0.49958512], [2.8387752, 2.8449743]], rtol=1e-5)


def test_assignments_give_what_they_assign_and_each_session_has_its_own_values() -> None:
    program = """\
w = tf.Variable(tf.zeros([2]), name="w")
v, u = w.assign([1.0, 2.0]), tf.assign_sub(w, [0.5, 0.5])
one = tf.Session()
other = tf.Session()
one.run(w.initializer)
other.run(tf.global_variables_initializer())
print(one.run(v), one.run(u), one.run(w), other.run(w))
"""
    assert printed(rehearse(program)) == ["[1. 2.] [0.5 1.5] [0.5 1.5] [0. 0.]"]


def test_what_a_run_gave_can_be_fed_to_the_next() -> None:
    program = X.replace("[2, 3]", "[2]") + S + "v = s.run(x * 2, {x: [1, 2]})\nprint(s.run(x + 1, {x: v}))"
    assert printed(rehearse(program)) == ["[3. 5.]"]


def test_a_program_may_begin_as_it_does_in_tensorflow_2() -> None:
    begun = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
    assert printed(rehearse(f"{begun}print(tf.Session().run(tf.constant([[2.0]]) @ [[3.0]]))")) == ["[[6.]]"]


def test_a_tape_can_be_played_again_and_gives_the_same() -> None:
    tape = rehearse("w = tf.Variable(tf.random_normal([3]))\ns = tf.Session()\ns.run(w.initializer)\nprint(s.run(w))")
    assert printed(tape) == printed(tape)
    other = [outcome.text for _, outcome in play(tape, np.random.default_rng(1)) if outcome.text]
    assert other != printed(tape)


def test_a_run_is_traced_over_its_own_ancestors_alone() -> None:
    tape = rehearse("x = tf.constant(1.0)\ny = x * 2.0\nz = tf.exp(y)\nw = tf.tanh(x)\ntf.Session().run(y)")
    assert [node.name for node in last(tape).values] == ["Const", "mul/y", "mul"]
    assert len(tape.nodes) == 5


def test_the_graph_of_a_tape_holds_gradients_and_leaves_out_an_optimizers_inside() -> None:
    tape = rehearse(OPTIMIZERS.partition("\ns = tf")[0])
    assert {operation.name for operation in tape.operations} == {"Adam", "Momentum"}
    names = {node.name for node in tape.nodes}
    assert any(name.startswith("gradients/") for name in names)
    assert not any("velocity" in name or "weights" in name for name in names)
    assert all(source in tape.nodes for node in tape.nodes for source in node.inputs)


def test_a_line_says_what_it_made_before_it_says_what_it_ran() -> None:
    tape = rehearse("w = tf.Variable(1.0)\ns = tf.Session()\ns.run(tf.global_variables_initializer())")
    assert [(type(event), event.line) for event in tape.events] == [(Made, 1), (Made, 3), (Ran, 3)]


MISTAKES = {
    "not fed": (
        X + "y = x * 2.0\n" + S + "s.run(y)",
        (4, "InvalidArgumentError", "You must feed a value for placeholder tensor 'x' with dtype float and shape [2,3]"),
    ),
    "uninitialized": (W + S + "s.run(w * w)", (3, "FailedPreconditionError", "Attempting to use uninitialized value w")),
    "uninitialized in another session": (
        W + S + "tf.Session().run(w.initializer)\ns.run(w)",
        (4, "FailedPreconditionError", "Attempting to use uninitialized value w"),
    ),
    "a step of an uninitialized variable": (
        W + "train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(w))\n" + S + "s.run(train)",
        (4, "FailedPreconditionError", "Attempting to use uninitialized value w"),
    ),
    "a rate that is not fed": (
        W + 'rate = tf.placeholder(tf.float32, [], name="rate")\n'
        "train = tf.train.GradientDescentOptimizer(rate).minimize(tf.reduce_sum(w))\n" + S + "s.run(w.initializer)\ns.run(train)",
        (6, "InvalidArgumentError", "You must feed a value for placeholder tensor 'rate' with dtype float and shape []"),
    ),
    "a product": (
        X + "y = tf.matmul(x, x)",
        (
            2,
            "ValueError",
            "Dimensions must be equal, but are 3 and 2 for 'MatMul' (op: 'MatMul') with input shapes: [2,3], [2,3].",
        ),
    ),
    "a product of a vector": (
        W + "y = tf.matmul(w, [[1.0], [2.0]])",
        (2, "ValueError", "Shape must be rank 2 but is rank 1 for 'MatMul' (op: 'MatMul') with input shapes: [2], [2,1]."),
    ),
    "a sum": (
        W + "y = w + [1.0, 2.0, 3.0]",
        (2, "ValueError", "Dimensions must be equal, but are 2 and 3 for 'add' (op: 'AddV2') with input shapes: [2], [3]."),
    ),
    "misfed": (
        X + S + "s.run(x, {x: [[1, 2], [3, 4], [5, 6]]})",
        (3, "ValueError", "Cannot feed value of shape (3, 2) for Tensor 'x:0', which has shape '(2, 3)'"),
    ),
    "assigned another shape": (
        W + "w.assign([1.0, 2.0, 3.0])",
        (
            2,
            "ValueError",
            "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2] and [3]. for 'Assign' (op: 'Assign') with "
            "input shapes: [2], [3].",
        ),
    ),
    "assigned another rank": (
        W + "w.assign(1.0)",
        (2, "ValueError", "Shapes must be equal rank, but are 1 and 0 for 'Assign' (op: 'Assign') with input shapes: [2], []."),
    ),
    "a number fetched": (
        W + S + "s.run(3.0)",
        (
            3,
            "TypeError",
            "Fetch argument 3.0 has invalid type <class 'float'>, must be a string or Tensor. "
            "(Can not convert a float into a Tensor or Operation.)",
        ),
    ),
    "a result fetched": (
        W + S + "s.run(w.initializer)\nfor i in range(2):\n    w = s.run(w)",
        (
            5,
            "TypeError",
            "Fetch argument [1. 2.] has invalid type <class 'numpy.ndarray'>, must be a string or Tensor. "
            "(Can not convert a ndarray into a Tensor or Operation.)",
        ),
    ),
    "a gradient that is None": (
        "x = tf.constant(1.0)\ny = tf.constant(2.0)\n" + S + "s.run(tf.gradients(y, [x]))",
        (4, "TypeError", "Fetch argument None has invalid type <class 'NoneType'>, must be a string or Tensor."),
    ),
    "a name": (
        W + S + 's.run("v:0")',
        (
            3,
            "ValueError",
            "Fetch argument 'v:0' cannot be interpreted as a Tensor. (\"The name 'v:0' refers to a Tensor which does not exist. "
            "The operation, 'v', does not exist in the graph.\")",
        ),
    ),
    "an empty graph": (
        "tf.Session().run(1.0)",
        (1, "RuntimeError", "The Session graph is empty.  Add operations to the graph before calling run()."),
    ),
    "closed": (W + S + "s.close()\ns.run(w)", (4, "RuntimeError", "Attempted to use a closed Session.")),
    "closed by its block": (
        W + "with tf.Session() as s:\n    s.run(w.initializer)\ns.run(w)",
        (4, "RuntimeError", "Attempted to use a closed Session."),
    ),
    "an axis": (
        X + "y = tf.reduce_sum(x, 2)",
        (
            2,
            "ValueError",
            "Invalid reduction dimension 2 for input with 2 dimensions. for 'Sum' (op: 'Sum') with input shapes: [2,3], [] and "
            "with computed input tensors: input[1] = <2>.",
        ),
    ),
    "another number of numbers": (
        X + "y = tf.reshape(x, [4])",
        (
            2,
            "ValueError",
            "Cannot reshape a tensor with 6 elements to shape [4] (4 elements) for 'Reshape' (op: 'Reshape') with input shapes: "
            "[2,3], [1] and with input tensors computed as partial shapes: input[1] = [4].",
        ),
    ),
    "nothing to move": (
        "train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0))",
        (1, "ValueError", "No variables to optimize."),
    ),
    "a loss that nothing moves": (
        W + 'train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0, name="c"))',
        (
            2,
            "ValueError",
            "No gradients provided for any variable, check your graph for ops that do not support gradients, between variables "
            '["<tf.Variable \'w:0\' shape=(2,) dtype=float32_ref>"] and loss Tensor("c:0", shape=(), dtype=float32).',
        ),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_ends_the_program_at_its_line_in_tensorflows_words_and_in_plain_ones(name: str) -> None:
    program, (line, kind, words) = MISTAKES[name]
    tape = rehearse(f"{program}\nprint(1)")
    failure = tape.events[-1]
    assert isinstance(failure, Failed)
    assert (failure.line, failure.mistake.kind) == (line, kind)
    assert last(tape).text == words
    assert failure.mistake.meaning.endswith(".")
    assert printed(tape) == [], "nothing after it"


def test_names_are_those_of_tensorflow() -> None:
    program = """\
x = tf.placeholder(tf.float32, [2])
w = tf.Variable([1.0, 1.0])
v = tf.Variable([1.0, 1.0])
a, b, c, d, e = x * 2.0, 2.0 * x, x + 1, -x, x ** 2
f, g, h, i, j = x / 2, tf.add(x, x), tf.subtract(x, 1.0), tf.multiply(x, x), 1 - x
k, l = w.assign_add([1.0, 1.0]), tf.zeros([2])
print(a, b, c, d, e)
print(f, g, h, i, j)
print(x, w, v, l)
"""
    wanted = [
        ["mul", "mul_1", "add", "Neg", "pow"],
        ["truediv", "Add_1", "Sub", "Mul_2", "sub_1"],
        ["Placeholder", "Variable", "Variable_1", "zeros"],
    ]
    for line, names in zip(printed(rehearse(program)), wanted, strict=True):
        assert [
            part.split(":0")[0].strip("\"'") for part in line.replace("Tensor(", "<tf.Variable ").split("<tf.Variable ")[1:]
        ] == names


def test_loops_and_given_names_train() -> None:
    program = """\
w = tf.Variable([[0.0]])
loss = tf.reduce_mean(tf.square(tf.matmul(xs, w) - ys))
train = tf.train.GradientDescentOptimizer(rate).minimize(loss)
s = tf.Session()
s.run(tf.global_variables_initializer())
for step in range(100):
    s.run(train)
print(s.run(w))
"""
    x = np.linspace(-1, 1, 20)[:, None]
    (line,) = printed(rehearse(program, {"xs": x, "ys": 3 * x, "rate": 0.5}), traced=False)
    assert float(line.strip("[]")) == pytest.approx(3, abs=1e-4)
