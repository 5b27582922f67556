"""Topic 23: what are an epoch, a batch and an iteration? The batch clock, and why it is shuffled."""

from app.topic import Topic
from app.topics.epoch_batch_iteration import clock, shuffling

topic = Topic("epoch-batch-iteration", (clock.demo, shuffling.demo))
