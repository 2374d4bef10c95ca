"""Ask a station to make cases, from a process with threads: start it, ask it, hear its answers.

The surprising rule: no answer is an error here. A station that is gone or cannot do the work
says so in a message like any other, and whoever keeps the ledger decides.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from policybook.batch.frames import framed, frames, message

LOST = message({"lost": "its worker was lost"})
"""The answer of a station that is gone; another may make the case."""


class Post:
    """One station and the cases it was asked for; several threads may ask."""

    def __init__(self, folder: Path, workers: int) -> None:
        """Start a station for the parcel laid out in a folder; it gets ready while others go on."""
        command = [
            sys.executable,
            "-P",
            "-m",
            "policybook.batch.station",
            str(folder),
            str(workers),
        ]
        # A session of its own, for Ctrl-C is meant for who asks.
        self._station = subprocess.Popen(  # noqa: S603  (our own program)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._asked: dict[int, Future[bytes]] = {}
        self._final = b""
        self._reader = threading.Thread(target=self._hear, daemon=True)
        self._reader.start()

    @property
    def gone(self) -> bool:
        """Tell whether the station has ended."""
        return bool(self._final)

    def ask(self, what: bytes) -> Future[bytes]:
        """Ask for a case; the answer comes in time, `LOST` where the station ends before."""
        answer: Future[bytes] = Future()
        with self._lock:
            if self._final:
                answer.set_result(self._final)
                return answer
            number = next(self._numbers)
            self._asked[number] = answer
            assert self._station.stdin is not None
            with suppress(OSError):  # it is gone; the reader will say so
                self._station.stdin.write(framed(number, what))
                self._station.stdin.flush()
        return answer

    def close(self) -> None:
        """Let the station end, and wait until it has."""
        with suppress(OSError):
            if self._station.stdin:
                self._station.stdin.close()
        self._reader.join()

    def _hear(self) -> None:
        """Take the station's answers until it ends."""
        assert self._station.stdout is not None
        received, final = bytearray(), LOST
        while part := self._station.stdout.read1(1 << 20):  # type: ignore[attr-defined]
            received += part
            for number, answer in frames(received):
                if number:
                    self._asked.pop(number).set_result(answer)
                else:
                    final = answer
        self._station.stdout.close()
        self._station.wait()
        with self._lock:
            self._final = final
        for asked in self._asked.values():
            asked.set_result(final)
