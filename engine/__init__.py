"""The training engine of Watch It Learn: a static dataflow graph with symbolic gradients, compiled to flat plans of NumPy calls.

    graph = Graph()
    inputs, targets = graph.placeholder("inputs", (2, 64)), graph.placeholder("targets", (2, 64))
    network = mlp(graph, (2, 32, 32, 2), rng, activation="relu")
    loss = losses.softmax_cross_entropy(network(inputs), targets)
    session = Session(graph)
    train = session.plan([loss], [optimizers.adam(loss, graph.placeholder("learning_rate"))])
    (value,) = train(inputs=x, targets=t, learning_rate=0.01)

Read it in the order pieces, graph, ops, gradients, passes, updates, values, seats, buffers, calls, plan,
session;
`docs/engine.md` walks one small network through them.
Needs NumPy and nothing else. Arrays are batch-last: (features, samples).
"""

from engine import ops
from engine.curvature import Curvature
from engine.divergence import Guard, beyond_the_edge
from engine.gradients import gradients
from engine.graph import Array, Graph, GraphError, Node
from engine.networks import (
    activations,
    attention,
    convolution,
    initializers,
    losses,
    optimizers,
    positions,
    quantization,
    recurrent,
    schedules,
    transformer,
)
from engine.networks.dropout import Dropout
from engine.networks.layers import Layer, Mlp, Pass, dense, mlp
from engine.networks.normalization import batch_norm, layer_norm, minibatch_std, rms_norm, spectral_norm
from engine.plan import Plan
from engine.session import Session
from engine.updates import Assign, Update

__all__ = [
    "Array",
    "Assign",
    "Curvature",
    "Dropout",
    "Graph",
    "GraphError",
    "Guard",
    "Layer",
    "Mlp",
    "Node",
    "Pass",
    "Plan",
    "Session",
    "Update",
    "activations",
    "attention",
    "batch_norm",
    "beyond_the_edge",
    "convolution",
    "dense",
    "gradients",
    "initializers",
    "layer_norm",
    "losses",
    "minibatch_std",
    "mlp",
    "ops",
    "optimizers",
    "positions",
    "quantization",
    "recurrent",
    "rms_norm",
    "schedules",
    "spectral_norm",
    "transformer",
]
