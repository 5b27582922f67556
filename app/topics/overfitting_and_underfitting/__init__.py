"""Topic 17: what are overfitting and underfitting? Capacity and cross-validation, cures, augmentation, and double descent."""

from app.topic import Topic
from app.topics.overfitting_and_underfitting import augmentation, capacity, cures, double_descent

topic = Topic("overfitting-and-underfitting", (capacity.demo, cures.demo, augmentation.demo, double_descent.demo))
