"""Topic 10: how do feedforward and recurrent networks differ? Two tasks that only memory can solve, both networks on each."""

from app.topic import Topic
from app.topics.feedforward_vs_recurrent import parity, recall

topic = Topic("feedforward-vs-recurrent", (recall.demo, parity.demo))
