"""Addresses on pages get the path under which the site stands; that none is passed over is a fact of tests/test_repository.py."""

from __future__ import annotations

import pytest

from app.addresses import under


@pytest.mark.parametrize(
    ("page", "there"),
    [
        ('<a href="/">', '<a href="/learn/">'),
        ('<a class="x"\n href="/topics/gan?seed=1#wrong">', '<a class="x"\n href="/learn/topics/gan?seed=1#wrong">'),
        ('<form hx-get="/" action="/">', '<form hx-get="/learn/" action="/learn/">'),
        ('<li data-src="/topics/gan/stream">', '<li data-src="/learn/topics/gan/stream">'),
        *((same, same) for same in ('<a href="#wrong">', '<a href="https://example.org/">', '<a href="//example.org/">')),
        *((same, same) for same in ('<input value="/topics">', '<i aria-keyshortcuts="/">', "<p>href=&#34;/topics&#34;</p>")),
    ],
)
def test_addresses_of_the_site_alone_get_its_path(page: str, there: str) -> None:
    assert under("/learn", page) == there
    assert under("", page) == page
