"""Topic 8: what is gradient descent? Five optimizers on one landscape, and fifty starts on one with many minima."""

from app.topic import Topic
from app.topics.gradient_descent import many_starts, paths

topic = Topic("gradient-descent", (paths.demo, many_starts.demo))
