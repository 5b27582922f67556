"""The player's logic, run where it runs: the served modules, imported in a page and asked for facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, Server

DECIMALS: dict[str, str] = json.loads((ROOT / "tests" / "decimals.json").read_text(encoding="utf-8"))


class Modules:
    """The site's modules in a page that has nothing else to do; `run` gives one’s exports and the folder of all to a function."""

    def __init__(self, page: Page, root: str) -> None:
        self.page, self.root = page, root

    def run(self, module: str, body: str) -> Any:
        """What `body`, a JavaScript function's, returns; `m` is the module, `root` the folder of all."""
        there = f"const root = '{self.root}js/'; const m = await import(root + '{module}.js');"
        return self.page.evaluate(f"async () => {{ {there} {body} }}")


@pytest.fixture(scope="module")
def modules(browser: Browser, server: Server) -> Iterator[Modules]:
    page = browser.new_page(bypass_csp=True)
    html = page.goto(f"{server.url}/").text()  # type: ignore[union-attr]  # it answers
    found = re.search(r'data-main="(/static/[^/]+/)js/main\.js"', html)
    assert found is not None
    yield Modules(page, found[1])
    page.context.close()


def test_numbers_are_written_in_the_browser_as_on_the_server(modules: Modules) -> None:
    cases = json.loads((ROOT / "tests" / "numbers.json").read_text(encoding="utf-8"))
    said = modules.run("numbers", f"return {json.dumps(cases)}.map(([number, digits]) => m.numberOf(number, digits))")
    assert said == [text for *_, text in cases]
    assert (
        modules.run("numbers", "return [NaN, Infinity, -Infinity, undefined].map((each) => m.numberOf(each))")
        == ["no finite number"] * 4
    )


def test_what_moved_between_two_drawings_is_told_apart_from_what_changed(modules: Modules) -> None:
    told = modules.run(
        "quick",
        """const [line, marker] = [{ width: 2 }, { size: 9, color: [1, 2] }];
        const trace = { x: [1, 2], y: Float32Array.of(1, 2), name: "a", line, marker, z: [] };
        const same = { y: [1, 2], name: "b", line: { width: 2 }, z: [] };
        const other = [{ line: { width: 3 } }, { marker: { size: 8, color: [1, 2] } }, { marker: { size: 9, color: "red" } }];
        return [{ y: [1, 3] }, same, { text: ["t"] }, { marker: { size: 9, color: [1, 3] } }, ...other]
          .map((news) => m.moved(trace, { ...trace, ...news }));""",
    )
    assert told == [["y"], [], ["text"], ["marker"], None, None, None]


def test_a_path_breaks_where_a_place_is_missing(modules: Modules) -> None:
    paths = modules.run("quick", "return [m.pathThrough([1, 2, NaN, 4, 5], [1, 2, 3, 4, 5]), m.pathThrough([], [])]")
    assert paths == ["M1,1L2,2M4,4L5,5", "M0,0"]


def test_a_colour_lies_between_its_stops_and_no_number_has_none(modules: Modules) -> None:
    colours = modules.run(
        "quick",
        """const nothing = "rgba(0,0,0,0)";
        const scale = { colorscale: [[0, "#000000"], [0.5, "#0000ff"], [0.5, nothing], [1, nothing]], zmin: 0, zmax: 2 };
        return [-1, 0, 0.5, 1, 2, NaN].map(m.colouring(scale));""",
    )
    assert colours == [[0, 0, 0, 255], [0, 0, 0, 255], [0, 0, 128, 255], [0] * 4, [0] * 4, [0] * 4]


