"""Topic 32: how does a transformer work? Copying from context, why blocks add, and what a mask is for."""

from app.topic import Topic
from app.topics.transformer import copying, mask, stream

topic = Topic("transformer", (copying.demo, stream.demo, mask.demo))
