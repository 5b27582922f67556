"""Topic 3: what is a multilayer perceptron? Three demos: four points, the nonlinearity, and fifty starts."""

from app.topic import Topic
from app.topics.multilayer_perceptron import circles, four_points, starts

topic = Topic("multilayer-perceptron", (four_points.demo, circles.demo, starts.demo))
