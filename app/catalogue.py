"""The questions by chapter, thirty classic ones and those asked since: the fixed rows that pages, links and search stand on.

Numbers and slugs are part of the public URLs and never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache


@dataclass(frozen=True)
class Entry:
    """One question of the catalogue."""

    number: int
    slug: str
    question: str
    chapter: str

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"/topics/{self.slug}"


@dataclass(frozen=True)
class Chapter:
    """A part of the catalogue, in reading order."""

    title: str
    topics: tuple[Entry, ...]


_ROWS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "Foundations": (
        (1, "what-is-deep-learning", "What is deep learning?"),
        (2, "neural-network", "What is a neural network?"),
        (3, "multilayer-perceptron", "What is a multilayer perceptron?"),
        (4, "data-normalization", "What is data normalization and why do we need it?"),
        (5, "boltzmann-machine", "What is a Boltzmann machine?"),
        (6, "activation-functions", "What is the role of activation functions?"),
        (7, "cost-function", "What is a cost function?"),
        (8, "gradient-descent", "What is gradient descent?"),
        (9, "backpropagation", "What is backpropagation?"),
    ),
    "Training": (
        (12, "softmax-and-relu", "What are softmax and ReLU?"),
        (13, "hyperparameters", "What are hyperparameters?"),
        (14, "learning-rate", "What happens if the learning rate is too low or too high?"),
        (15, "dropout-and-batch-norm", "What are dropout and batch normalization?"),
        (16, "batch-vs-stochastic", "How do batch and stochastic gradient descent differ?"),
        (17, "overfitting-and-underfitting", "What are overfitting and underfitting, and how do you combat them?"),
        (18, "weight-initialization", "How are the weights of a network initialized?"),
        (23, "epoch-batch-iteration", "What are an epoch, a batch and an iteration?"),
    ),
    "Architectures": (
        (10, "feedforward-vs-recurrent", "How do feedforward and recurrent networks differ?"),
        (11, "rnn-applications", "What are the applications of a recurrent network?"),
        (19, "cnn-layers", "What are the layers of a convolutional network?"),
        (20, "pooling", "What is pooling and how does it work?"),
        (21, "lstm", "How does an LSTM work?"),
        (22, "vanishing-gradients", "What are vanishing and exploding gradients?"),
        (29, "autoencoder", "What is an autoencoder?"),
        (28, "gan", "What is a GAN, and how does it learn to forge?"),
        (30, "bagging-and-boosting", "What are bagging and boosting?"),
    ),
    "TensorFlow’s ideas, on the engine’s own graph": (
        (24, "why-tensorflow", "Why is TensorFlow preferred?"),
        (25, "tensors", "What is a tensor?"),
        (26, "tensorflow-elements", "What are constants, variables, placeholders and sessions?"),
        (27, "computational-graph", "What is a computational graph?"),
    ),
    "Since 2020": (
        (31, "attention", "What is attention, and why divide by the square root of d?"),
        (32, "transformer", "How does a transformer work?"),
        (33, "positional-encoding", "Why does a transformer need positions?"),
        (34, "layer-norm", "Layer norm or batch norm, before or after?"),
        (35, "tokenization", "What is tokenization?"),
        (36, "sampling", "Temperature, top-k, top-p: how is text generated?"),
        (37, "kv-cache", "What is a KV cache?"),
        (38, "lora", "What is LoRA?"),
        (39, "quantization", "What is quantization?"),
        (40, "rlhf-and-dpo", "What are RLHF and DPO?"),
        (41, "mixture-of-experts", "What is a mixture of experts?"),
        (42, "diffusion", "How do diffusion models work?"),
        (43, "distillation", "What is knowledge distillation?"),
        (44, "contrastive-learning", "What is contrastive learning?"),
        (45, "scaling-laws", "What are scaling laws, emergence and grokking?"),
    ),
}


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters in reading order."""
    return tuple(
        Chapter(title, tuple(Entry(number, slug, question, title) for number, slug, question in rows))
        for title, rows in _ROWS.items()
    )


@cache
def entries() -> dict[str, Entry]:
    """Slug -> entry, in reading order."""
    return {entry.slug: entry for chapter in chapters() for entry in chapter.topics}


def neighbours(slug: str) -> tuple[Entry | None, Entry | None]:
    """The questions before and after one, in the order in which the catalogue shows them. Raises KeyError for an unknown slug."""
    in_order = list(entries().values())
    place = in_order.index(entries()[slug])
    before = in_order[place - 1] if place > 0 else None
    after = in_order[place + 1] if place + 1 < len(in_order) else None
    return before, after


def nearest(slug: str) -> list[Entry]:
    """The topics a mistyped slug may have meant, the likeliest first; the first few of the catalogue when none is near."""
    words = dict(entries())
    close = get_close_matches(slug.lower()[:80], words, n=3, cutoff=0.4)
    shared = [name for name in words if set(name.split("-")) & set(slug.lower()[:80].split("-")) - {"the", "and", "is", "a"}]
    names = list(dict.fromkeys(close + shared))[:4] or list(words)[:3]
    return [words[name] for name in names]
