"""Topic 19: what are the layers of a CNN? Three demos: layer by layer with one sum written out, the two halves, a drawn digit."""

from app.topic import Still, Topic
from app.topics.cnn_layers import drawing, layers, position

topic = Topic("cnn-layers", (layers.demo, position.demo, drawing.demo), Still("layers", "maps"))
