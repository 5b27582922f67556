"""What four pages train by default, against the same in PyTorch eager: recall, the CNN, two LSTMs and the autoencoder.

Both begin at the same weights, take the same batch and the same steps of Adam, and are timed only after their losses have stayed
equal over five of them. As on the pages, two networks that learn side by side are one plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from app.topics.autoencoder import bottleneck
from app.topics.autoencoder.digits import BATCH_SIZE, PIXELS
from app.topics.autoencoder.network import halves
from app.topics.cnn_layers import layers
from app.topics.cnn_layers.network import cnn
from app.topics.feedforward_vs_recurrent import contest, recall
from app.topics.lstm import common, gates
from benchmarks.peers import RATE, stepping
from benchmarks.rows import Program, Row, compared, interleaved, programs
from engine import Array, Graph, Node, Plan, Session, convolution, datasets, dense, losses, mlp, ops, optimizers, recurrent
from engine.datasets import drawings, sequences

EQUAL_STEPS, CLOSE = 5, 1e-5
"""For so many steps the losses may differ by this share. The LSTM with open gates makes ten times as much of it in a step."""


class Trained(NamedTuple):
    """A plan whose outputs are its losses, what it is fed, and the weights that it begins at, by name."""

    plan: Plan
    feeds: Mapping[str, Array]
    weights: Mapping[str, Array]


class Peer(NamedTuple):
    """Modules of PyTorch, and the losses they train by. `clip` is the length to which the gradient of each module is cut."""

    modules: Sequence[Any]
    losses: Callable[[], Sequence[Any]]
    clip: float | None = None


def planned(session: Session, costs: Sequence[Node], updates: Sequence[Any], **feeds: Array) -> Trained:
    """The plan, and a copy of all weights."""
    weights = {name: session.value(node) for name, node in session.graph.variables.items()}
    return Trained(session.plan(costs, updates), feeds, weights)


def recall_ours() -> Trained:
    """A recurrent network 1-32 and a perceptron 4-32-32-1 on 14 of 20 tosses, 64 sequences."""
    params, n = recall.RecallParams(), contest.BATCH_SIZE
    units, window, steps, asked = params.hidden_units, params.window, recall.TIME, (recall.TIME - params.delay) * n
    graph, rng = Graph(), np.random.default_rng(0)
    inputs, seen = graph.placeholder("inputs", (1, steps, n)), graph.placeholder("windows", (window, asked))
    targets, rate = graph.placeholder("targets", (1, asked)), graph.placeholder("learning_rate")
    states = recurrent.stacked(recurrent.rnn(graph, "rnn", 1, units, rng)(inputs).hidden[params.delay :])
    logits = dense(graph, "reader", units, 1, rng)(ops.reshape(states, (units, asked)))
    network = mlp(graph, (window, units, units, 1), rng, "tanh")
    costs = [losses.sigmoid_cross_entropy(each, targets) for each in (logits, network(seen))]
    parts = ([node for node in graph.trainable() if node not in network.variables], network.variables)
    updates = [optimizers.adam(cost, rate, part, clip_norm=contest.CLIP_NORM) for cost, part in zip(costs, parts, strict=True)]
    x, answers = datasets.recall(rng, n, steps, params.delay)
    windows = contest.windows(x, window)[:, params.delay :].reshape(window, asked)
    return planned(
        Session(graph), costs, updates, inputs=x, windows=windows, targets=answers[:, params.delay :].reshape(1, asked)
    )


def recall_torch(torch: Any, ours: Trained) -> Peer:
    """`nn.RNN` with a linear reader, and three linear layers."""
    params, feeds, (first, *others) = recall.RecallParams(), _tensors(torch, ours.feeds), list(ours.weights.items())
    units = params.hidden_units
    cell, reader = torch.nn.RNN(1, units), _linear(torch, others[0][1])
    _fill(torch, cell, *_state_input_bias(first[1], units))
    perceptron = _perceptron(torch, [weights for _, weights in others[1:]], torch.nn.Tanh)
    x, seen, wanted = feeds["inputs"].permute(1, 2, 0).contiguous(), feeds["windows"].T.contiguous(), feeds["targets"].view(-1)
    of = torch.nn.BCEWithLogitsLoss()

    def costs() -> Sequence[Any]:
        return of(reader(cell(x)[0][params.delay :]).view(-1), wanted), of(perceptron(seen).view(-1), wanted)

    return Peer((torch.nn.ModuleList([cell, reader]), perceptron), costs, contest.CLIP_NORM)


def cnn_ours() -> Trained:
    """Twice 3 x 3 filters, eight and sixteen, with ReLU and max pooling, and a perceptron on the same 64 images."""
    graph, rng, kinds, side = Graph(), np.random.default_rng(0), len(drawings.SHAPES), drawings.SIDE
    images, targets = (
        graph.placeholder("images", (1, side, side, layers.BATCH)),
        graph.placeholder("targets", (kinds, layers.BATCH)),
    )
    network = cnn(graph, rng, side=side, filters=layers.MOST_FILTERS, classes=kinds)
    perceptron = mlp(graph, (side * side, layers.HIDDEN, kinds), rng, "relu")
    costs = [losses.softmax_cross_entropy(each, targets) for each in (network(images), perceptron(convolution.flatten(images)))]
    update = optimizers.adam(costs[0] + costs[1], graph.placeholder("learning_rate"))
    x, labels = drawings.shapes(rng, layers.BATCH)
    return planned(Session(graph), costs, [update], images=x, targets=losses.one_hot(labels, kinds))


def cnn_torch(torch: Any, ours: Trained) -> Peer:
    """`nn.Conv2d`, `nn.MaxPool2d` and linear layers."""
    nn, (first, second, head, *others) = torch.nn, list(ours.weights.values())
    between, feeds = [nn.ReLU(), nn.MaxPool2d(2)], _tensors(torch, ours.feeds)
    made = [nn.Conv2d(1, len(first), 3, padding=1), nn.Conv2d(len(first), len(second), 3, padding=1)]
    for convolve, weights in zip(made, (first, second), strict=True):
        _fill(torch, convolve, weights[:, :-1].reshape(convolve.weight.shape), weights[:, -1])
    network = nn.Sequential(made[0], *between, made[1], *between, nn.Flatten(), _linear(torch, head))
    perceptron = nn.Sequential(nn.Flatten(), *_perceptron(torch, others, nn.ReLU))
    x, wanted, of = feeds["images"].permute(3, 0, 1, 2).contiguous(), feeds["targets"].argmax(0), nn.CrossEntropyLoss()
    return Peer((network, perceptron), lambda: (of(network(x), wanted), of(perceptron(x), wanted)))


def lstm_ours() -> Trained:
    """Two LSTMs of 24 cells over 40 steps, which differ in the forget bias, on 32 sequences."""
    params, n = gates.GatesParams(), common.BATCH_SIZE
    graph, rng = Graph(sweep=2), np.random.default_rng(0)
    x, labels = sequences.first_symbol(rng, n, params.time_steps, common.SYMBOLS)
    inputs, targets = graph.placeholder("inputs", x.shape), graph.placeholder("targets", (common.SYMBOLS, n))
    states = recurrent.lstm(graph, "lstm", common.FEATURES, common.UNITS, rng)(inputs)
    logits = dense(graph, "head", common.UNITS, common.SYMBOLS, rng)(states.last)
    loss = losses.softmax_cross_entropy(logits, targets)
    update = optimizers.adam(loss, graph.placeholder("learning_rate"), clip_norm=common.CLIP_NORM)
    session, weights = Session(graph), graph.variables["lstm/weights"]
    start = session.value(weights)
    start[:, common.UNITS : 2 * common.UNITS, -1] = [[params.forget_bias], [0.0]]
    session.assign(weights, start)
    return planned(session, [loss], [update], inputs=x, targets=losses.one_hot(labels, common.SYMBOLS))


def lstm_torch(torch: Any, ours: Trained) -> Peer:
    """Two times `nn.LSTM` and a linear head on its last state; PyTorch's gates come in the order i, f, g, o."""
    feeds, units = _tensors(torch, ours.feeds), common.UNITS
    x, wanted, of = feeds["inputs"].permute(1, 2, 0).contiguous(), feeds["targets"].argmax(0), torch.nn.CrossEntropyLoss()
    order = np.r_[: 2 * units, 3 * units : 4 * units, 2 * units : 3 * units]
    pairs = []
    for weights, head in zip(*ours.weights.values(), strict=True):
        pairs.append(torch.nn.ModuleList([torch.nn.LSTM(common.FEATURES, units), _linear(torch, head)]))
        _fill(torch, pairs[-1][0], *_state_input_bias(weights[order], units))
    return Peer(pairs, lambda: [of(head(layer(x)[0][-1]), wanted) for layer, head in pairs], common.CLIP_NORM)


