"""The address of a cluster's scheduler: whether it is one, and whether anybody is there.

The surprising rule: this knows nothing of Dask, so that a wrong address is told at once.
"""

from __future__ import annotations

import re
import socket

from policybook.problems import PolicybookError, Problem, printable, quoted

PATIENCE = 4.0
"""Seconds within which a scheduler must answer."""

START = "Start one: dask scheduler. Then workers: dask worker ADDRESS."

_ADDRESS = re.compile(
    r"(?:tcp|tls)://(?:\[(?P<v6>[\da-fA-F:]+)\]|(?P<host>[\w.\-]+)):(?P<port>\d{1,5})"
)


def knock(address: str) -> None:
    """Raise `PolicybookError` where an address is none of a scheduler, or nobody is there."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        hint = "Write tcp://, the scheduler's machine, a colon, and its port."
        raise wrong(address, f"{quoted(address)} is no address of a scheduler", hint)
    try:
        place = (found["v6"] or found["host"], int(found["port"]))
        socket.create_connection(place, timeout=PATIENCE).close()
    except (OSError, OverflowError, UnicodeError) as error:
        said = printable(getattr(error, "strerror", None) or str(error))
        raise wrong(address, f"no scheduler answers: {said}", START) from None


def wrong(place: str, what: str, hint: str) -> PolicybookError:
    """Return the error of a cluster that cannot be used."""
    return PolicybookError([Problem(printable(place), None, None, "cluster", what, (), hint)])
