"""Topic 27: what is a computational graph? Three demos: an expression and its gradient, the passes, a plan."""

from app.topic import Still, Topic
from app.topics.computational_graph import expression, passes, plan

topic = Topic("computational-graph", (expression.demo, passes.demo, plan.demo), Still(demo="expression", chart="graph"))
