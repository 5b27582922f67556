"""How much is tried at random: little and always the same in `make test`, FUZZ times as much and ever new in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

FUZZ = int(os.environ.get("FUZZ", "0"))
"""0 in `make test`."""

settings.register_profile("ours", derandomize=not FUZZ, deadline=None)
settings.load_profile("ours")  # before any test is read: what `settings` leaves unsaid is taken from it then and there


def tried(examples: int) -> settings:
    """So many examples. None is made smaller when it fails: each asks a server or makes a run, and says itself what it was."""
    return settings(
        max_examples=examples * max(1, FUZZ),
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
