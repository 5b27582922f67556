"""Topic 44: what is contrastive learning? Pictures and captions that find each other; and digits, views and few labels."""

from app.topic import Topic
from app.topics.contrastive_learning import captions, digits

topic = Topic("contrastive-learning", (captions.demo, digits.demo))
