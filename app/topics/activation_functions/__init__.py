"""Topic 6: what is the role of activation functions? Two demos: a race of nine in a deep network, a layer that starts dead."""

from app.topic import Topic
from app.topics.activation_functions import dead_relu, race

topic = Topic("activation-functions", (race.demo, dead_relu.demo))
