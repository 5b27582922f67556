"""Topic 34: layer norm or batch norm? Small batches, what an answer owes to its companions, and the norm before or after."""

from app.topic import Topic
from app.topics.layer_norm import companions, depth

topic = Topic("layer-norm", (companions.demo, depth.demo))
