"""Compressed copies: made once, made again when the original is newer, and not missed where nothing may be written; streams."""

from __future__ import annotations

import asyncio
import gzip
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.compression import Compressed, compress_ahead
from app.piecewise import MOST_STREAMS

TEXT = b"const answer = 42;\n" * 200


def test_a_copy_is_made_once_and_again_when_the_original_is_newer(tmp_path: Path) -> None:
    script, *copies = tmp_path / "a.js", tmp_path / "a.js.br", tmp_path / "a.js.gz"
    script.write_bytes(TEXT)
    assert compress_ahead(tmp_path) == copies
    assert brotli.decompress(copies[0].read_bytes()) == gzip.decompress(copies[1].read_bytes()) == TEXT
    assert compress_ahead(tmp_path) == []
    newer = copies[1].stat().st_mtime_ns + 1_000_000
    os.utime(script, ns=(newer, newer))
    assert compress_ahead(tmp_path) == copies


def test_what_is_small_or_compressed_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "small.css").write_bytes(b"a {}")
    (tmp_path / "font.woff2").write_bytes(TEXT)
    assert compress_ahead(tmp_path) == []


def test_a_disk_that_is_read_only_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> int:
        raise OSError

    (tmp_path / "a.js").write_bytes(TEXT)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert compress_ahead(tmp_path) == []


def test_the_copy_of_a_file_that_became_small_is_taken_away(tmp_path: Path) -> None:
    script = tmp_path / "a.js"
    script.write_bytes(TEXT)
    assert len(compress_ahead(tmp_path)) == 2
    script.write_bytes(b"const answer = 43;\n")
    assert compress_ahead(tmp_path) == []
    assert list(tmp_path.iterdir()) == [script]


KIND = (b"content-type", b"text/event-stream; charset=utf-8")
MESSAGES = [f"event: frame\ndata: {number}\n\n".encode() * 9 for number in range(3)]


def streamed(coding: str, viewers: int = 1) -> list[list[Message]]:
    """What each of many viewers, all there at a time, is sent of a stream of three messages."""
    sent: list[list[Message]] = [[] for _ in range(viewers)]

    async def watch_all() -> None:
        last = asyncio.Barrier(viewers)

        async def run(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [KIND]})
            for message in MESSAGES:
                await send({"type": "http.response.body", "body": message, "more_body": True})
            await last.wait()
            await send({"type": "http.response.body", "body": b""})

        app = Compressed(run)
        scope = {"type": "http", "headers": [(b"accept-encoding", coding.encode())]}

        async def watch(seen: list[Message]) -> None:
            async def send(message: Message) -> None:
                seen.append(message)

            await app(scope, no_request, send)

        await asyncio.gather(*(watch(seen) for seen in sent))

    asyncio.run(watch_all())
    return sent


async def no_request() -> Message:
    return {"type": "http.request"}


def brotli_reader() -> Callable[[bytes], bytes]:
    return brotli.Decompressor().process  # type: ignore[no-any-return]  # it ships no types


@pytest.mark.parametrize(
    ("coding", "reader"),
    [("br", brotli_reader), ("gzip", lambda: zlib.decompressobj(31).decompress), ("identity", lambda: bytes)],
)
def test_each_message_of_a_stream_can_be_read_as_soon_as_it_is_sent(
    coding: str, reader: Callable[[], Callable[[bytes], bytes]]
) -> None:
    ((head, *pieces),) = streamed(coding)
    read = reader()
    assert [read(piece["body"]) for piece in pieces] == [*MESSAGES, b""]
    said = dict(head["headers"])
    assert said[b"vary"] == b"Accept-Encoding"
    assert said.get(b"content-encoding", b"identity").decode() == coding


def test_a_crowd_is_not_compressed_for_beyond_what_memory_it_may_cost() -> None:
    heads = [dict(messages[0]["headers"]) for messages in streamed("br", MOST_STREAMS + 5)]
    assert sum(b"content-encoding" in said for said in heads) == MOST_STREAMS
