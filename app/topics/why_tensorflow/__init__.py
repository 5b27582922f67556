"""Topic 24: why is TensorFlow preferred? What a graph buys, timed here and now on the engine's own graph."""

from app.topic import Topic
from app.topics.why_tensorflow import timing

topic = Topic("why-tensorflow", (timing.demo,))
