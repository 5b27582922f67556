"""A way to a broker that can be cut in the middle: what a partition of the network looks like from either side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

PIECE = 1 << 16


class Wire:
    """A TCP proxy. What is held gets through once it is mended, unless the connection was dropped."""

    def __init__(self, url: str) -> None:
        self._broker = urlsplit(url)
        self._whole = asyncio.Event()
        self._whole.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self.connections = 0
        """How many there have been."""

    async def lay(self) -> str:
        """Opens it; the broker's address by this way."""
        self.server = await asyncio.start_server(self._passed_on, "127.0.0.1", 0)
        port = self.server.sockets[0].getsockname()[1]
        return self._broker._replace(netloc=f"{self._broker.netloc.rpartition(':')[0]}:{port}").geturl()

    def hold(self) -> None:
        """Nothing gets through in either direction, and nobody is told: the network is in two parts."""
        self._whole.clear()

    def mend(self) -> None:
        """All gets through again."""
        self._whole.set()

    def drop(self) -> None:
        """The connections that there are break; new ones may be made."""
        for end in self._ends:
            end.transport.abort()

    def say(self, line: bytes) -> None:
        """To those who are connected, as if the broker said so."""
        for end in self._ends:
            end.write(line + b"\r\n")

    async def _passed_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(self._broker.hostname, self._broker.port)
        except OSError:
            writer.transport.abort()
            return
        self._ends.add(writer)
        self.connections += 1
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        self._ends.discard(writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await self._whole.wait()
                writer.write(piece)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A way to the broker at `url`, and its address by this way."""
    laid = Wire(url)
    address = await laid.lay()
    try:
        yield laid, address
    finally:
        laid.mend()
        laid.drop()
        laid.server.close()
