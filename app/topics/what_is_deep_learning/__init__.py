"""Topic 1: what is deep learning? Two demos on spirals: layers against a line, and the same layers seen from inside."""

from app.topic import Topic
from app.topics.what_is_deep_learning import layers, untangling

topic = Topic("what-is-deep-learning", (layers.demo, untangling.demo))
