"""Topic 28: explain a GAN. The wine shop of the story on real wines, and mode collapse with its cures on a ring."""

from app.topic import Topic
from app.topics.gan import ring, wine

topic = Topic("gan", (wine.demo, ring.demo))
