"""Topic 9: what is backpropagation? Two demos: one backward pass, edge by edge, and gradients checked against differences."""

from app.topic import Still, Topic
from app.topics.backpropagation import differences, edges

topic = Topic("backpropagation", (edges.demo, differences.demo), Still(frame=54))
