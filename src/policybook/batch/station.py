"""Make the cases that are asked for through a pipe, in forks of this process, as a batch does.

Started as a program of its own by whoever has threads and must not fork: a worker of a cluster,
or a batch that writes to a store. The surprising rule: it lives as long as its pipe, so whatever
becomes of the one who asked, nothing of it stays.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from policybook.batch import forks, parcel
from policybook.batch.frames import framed, frames, message, read
from policybook.batch.plan import Case
from policybook.batch.run import Outcome, Settings, Work, ready
from policybook.problems import PolicybookError, Problem
from policybook.suite import Suite, open_suite

IDLE = 600.0
"""Seconds without a case after which it ends; whoever asks again starts another."""


def main(folder: Path, workers: int) -> None:
    """Serve the parcel laid out in a folder, through standard input and output."""
    asked, told = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for own in (0, 1):  # a notebook's own; what it says there is no message
        os.dup2(nowhere, own)

    def tell(number: int, what: bytes) -> None:
        """Send one message."""
        data = memoryview(framed(number, what))
        while data:
            data = data[os.write(told, data) :]

    try:
        with tempfile.TemporaryDirectory(prefix="policybook-", ignore_cleanup_errors=True) as place:
            _Desk(*_opened(folder), Path(place), tell).serve(asked, workers)
    except BrokenPipeError:  # nobody listens any more
        return
    except PolicybookError as error:
        first = error.problems[0]
        tell(0, message({"unfit": first.message, "where": first.file, "hint": first.hint}))


def _opened(folder: Path) -> tuple[Suite, Settings]:
    """Return the suite and the settings of a parcel; `PolicybookError` where they are not as packed."""
    from policybook.batch.changes import environment  # noqa: PLC0415  (hashes what is installed)

    settings, state, versions = parcel.settings(folder)
    if not forks.AVAILABLE:
        raise _unfit("cannot fork", "Use machines with Linux or macOS.")
    if environment() != versions:
        message = "has other versions of Python, of policybook or of what it uses than this machine"
        raise _unfit(message, "Install from the same lock on all of them.")
    suite = open_suite(folder / parcel.SUITE)
    suite.load()
    if suite.fingerprint() != state:
        raise _unfit("got another suite than was opened", "Begin again when nobody writes it.")
    return suite, settings


def _unfit(what: str, hint: str) -> PolicybookError:
    """Return the error of a process that cannot make what is asked of it."""
    return PolicybookError(
        [Problem(f"worker on {socket.gethostname()}", None, None, "cluster", what, (), hint)]
    )


class _Desk(Work):
    """The cases asked for: each is made in this process's forks, and its files are handed back."""

    def __init__(
        self, suite: Suite, settings: Settings, place: Path, tell: Callable[[int, bytes], None]
    ) -> None:
        """Begin with nothing asked."""
        out, scratch = place / "out", place / "scratch"
        out.mkdir()
        scratch.mkdir()
        super().__init__(suite, out, settings, scratch, self._made)
        self.tell, self.asked, self.open_line = tell, bytearray(), True
        self.notebooks = parcel.places(suite.root.parent)
        self.numbers, self.busy = dict[str, int](), time.monotonic()

    def serve(self, line: int, workers: int) -> None:
        """Make what is asked for until the line is closed."""
        ready(self.settings)
        os.set_blocking(line, False)
        self.open(lanes=workers + 1, drawing=workers)
        self.children.hear(line, lambda: self._hear(line))
        try:
            while self.open_line and time.monotonic() - self.busy < IDLE:
                self.turn()
                if self.waiting or self.begun:
                    self.busy = time.monotonic()
        finally:
            self.close()

    def _hear(self, line: int) -> None:
        """Take what is asked for."""
        part = os.read(line, 1 << 16)
        self.open_line = bool(part)
        self.asked += part
        for number, what in frames(self.asked):
            one, _ = read(what)
            notebook = self.notebooks[one["notebook"]]
            self.numbers[one["case"]] = number
            self.waiting.append(Case(one["case"], notebook, one["values"], tuple(one["changed"])))

    def _made(self, outcome: Outcome) -> None:
        """Hand back what came of a case, with its files, which do not stay here."""
        files = {name: self.out / name for name in outcome.outputs}
        head = {
            "failure": outcome.failure, "reads": outcome.reads, "seconds": outcome.seconds,
            "memory": outcome.memory, "attempts": outcome.attempts,
        }  # fmt: skip
        data = {name: path.read_bytes() for name, path in files.items() if path.exists()}
        self.tell(self.numbers.pop(outcome.case.name), message(head, data))
        for path in files.values():
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
