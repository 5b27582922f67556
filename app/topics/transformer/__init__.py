"""Topic 32: how does a transformer work? Copying from context, why blocks add, what a mask is for, encoder or decoder."""

from app.topic import Topic
from app.topics.transformer import copying, mask, sight, stream

topic = Topic("transformer", (copying.demo, stream.demo, mask.demo, sight.demo))
