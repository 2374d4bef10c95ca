"""Read zip archives within limits and without unpacking; write them with nothing that varies.

The surprising rule: a member is read up to its limit whatever its header says, and one whose name
climbs out of the archive is never opened.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from policybook.exchange.losses import Losses, refusal

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 300_000_000
LARGEST = 1_000_000_000
"""Members, bytes of one unpacked, and bytes of all that are read from one archive."""

UNPACKED, TIMES = 10_000_000, 200
"""Bytes that any member may unpack to, and times its packed size that a larger one may: text and XML
become twenty times smaller, and only what was made to be a trap a thousand times."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
            ValueError, OverflowError)  # fmt: skip
"""What `zipfile` raises for archives that are cut short, encrypted or made up."""


class Archive:
    """A zip archive: its names, and the bytes of a member as long as they stay within limits."""

    def __init__(self, path: Path, losses: Losses) -> None:
        """Open an archive. Raises `ExchangeError` where it is none, or has too many members."""
        self.file, self._losses, self._left = path.name, losses, LARGEST
        try:
            self._zip, self._size = zipfile.ZipFile(path), path.stat().st_size
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            raise refusal(self.file, "unreadable", message) from None
        except _DAMAGED as error:
            hint = "It is damaged or was cut short: export it again."
            message = f"is no zip archive: {error}"
            raise refusal(self.file, "archive-damaged", message, hint=hint) from None
        names = self._zip.namelist()
        if len(names) > MOST_MEMBERS:
            message = f"has {len(names):,} members, at most {MOST_MEMBERS:,} are read"
            raise refusal(self.file, "archive-crowded", message)
        self._names: dict[str, str] = {}
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        """Note a member, unless its name climbs out or is taken."""
        if _climbs(name):
            what = f"the member “{name}” climbs out of the archive: it was not opened"
            self._losses.dropped(self.file, what)
        elif name.lower() in self._names:
            self._losses.dropped(self.file, f"the name “{name}” is there twice: one was read")
        else:
            self._names[name.lower()] = name

    def names(self) -> list[str]:
        """Return the names of the members that may be read."""
        return list(self._names.values())

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a member by its name in any case; None where there is none such.

        Raises `ExchangeError` where it is damaged, or larger than what is read.
        """
        known = self._names.get(name.lower())
        if known is None:
            return None
        size = min(self._zip.getinfo(known).compress_size, self._size)
        limit = min(LARGEST_MEMBER, self._left, max(UNPACKED, TIMES * size))
        try:
            with self._zip.open(known) as member:
                data = member.read(limit + 1)
        except _DAMAGED as error:
            message = f"its member “{known}” cannot be read: {error}"
            raise refusal(self.file, "archive-damaged", message) from None
        if len(data) > limit:
            message = f"its member “{known}” unpacks to more than {limit:,} bytes"
            hint = "So small a file that grows so large is a trap: do not trust it."
            raise refusal(self.file, "archive-bomb", message, hint=hint)
        self._left -= len(data)
        return data


def _climbs(name: str) -> bool:
    """Tell whether a name would lead out of the folder an archive is unpacked in."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files that is the same every time: stored, and of one date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, data)
    return stream.getvalue()
