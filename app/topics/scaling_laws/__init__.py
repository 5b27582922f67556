"""Topic 45: scaling laws, emergence and grokking. The best size for a budget in a world that can be solved; a sharp metric."""

from app.topic import Topic
from app.topics.scaling_laws import budgets, emergence

topic = Topic("scaling-laws", (budgets.demo, emergence.demo))
