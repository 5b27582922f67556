"""Topic 37: what is a KV cache? The same text written with and without one, every multiplication and every byte counted."""

from app.topic import Topic
from app.topics.kv_cache import writing

topic = Topic("kv-cache", (writing.demo,))
