"""Prose as Markdown: what each element becomes, and that every topic's page is whole in it."""

from __future__ import annotations

import re

import pytest

from app.catalogue import entries
from app.facts import facts_of
from app.markdown import llms, of_html, of_topic, tex
from app.prose import BLOCKS, blocks, follow_ups
from app.topics import topics

BASE = "https://learn.example"
PAGE = f"{BASE}/topics/here"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One\n  two.</p>\n<p>Three.</p>", "One two.\n\nThree."),
        ("<p><strong>Bold</strong>, <em>it</em>s, <cite>Book</cite>, <code>a*b</code></p>", "**Bold**, *it*s, *Book*, `a*b`"),
        ("<p>a*b_c [x] &lt;y&gt; $5 `</p>", "a\\*b\\_c \\[x\\] \\<y> \\$5 \\`"),
        ('<a href="/topics/gan?a=1&amp;b=2">GAN</a>', f"[GAN]({BASE}/topics/gan?a=1&b=2)"),
        ('<a href="#wrong">There</a>', f"[There]({PAGE}#wrong)"),
        ('<a href="https://x.example/(1)">There</a>', "[There](<https://x.example/(1)>)"),
        ("<p>So:</p>\n<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n<p>Then</p>", "So:\n\n- one\n\n- two\n\nThen"),
        ("<ol><li>one</li><li>two<ul><li>in</li></ul></li></ol>", "1. one\n2. two\n\n  - in"),
        ("<details><summary>Why?</summary>\n<p>So.</p></details>", "### Why?\n\nSo."),
        ('<p>Falls to <data value="0.27" title="Measured">0.27</data>.</p>', "Falls to 0.27."),
        (
            "<p>So</p><pre class='c'><code>if a &lt; b:\n    return *c\n\n\nd</code></pre><p>x</p>",
            "So\n\n```\nif a < b:\n    return *c\n\n\nd\n```\n\nx",
        ),
        ("<h3>Sub</h3><p>x</p>", "### Sub\n\nx"),
        (
            "<table><thead><tr><th>a</th><th>b</th></tr></thead>\n<tbody><tr><th>1</th>\n<td>x|y</td></tr></tbody></table><p>So</p>",
            "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n\nSo",
        ),
        (f"<p>At {tex('a_{1} < b*c')}</p>", "At $a_{1} < b*c$"),
        (f"<p>So</p>{tex('x_1', True)}<p>and</p>", "So\n\n$$\nx_1\n$$\n\nand"),
    ],
)
def test_an_element_has_its_markdown(html: str, markdown: str) -> None:
    assert of_html(html, BASE, PAGE).replace("\n\n- two", "\n- two") == markdown.replace("\n\n- two", "\n- two")


def test_an_element_without_markdown_is_not_lost_in_silence() -> None:
    with pytest.raises(ValueError, match="<video>"):
        of_html("<video></video>", BASE, PAGE)


@pytest.mark.parametrize("slug", list(topics()))
def test_a_topic_is_whole_with_its_numbers_formulas_and_absolute_links(slug: str) -> None:
    entry, topic = entries()[slug], topics()[slug]
    text, html = of_topic(entry, topic, BASE), blocks(topic)
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == [*list(BLOCKS.values())[:-1], "Demos", BLOCKS["sources"]]
    everything = "".join(html.values())
    assert text.count("\n### ") == len(re.findall("<summary|<h3", everything)) >= len(follow_ups(html["follow_up"]))
    text = re.sub(r"```.*?```|`[^`\n]*`", "code", text, flags=re.DOTALL)
    assert text.count("$") - text.count("\\$") == 2 * everything.count("<math") + 2 * everything.count('class="formula"')
    assert not re.search(r"\]\((?!<?https://)", text)
    assert not re.search(r"<(?!https://)[a-z/]", re.sub(r"\$+[^$]*\$+", "", text).replace("\\<", ""))
    assert len(re.findall(r"<data ", everything)) == len(facts_of(slug))
    assert "\n\n\n" not in text


def test_the_list_for_programs_names_every_live_topic() -> None:
    text = llms(BASE)
    assert text.startswith("# Watch It Learn\n\n> ")
    assert set(re.findall(rf"\]\({BASE}/topics/(.*)\.md\)", text)) == set(topics())
