"""What a visitor of the paths sets: the landscape, the start, the steps; the two typed ones are checked here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Literal

from app.topic import Params, checked, choice, entry, slider, streams
from app.topics.gradient_descent.landscapes import LANDSCAPES, Landscape, Point
from engine.expressions import expression

FLAT = (-1.8, 1.8)
"""The map of a ravine that is not turned: nothing happens beyond, and its walls are seen better."""
NUMBER = r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?)\s*"


def parse_start(text: str) -> str:
    """Empty, "random", or "x, y" with both from -10 to 10. Raises ValueError saying so."""
    plain = text.strip().lower()
    if plain in ("", "random"):
        return plain
    found = re.fullmatch(f"{NUMBER},{NUMBER}", plain, re.ASCII)
    if not found or max(abs(float(found[1])), abs(float(found[2]))) > 10:
        raise ValueError(
            "two numbers from -10 to 10 with a comma between, such as -1.5, 2; or random; or nothing for the usual start"
        )
    return f"{float(found[1]):.8g}, {float(found[2]):.8g}"


class PathParams(Params):
    """The landscape, where to begin, and how large the steps are."""

    rate: float = slider(
        1.0,
        (0.1, 0.25, 0.5, 0.75, 1.0, 1.02, 1.5, 2.0, 5.0, 6.0),
        label="factor on the learning rates",
        help="Multiplies the rates of all five, which the legend gives. On the ravine 1.02 is too much for gradient descent.",
        minimum=0.001,
        maximum=100,
    )
    rotation: float = slider(
        0.0,
        (0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0),
        label="rotation of the ravine",
        unit="°",
        help="Turns the ravine and its usual start. It matters only to RMSProp and Adam, which scale each coordinate separately.",
    )
    momentum: float = slider(
        0.9,
        (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
        label="momentum",
        help="Share of the last step kept, for momentum and Nesterov.",
        maximum=0.999,
    )
    landscape: Literal["ravine", "rosenbrock", "saddle", "rastrigin", "typed"] = choice(
        "ravine",
        {
            "ravine": "ravine, 100 times as steep across",
            "rosenbrock": "Rosenbrock’s curved valley",
            "saddle": "saddle between two minima",
            "rastrigin": "Rastrigin’s many minima",
            "typed": "your own, typed below",
        },
        label="landscape",
        help="What the five walk down.",
    )
    surface: Annotated[str, checked(lambda text: expression(text).text)] = entry(
        "(x**2+y-11)**2+(x+y**2-7)**2",
        label="your own landscape",
        help="An expression of x and y: + - * / ** ( ) sin cos exp log sqrt abs tanh. Its gradient is derived from it.",
        longest=120,
    )
    start: Annotated[str, checked(parse_start)] = entry(
        "",
        label="start",
        help="x, y, or a click on the map; or random, drawn from the seed; or nothing for the landscape’s usual start.",
        longest=40,
    )


def _on_flat(start: str) -> bool:
    """Whether a start lies on the map of a ravine that is not turned."""
    return "," not in start or FLAT[0] <= float(start.split(",")[1]) <= FLAT[1]


def landscape_of(params: PathParams) -> Landscape:
    """The chosen landscape, turned or filled in."""
    chosen = LANDSCAPES[params.landscape]
    if params.landscape == "ravine":
        return replace(chosen, turn=params.rotation, up=FLAT if params.rotation == 0 and _on_flat(params.start) else chosen.up)
    return replace(chosen, text=params.surface) if params.landscape == "typed" else chosen


def start_of(params: PathParams, landscape: Landscape) -> Point:
    """Where all five begin."""
    if params.start == "random":
        rng = streams(params.seed).data
        return float(rng.uniform(*landscape.across)), float(rng.uniform(*landscape.up))
    if params.start:
        x, y = params.start.split(",")
        return float(x), float(y)
    return landscape.usual_start()
