"""Every claim's counter-proof: the phenomenon switched off, so that the number that is measured misses the claim's threshold.

One module a topic, named as the topic's own and found by itself, with a list `MUTATIONS`. `tests/topics/test_mutations.py` makes
the mutated runs, and wants each claim of each demo to be missed by one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from app.topic import Claim

Patch = Callable[[pytest.MonkeyPatch], None]


def untouched(_patch: pytest.MonkeyPatch) -> None:
    """The patch of a mutation that needs other values only."""


@dataclass(frozen=True)
class Mutation:
    """A demo without what it shows.

    `what`: the sentence that is true of the mutated run. `misses`: the claims that must fail then, each by its measure, or by how
    its text begins where two share one. `values`: parameters other than the defaults, off the claims' ground perhaps. `patch`:
    what is changed in the demo's own modules, or in the engine, while it runs; it never touches a claim.
    """

    demo: str
    what: str
    misses: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    patch: Patch = untouched

    def concerns(self, claim: Claim) -> bool:
        """Whether `misses` names this claim."""
        return any(name == claim.measure or claim.text.startswith(name) for name in self.misses)


def mutations() -> dict[str, list[Mutation]]:
    """Slug -> its mutations."""
    names = [module.name for module in iter_modules(__path__)]
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}").MUTATIONS for name in names}
