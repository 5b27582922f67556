"""The writer of the page about the cache does in NumPy what the trained network does, whatever it keeps."""

from __future__ import annotations

import numpy as np
import pytest

from app.topics.kv_cache.decoder import BATCH_SIZE, FIRST, TIME, Decoder, pieces, stream
from app.topics.kv_cache.writer import Writer, formula
from engine.datasets.sentences import WORDS, grammatical


@pytest.mark.parametrize("cached", [False, True])
def test_the_writer_is_as_surprised_as_the_network_whose_weights_it_has(cached: bool) -> None:
    decoder = Decoder(np.random.default_rng(0), 2)
    list(decoder.prepare())
    text = np.repeat(pieces(np.random.default_rng(1), stream(np.random.default_rng(2), 100))[:1], BATCH_SIZE, axis=0)
    writer, words = Writer(decoder.weights, 2, cached=cached, masked=True), [int(word) for word in text[0]]
    logits = np.array([writer.next(words[:place])[0] for place in range(1, TIME + 1)])
    nats = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(TIME), words[1:]]
    assert nats.mean() == pytest.approx(decoder.nats(text), abs=1e-5)


def test_the_formula_is_what_one_counts_by_hand_for_a_single_word() -> None:
    """Queries, keys, values and output; up and down; one score and one weighted value a head; the logits."""
    by_hand = 4 * 32 * 32 + 2 * 32 * 128 + 2 * 32 + 32 * len(WORDS)
    assert formula(1, 1, cached=True) == formula(1, 1, cached=False) == by_hand


def test_the_stream_is_sentences_with_one_full_stop_behind_each() -> None:
    text = stream(np.random.default_rng(0), 50)
    ends = np.flatnonzero(text == FIRST)
    assert len(ends) == 50
    assert all(grammatical(one) for one in np.split(text, ends[:-1] + 1))
