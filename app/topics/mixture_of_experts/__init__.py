"""Topic 41: what is a mixture of experts? Eight small networks, and a router that sends each point to one of them."""

from app.topic import Topic
from app.topics.mixture_of_experts import places

topic = Topic("mixture-of-experts", (places.demo,))
