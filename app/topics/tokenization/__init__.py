"""Topic 35: what is tokenization? Pairs of a story merged into tokens, and used on other texts."""

from app.topic import Topic
from app.topics.tokenization import merges

topic = Topic("tokenization", (merges.demo,))
