"""Topic 7: what is a cost function? The gradient it sends back, what outliers do to it, and what it makes a model say."""

from app.topic import Topic
from app.topics.cost_function import outliers, probabilities, saturation

topic = Topic("cost-function", (saturation.demo, outliers.demo, probabilities.demo))
