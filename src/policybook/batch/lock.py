"""One batch a folder: the second says who holds it.

The surprising rule: the lock is the system's, held by an open file, so it ends with the process
that holds it, however it ends; what the file says is only for people to read.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from policybook.problems import PolicybookError, Problem, printable

try:
    import fcntl
except ImportError:  # Windows: two batches into one folder are not noticed there
    fcntl = None  # type: ignore[assignment]

NAME = ".policybook"
"""The folder within the output folder that holds what readers need not see."""


@contextmanager
def held(out: Path) -> Iterator[Path]:
    """Hold an output folder and yield the place for a batch's own files within it.

    Raises `PolicybookError` that says who holds it where another batch does.
    """
    own = out / NAME
    own.mkdir(parents=True, exist_ok=True)
    with (own / "lock").open("a+", encoding="utf-8") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise taken(out, file.read()) from None
        file.seek(0)
        file.truncate()
        with suppress(OSError):  # a full disk stops the first page, with a clearer error
            file.write(f"process {os.getpid()} on {socket.gethostname()}")
            file.flush()
        yield own


def taken(out: Path | str, who: str) -> PolicybookError:
    """Return the error of a folder that another batch writes to."""
    hint = "Wait until it has ended, or name another folder with --out."
    evidence = (("held by", printable(who) or "somebody"),)
    message = "another batch is writing into this folder"
    return PolicybookError([Problem(str(out), None, None, "held", message, evidence, hint)])
