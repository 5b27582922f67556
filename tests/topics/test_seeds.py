"""A seed stands where something is drawn at random, and nowhere else: two seeds give two runs, or the form shows none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import numpy as np
import pytest

from app.experiment import Experiment
from app.topic import Demo, Params, Topic
from app.topics import topics

DEMOS = [(topic, demo) for topic in topics().values() for demo in topic.demos]
DRAWING = "w = tf.Variable(tf.random_normal([2]))\nsess = tf.Session()\nsess.run(w.initializer)\nprint(sess.run(w))"
RANDOM_AT = {("gradient-descent", "paths"): {"start": "random"}, ("tensorflow-elements", "simulator"): {"program": DRAWING}}
"""Where a demo draws at random only if it is asked to."""


def seen(demo: Demo, params: Params) -> Iterator[str]:
    """What a run shows and measures, snapshot by snapshot."""
    with np.errstate(all="ignore"):
        for snapshot in demo.run(params):
            if snapshot is not None:
                yield repr((snapshot.step, snapshot.charts, snapshot.measured))


def differ(demo: Demo, values: dict[str, Any]) -> bool:
    runs = [seen(demo, demo.params(seed=seed, **values)) for seed in (1, 2)]
    return any(one != other for one, other in zip_longest(*runs))


@pytest.mark.parametrize(("topic", "demo"), DEMOS, ids=lambda one: one.slug if isinstance(one, Topic) else one.name)
def test_two_seeds_give_two_runs_or_there_is_no_seed(topic: Topic, demo: Demo) -> None:
    assert differ(demo, RANDOM_AT.get((topic.slug, demo.name), {})) is demo.params.seeded


@pytest.mark.parametrize(
    ("topic", "demo"),
    [one for one in DEMOS if not one[1].params.seeded],
    ids=lambda one: one.slug if isinstance(one, Topic) else one.name,
)
def test_where_nothing_is_random_an_address_has_no_seed_and_one_of_before_still_leads_there(topic: Topic, demo: Demo) -> None:
    old = Experiment.of(topic, [("demo", demo.name), ("seed", "3")])
    assert old.url() == Experiment(topic, demo, demo.params()).url()
    assert "seed" not in old.url()
    assert [name for name in old.params.values() if name == "seed"] == []
