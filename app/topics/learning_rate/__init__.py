"""Topic 14: what happens if the learning rate is too low or too high? Four demos, from a race to the edge of stability."""

from app.topic import Topic
from app.topics.learning_rate import edge_of_stability, quadratic, race, schedules

topic = Topic("learning-rate", (race.demo, quadratic.demo, edge_of_stability.demo, schedules.demo))
