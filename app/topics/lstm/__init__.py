"""Topic 21: how does an LSTM work? Gates and cell over time, one step in numbers, and rivals without gates as the delay grows."""

from app.topic import Still, Topic
from app.topics.lstm import delay, gates, step

topic = Topic("lstm", (gates.demo, step.demo, delay.demo), Still("gates", "cells"))
