"""What processes of a batch say to each other over a pipe: one frame a message.

A frame is a number, the message's length, and the message: a JSON object and, behind it, files.
The surprising rule: nothing here is ever unpickled, so a message can hold nothing but data.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = struct.Struct(">QQ")
"""The number of a message and its length, before it."""


def framed(number: int, message: bytes) -> bytes:
    """Return a message as a frame."""
    return _HEAD.pack(number, len(message)) + message


def frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take every whole frame out of what was received so far: its number, its message."""
    while len(received) >= _HEAD.size:
        number, size = _HEAD.unpack_from(received)
        end = _HEAD.size + size
        if len(received) < end:
            return
        message = bytes(received[_HEAD.size : end])
        del received[:end]
        yield number, message


def message(head: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """Return an object, and files by their names, as one message.

    >>> read(message({"case": "a"}, {"a.html": b"<p>"}))
    ({'case': 'a'}, {'a.html': b'<p>'})
    """
    files = files or {}
    sizes = {name: len(data) for name, data in files.items()}
    told = json.dumps([dict(head), sizes]).encode()
    return b"".join([struct.pack(">Q", len(told)), told, *files.values()])


def read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the object and the files of a message."""
    at = 8 + int.from_bytes(data[:8], "big")
    head, sizes = json.loads(data[8:at])
    files = {}
    for name, size in sizes.items():
        files[name], at = data[at : at + size], at + size
    return head, files
