"""Topic 34: layer norm or batch norm? Networks on small batches, and what a sample's answer owes to its companions."""

from app.topic import Topic
from app.topics.layer_norm import companions

topic = Topic("layer-norm", (companions.demo,))
