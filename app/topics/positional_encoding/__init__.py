"""Topic 33: why does a transformer need positions? Order with and without them, and what they do beyond the trained length."""

from app.topic import Topic
from app.topics.positional_encoding import length, order

topic = Topic("positional-encoding", (order.demo, length.demo))
