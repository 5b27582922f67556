"""The poem, and series in time: what is in them, and how they are cut."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from engine.datasets import alice, erlkoenig, stocks, sunspots, the_tyger
from engine.datasets.text import windows


def test_the_tyger_has_six_stanzas_of_four_lines_and_the_last_dares() -> None:
    poem = the_tyger()
    stanzas = poem.stanzas()
    assert [stanza.count("\n") for stanza in stanzas] == [4] * 6
    assert "\n".join(stanzas) == poem.text
    assert stanzas[0].splitlines()[3].replace("Could", "Dare") == stanzas[5].splitlines()[3]


def test_the_story_begins_with_alice_and_ends_in_the_garden_and_is_plain_text() -> None:
    told = alice()
    assert (len(told), told[0][:19], told[-1][-10:]) == (129, "Alice was beginning", "fountains.")
    assert all(paragraph == " ".join(paragraph.split()) and paragraph.isascii() for paragraph in told)


def test_the_ballad_has_eight_stanzas_of_four_lines_and_the_child_is_dead() -> None:
    lines = erlkoenig().splitlines()
    assert (len(lines), lines[0][:10], lines[-1][-4:]) == (32, "Wer reitet", "tot.")


def test_a_text_is_spelled_again_from_its_numbers_and_a_strange_character_is_named() -> None:
    poem = the_tyger()
    assert poem.spelled(poem.numbers()) == poem.text
    assert poem.spelled(poem.numbers("What the hammer?")) == "What the hammer?"
    with pytest.raises(ValueError, match="character 'x': unknown"):
        poem.numbers("fox")


def test_a_window_is_followed_by_itself_one_character_on() -> None:
    numbers = the_tyger().numbers()
    for inputs, targets in islice(windows(np.random.default_rng(0), numbers, 8, 4), 3):
        assert inputs.shape == targets.shape == (8, 4)
        np.testing.assert_array_equal(inputs[1:], targets[:-1])
    with pytest.raises(ValueError, match="steps: got 0"):
        next(windows(np.random.default_rng(0), numbers, 0, 4))


def test_sunspots_are_those_of_1700_to_2008_with_their_cycle_of_eleven_years() -> None:
    series = sunspots()
    assert (series.values.shape, series.times[0], series.times[-1]) == ((1, 309), "1700", "2008")
    assert series.values[0, :3].tolist() == [5.0, 11.0, 16.0]
    spectrum = np.abs(np.fft.rfft(series.values[0] - series.values.mean()))
    assert 309 / spectrum.argmax() == pytest.approx(11, abs=0.5)


def test_stocks_are_six_companies_over_105_weeks_as_multiples_of_the_first() -> None:
    series = stocks()
    assert (series.values.shape, series.times[0]) == ((6, 105), "2018-01-01")
    assert series.names == ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
    np.testing.assert_array_equal(series.values[:, 0], 1)


def test_lagged_values_come_before_what_follows_them() -> None:
    inputs, following = sunspots().lagged("sunspots", 12)
    assert (inputs.shape, following.shape) == ((12, 297), (297,))
    np.testing.assert_array_equal(inputs[-1, 1:], following[:-1])
    with pytest.raises(ValueError, match="series 'TSLA': unknown, wanted one of GOOG"):
        stocks().lagged("TSLA", 3)
    with pytest.raises(ValueError, match="lags: got 105, wanted 1 to 104"):
        stocks().lagged("GOOG", 105)


@pytest.mark.parametrize("series", [sunspots, stocks])
def test_a_series_is_read_once_and_cannot_be_written(series: object) -> None:
    assert callable(series)
    assert series() is series()
    with pytest.raises(ValueError, match="read-only"):
        series().values[0, 0] = 1
