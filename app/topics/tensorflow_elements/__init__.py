"""Topic 26: constants, variables, placeholders and sessions, by programs of TensorFlow 1 that run on the engine's own graph."""

from app.topic import Still, Topic
from app.topics.tensorflow_elements import simulator, training

topic = Topic("tensorflow-elements", (simulator.demo, training.demo), Still("training", "fit"))