def test_names_are_broken_where_they_are_wider_than_what_they_name_and_once_only(modules: Modules) -> None:
    axis = """const xaxis = { range: [-0.5, 9.5], tickvals: [2, 7], ticktext: ["short", "one that is rather long"] };"""
    body = """const told = (layout, width, height) => m.wrapped(layout, { width, height }, 12)?.ticktext;
        const lines = told({ xaxis }, 200, 100);
        const square = told({ xaxis, yaxis: { scaleanchor: "x", range: [9.5, -0.5] } }, 400, 200);
        const again = told({ xaxis: { ...xaxis, ticktext: lines } }, 200, 100);
        return [lines, square, again, told({ xaxis }, 400, 100), told({ xaxis: { range: [0, 1] } }, 9, 9) ?? "no names"];"""
    broken = ["short", "one that is<br>rather long"]
    assert modules.run("titles", axis + body) == [broken, broken, broken, ["short", "one that is rather long"], "no names"]


PLAYER = "const p = new m.Player(); p.reset(true); p.arrived = 10; "


def test_a_player_moves_at_its_rate_and_never_past_what_has_arrived(modules: Modules) -> None:
    frames = modules.run("player", PLAYER + "return Array(8).fill(0.05).map((s) => { p.advance(s); return p.frame; })")
    assert frames == [1, 3, 4, 6, 7, 9, 9, 9]


def test_a_short_run_is_played_more_slowly_so_that_it_can_be_watched(modules: Modules) -> None:
    body = "return [241, 135, 45, 5].map((frames) => { p.reset(true, frames); return p.rate; })"
    assert modules.run("player", PLAYER + body) == [30, 30, 10, 6]


def test_a_run_whose_frames_are_to_be_read_says_how_long_each_is_shown(modules: Modules) -> None:
    body = "p.reset(true, 82, 0.5); const slow = p.rate; p.reset(true, 135); return [slow, p.rate];"
    assert modules.run("player", PLAYER + body) == [2, 30]


def test_a_player_with_nothing_arrived_shows_nothing(modules: Modules) -> None:
    assert modules.run("player", "const p = new m.Player(); p.reset(true); p.advance(1); return [p.frame, p.atEnd]") == [
        -1,
        False,
    ]


def test_a_slow_machine_plays_slower_and_not_in_leaps(modules: Modules) -> None:
    assert modules.run("player", PLAYER + "p.advance(60); return p.frame") == 1


def test_speed_0_shows_the_newest_at_once(modules: Modules) -> None:
    assert modules.run("player", PLAYER + "p.speed = 0; p.advance(0.001); return p.frame") == 9


def test_a_player_stops_at_the_end_and_play_begins_anew(modules: Modules) -> None:
    body = "p.over = true; p.seek(8); p.toggle(); p.advance(0.1); const end = [p.frame, p.playing, p.atEnd]; p.toggle();"
    assert modules.run("player", PLAYER + body + "return [end, p.frame, p.playing]") == [[9, False, True], 0, True]


def test_a_player_that_follows_plays_on_unless_it_is_far_off_and_holds_a_moment_once_it_is_here(modules: Modules) -> None:
    near = "p.advance(0.05); p.follow(3, true); const near = [p.frame, p.playing]; p.planned = 90; p.seek(0); p.playing = true; "
    far = "p.follow(9, true); const far = [p.frame, p.playing]; p.follow(4, false); const held = [p.frame, p.playing]; "
    late = "p.follow(12, false); p.arrives(11, 0); const before = p.frame; p.arrives(13, 0); p.arrives(14, 0); "
    told = modules.run("player", PLAYER + near + far + late + "return [near, far, held, before, p.frame, p.playing];")
    assert told == [[1, True], [9, True], [4, False], 10, 12, False]


def test_stepping_and_seeking_pause_and_stay_within_the_run(modules: Modules) -> None:
    body = "return [-5, 4, 99].map((to) => { p.seek(to); return [p.frame, p.playing]; }).concat([(p.step(-2), p.frame)])"
    assert modules.run("player", PLAYER + body) == [[0, False], [4, False], [9, False], 7]


TIMELINE = """
const t = new m.Timeline({ planned_frames: 3, charts: {
  loss: { data: [{ uid: 'train', name: 'train', x: [], y: [] }, { name: 'fixed', y: [1] }] },
  field: { data: [{ uid: 'z' }] } } });
const frame = (step, loss, set) =>
  ({ step, charts: { loss: { append: { train: [step, loss] } }, ...(set ? { field: { set } } : {}) } });
t.add(frame(0, 3, { z: { z: [[1]] } }), 0); t.add(frame(5, 2), 1); t.add(frame(10, 1, { z: { z: [[2]] } }), 2);
"""


