"""Topic 4: what is data normalization and why do we need it? Two demos: a race of four scalings, and the curvature behind it."""

from app.topic import Topic
from app.topics.data_normalization import curvature, race

topic = Topic("data-normalization", (race.demo, curvature.demo))
