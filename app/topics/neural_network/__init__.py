"""Topic 2: what is a neural network? Two demos: a small network learns irises, and one forward pass, number by number."""

from app.topic import Topic
from app.topics.neural_network import forward, training

topic = Topic("neural-network", (training.demo, forward.demo))
