"""Topic 5: the Boltzmann machine. A machine small enough to be judged exactly, and one that learns handwritten digits."""

from app.topic import Still, Topic
from app.topics.boltzmann_machine import digits, stripes

topic = Topic("boltzmann-machine", (stripes.demo, digits.demo), Still(demo="digits"))