def autoencoder_ours() -> Trained:
    """64-128-8-128-64 with ReLU, a sigmoid at the end, 128 digits."""
    graph, rng = Graph(), np.random.default_rng(0)
    inputs = graph.placeholder("inputs", (PIXELS, BATCH_SIZE))
    encode, decode = halves(graph, bottleneck.BottleneckParams().code_size, rng)
    loss = losses.mean_squared_error(ops.sigmoid(decode(encode(inputs))), inputs)
    update = optimizers.adam(loss, graph.placeholder("learning_rate"))
    return planned(Session(graph), [loss], [update], inputs=datasets.digits().inputs[:, :BATCH_SIZE])


def autoencoder_torch(torch: Any, ours: Trained) -> Peer:
    """Four linear layers."""
    all_weights, x = list(ours.weights.values()), _tensors(torch, ours.feeds)["inputs"].T.contiguous()
    parts = [_perceptron(torch, pair, torch.nn.ReLU) for pair in (all_weights[:2], all_weights[2:])]
    network, of = torch.nn.Sequential(*parts, torch.nn.Sigmoid()), torch.nn.MSELoss()
    return Peer((network,), lambda: (of(network(x), x),))


WORKS: dict[str, tuple[Callable[[], Trained], Callable[[Any, Trained], Peer]]] = {
    "page-recall": (recall_ours, recall_torch),
    "page-cnn": (cnn_ours, cnn_torch),
    "page-lstm": (lstm_ours, lstm_torch),
    "page-coder": (autoencoder_ours, autoencoder_torch),
}


