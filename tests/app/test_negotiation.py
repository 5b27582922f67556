"""What a client would like, read by weight."""

from __future__ import annotations

import pytest

from app.negotiation import coding, wants_json

OFFERED = ("br", "gzip")


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0", "identity"),
        ("gzip, br;q=0.0", "gzip"),
        ("br ; q = 0 ,gzip\t;q=0.001", "gzip"),
        ("br;Q=0.5, gzip;Q=0.8", "gzip"),
        ("br;q=0.8, gzip;q=0.8", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", "identity"),
        ("gzip, *;q=0", "gzip"),
        ("identity", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("gzip, identity", "gzip"),
        ("", "identity"),
        ("deflate, zstd", "identity"),
        ("brotli, gzippy, abr", "identity"),
        (",,;q=1,", "identity"),
    ],
)
def test_a_content_coding_is_chosen_by_weight(header: str, sent: str) -> None:
    assert coding(header, OFFERED) == sent


@pytest.mark.parametrize("weight", ["", "nan", "-1", "2", "1e0", "inf", "0.1234", "٠"])
def test_what_has_a_weight_that_is_none_is_not_taken_for_welcome(weight: str) -> None:
    assert coding(f"br;q={weight}", OFFERED) == "identity"


@pytest.mark.parametrize(
    ("header", "json"),
    [
        ("application/json", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json, text/html;q=0.5", True),
        ("text/html;q=0, application/json;q=0.1", True),
        ("application/json;q=0, text/html", False),
    ],
)
def test_json_or_html_is_chosen_by_weight(header: str, json: bool) -> None:
    assert wants_json(header, by_default=not json) is json


@pytest.mark.parametrize("header", ["", "*/*", "image/png", "application/json, text/html"])
def test_who_names_neither_more_gets_what_the_address_is_for(header: str) -> None:
    assert [wants_json(header, by_default=default) for default in (True, False)] == [True, False]
