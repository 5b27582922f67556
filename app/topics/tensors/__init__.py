"""Topic 25: what is a tensor? An array and its memory, steps that view or copy it, and a batch on its way through a network."""

from app.topic import Topic
from app.topics.tensors import anatomy, batch, steps

topic = Topic("tensors", (anatomy.demo, steps.demo, batch.demo))
