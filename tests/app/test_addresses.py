"""Addresses in templates and scripts: none is written in a way that a path before the site (BASE_PATH) would pass over."""

from __future__ import annotations

import re

import pytest

from app.addresses import IN_PAGES, under
from tests.conftest import ROOT

ATTRIBUTE = re.compile(r"""\s[\w:-]+\s*=\s*["']?(?=/[\w?#{])""")
"""Before a value that is an address of the site, in quotes or not."""
IN_A_SCRIPT = re.compile(r"""(?<!\bat\()["'`]/[\w?#$]""")
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def test_every_address_in_a_template_stands_where_it_is_seen() -> None:
    found = []
    for path in ROOT.glob("templates/**/*.html"):
        text = JINJA.sub("", path.read_text(encoding="utf-8"))
        found += [(path.name, said[0]) for said in ATTRIBUTE.finditer(text) if not IN_PAGES.match(text, said.start())]
    assert found == [], "give it double quotes and an attribute that app.addresses.IN_PAGES knows"


def test_scripts_ask_for_an_address_and_do_not_write_one() -> None:
    scripts = ROOT.glob("static/js/**/*.js")
    found = [(path.name, said) for path in scripts for said in IN_A_SCRIPT.findall(path.read_text(encoding="utf-8"))]
    assert found == [], 'take it from the page, or from `at("/…")` of address.js'


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
