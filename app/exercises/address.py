"""A sheet's address taken apart: `?seed=7&z1=0.6&solution=1`. So a sheet is a link, and so is a marked one.

Between the route, which reads the URL, and marking. What an answer says is judged there, line by line; here are the errors of no
line: a seed that is none, names that are no lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from app.exercises.nouns import Exercise, Sheet
from app.params import LARGEST_SEED, Params
from app.query import BadQuery, FieldError, parse

OWN = ("seed", "solution")
"""What is no answer."""


class SheetParams(Params):
    """The seed, which says all numbers of a sheet."""


@dataclass(frozen=True)
class Address:
    """`answers` as they were typed, by line; `typed_seed` as it was sent; `errors` of what is no line; `solution` when asked for.

    `seed` is None where there is none.
    """

    exercise: Exercise
    seed: int | None
    typed_seed: str
    answers: Mapping[str, str]
    solution: bool
    errors: tuple[FieldError, ...]

    @classmethod
    def of(cls, exercise: Exercise, items: Iterable[tuple[str, str]]) -> Address:
        """Reads a query string. A value given more than once is taken as one text of all, which is then no number."""
        texts: dict[str, str] = {}
        for name, value in items:
            texts[name] = f"{texts[name]} and {value}" if name in texts else value
        seed, errors = _seed(texts)
        solution = texts.get("solution", "")
        if solution not in {"", "1"}:
            errors.append(FieldError("solution", solution, "1, or leave it out"))
        answers = {name: value for name, value in texts.items() if name not in OWN}
        if seed is not None:
            names = [line.name for line in exercise.sheet(seed).lines]
            allowed = "only " + ", ".join((*OWN, *names))
            errors += [FieldError(name, answers[name], allowed, "no line here") for name in answers if name not in names]
            answers = {name: answers[name] for name in names if name in answers}
        return cls(exercise, seed, texts.get("seed", str(seed)), answers, solution == "1", tuple(errors))

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet. Raises ValueError where the seed is none."""
        if self.seed is None:
            raise ValueError(f"no sheet of seed {self.typed_seed!r}")
        return self.exercise.sheet(self.seed)

    @property
    def is_marked(self) -> bool:
        """Whether there is an answer to be marked."""
        return any(text.strip() for text in self.answers.values())

    @property
    def url(self) -> str:
        """The canonical address of the page, without lines that are empty."""
        answers = [(name, text.strip()) for name, text in self.answers.items() if text.strip()]
        return f"{self.exercise.url}?{urlencode([('seed', self.seed), *answers, *([('solution', 1)] if self.solution else [])])}"

    @property
    def next_url(self) -> str:
        """The address of another sheet, that of the next seed."""
        return f"{self.exercise.url}?seed={(-1 if self.seed is None else self.seed + 1) % (LARGEST_SEED + 1)}"


def _seed(texts: Mapping[str, str]) -> tuple[int | None, list[FieldError]]:
    try:
        return parse(SheetParams, [("seed", texts["seed"])] if "seed" in texts else []).seed, []
    except BadQuery as bad:
        return None, bad.errors
