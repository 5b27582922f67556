"""Topic 15: what are dropout and batch normalization? Each beside the same network without it, in training and in evaluation."""

from app.topic import Topic
from app.topics.dropout_and_batch_norm import batch_norm, dropout

topic = Topic("dropout-and-batch-norm", (dropout.demo, batch_norm.demo))