def test_a_timeline_shows_any_moment_as_it_was(modules: Modules) -> None:
    body = "return [0, 1, 2].map((at) => [t.traces('loss', at)[0].y, t.traces('field', at)[0].z])"
    assert modules.run("timeline", TIMELINE + body) == [[[3], [[1]]], [[3, 2], [[1]]], [[3, 2, 1], [[2]]]]


def test_a_timeline_knows_which_charts_a_step_in_time_leaves_alone(modules: Modules) -> None:
    body = "return [t.differs('field', 0, 1), t.differs('field', 2, 0), t.differs('loss', 0, 1)]"
    assert modules.run("timeline", TIMELINE + body) == [False, True, True]


def test_a_frame_that_came_twice_counts_once_and_fixed_traces_stay(modules: Modules) -> None:
    body = "t.add(frame(5, 99), 1); return [t.length, t.moments.map((one) => one.step), t.traces('loss', 2)[1].y]"
    assert modules.run("timeline", TIMELINE + body) == [3, [0, 5, 10], [1]]


def test_a_timeline_tells_the_newest_number_of_each_series_that_grows(modules: Modules) -> None:
    body = "return [t.newest('loss'), t.newest('field')]"
    assert modules.run("timeline", TIMELINE + body) == [[{"uid": "train", "name": "train", "value": 1}], []]


def test_typed_arrays_are_read_as_the_server_writes_them(modules: Modules) -> None:
    body = """
    const bytes = (array) => btoa(String.fromCharCode(...new Uint8Array(array.buffer)));
    const flat = m.decode({ dtype: 'f4', bdata: bytes(new Float32Array([1.5, -2])) });
    const rows = m.decode({ dtype: 'i2', bdata: bytes(new Int16Array([1, 2, 3, 4, 5, 6])), shape: '2, 3' });
    return [[...flat], rows.map((row) => [...row]), m.decode([7]), m.decode(null)];"""
    assert modules.run("timeline", body) == [[1.5, -2], [[1, 2, 3], [4, 5, 6]], [7], None]


def test_the_last_place_at_most_a_bound_is_found(modules: Modules) -> None:
    assert modules.run("timeline", "return [-1, 0, 3, 4, 9].map((bound) => m.lastAtMost([0, 2, 4], bound))") == [-1, 0, 1, 2, 2]


EVENTS = "event: start\ndata: {}\n\n: still here\n\nid: 0\nevent: frame\ndata: 1\ndata: 2\n\nevent: done\nda"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_events_are_the_same_however_the_bytes_are_cut(modules: Modules, size: int) -> None:
    body = f"""
    const [parser, text, found] = [new m.EventParser(), {EVENTS!r}, []];
    for (let at = 0; at < text.length; at += {size}) found.push(...parser.feed(text.slice(at, at + {size})));
    return [found, parser.feed('ta: end\\n\\n')];"""
    start, frame, done = (
        dict(zip(("type", "id", "data"), one, strict=True))
        for one in (("start", None, "{}"), ("frame", "0", "12"), ("done", None, "end"))
    )
    assert modules.run("stream", body) == [[start, frame], [done]]


def test_the_first_change_counts_at_once_and_the_last_always(modules: Modules) -> None:
    body = """
    const [acted, wait] = [[], (ms) => new Promise((go) => setTimeout(go, ms))];
    let value = 0;
    const change = m.throttled(() => acted.push(value), 60);
    for (value = 1; value <= 5; value += 1) change();
    value = 5;
    const atOnce = [...acted];
    await wait(400);
    const settled = [...acted];
    value = 6;
    change();
    return [atOnce, settled, acted];"""
    assert modules.run("controls", body) == [[1], [1, 5], [1, 5, 6]]


