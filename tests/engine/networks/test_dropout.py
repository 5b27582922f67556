"""Dropout: what is dropped and what is kept, in training and in evaluation, and that masks come from the generator alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Dropout, Graph, GraphError, Session, gradients, losses, mlp, ops, optimizers


def test_in_training_units_are_dropped_or_scaled_by_the_share_kept() -> None:
    graph, dropout = Graph(), Dropout(0.25)
    inputs = graph.placeholder("inputs", (40, 50))
    plan = Session(graph).plan([dropout(inputs)])
    (made,) = plan(inputs=np.full((40, 50), 3.0), **dropout.draw(np.random.default_rng(0)))
    assert set(np.unique(made).tolist()) == {0.0, 4.0}
    assert (made == 0).mean() == pytest.approx(0.25, abs=0.03)


def test_the_mean_over_masks_is_what_evaluation_gives() -> None:
    graph, dropout, rng = Graph(np.float64), Dropout(0.5), np.random.default_rng(1)
    values = rng.normal(size=(3, 4))
    plan = Session(graph).plan([dropout(graph.constant(values))])
    mean = np.mean([plan(**dropout.draw(rng))[0] for _ in range(20_000)], axis=0)
    np.testing.assert_allclose(mean, values, atol=0.06)


def test_in_evaluation_the_inputs_pass_as_they_are_and_need_no_mask() -> None:
    graph, dropout = Graph(), Dropout(0.9)
    inputs = graph.placeholder("inputs", (2, 3))
    assert dropout(inputs, training=False) is inputs
    assert dropout.draw(np.random.default_rng(0)) == {}


def test_nothing_is_dropped_at_a_rate_of_zero() -> None:
    graph, dropout = Graph(), Dropout(0.0)
    plan = Session(graph).plan([dropout(graph.constant(np.ones((5, 5))))])
    np.testing.assert_array_equal(plan(**dropout.draw(np.random.default_rng(0)))[0], 1)


@pytest.mark.parametrize("drop_rate", [-0.1, 1.0, 1.5])
def test_a_rate_that_is_no_share_is_refused(drop_rate: float) -> None:
    with pytest.raises(GraphError, match="wanted at least 0 and below 1"):
        Dropout(drop_rate)


def test_the_same_generator_draws_the_same_masks_and_its_next_are_others() -> None:
    graph, dropout = Graph(), Dropout(0.5)
    dropout(graph.placeholder("inputs", (8, 8)))
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    first, second = dropout.draw(rng), dropout.draw(rng)
    for feeds in (first, second):
        for name, mask in dropout.draw(again).items():
            np.testing.assert_array_equal(mask, feeds[name])
    assert any((first[name] != second[name]).any() for name in first)


def test_a_dropped_unit_gets_no_gradient_and_a_kept_one_the_scaled_one() -> None:
    graph, dropout = Graph(np.float64), Dropout(0.5)
    weights = graph.variable("weights", np.ones((6, 6)))
    (slope,) = gradients(ops.total(dropout(weights)), [weights])
    feeds = dropout.draw(np.random.default_rng(0))
    (made,) = Session(graph).plan([slope])(**feeds)
    np.testing.assert_array_equal(made, feeds[dropout.masks[0].name])


def test_a_network_drops_after_each_hidden_layer_in_training_only() -> None:
    graph, dropout, rng = Graph(), Dropout(0.5), np.random.default_rng(0)
    inputs = graph.placeholder("inputs", (4, 16))
    network = mlp(graph, (4, 8, 8, 2), rng, dropout=dropout)
    inside, plain = network.apply(inputs), network(inputs)
    assert [mask.shape for mask in dropout.masks] == [(8, 16), (8, 16)]
    session = Session(graph)
    train, evaluate = session.plan([inside.outputs]), session.plan([plain])
    values = rng.normal(size=(4, 16))
    whole = {mask.name: np.ones(mask.shape) for mask in dropout.masks}
    np.testing.assert_allclose(train(inputs=values, **whole)[0], evaluate(inputs=values)[0], rtol=1e-6)
    assert not np.allclose(train(inputs=values, **dropout.draw(rng))[0], evaluate(inputs=values)[0])


def test_a_plan_and_the_interpreter_agree_and_training_needs_its_masks() -> None:
    graph, dropout, rng = Graph(), Dropout(0.3), np.random.default_rng(5)
    inputs = graph.placeholder("inputs", (3, 10))
    network = mlp(graph, (3, 7, 1), rng, dropout=dropout)
    loss = losses.mean_squared_error(network.apply(inputs).outputs, graph.constant(np.ones((1, 10))))
    session = Session(graph)
    step = session.plan([loss], [optimizers.sgd(loss, 0.1)])
    values = rng.normal(size=(3, 10))
    with pytest.raises(GraphError, match="mask 1"):
        step(inputs=values)
    feeds = {"inputs": values, **dropout.draw(rng)}
    np.testing.assert_allclose(session.run([loss], feeds)[0], step(**feeds)[0], rtol=1e-6)


def test_two_networks_of_a_graph_have_masks_of_their_own() -> None:
    graph = Graph()
    inputs = graph.placeholder("inputs", (2, 3))
    first, second = Dropout(0.1, "first"), Dropout(0.9, "second")
    first(inputs), second(inputs)
    assert list(graph.placeholders) == ["inputs", "first/mask 1", "second/mask 1"]
