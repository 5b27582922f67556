"""Topic 31: what is attention, and why divide by the square root of d? A look-up, the scores, several heads."""

from app.topic import Topic
from app.topics.attention import heads, lookup, scores

topic = Topic("attention", (lookup.demo, scores.demo, heads.demo))
