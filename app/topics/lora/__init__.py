"""Topic 38: what is LoRA? A network of digits learns slanted ones by a low-rank addition to weights that stay as they are."""

from app.topic import Topic
from app.topics.lora import adapting

topic = Topic("lora", (adapting.demo,))
