"""Topic 16: how do batch and stochastic gradient descent differ? On a loss that can be drawn, and on a network."""

from app.topic import Topic
from app.topics.batch_vs_stochastic import clocks, network

topic = Topic("batch-vs-stochastic", (clocks.demo, network.demo))
