"""Topic 22: what are vanishing and exploding gradients? In layers, in training, through time, clipped."""

from app.topic import Topic
from app.topics.vanishing_gradients import clipping, initialization, through_time, training

topic = Topic("vanishing-gradients", (initialization.demo, training.demo, through_time.demo, clipping.demo))
