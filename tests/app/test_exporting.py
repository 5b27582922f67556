"""A run as a file: the figures of the page are the last frame's, and nothing breaks out of it."""

from __future__ import annotations

import re

from app.experiment import Experiment, experiment_with
from app.exporting import as_html, last_figures
from app.frames import message, read
from app.produce import events
from app.topics import topics


def finished(experiment: Experiment) -> list[bytes]:
    """The messages of the run, made here."""
    asked = experiment.request
    return [sent for _, sent in events(asked.topic, asked.demo, asked.params)]


def test_figures_stand_as_the_last_frame_left_them() -> None:
    start = {
        "charts": {
            "loss": {"data": [{"name": "edge"}, {"uid": "a.b c", "x": [], "y": []}, {"uid": "field", "z": [0]}], "layout": {}}
        }
    }
    said = [
        read(message("start", start)),
        read(message("frame", {"step": 0, "charts": {"loss": {"append": {"a.b c": [0, 3.0]}, "set": {"field": {"z": [1]}}}}}, 0)),
        read(message("frame", {"step": 5, "charts": {"loss": {"append": {"a.b c": [5, None]}}}}, 1)),
        read(message("done", {})),
    ]
    assert last_figures(said)["loss"]["data"] == [
        {"name": "edge"},
        {"uid": "series-1", "x": [0, 5], "y": [3.0, None]},
        {"uid": "series-2", "z": [1]},
    ]


def test_the_page_holds_everything_and_asks_for_nothing() -> None:
    experiment = experiment_with(topics()["learning-rate"], "edge-of-stability", {"learning_rate": 10.0})
    messages = finished(experiment)
    page = as_html(experiment, messages).decode()
    assert read(messages[-1])[1]["message"] in page
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)=["'](?!data:)""", page)
    for name in experiment.demo.params.in_order():
        assert f'<th scope="row">{experiment.demo.params.schema_of(name)["title"]}</th>' in page
    assert page.count("<tr data-holds=") == len(experiment.demo.claims)
    assert page.count('<div class="plot"') == len(experiment.demo.charts(experiment.params))


def test_no_text_breaks_out_of_the_page() -> None:
    experiment = experiment_with(topics()["learning-rate"], "race", {})
    messages = finished(experiment)
    kind, start = read(messages[0])
    start["charts"]["loss"]["data"][0]["name"] = "</script><script>alert(1)</script><!--"
    page = as_html(experiment, [message(kind, start), *messages[1:]]).decode()
    assert "alert(1)" in page
    assert page.count("</script") == 3
    assert "<!--" not in page
