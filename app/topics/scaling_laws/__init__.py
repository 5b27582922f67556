"""Topic 45: scaling laws in a world that can be solved, emergence by a sharp metric, and grokking of sums."""

from app.topic import Topic
from app.topics.scaling_laws import budgets, emergence, grokking

topic = Topic("scaling-laws", (budgets.demo, emergence.demo, grokking.demo))
