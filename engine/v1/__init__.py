"""The graph with the face of TensorFlow 1 (Abadi et al., 2016), for those who learned it there, or are asked about it.

    tf = TensorFlow()
    x = tf.placeholder((2, 3), name="x")
    w = tf.Variable([[1.0, 2.0]], name="w")
    y = tf.matmul(w, x)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    session.run(y, feed_dict={x: [[1, 2, 3], [4, 5, 6]]})

Its nodes, gradients, passes and plans are the engine's own. Two things differ from the original: the graph belongs to the object
`tf` instead of the process, and a placeholder's shape is known whole.
"""

from engine.v1.face import Optimized, Stage, TensorFlow
from engine.v1.operations import Assignment, Initialize, Variable
from engine.v1.session import Session

__all__ = ["Assignment", "Initialize", "Optimized", "Session", "Stage", "TensorFlow", "Variable"]
