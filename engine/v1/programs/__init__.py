r"""Small programs in the Python of TensorFlow 1, read from text, rehearsed without numbers, then run on the engine's graph.

    tape = rehearse("x = tf.constant(3.0)\nprint(tf.Session().run(x * x))")
    for event, outcome in play(tape, np.random.default_rng(0)): ...

Nothing that was typed is ever executed as Python: `reading` takes the text apart by `ast` and lets a whitelist through, and
`rehearsal` walks what is left. All limits are looked at there, before a number is computed. Read it in the order limits, reading,
tape, building, functions, evaluation, rehearsal, playing.
"""

from engine.v1.programs.limits import ProgramError
from engine.v1.programs.playing import Outcome, Playing, play, shown
from engine.v1.programs.rehearsal import rehearse
from engine.v1.programs.tape import Closed, Event, Failed, Fetched, Made, Operation, Printed, Ran, Tape

__all__ = [
    "Closed",
    "Event",
    "Failed",
    "Fetched",
    "Made",
    "Operation",
    "Outcome",
    "Playing",
    "Printed",
    "ProgramError",
    "Ran",
    "Tape",
    "play",
    "rehearse",
    "shown",
]
