"""Topic 12: what are softmax and ReLU? Softmax cooled down, ReLU’s exact zeros, and what a softmax’s confidence is worth."""

from app.topic import Still, Topic
from app.topics.softmax_and_relu import calibration, sparsity, temperature

topic = Topic("softmax-and-relu", (temperature.demo, sparsity.demo, calibration.demo), Still(frame=40))
