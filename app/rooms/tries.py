"""How often one address may try: wrong codes, and new rooms. A bucket of tries an address, which fills again with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

MOST_ADDRESSES = 4096
"""Of which the tries are known, those that tried last."""
NETWORK_BITS = 64
"""What one house has of IPv6 addresses is told by as many bits as these (RFC 6177)."""


class Tries:
    """`most` tries at once, and one more every `seconds`."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address -> tries spent, and when that was so

    def wait_for(self, address: str) -> int:
        """Seconds until this address may try again; 0 when it may now."""
        spent = self._spent_by(house_of(address))
        return max(0, int((spent - self._most + 1) * self._seconds + 0.999))

    def spend(self, address: str) -> None:
        """Counts one try."""
        house = house_of(address)
        self._spent[house] = (self._spent_by(house) + 1, self._clock())
        self._spent.move_to_end(house)
        while len(self._spent) > MOST_ADDRESSES:
            self._spent.popitem(last=False)

    def _spent_by(self, house: str) -> float:
        """What is left of what it spent, some of which has come back since."""
        spent, since = self._spent.get(house, (0.0, 0.0))
        return max(0.0, spent - (self._clock() - since) / self._seconds)


def house_of(address: str) -> str:
    """An address, or for IPv6 the network that one house has, whose every address is the same visitor's."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, NETWORK_BITS), strict=False))
