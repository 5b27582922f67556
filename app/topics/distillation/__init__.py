"""Topic 43: what is knowledge distillation? A student that never saw a 3, and what the wrong classes tell it."""

from app.topic import Topic
from app.topics.distillation import unseen

topic = Topic("distillation", (unseen.demo,))
