"""Compression of streams piece by piece: each can be read as soon as it is here, and is coded with what came before in mind.

The frames of a run say nearly the same again and again: by this a run weighs a third to a tenth. It takes the processor 10 ms a
megabyte, which is why the strengths are low.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli

PieceCoder = Callable[[bytes, bool], bytes]
"""Codes the next piece of a stream; True says that it is the last."""

WINDOW = 14
"""log2 of the bytes kept in mind: a few frames. With Brotli's own 22 a viewer would cost twice the memory, for nothing."""


def _brotli() -> PieceCoder:
    coder = brotli.Compressor(quality=2, lgwin=WINDOW)
    return lambda piece, last: coder.process(piece) + (coder.finish() if last else coder.flush())


def _gzip() -> PieceCoder:
    coder = zlib.compressobj(1, zlib.DEFLATED, 16 + WINDOW, memLevel=7)
    return lambda piece, last: coder.compress(piece) + coder.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


PIECE_CODERS: dict[str, Callable[[], PieceCoder]] = {"br": _brotli, "gzip": _gzip}
"""Coding -> a coder for one stream."""
MOST_STREAMS = 250
"""So many streams are compressed at a time, some 80 MiB of coders; of a larger crowd the rest come as they are."""
