"""The data-flow graph in a browser: it shows the moment, the arrow keys walk along its edges, and each node says what it is."""

from __future__ import annotations

from typing import Any

import pytest

from app.charts import GraphDiagram, GraphNode
from app.charts.figures import wire_figure
from tests.browser.conftest import Visit

NODES = (
    GraphNode("x", "x", "placeholder", "shape ()"),
    GraphNode("w", "w", "variable"),
    GraphNode("m", "multiply", "operation"),
    GraphNode("s", "sine", "operation"),
)
CHART = GraphDiagram(title="t", nodes=NODES, edges=(("x", "m"), ("w", "m"), ("m", "s"), ("x", "s")))
FRAMES: tuple[dict[str, Any], ...] = (
    {"values": {"x": "2", "w": "3"}, "focus": None, "lit": ["x", "m"]},
    {"values": {"m": "6"}, "focus": "m"},
    {"gone": ["s"], "focus": None},
)

PUT = """async ([figure, frames]) => {
  const root = document.querySelector('script[src$="/js/main.js"]').src;
  const load = (name) => import(new URL(name, root));
  const [{ Timeline }, { GraphPicture }, { data }] = await Promise.all(['timeline.js', 'graph.js', 'tables.js'].map(load));
  const timeline = new Timeline({ topic: 't', planned_frames: frames.length, charts: { graph: figure } });
  frames.forEach((news, at) => timeline.add({ step: at, charts: { graph: news } }, at));
  document.querySelector('main').innerHTML = `<h1>Graph</h1><figure class="chart" id="chart-graph"><figcaption>t</figcaption>
    <ul class="legend"></ul><div class="plot" data-chart="graph" data-kind="graph" style="--height: ${figure.layout.height}px"
    role="group" tabindex="0" aria-label="t"></div></figure><div class="data"></div>`;
  const picture = new GraphPicture(document.querySelector('.plot'));
  window.draw = (at) => (picture.draw(timeline, 'graph', at), data(document.querySelector('.data'), timeline, at));
  window.picture = picture;
  window.draw(0);
}"""


@pytest.fixture
def graph(visit: Visit) -> Visit:
    """A page with the graph of `CHART`, at its first frame; `draw(frame)` shows another."""
    page = visit.open("/")
    figure = wire_figure(CHART)
    page.evaluate(PUT, [figure, [CHART.update(frame, at) for at, frame in enumerate(FRAMES)]])
    return visit


def marked(visit: Visit, word: str) -> list[str]:
    keys: list[str] = visit.page.evaluate(f"() => [...document.querySelectorAll('.node.{word}')].map((one) => one.dataset.key)")
    return keys


def values(visit: Visit) -> dict[str, str]:
    told = "[...document.querySelectorAll('.node')].map((one) => [one.dataset.key, one.querySelector('.value').textContent])"
    said: dict[str, str] = visit.page.evaluate(f"() => Object.fromEntries({told})")
    return said


def test_each_moment_has_its_values_and_marks_forwards_and_backwards(graph: Visit) -> None:
    assert values(graph) == {"x": "2", "w": "3", "m": "", "s": ""}
    assert marked(graph, "lit") == ["x", "m"]
    graph.page.evaluate("draw(2)")
    assert values(graph) == {"x": "2", "w": "3", "m": "6", "s": ""}
    assert (marked(graph, "gone"), marked(graph, "focus"), marked(graph, "lit")) == (["s"], [], ["x", "m"])
    graph.page.evaluate("draw(1)")
    assert (marked(graph, "gone"), marked(graph, "focus")) == ([], ["m"])
    graph.page.evaluate("draw(0)")
    assert values(graph)["m"] == ""


def test_the_arrow_keys_walk_along_the_edges_and_each_node_says_what_it_is(graph: Visit) -> None:
    graph.page.evaluate("draw(1)")
    focused = "() => document.activeElement.getAttribute('aria-label')"
    graph.page.locator(".node[data-key=x]").focus()
    heard = [graph.page.evaluate(focused)]
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "Home"):
        graph.page.keyboard.press(key)
        heard.append(graph.page.evaluate(focused))
    assert heard[0] == "x, placeholder; shape (); reads nothing; value 2"
    assert "multiply, operation; reads x and w; value 6" in heard
    assert "sine, operation; reads multiply and x" in heard
    assert graph.page.locator(".node[tabindex='0']").count() == 1


def test_who_steps_hears_of_the_node_at_work(graph: Visit) -> None:
    graph.page.evaluate("draw(1)")
    assert graph.page.locator(".plot [role=status]").text_content() == "multiply, operation; reads x and w; value 6"


def test_its_table_says_what_each_node_reads_and_its_value(graph: Visit) -> None:
    graph.page.evaluate("draw(1)")
    rows = [row.inner_text().split("\t") for row in graph.page.locator(".data tbody tr").all()]
    assert rows[2] == ["multiply", "operation", "", "x, w", "6"]
