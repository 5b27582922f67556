"""Topic 28: explain a GAN. The wine shop of the story on real wines, mode collapse with its cures on a ring, an image GAN."""

from app.topic import Topic
from app.topics.gan import digits, ring, wine

topic = Topic("gan", (wine.demo, ring.demo, digits.demo))
