"""Values to bytes: what a snapshot, a figure or an ending looks like on the wire, and back to plain numbers for exports.

Runs inside the worker, once a frame; the server and all viewers only pass the bytes on. Arrays become Plotly typed arrays of the
smallest honest type, numbers that are not finite become null, and a message is a whole server-sent event.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

INTEGERS = ("u1", "i1", "u2", "i2", "u4", "i4")
"""Plotly's integer types, smallest first; unsigned before signed, since most counts are."""


def encode(value: Any) -> Any:
    """Plain JSON values out of a nest of mappings, sequences, numbers and arrays."""
    if isinstance(value, np.ndarray):
        return typed(value) if value.ndim else number(value.item())
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return number(value)


def number(value: Any) -> Any:
    """Six significant digits, as the engine's float32 has hardly more; null when not finite; anything else as it is."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def typed(array: np.ndarray[Any, Any]) -> Any:
    """`{"dtype", "bdata", "shape"}`, shape only in two dimensions and more; nested lists when there is a gap or text in it."""
    if array.dtype.kind in "biu":
        small = array.astype(_smallest(array))
    elif array.dtype.kind == "f" and np.isfinite(array).all() and np.abs(array).max(initial=0) < 3e38:
        small = array.astype("<f4")
    else:
        return encode(array.tolist())
    said = {"dtype": small.dtype.str[1:], "bdata": base64.b64encode(small.tobytes()).decode()}
    return said if array.ndim == 1 else said | {"shape": ", ".join(str(size) for size in array.shape)}


def _smallest(array: np.ndarray[Any, Any]) -> np.dtype[Any]:
    low, high = int(array.min(initial=0)), int(array.max(initial=0))
    for name in INTEGERS:
        limits = np.iinfo(name)
        if limits.min <= low and high <= limits.max:
            return np.dtype("<" + name)
    return np.dtype("<f8")


def plain(value: Any) -> Any:
    """The inverse for exports: typed arrays as NumPy arrays (which `dumps_plain` writes as lists), the rest as it is."""
    if isinstance(value, dict):
        if "bdata" in value and "dtype" in value:
            return _array(value)
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _array(said: dict[str, str]) -> np.ndarray[Any, Any]:
    flat = np.frombuffer(base64.b64decode(said["bdata"]), dtype="<" + said["dtype"])
    return flat.reshape([int(size) for size in said["shape"].split(",")]) if "shape" in said else flat


def dumps_plain(value: Any) -> bytes:
    """JSON with plain numbers: no base64, no NaN."""
    return orjson.dumps(plain(value), option=orjson.OPT_SERIALIZE_NUMPY)


def message(event: str, payload: Any, identifier: str | int | None = None) -> bytes:
    """One server-sent event. `payload` must be plain; orjson refuses what is not."""
    head = f"event: {event}\n" + (f"id: {identifier}\n" if identifier is not None else "")
    return head.encode() + b"data: " + orjson.dumps(payload) + b"\n\n"


def read(sent: bytes) -> tuple[str, Any]:
    """Event name and payload of a message made by `message`."""
    head, _, data = sent.partition(b"data: ")
    return head.split(b"\n", 1)[0].removeprefix(b"event: ").decode(), orjson.loads(data)