def test_the_nearest_stop_is_nearest_by_ratio_where_all_are_positive(modules: Modules) -> None:
    asked = "[[[0.01, 0.1, 1], 0.04], [[0.01, 0.1, 1], 50], [[0, 10, 100], 40], [[-1, 1], 0.2]]"
    body = f"return {asked}.map(([stops, value]) => m.nearestStop(stops, value))"
    assert modules.run("controls", body) == [1, 2, 1, 1]


def test_what_was_changed_is_what_any_run_has_otherwise_than_the_first(modules: Modules) -> None:
    runs = "[{ rate: 0.1, seed: 0, on: true }, { rate: 0.1, seed: 0, on: false }, { rate: 1, seed: 0, on: true }]"
    assert modules.run("differences", f"return [m.changed({runs}), m.changed([{{ rate: 1 }}])]") == [["rate", "on"], []]


def test_a_verdict_is_the_number_and_whether_the_claim_holds(modules: Modules) -> None:
    asked = """[{ measured: 0.25, was_measured: true, applies: true, holds: true },
      { measured: -2, was_measured: true, applies: true, holds: false }, { measured: null, was_measured: true, applies: false },
      { measured: null, was_measured: false, applies: false }, undefined]"""
    assert modules.run("differences", f"return {asked}.map(m.verdict)") == [
        "0.25 ✓",
        "−2 ✗",
        "no finite number (does not apply)",
        "not measured (does not apply)",
        "…",
    ]


def test_a_link_names_the_moment_unless_it_is_the_end(modules: Modules) -> None:
    links = modules.run("address", "return [null, -1, 0, 34].map((frame) => m.linkTo('/topics/a?seed=1', frame))")
    assert [link.partition("/topics")[2] for link in links] == [
        "/a?seed=1",
        "/a?seed=1",
        "/a?seed=1#frame=0",
        "/a?seed=1#frame=34",
    ]


PINS = """
const timeline = (low, high, heights, seed) => ({ planned: 11, length: 11, done: {}, start: { params: { seed },
  charts: { c: { data: [{ z: heights }], layout: { xaxis: { range: [low, high] }, yaxis: {} } } } } });
const pins = new m.Pins(() => {});
document.body.innerHTML = `<figure id="chart-c" data-compared="${how}"></figure>`;
pins.follow([{ dataset: { src: "data:,", label: "one" } }]);
const run = Object.assign(pins.all[0], { timeline: timeline(-1, 5, [[1]], 1) });
"""


@pytest.mark.parametrize(
    ("how", "heights", "beside", "wide"),
    [
        ("over", 2, False, [-1, 5]),
        ("ground", 1, False, [-1, 5]),
        ("ground", 2, True, [0, 3]),
        ("beside", 1, True, [-1, 5]),
    ],
)
def test_a_pinned_run_lies_beneath_or_stands_beside_and_shares_axes_on_one_ground(
    modules: Modules, how: str, heights: int, beside: bool, wide: list[float]
) -> None:
    body = f"""const how = '{how}'; {PINS}
    const live = timeline(0, 3, [[{heights}]], 0); const {{ layout }} = live.start.charts.c;
    return [run.standsBeside(live, 'c'), pins.widened(layout, 'c', live).xaxis.range]"""
    assert modules.run("pins", body) == [beside, wide]


def test_a_pinned_run_of_another_length_is_shown_at_the_same_share_of_the_way(modules: Modules) -> None:
    asked = "[[11, 5], [21, 10], [6, 5], [21, 20]]"
    body = f"const how = 'over'; {PINS} return {asked}.map(([planned, at]) => run.moment({{ planned }}, at))"
    assert modules.run("pins", body) == [5, 5, 10, 10]


def test_a_typed_decimal_comma_is_read_as_the_server_reads_it(modules: Modules) -> None:
    assert modules.run("decimals", f"return {json.dumps(list(DECIMALS))}.map(m.withPoint)") == list(DECIMALS.values())


