"""Who teaches and who learns: a network that has seen all ten digits, small ones that learn from its answers or from labels."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import numpy as np

from app.topic import streams
from engine import Array, Graph, Guard, Session, losses, mlp, optimizers
from engine.datasets import Dataset, batches

TEACHER, TRAINED, BATCH_SIZE = (64, 128, 128, 10), 1397, 64
TEACHER_STEPS, TEACHER_RATE, AT_ONCE = 800, 0.003, 40
Layers = list[Array]


def taught(seen: Dataset, weights: np.random.Generator, order: np.random.Generator) -> Generator[None, None, Layers]:
    """The teacher's layers after 800 steps of Adam on all ten digits, in pieces."""
    graph = Graph()
    inputs, wanted = graph.placeholder("inputs", (64, BATCH_SIZE)), graph.placeholder("targets", (10, BATCH_SIZE))
    teacher = mlp(graph, TEACHER, weights, "relu")
    loss = losses.softmax_cross_entropy(teacher(inputs), wanted)
    session = Session(graph)
    step = session.plan([loss], [optimizers.adam(loss, TEACHER_RATE)])
    deal, targets = batches(order, seen.size, BATCH_SIZE), seen.one_hot
    for done in range(TEACHER_STEPS):
        batch = next(deal)
        step.step(inputs=seen.inputs[:, batch], targets=targets[:, batch])
        if done % AT_ONCE == 0:
            yield
    return [session.value(each) for each in teacher.variables]


def logits(layers: Layers, inputs: Array) -> Array:
    """What a ReLU network with these weights answers to inputs (64, n): (10, n)."""
    hidden = inputs
    for place, weights in enumerate(layers):
        hidden = weights[:, :-1] @ hidden + weights[:, -1:]
        hidden = np.maximum(hidden, 0) if place < len(layers) - 1 else hidden
    return hidden


def shuffled(soft: Array, rng: np.random.Generator) -> Array:
    """The same answers (10, n) with the probabilities of all classes but the likeliest dealt anew, image by image."""
    made = soft.copy()
    for place, top in enumerate(soft.argmax(axis=0)):
        rest = np.delete(np.arange(10), top)
        made[rest, place] = soft[rng.permutation(rest), place]
    return made


class Students:
    """Networks 64-h-10 that begin alike, each learning by Adam from targets of its own; "hard" from labels, at temperature 1.

    `batch_sizes`: name -> how many images it gets at each step.
    """

    def __init__(self, batch_sizes: Mapping[str, int], hidden_units: int, temperature: float, seed: int) -> None:
        graph = Graph()
        rate, costs, updates = graph.placeholder("learning_rate"), [], []
        self._networks = {}
        for name, size in batch_sizes.items():
            network = mlp(graph, (64, hidden_units, 10), streams(seed).weights, "relu", name=name)
            inputs, wanted = (
                graph.placeholder(f"{name} {what}", (long, size)) for what, long in (("inputs", 64), ("targets", 10))
            )
            heat = 1 if name == "hard" else temperature
            costs.append(losses.softmax_cross_entropy(network(inputs) * (1 / heat), wanted) * heat**2)
            updates.append(optimizers.adam(costs[-1], rate, network.variables))
            self._networks[name] = network
        self._total, self._updates, self._session = sum(costs[1:], start=costs[0]), updates, Session(graph)

    def prepare(self) -> Generator[None, None, None]:
        """The plan, in pieces."""
        self._guard = Guard(self._session, (yield from self._session.planning([self._total], self._updates)))

    def step(self, images: Mapping[str, Array], targets: Mapping[str, Array], learning_rate: float) -> str:
        """One update of each, on these images (64, n) and targets (10, n); what broke, or ""."""
        feeds = {f"{name} inputs": each for name, each in images.items()}
        feeds |= {f"{name} targets": each for name, each in targets.items()}
        return self._guard.step(learning_rate=learning_rate, **feeds)

    def layers(self) -> dict[str, Layers]:
        """The weights of all as they are."""
        return {name: [self._session.value(each) for each in network.variables] for name, network in self._networks.items()}
