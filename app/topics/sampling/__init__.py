"""Topic 36: temperature, top-k, top-p: how is text generated? A small transformer learns sentences, then writes many."""

from app.topic import Topic
from app.topics.sampling import writing

topic = Topic("sampling", (writing.demo,))
