"""Two decoders of one block, one with layer norm and one with batch norm over all tokens of a batch: the networks of `causal`."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from app.topics.layer_norm.network import NORMS, Made
from engine import Array, Graph, Guard, Node, Session, dense, losses, ops, optimizers, positions
from engine.datasets.sentences import NUMBER, STEPS, WORDS
from engine.networks.attention import as_tokens, attention, causal_mask, columns
from engine.networks.recurrent import embedding
from engine.probabilities import log_softmax
from engine.updates import Assign

WIDTH, HEADS = 32, 4
CLIP_NORM = 1.0


class Decoder:
    """Words so far to the logits of the next: attention under a causal mask, an MLP, a norm before each and one at the end.

    `norm` is one of NORMS and works on columns: to batch norm each word of each sentence is a sample of the batch.
    """

    def __init__(self, graph: Graph, name: str, rng: np.random.Generator, norm: str) -> None:
        before, start = len(graph.trainable()), WIDTH**-0.5
        self._word = embedding(graph, f"{name}/word", len(WORDS), WIDTH, rng, std=start)
        self._place = positions.learned(graph, f"{name}/positions", WIDTH, STEPS, rng, std=start)
        self._attend = attention(graph, f"{name}/attention", WIDTH, HEADS, rng)
        self._up = dense(graph, f"{name}/up", WIDTH, 2 * WIDTH, rng, start="he")
        self._down = dense(graph, f"{name}/down", 2 * WIDTH, WIDTH, rng)
        self._norms = [NORMS[norm](graph, f"{name}/norm {place}", WIDTH) for place in (1, 2, 3)]
        self._out = dense(graph, f"{name}/out", WIDTH, len(WORDS), rng)
        self.variables = graph.trainable()[before:]

    def __call__(self, words: Node, *, training: bool) -> Made:
        """`words` (n, STEPS) to logits (WORDS, n, STEPS), in training or in evaluation mode."""
        n, assigns = words.shape[0], list[Assign]()

        def normed(place: int, x: Node) -> Node:
            made, kept = self._norms[place](x, training)
            assigns.extend(kept)
            return made

        x = columns(self._place(self._word(words)))
        x = x + columns(self._attend(as_tokens(normed(0, x), n), causal_mask(STEPS)).outputs)
        x = x + self._down(ops.relu(self._up(normed(1, x))))
        return Made(ops.reshape(self._out(normed(2, x)), (len(WORDS), n, STEPS)), tuple(assigns))


class Pair:
    """Both decoders in one graph, on the same sentences, each by an Adam of its own with clipping.

    `size` sentences make a batch; `tested` are judged in evaluation mode.
    """

    def __init__(self, graph: Graph, decoders: Mapping[str, Decoder], size: int, tested: int) -> None:
        self._graph, self._decoders, self._size, self._tested = graph, decoders, size, tested

    def prepare(self) -> Generator[None, None, None]:
        """Graph and plans, in pieces."""
        batch = self._graph.placeholder("batch", (self._size, STEPS))
        wanted = self._graph.placeholder("wanted", (len(WORDS), self._size, STEPS))
        tested, rate = self._graph.placeholder("tested", (self._tested, STEPS)), self._graph.placeholder("learning_rate")
        made = {name: decoder(batch, training=True) for name, decoder in self._decoders.items()}
        costs, updates, keeps = [], [], list[Assign]()
        for name, decoder in self._decoders.items():
            costs.append(losses.sequence_cross_entropy(made[name].logits, wanted))
            updates.append(optimizers.adam(costs[-1], rate, decoder.variables, clip_norm=CLIP_NORM))
            keeps += made[name].assigns
            yield
        session = Session(self._graph)
        train = yield from session.planning([costs[0] + costs[1]], [*updates, *keeps])
        looked = [decoder(tested, training=False).logits for decoder in self._decoders.values()]
        self._evaluate = yield from session.planning(looked)
        self._together = yield from session.planning([each.logits for each in made.values()])
        self.guard = Guard(session, train)

    def step(self, words: Array, rate: float) -> str:
        """One update of both on sentences (size, STEPS); in words what broke, "" while the losses are finite."""
        wanted = losses.one_hot(words.ravel(), len(WORDS)).reshape(len(WORDS), *words.shape)
        return self.guard.step(batch=shifted(words), wanted=wanted, learning_rate=rate)

    def evaluated(self, words: Array) -> dict[str, Array]:
        """The logits of each in evaluation mode for sentences (tested, STEPS): (WORDS, tested, STEPS)."""
        self._evaluate.step(tested=shifted(words))
        return self._copied(self._evaluate.outputs)

    def together(self, words: Array) -> dict[str, Array]:
        """The logits of each in training mode for one batch (size, STEPS): (WORDS, size, STEPS)."""
        self._together.step(batch=shifted(words))
        return self._copied(self._together.outputs)

    def _copied(self, logits: Sequence[Array]) -> dict[str, Array]:
        return {name: each.copy() for name, each in zip(self._decoders, logits, strict=True)}


def shifted(words: Array) -> Array:
    """What stands before each word (n, STEPS): a full stop before the first."""
    return np.concatenate([np.full((len(words), 1), NUMBER["."]), words[:, :-1]], axis=1)


def nats(logits: Array, words: Array) -> Array:
    """How surprising each word (n, STEPS) is by logits (WORDS, n, STEPS): (n, STEPS)."""
    return np.asarray(-np.take_along_axis(log_softmax(logits), words[None], axis=0)[0])
