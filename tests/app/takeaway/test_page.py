"""`run.html`: the page holds the run, its player and all that they take, asks for nothing, and nothing breaks out of it."""

from __future__ import annotations

import json
import re
from base64 import b64decode

from app.experiment import Experiment, experiment_with
from app.frames import message, read
from app.produce import events
from app.takeaway.page import as_html
from app.topics import topics
from tests.conftest import ROOT


def finished(experiment: Experiment) -> list[bytes]:
    """The messages of the run, made here."""
    asked = experiment.request
    return [sent for _, sent in events(asked.topic, asked.demo, asked.params)]


def test_the_page_holds_everything_and_asks_for_nothing() -> None:
    experiment = experiment_with(topics()["learning-rate"], "edge-of-stability", {"learning_rate": 10.0})
    messages = finished(experiment)
    page = as_html(experiment, messages).decode()
    assert read(messages[-1])[1]["message"] in page
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)=["'](?!data:)""", page)
    assert not re.search(r"@font-face[^}]*url\(", page)
    for name in experiment.demo.params.in_order():
        assert f'<th scope="row">{experiment.demo.params.schema_of(name)["title"]}</th>' in page
    assert page.count("<tr data-holds=") == len(experiment.demo.claims)
    assert page.count('<div class="plot"') == len(experiment.demo.charts(experiment.params))
    assert page.count("\nevent: frame\n") == read(messages[-1])[1]["frames"]


def source_of(name: str) -> str:
    return (ROOT / "static" / "js" / name).read_text(encoding="utf-8")


def test_its_modules_are_those_of_the_site_and_find_each_other_by_name() -> None:
    experiment = experiment_with(topics()["learning-rate"], "race", {})
    page = as_html(experiment, finished(experiment)).decode()
    (said,) = re.findall(r'<script type="importmap">(.*)</script>', page)
    modules = json.loads(said)["imports"]
    assert {"live-run.js", "player.js", "timeline.js", "plot.js"} <= modules.keys()
    for name, address in modules.items():
        text = b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        imported = re.findall(r'^(?:import|export) (?:.* from )?"(.+)";$', text, re.MULTILINE)
        assert set(imported) <= modules.keys(), name
        assert re.sub(r'^((?:import|export) (?:.* from )?")', r"\1./", text, flags=re.MULTILINE) == source_of(name)


def test_no_text_breaks_out_of_the_page() -> None:
    experiment = experiment_with(topics()["learning-rate"], "race", {})
    messages = finished(experiment)
    kind, start = read(messages[0])
    before = as_html(experiment, messages).decode().count("</script")
    start["charts"]["loss"]["data"][0]["name"] = "</script><script>alert(1)</script><!--"
    page = as_html(experiment, [message(kind, start), *messages[1:]]).decode()
    assert "alert(1)" in page
    assert page.count("</script") == before
    assert "<!--" not in page
