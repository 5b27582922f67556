"""How large a program may be, and how it is told that it is larger, or no program of this language.

First in the flow: `reading` and `building` refuse by it before anything is built.
"""

from __future__ import annotations

LONGEST, DEEPEST, MOST_PIECES = 2000, 20, 1200
"""Characters of a text; how deep its parts are nested; how many parts there are."""
MOST_NODES, MOST_NUMBERS, MOST_AXES, LARGEST = 150, 4096, 4, 1e6
"""Nodes of a graph; numbers of a tensor; its axes; and how large a number may be written."""
MOST_RUNS, MOST_EVALUATIONS, MOST_WORK = 500, 20_000, 50_000_000
"""Calls of sess.run; parts that are gone through, loops included; numbers computed, a call of an operation counting as 100."""


class ProgramError(ValueError):
    """A line, counted from 1, that is not of the language or goes past a limit.

    `got`: the part of the line; `problem`: what is wrong with it, which goes on "... is"; `allowed`: what can be given.
    """

    def __init__(self, line: int, got: str, problem: str, allowed: str) -> None:
        super().__init__(f"line {line}: {got!r} is {problem}: give {allowed}")
        self.line, self.got, self.problem, self.allowed = line, got, problem, allowed


class Refused(ValueError):
    """The same before it is known where it stands; `got` if it is not the whole call."""

    def __init__(self, problem: str, allowed: str, got: str = "") -> None:
        super().__init__(problem)
        self.problem, self.allowed, self.got = problem, allowed, got
