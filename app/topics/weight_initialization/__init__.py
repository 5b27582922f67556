"""Topic 18: how are the weights of a network initialized? Scale, which carries a signal through depth, and symmetry."""

from app.topic import Topic
from app.topics.weight_initialization import scale, symmetry

topic = Topic("weight-initialization", (scale.demo, symmetry.demo))
