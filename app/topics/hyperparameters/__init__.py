"""Topic 13: what are hyperparameters? A search over two of them, and how two ways to search compare."""

from app.topic import Topic
from app.topics.hyperparameters import grid, random_search

topic = Topic("hyperparameters", (grid.demo, random_search.demo))
