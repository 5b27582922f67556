"""Topic 29: what is an autoencoder? A bottleneck beside PCA, the map of its code, and noise that it has learned to remove."""

from app.topic import Topic
from app.topics.autoencoder import bottleneck, denoising, latent

topic = Topic("autoencoder", (bottleneck.demo, latent.demo, denoising.demo))
