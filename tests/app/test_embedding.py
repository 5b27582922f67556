"""oEmbed: what an address shows, and what is wrong with one, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.embedding import NoEmbed, embed_of, oembed

BASE = "https://learn.example/deep"
PAGE = f"{BASE}/topics/learning-rate"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (PAGE, "?embed=1"),
        (f"{PAGE}/", "?embed=1"),
        (f"{PAGE}?demo=race&learning_rate=0.3&seed=0", "?embed=1"),
        (f"{PAGE}?embed=1", "?embed=1"),
        (f"{PAGE}?present=1&seed=2", "?seed=2&embed=1"),
        (f"{PAGE}?demo=schedules&seed=1", "?demo=schedules&seed=1&embed=1"),
        (f"{PAGE}?pin=seed%3D4&pin=seed%3D04", "?pin=seed%3D4&embed=1"),
        (f"{PAGE}?seed=3#frame=12", "?seed=3&embed=1#frame=12"),
        (f"{PAGE}#follow-up-2", "?embed=1"),
        (PAGE.replace("https:", "http:"), "?embed=1"),
        (PAGE.replace("learn.example", "LEARN.example.:443"), "?embed=1"),
        (PAGE.replace("learning-rate", "learning%2Drate"), "?embed=1"),
    ],
)
def test_an_address_of_a_topic_is_shown_as_its_canonical_page_in_embed_mode(address: str, shown: str) -> None:
    assert embed_of(BASE, address).src == PAGE + shown


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("", 400, "is not the address"),
        ("learning-rate", 400, "is not the address"),
        ("/topics/learning-rate", 400, "is not the address"),
        ("ftp://learn.example/deep/topics/learning-rate", 400, "is not the address"),
        ("javascript:alert(1)", 400, "is not the address"),
        ("http://[", 400, "is not the address"),
        ("http://learn.example:99999/", 400, "is not the address"),
        ("https:///topics/learning-rate", 400, "is not the address"),
        (f"{PAGE}?learning_rate=fast", 400, "learning_rate = 'fast'"),
        (f"{PAGE}?demo=none", 400, "demo = 'none'"),
        (f"{PAGE}?pin=x%3D1", 400, "pin = 'x=1'"),
        (f"{PAGE}?embed=yes", 400, "embed = 'yes'"),
        ("https://elsewhere.example/deep/topics/learning-rate", 404, "not on this site"),
        ("https://learn.example:8443/deep/topics/learning-rate", 404, "not on this site"),
        ("https://learn.example/topics/learning-rate", 404, "not on this site"),
        ("https://learn.example/deeper/topics/learning-rate", 404, "not on this site"),
        (f"{BASE}/", 404, "only a topic"),
        (BASE, 404, "only a topic"),
        (f"{PAGE}/run.json", 404, "only a topic"),
        (f"{BASE}/topics/nothing", 404, "no topic “nothing”"),
    ],
)
def test_what_cannot_be_embedded_is_said_in_words(address: str, status: int, words: str) -> None:
    with pytest.raises(NoEmbed, match=words) as refused:
        embed_of(BASE, address)
    assert refused.value.status == status


@given(st.text() | st.builds("{}://{}/{}?{}".format, *[st.text(max_size=12)] * 4) | st.text().map(f"{PAGE}?{{}}".format))
def test_any_text_is_an_address_or_refused_in_words(address: str) -> None:
    refused = None
    try:
        assert embed_of(BASE, address).src.startswith(BASE)
    except NoEmbed as said:
        refused = said
    assert refused is None or (refused.status in {400, 404} and refused.message.endswith("."))


def test_the_answer_has_what_oembed_asks_for_within_the_size_asked_for() -> None:
    said = oembed(BASE, {"url": PAGE})
    assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "rich", 800, 600)
    assert f'<iframe src="{PAGE}?embed=1" width="800" height="600"' in said["html"]
    assert said["thumbnail_url"].startswith(f"{BASE}/static/")
    small = oembed(BASE, {"url": f"{PAGE}?seed=1&demo=schedules", "maxwidth": "400", "maxheight": "5000"})
    assert (small["width"], small["height"]) == (400, 600)
    assert "&amp;" in small["html"]
    assert "thumbnail_url" not in small


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({}, 400, "url is missing"),
        ({"url": PAGE, "format": "xml"}, 501, "give json"),
        *(({"url": PAGE, "maxwidth": size}, 400, "maxwidth =") for size in ("", "0", "-3", "wide", "1e3", "²", "9" * 40)),
        ({"url": PAGE, "maxheight": "0.5"}, 400, "maxheight ="),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(asked: dict[str, str], status: int, words: str) -> None:
    with pytest.raises(NoEmbed, match=words) as refused:
        oembed(BASE, asked)
    assert refused.value.status == status
