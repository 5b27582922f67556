"""How often one address may try: wrong codes, and new rooms. A bucket of tries an address, which fills again with time.

Addresses are those of `app.budgets.Client`, which counts what is asked; here it is what was wrong.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 4096
"""Of which the tries are known, those that tried last."""


class Tries:
    """`most` tries at once, and one more every `seconds`."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address -> tries spent, and when that was so

    def wait_for(self, address: str) -> int:
        """Seconds until this address may try again; 0 when it may now."""
        spent = self._spent_by(address)
        return max(0, int((spent - self._most + 1) * self._seconds + 0.999))

    def spend(self, address: str) -> None:
        """Counts one try."""
        self._spent[address] = (self._spent_by(address) + 1, self._clock())
        self._spent.move_to_end(address)
        while len(self._spent) > MOST_ADDRESSES:
            self._spent.popitem(last=False)

    def _spent_by(self, address: str) -> float:
        """What is left of what it spent, some of which has come back since."""
        spent, since = self._spent.get(address, (0.0, 0.0))
        return max(0.0, spent - (self._clock() - since) / self._seconds)
