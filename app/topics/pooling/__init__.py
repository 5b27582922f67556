"""Topic 20: what is pooling and how does it work? Two demos without training: the sliding window, and a digit that moves."""

from app.topic import Still, Topic
from app.topics.pooling import shift, window

topic = Topic("pooling", (window.demo, shift.demo), Still("shift", "maps"))
