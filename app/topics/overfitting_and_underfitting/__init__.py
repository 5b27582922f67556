"""Topic 17: what are overfitting and underfitting? Capacity and cross-validation, two cures, and double descent."""

from app.topic import Topic
from app.topics.overfitting_and_underfitting import capacity, cures, double_descent

topic = Topic("overfitting-and-underfitting", (capacity.demo, cures.demo, double_descent.demo))
