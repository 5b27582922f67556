"""Topic 30: bagging and boosting. Trees that average, a forest, and trees that correct one another, tree by tree."""

from app.topic import Still, Topic
from app.topics.bagging_and_boosting import adaboost, bagging, forest, gradient_boosting

topic = Topic(
    "bagging-and-boosting", (bagging.demo, forest.demo, adaboost.demo, gradient_boosting.demo), Still("adaboost", "vote")
)
