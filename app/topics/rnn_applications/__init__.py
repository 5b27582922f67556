"""Topic 11: what are recurrent networks used for? Each application on real or honest data, against a baseline worth beating."""

from app.topic import Topic
from app.topics.rnn_applications import captions, characters, sentiment, series

topic = Topic("rnn-applications", (sentiment.demo, characters.demo, captions.demo, series.demo))
