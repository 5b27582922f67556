"""Exercises by hand: small sheets of arithmetic, made from a seed, and marked line by line.

Read it in the order arithmetic, answers, nouns, marking, address; `kinds/` holds one exercise a file, found by discovery. The
pages are made by `app/routes/exercises.py`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.catalogue import Entry, entries
from app.exercises import kinds
from app.exercises.nouns import Exercise


@cache
def exercises() -> dict[str, Exercise]:
    """Name -> exercise, in the order of the questions they belong to. Raises whatever a broken one raises."""
    found: list[Exercise] = [import_module(f"{kinds.__name__}.{module.name}").exercise for module in iter_modules(kinds.__path__)]
    return {exercise.name: exercise for exercise in sorted(found, key=lambda exercise: exercise.question)}


def topic_of(exercise: Exercise) -> Entry:
    """The question of the catalogue that an exercise belongs to."""
    return next(entry for entry in entries().values() if entry.number == exercise.question)


def of_topic(entry: Entry) -> list[Exercise]:
    """The exercises that belong to a question."""
    return [exercise for exercise in exercises().values() if exercise.question == entry.number]