def torch_eager(work: str, ours: Trained) -> Program:
    """PyTorch on one thread. Raises ValueError when its losses go another way than the engine's."""
    import torch

    torch.set_num_threads(1)
    peer = WORKS[work][1](torch, ours)
    updater = torch.optim.Adam(
        [weights for each in peer.modules for weights in each.parameters() if weights.requires_grad], lr=RATE
    )

    def step() -> Sequence[Any]:
        updater.zero_grad()
        costs = peer.losses()
        sum(costs).backward()
        if peer.clip is not None:
            for each in peer.modules:
                torch.nn.utils.clip_grad_norm_(each.parameters(), peer.clip)
        updater.step()
        return costs

    for done in range(EQUAL_STEPS):
        ours.plan.step(**ours.feeds, learning_rate=RATE)
        pair = np.concatenate([np.ravel(each) for each in ours.plan.outputs]), np.array([each.item() for each in step()])
        if not np.allclose(*pair, rtol=CLOSE):
            raise ValueError(f"{work}: got losses {pair[0]} and {pair[1]} at step {done}, wanted equal ones")

    def run(steps: int) -> None:
        for _ in range(steps):
            step()

    return run


def rows() -> list[Row]:
    """A row a page."""
    table: list[Row] = []
    for work, (make, _) in WORKS.items():
        ours = make()
        made = programs(partial(stepping, ours.plan, **ours.feeds), {"torch-eager": partial(torch_eager, work, ours)}, work)
        table += compared(work, interleaved(made, 20))
    return table


def _tensors(torch: Any, feeds: Mapping[str, Array]) -> dict[str, Any]:
    return {name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in feeds.items()}


def _linear(torch: Any, weights: Array) -> Any:
    """A linear layer of the engine's weights (units, inputs + 1), the last column of which is the bias."""
    layer = torch.nn.Linear(weights.shape[1] - 1, weights.shape[0])
    _fill(torch, layer, weights[:, :-1], weights[:, -1])
    return layer


def _perceptron(torch: Any, weights: Sequence[Array], activation: Callable[[], Any]) -> Any:
    """Linear layers with an activation between them."""
    parts = [part for each in weights for part in (_linear(torch, each), activation())]
    return torch.nn.Sequential(*parts[:-1])


def _state_input_bias(weights: Array, units: int) -> tuple[Array, Array, Array]:
    """For inputs, for the state, and the bias, as PyTorch orders them, of the engine's (gates, units + inputs + 1)."""
    return weights[:, units:-1], weights[:, :units], weights[:, -1]


def _fill(torch: Any, module: Any, *values: Array) -> None:
    """Sets a module's parameters in their order. A recurrent one's second bias, which the engine does not have, stays 0."""
    parameters = list(module.parameters())
    for parameter, value in zip(parameters, values, strict=False):
        parameter.data.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    for spare in parameters[len(values) :]:
        spare.data.zero_()
        spare.requires_grad_(False)
