"""Topic 40: what are RLHF and DPO? A reward model that is trusted too far, and three ways to the same policy."""

from app.topic import Topic
from app.topics.rlhf_and_dpo import trusted, ways

topic = Topic("rlhf-and-dpo", (trusted.demo, ways.demo))
