"""Topic 42: how do diffusion models work? Points of the plane out of noise, level by level, by a network that tells the noise."""

from app.topic import Topic
from app.topics.diffusion import guidance, memory, points

topic = Topic("diffusion", (points.demo, memory.demo, guidance.demo))
