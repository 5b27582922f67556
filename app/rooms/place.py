"""The addresses that a teacher may send a class to, and whose guesses may be asked: topic pages of this site, and nothing else.

They are read as any visitor's are.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from app.experiment import Experiment
from app.page_query import PageQuery, pinned
from app.query import BadQuery, FieldError
from app.rooms.state import Place
from app.topic import Guess
from app.topics import topics

PREFIX = "/topics/"
ASKED = "guess="


def experiment_at(address: str, field: str = "address") -> tuple[Experiment, PageQuery]:
    """The experiment of a page's address, from the root of this site. Raises BadQuery, at that field, for any other address."""
    allowed = FieldError(field, address, "the address of a topic's page on this site, as /topics/NAME?seed=1")
    try:
        parts = urlsplit(address)
        items = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise BadQuery([allowed], {}) from None
    slug = parts.path.removeprefix(PREFIX)
    if parts.scheme or parts.netloc or not parts.path.startswith(PREFIX) or slug not in topics():
        raise BadQuery([allowed], {})
    query = PageQuery.of(items)
    experiment = Experiment.of(topics()[slug], query.items)
    return experiment, query.holding(pinned(experiment, query)).shown("")


def place_of(address: str) -> Place:
    """The place of a page's address, in canonical form: kept runs stay, how the teacher's page is shown does not."""
    experiment, query = experiment_at(address)
    return Place(query.url(experiment), experiment.stream_url)


def guess_at(address: str) -> Guess:
    """The guess that an address asks, as `app.experiment.guess_url` makes it.

    Raises BadQuery for any other address, that of a sketch too, since lines cannot be counted.
    """
    experiment, _ = experiment_at(address, "guess")
    asked = urlsplit(address).fragment
    for guess in experiment.demo.guesses:
        if isinstance(guess, Guess) and asked == f"{ASKED}{guess.name}":
            return guess
    raise BadQuery(
        [FieldError("guess", address, "the address of a guess with answers to choose, as /topics/NAME#guess=GUESS")], {}
    )
