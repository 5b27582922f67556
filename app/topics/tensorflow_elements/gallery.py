"""The programs of the gallery, as TensorFlow 1 has them: those that run, and those with a mistake that it is known for.

With `import tensorflow.compat.v1 as tf` and `tf.disable_v2_behavior()` before them they run in TensorFlow 2 as well.
"""

from __future__ import annotations

FEED = """\
x = tf.placeholder(tf.float32, [2, 3], name="x")
w = tf.Variable([[1.0, 2.0]], name="w")
b = tf.constant(0.5, name="b")
y = tf.add(tf.matmul(w, x), b, name="y")
size = tf.reduce_sum(tf.square(w), name="size")

sess = tf.Session()
sess.run(tf.global_variables_initializer())
data = [[1, 2, 3], [4, 5, 6]]
print(sess.run(y, feed_dict={x: data}))
print(sess.run(size))"""

GRADIENT = """\
x = tf.placeholder(tf.float32, [], name="x")
y = tf.tanh(x, name="y")
(slope,) = tf.gradients(y, [x])
(bend,) = tf.gradients(slope, [x])

sess = tf.Session()
print(sess.run([y, slope, bend], {x: 0.5}))"""

SESSIONS = """\
count = tf.Variable(0.0, name="count")
more = tf.assign_add(count, 1.0)

first = tf.Session()
second = tf.Session()
first.run(count.initializer)
second.run(count.initializer)
for i in range(3):
    first.run(more)
print(first.run(count), second.run(count))"""

STEPS = """\
x = tf.constant([[1.0], [2.0], [3.0]], name="x")
y = tf.constant([[2.0], [4.0], [6.0]], name="y")
w = tf.Variable([[0.5]], name="w")
error = tf.matmul(x, w) - y
loss = tf.reduce_mean(tf.square(error))
optimizer = tf.train.GradientDescentOptimizer(0.05)
train = optimizer.minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(3):
    _, value = sess.run([train, loss])
    print(step, value)
print(sess.run(w))"""

PRINTED = """\
a = tf.constant(2.0, name="a")
b = a * 3.0
print(b)

sess = tf.Session()
print(sess.run(b))"""

GROWING = """\
x = tf.constant(1.0, name="x")
sess = tf.Session()
for i in range(10):
    y = x * 2.0
    print(sess.run(y))"""

NOT_FED = """\
x = tf.placeholder(tf.float32, [3], name="x")
y = tf.reduce_sum(x * 2.0, name="y")

sess = tf.Session()
print(sess.run(y, feed_dict={x: [1, 2, 3]}))
print(sess.run(y))"""

UNINITIALIZED = """\
w = tf.Variable([1.0, 2.0], name="w")
y = tf.reduce_sum(w * w, name="y")

sess = tf.Session()
print(sess.run(y))"""

MISSHAPEN = """\
x = tf.placeholder(tf.float32, [2, 3], name="x")
w = tf.Variable([[1.0, 2.0, 3.0]], name="w")
y = tf.matmul(w, x)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
print(sess.run(y, {x: [[1, 2, 3], [4, 5, 6]]}))"""

MISFED = """\
x = tf.placeholder(tf.float32, [2, 3], name="x")
y = tf.reduce_sum(x, name="y")

sess = tf.Session()
print(sess.run(y, {x: [[1, 2], [3, 4], [5, 6]]}))"""

OVERWRITTEN = """\
w = tf.Variable(3.0, name="w")
loss = tf.square(w, name="loss")
optimizer = tf.train.GradientDescentOptimizer(0.25)
train = optimizer.minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for step in range(2):
    _, loss = sess.run([train, loss])
    print(loss)"""

RIGHT = {
    "feed and fetch": FEED,
    "gradients are nodes": GRADIENT,
    "one variable, two sessions": SESSIONS,
    "three training steps": STEPS,
    "a tensor printed": PRINTED,
    "a graph that grows in a loop": GROWING,
}
BROKEN = {
    "broken: a placeholder not fed": NOT_FED,
    "broken: a variable not initialized": UNINITIALIZED,
    "broken: shapes that do not fit": MISSHAPEN,
    "broken: fed another shape": MISFED,
    "broken: a tensor overwritten by its value": OVERWRITTEN,
}
"""By the title of the link."""
