"""Topic 44: what is contrastive learning? Pictures and captions that find each other, and pairs that were never seen together."""

from app.topic import Topic
from app.topics.contrastive_learning import captions

topic = Topic("contrastive-learning", (captions.demo,))
