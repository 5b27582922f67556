"""Topic 43: what is knowledge distillation? A student that never saw a 3, and what soft answers tell about sixty images."""

from app.topic import Topic
from app.topics.distillation import few, unseen

topic = Topic("distillation", (unseen.demo, few.demo))
