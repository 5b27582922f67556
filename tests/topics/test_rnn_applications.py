"""Topic 11's own parts: what a review says so far, counts on the poem, copied stretches, scenes, walks without a look ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from app.topic import streams
from app.topics.rnn_applications.captions import CaptionsParams
from app.topics.rnn_applications.poem import Poem, by_word, share_copied
from app.topics.rnn_applications.readers import bags, said_so_far
from app.topics.rnn_applications.scene import drawn
from app.topics.rnn_applications.sentiment import review
from app.topics.rnn_applications.walk import Walk
from app.topics.rnn_applications.writer import Writer
from engine import Session
from engine.datasets import reviews, same_bags, stocks
from engine.pieces import whole
from engine.probabilities import log_softmax, one_hot


def test_a_review_is_undecided_up_to_its_first_adjective_and_ends_as_it_is_labelled() -> None:
    given = reviews(np.random.default_rng(0), 200)
    said = said_so_far(given)
    assert (said[-1] == given.labels).all()
    before = given.ends.cumsum(axis=0) == 0
    assert (said[before] == 0.5).all()
    assert np.isin(said[~before], (0, 1)).all()


def test_a_pair_in_another_order_is_one_bag() -> None:
    counted = bags(same_bags(np.random.default_rng(0), 20).words)[:, -1]
    assert (counted[:, ::2] == counted[:, 1::2]).all()


def test_a_review_is_read_whatever_its_case_and_spaces() -> None:
    assert review("  The film WAS  not good. ") == "the film was not good"


@pytest.mark.parametrize(
    "text", ["the film", "film was good", "the film was good or the plot was bad", "the film was very not bad"]
)
def test_what_is_no_sentence_of_the_grammar_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"the nouns|The nouns are film"):
        review(text)


def test_counts_of_characters_cost_their_entropy() -> None:
    poem = Poem(5)
    after = np.concatenate([poem.stanzas[place][1:] for place in poem.places])
    shares = np.bincount(after) / after.size
    entropy = -sum(share * np.log2(share) for share in shares if share)
    assert poem.counted(0)[0] == pytest.approx(entropy)


def test_pairs_never_seen_cost_infinitely_many_bits_unless_something_is_added() -> None:
    assert Poem(5).counted(1)[1] == np.inf
    assert np.isfinite(Poem(5).counted(1, extra=1)[1])


def test_a_stretch_of_the_poem_is_copied_and_what_stands_between_two_is_not() -> None:
    poem = Poem(5)
    lengths = poem.copied("In the forests of the night;" + "~" + "Could frame")
    assert lengths.tolist() == [*range(1, 29), 0, *range(1, 12)]
    assert share_copied(lengths) == pytest.approx(28 / 40)


def test_the_stanza_held_out_is_not_there_to_be_copied() -> None:
    assert Poem(5).copied("water'd heaven").max() < 14
    assert Poem(4).copied("water'd heaven").max() == 14


def test_a_text_falls_into_words_and_line_breaks() -> None:
    words, means = by_word("a bc\nd", np.array([1.0, 9, 2, 4, 9, 5]))
    assert words == ["a", "bc", "/", "d"]
    assert np.array_equal(means, [1, 3, np.nan, 5], equal_nan=True)


@pytest.mark.parametrize("network", ["rnn", "lstm"])
def test_reading_one_character_at_a_time_costs_what_the_whole_stretch_does(network: str) -> None:
    writer, stretch = Writer(network, 5, 8, streams(0)), np.array([0, 3, 1, 4, 2, 2])
    inputs = writer.graph.placeholder("inputs", (5, 5, 1))
    logits = writer.follow(inputs)
    session = Session(writer.graph)
    reading = whole(writer.stepping(session, "read", 2))
    (at_once,) = session.run([logits], {"inputs": one_hot(stretch[:-1], 5).reshape(5, 5, 1)})
    wanted = -log_softmax(at_once)[stretch[1:], np.arange(5)] / np.log(2)
    alone, shorter = reading.bits([stretch, stretch[:3]])
    assert alone == pytest.approx(wanted, rel=1e-5)
    assert shorter == pytest.approx(wanted[:2], rel=1e-5)


def test_a_scene_has_one_spelling() -> None:
    assert CaptionsParams(scene="  Red  disc ABOVE blue cross ").scene == "red disc above blue cross"


@pytest.mark.parametrize(
    "text", ["", "red disc", "red disc below blue cross", "red disc above blue ball", "disc red above blue cross"]
)
def test_a_scene_of_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="red, green, blue or yellow; square, disc, triangle or cross; above or left of"):
        CaptionsParams(scene=text)


def test_a_scene_is_drawn_as_its_caption_says() -> None:
    above = drawn("red square above green disc", np.random.default_rng(0))[..., 0].round()
    beside = drawn("red square left of green disc", np.random.default_rng(0))[..., 0].round()
    assert [above[0, :8].sum(), above[1, 8:].sum(), above[2].sum()] == [25, 21, 0]
    assert [beside[0, :, :8].sum(), beside[1, :, 8:].sum(), beside[2].sum()] == [25, 21, 0]


def test_a_forecast_knows_nothing_of_the_value_that_comes_or_any_later_one() -> None:
    time, usual = 60, Walk(stocks(), 12, 52)
    values = usual.data.values.copy()
    values[:, time:] *= np.random.default_rng(0).uniform(0.5, 2, values[:, time:].shape)
    other = Walk(replace(usual.data, values=values), 12, 52)
    known = usual.known(time)
    for mine, theirs in zip(usual.standardized(time), other.standardized(time), strict=True):
        np.testing.assert_array_equal(mine[..., : known + 1], theirs[..., : known + 1])
    np.testing.assert_array_equal(usual.linear(time)[:, : known + 1], other.linear(time)[:, : known + 1])


def test_no_change_has_an_error_of_one_and_the_real_changes_have_none() -> None:
    walk = Walk.through("sunspots", 4)
    np.testing.assert_array_equal(walk.relative(np.zeros_like(walk.changes), 10, 90), [1])
    np.testing.assert_array_equal(walk.relative(walk.changes, 10, 90), [0])
