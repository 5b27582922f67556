"""The wire form: small, honest, finite, and readable again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.frames import dumps_plain, encode, message, plain, read


def test_a_field_of_percent_takes_a_byte_a_cell() -> None:
    said = encode(np.full((50, 50), 99))
    assert said["dtype"] == "u1"
    assert said["shape"] == "50, 50"
    assert len(said["bdata"]) < 3400


@pytest.mark.parametrize(
    ("low", "high", "dtype"), [(0, 255, "u1"), (-1, 3, "i1"), (0, 256, "u2"), (-300, 3, "i2"), (0, 70_000, "u4")]
)
def test_integers_take_the_smallest_type_that_holds_them(low: int, high: int, dtype: str) -> None:
    assert encode(np.array([low, high]))["dtype"] == dtype


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_null_alone_and_in_an_array(hole: float) -> None:
    assert encode(hole) is None
    assert encode(np.float32(hole)) is None
    assert encode(np.array([1.0, hole])) == [1.0, None]


def test_six_digits_are_enough_for_a_float32() -> None:
    assert encode(float(np.float32(0.1))) == 0.1


def test_a_number_too_large_for_float32_is_not_turned_into_infinity() -> None:
    assert encode(np.array([1e300])) == [1e300]


@given(arrays(np.float32, array_shapes(max_dims=2), elements=st.floats(-1e6, 1e6, width=32)))
def test_a_finite_array_comes_back_as_it_was(array: np.ndarray[Any, Any]) -> None:
    assert np.array_equal(plain(encode(array)), array)


def test_plain_json_has_no_base64_in_it() -> None:
    said = json.loads(dumps_plain(encode({"z": np.arange(4).reshape(2, 2), "y": np.array([0.5])})))
    assert said == {"z": [[0, 1], [2, 3]], "y": [0.5]}


def test_a_message_reads_back() -> None:
    sent = message("frame", {"step": 3}, 7)
    assert sent == b'event: frame\nid: 7\ndata: {"step":3}\n\n'
    assert read(sent) == ("frame", {"step": 3})
