"""Topic 34: layer norm or batch norm? Small batches, a decoder that looks ahead, and the norm before or after, also trained."""

from app.topic import Topic
from app.topics.layer_norm import causal, companions, depth, training

topic = Topic("layer-norm", (companions.demo, causal.demo, depth.demo, training.demo))
