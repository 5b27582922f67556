"""How large a program may be, and how it is told that it is larger, or no program of this language.

First in the flow: `reading` and `building` refuse by it before anything is built.
"""

from __future__ import annotations

LONGEST, DEEPEST, MOST_PIECES = 2000, 20, 1200
"""Characters of a text; how deep its parts are nested; how many parts there are."""
MOST_NODES, MOST_NUMBERS, MOST_AXES, LARGEST = 150, 4096, 4, 1e6
"""Nodes of a graph; numbers of a tensor; its axes; and how large a number may be written."""
MOST_SESSIONS, MOST_RUNS, MOST_PRINTS, MOST_EVALUATIONS = 4, 500, 500, 10_000
"""Sessions; calls of sess.run and of print; parts that are gone through, loops included."""
MOST_WORK, OVERHEAD = 50_000_000, 100
"""Numbers that all runs compute, and how many of them the call of an operation counts for."""


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