BOARD = """
const { Timeline } = await import(root + 'timeline.js');
const t = new Timeline({ planned_frames: 2, charts: { sum: { data: [{ uid: 'working', text: [], customdata: [] }] } } });
const line = (value) => `<math><mi>y</mi><mo>=</mo><mn>${value}</mn></math>`;
const working = (value) => ({ text: [`y = ${value}`], customdata: [line(value)] });
const frame = (step, value) => ({ step, charts: { sum: { set: { working: working(value) } } } });
t.add(frame(0, 6), 0); t.add(frame(1, 7), 1);
const place = document.createElement('div'); place.dataset.kind = 'working';
const board = new m.Board(place);
"""


def test_a_board_writes_the_lines_of_the_moment_as_mathematics(modules: Modules) -> None:
    told = "[board.draw(t, 'sum', at), place.querySelector('p > math mn').textContent, board.draws]"
    body = f"return [0, 1, 1].map((at) => {told})"
    assert modules.run("board", BOARD + body) == [[False, "6", 1], [False, "7", 2], [False, "7", 2]]


def test_the_area_between_two_lines_is_a_share_of_the_chart_and_counts_where_both_go(modules: Modules) -> None:
    told = modules.run(
        "areas",
        """const level = (height) => [[0, height], [0.5, height], [1, height]];
        return [
          m.areaBetween(level(0.4), level(0.4)), m.areaBetween(level(0.4), level(0.15)),
          m.areaBetween([[0, 0], [1, 1]], [[0, 1], [1, 0]]),
          m.areaBetween(level(0.5), [[0.25, 0.5], [0.75, 1]]), m.areaBetween(level(0.5), []),
        ];""",
    )
    assert told[:3] == [0, pytest.approx(0.25), pytest.approx(0.5, abs=0.002)]
    assert told[3] == pytest.approx(0.25, abs=0.002)
    assert told[4] is None


def test_a_curve_is_read_as_the_chart_shows_it_in_powers_of_ten_and_within_its_edges(modules: Modules) -> None:
    told = modules.run(
        "areas",
        """const axis = (range, type = "linear") => ({ range, type });
        const data = [{ uid: "other" }, { uid: "loss" }];
        const layout = { xaxis: axis([0, 10]), yaxis: axis([-2, 2], "log") };
        const drawn = { x: [10, 0, 5, 2, 3], y: [1, 1000, 0.1, null, 0] };
        const timeline = { start: { charts: { loss: { data, layout } } }, traces: () => [{}, drawn] };
        return [m.curveOf(timeline, "loss", "loss", 3), m.valueAt(layout.yaxis, 0.25), m.shareOf(layout.yaxis, 10)];""",
    )
    assert told == [[[0, 1], [0.3, 0], [0.5, 0.25], [1, 0.5]], pytest.approx(0.1), 0.75]


def test_a_run_that_a_guess_waits_for_stands_at_its_first_frame_whatever_is_pressed(modules: Modules) -> None:
    told = modules.run(
        "player",
        """const player = new m.Player();
        player.wait(true, false);
        player.reset(true, 3);
        for (let count = 1; count <= 3; count += 1) player.arrives(count, count);
        player.ends(true);
        const tried = (what) => { player.act(what); player.seek(2); player.advance(1); return player.frame; };
        const waits = ["toggle", "last", "forward"].map(tried);
        player.wait(false, false);
        const plays = player.playing;
        player.wait(true, false);
        player.wait(false, true);
        return [waits, plays, player.frame, player.playing];""",
    )
    assert told == [[0, 0, 0], True, 2, False]


def test_a_title_that_is_longer_than_its_upright_axis_stands_in_two_lines_of_like_length(modules: Modules) -> None:
    said = (
        "return [400, 200].map((high) => m.folded({ title: { text: 'share of unseen digits read right' } }, high, 13).title.text)"
    )
    assert modules.run("titles", said) == ["share of unseen digits read right", "share of unseen<br>digits read right"]
    assert (
        modules.run("titles", "return m.folded({ title: { text: 'accuracy'.repeat(9) } }, 90, 13).title.text") == "accuracy" * 9
    )
