"""Topic 39: what is quantization? Fewer bits per weight, an outlier, and training with the rounding in place."""

from app.topic import Topic
from app.topics.quantization import bits, training

topic = Topic("quantization", (bits.demo, training.demo))
