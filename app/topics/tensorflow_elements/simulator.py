"""The simulator: a program line by line, its graph as it grows, and each run node by node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from app.charts import Chart, Listing
from app.topic import Claim, Demo, Ground, Params, Preset, Run, Snapshot, at_most, checked_lines, editor, exactly, streams
from app.topics.tensorflow_elements import guesses
from app.topics.tensorflow_elements.gallery import BROKEN, FEED, GRADIENT, RIGHT
from app.topics.tensorflow_elements.measuring import again, by_plan, slopes, strangers
from app.topics.tensorflow_elements.pictures import Transcript, diagram, names_made, order_of, short, told, variables_of
from app.topics.tensorflow_elements.programs import checked_program, of, rehearsed
from app.topics.tensorflow_elements.schedule import Scene, count, scenes
from engine.v1.programs import Failed, Made, Outcome, Playing, Ran, Tape


class SimulatorParams(Params):
    """The program."""

    program: Annotated[str, checked_lines(checked_program)] = editor(
        FEED,
        label="program",
        help="TensorFlow 1 in a small part of Python. It runs when you leave the field, or press Control and Enter.",
    )


def charts(params: SimulatorParams) -> dict[str, Chart]:
    """The graph at the end of the program, and the program."""
    tape = rehearsed(params.program)
    return {
        "graph": diagram(tape, "The graph: what the lines have made lights up, then what a run evaluates"),
        "listing": Listing(
            title="The program at work: what each line prints, and where it fails", lines=params.program.split("\n"), wide=True
        ),
    }


def run(params: SimulatorParams) -> Run:
    """A frame per line; of a run, a frame per node, in the order in which the engine's plain interpreter evaluates them."""
    tape = rehearsed(params.program)
    playing, transcript, view = Playing(tape, streams(params.seed).weights), Transcript(), View(tape)
    yield Snapshot(0, {"graph": view.start(), "listing": transcript.shown(None, "before the first line")})
    step, measured = 0, {"runs": 0.0, "evaluated": 0.0}
    for scene in scenes(tape):
        outcome = playing.outcome(scene.event, traced=scene.by_node)
        transcript.take(scene.event, outcome)
        if isinstance(scene.event, Ran):
            measured |= _measured(tape, scene.event, outcome, playing)
        for graph, note in view.frames(scene, outcome, playing):
            step += 1
            yield Snapshot(step, {"graph": graph, "listing": transcript.shown(scene.event, note)}, measured=measured)
    return None


def _measured(tape: Tape, event: Ran, outcome: Outcome, playing: Playing) -> dict[str, float]:
    """What the newest run tells of all runs."""
    session, wanted = playing.sessions[event.session], event.wanted.fed(playing.fed(event))
    told = {"evaluated": float(len(order_of(tape, event))), "nodes": float(len(tape.nodes))}
    if not outcome.values or event.operations:
        return told
    told |= {"strangers": strangers(event, outcome), "again": again(session, wanted), "plan": by_plan(session, wanted, outcome)}
    return told | ({"slope": slopes(session, wanted, outcome)} if len(outcome.results) == len(SLOPES) else {})


class View:
    """The graph on its way: what is lit, what is at work, and which values stand where."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._made: list[str] = []

    def start(self) -> dict[str, Any]:
        """Nothing is there yet."""
        return {"values": {}, "lit": [], "gone": [], "focus": None}

    def frames(self, scene: Scene, outcome: Outcome, playing: Playing) -> Iterator[tuple[dict[str, Any], str]]:
        """The frames of a scene: the graph's news, and a note for the listing."""
        event, note = scene.event, told(scene.event, self._tape)
        if isinstance(event, Made):
            self._made += names_made(event)
            values = {node.name: short(node.attributes["value"]) for node in event.nodes if node.op == "constant"}
            graph = {"lit": list(self._made), "focus": self._made[-1], "values": values}
            yield from [(graph, note)] * scene.frames
        elif isinstance(event, Ran):
            yield from list(self._run(scene, event, outcome, playing, note))[: scene.frames]
        else:
            yield from [({"focus": None, **({"lit": []} if isinstance(event, Failed) else {})}, note)] * scene.frames

    def _run(
        self, scene: Scene, event: Ran, outcome: Outcome, playing: Playing, note: str
    ) -> Iterator[tuple[dict[str, Any], str]]:
        order = order_of(self._tape, event)
        lit = [*(node.name for node in order), *(one.name for one in event.operations)]
        kept = {node.name: short(playing.sessions[event.session].value(node)) for node in self._set(event)}
        if not scene.by_node:
            yield {"lit": lit, "focus": None, "values": kept}, note
            return
        waiting = {node.name: "" for node in order if node.inputs or node.op == "placeholder"}
        yield {"lit": lit, "focus": None, "values": waiting}, note
        for place, node in enumerate(order, start=1):
            value = short(outcome.values[node])
            yield {"focus": node.name, "values": {node.name: value}}, f"node {place} of {len(order)}: {node.name} is {value}"
        for one in event.operations:
            yield {"focus": one.name, "values": kept}, f"{one.name} sets {', '.join(kept) or 'nothing'}"

    def _set(self, event: Ran) -> list[Any]:
        """The variables that a run sets."""
        touched = {node for one in event.operations for node in one.inputs}
        return [node for node in variables_of(self._tape) if node in touched]


SLOPES = ("y", "slope", "bend")


def fetches(params: SimulatorParams) -> bool:
    """Whether the program has a run that only fetches, and is shown node by node."""
    return any(
        scene.by_node and isinstance(scene.event, Ran) and not scene.event.operations
        for scene in scenes(rehearsed(params.program))
    )


FETCHING = ("a program that fetches a tensor", fetches)

demo = Demo(
    name="simulator",
    title="A simulator of TensorFlow 1",
    params=SimulatorParams,
    charts=charts,
    run=run,
    frames=lambda params: count(rehearsed(params.program)),
    claims=(
        Claim(
            "The last line of this program evaluates this many of the graph’s seven nodes, and needs no feed for the others.",
            "evaluated",
            exactly(3),
            of(FEED, RIGHT),
        ),
        Claim(
            "A run evaluates nothing that its fetches do not depend on: the number of other nodes that it evaluates.",
            "strangers",
            exactly(0),
            Ground(*FETCHING),
        ),
        Claim(
            "The same fetch twice gives the same numbers, since a session keeps only its variables: the largest difference.",
            "again",
            exactly(0),
            Ground(*FETCHING),
        ),
        Claim(
            "Evaluating node by node gives what the engine’s compiled plan gives: the largest relative difference.",
            "plan",
            at_most(1e-5),
            Ground(*FETCHING),
        ),
        Claim(
            "The nodes that tf.gradients adds agree with difference quotients, once and twice: the largest relative difference.",
            "slope",
            at_most(2e-3),
            of(GRADIENT, RIGHT),
        ),
    ),
    presets=tuple(Preset(title, {"program": program}) for title, program in (RIGHT | BROKEN).items()),
    guesses=guesses.SIMULATOR,
    hint="Step through it: lines build the graph and compute nothing; sess.run lights up what it needs. Then break the program.",
    frame_seconds=0.5,
)
