"""Many viewers at once, in a process of their own that gives way: as if on other machines, whose time is not the server's."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor


def watched_by(many: int, port: int, path: str) -> Counter[bytes]:
    """The whole stream as `many` viewers got it who all came in the same moment, and how many got just that."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, os.nice, (10,)) as pool:
        return pool.submit(_watched_by, many, port, path).result(120)


def _watched_by(many: int, port: int, path: str) -> Counter[bytes]:
    async def watch() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())  # 1.0: a body without chunks
        try:
            return (await reader.read(-1)).partition(b"\r\n\r\n")[2]
        finally:
            writer.close()

    async def all_of_them() -> list[bytes]:
        return await asyncio.gather(*(watch() for _ in range(many)))

    return Counter(asyncio.run(all_of_them()))
