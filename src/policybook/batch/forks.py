"""Run functions in forked children of this process, each within limits of time and memory.

A child starts with everything its parent has imported, in a few milliseconds, and nothing it does
reaches the parent or another child but the messages it sends. It leads a session of its own;
when it ends, however it ends, every process that it started is ended too.
The surprising rule: fork only from a process without threads of its own at work;
whoever calls this does everything else in the one thread it has.
"""

from __future__ import annotations

import errno
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from policybook.batch import processes

AVAILABLE = hasattr(os, "fork")
"""Whether this system can fork; where it cannot, a kernel of its own runs each notebook."""

GRACE = 3.0
"""Seconds that a child has to stop by itself once its time is over, as after Ctrl-C."""

TICK = 0.05
"""Seconds between two looks at the limits."""

_FINE = b"\0"
"""The last message of a child that did its work to the end."""

Send = Callable[[bytes], None]
"""Sends one message to the parent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: seconds of time, bytes of memory beyond its parent's."""

    seconds: float = float("inf")
    memory: float = float("inf")


@dataclass(slots=True)
class Child:
    """A child: what it works on, what it sent, and, once it has ended, how.

    `stopped` says why this process stopped it: "time", "memory" or "stop"; `ended` how it ended
    by itself, empty where it did its work to the end; `killed` tells that a signal ended it.
    `seconds` are of its processor.
    """

    task: Any
    process: int
    pipe: int
    limits: Limits
    began: float
    baseline: int = 0
    peak: int = 0
    sent: bytearray = field(default_factory=bytearray)
    closed: bool = False
    deadline: float = float("inf")
    stopped: str = ""
    ended: str = ""
    killed: bool = False
    seconds: float = 0.0

    @property
    def messages(self) -> list[bytes]:
        """Everything it sent, the end mark left out; a message that was cut off is left out too."""
        found, at = [], 0
        while at + 8 <= len(self.sent):
            size = int.from_bytes(self.sent[at : at + 8], "big")
            if at + 8 + size > len(self.sent):
                break
            found.append(bytes(self.sent[at + 8 : at + 8 + size]))
            at += 8 + size
        return found[:-1] if found and found[-1] == _FINE else found


class Children:
    """The children of this process that are at work."""

    def __init__(self) -> None:
        """Begin without any; orphans of children come to this process until it closes."""
        self._running: dict[int, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._heard: dict[int, Callable[[], None]] = {}
        self._adopted = processes.adopts_orphans()
        processes.adopt_orphans()
        self._others = set(processes.children())

    def __len__(self) -> int:
        """Return how many are at work."""
        return len(self._running)

    def start(self, task: Any, job: Callable[[Send], None], limits: Limits = Limits()) -> None:  # noqa: ANN401  (whatever the caller calls it)
        """Fork a child that does a job; `task` is handed back when it has ended. OSError as `os.fork`."""
        read, write = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError:
            os.close(read)
            os.close(write)
            raise
        if process == 0:
            _work(job, write, parent)
        os.close(write)
        os.set_blocking(read, False)
        now = time.monotonic()
        child = Child(task, process, read, limits, now, deadline=now + limits.seconds)
        child.baseline = processes.memory(os.getpid())
        self._running[process] = child
        self._selector.register(read, selectors.EVENT_READ, child)

    def spare(self, process: int) -> None:
        """Leave a child alone that another part of this program looks after."""
        self._others.add(process)

    def hear(self, file: int, heard: Callable[[], None]) -> None:
        """Call a function whenever there is something to read from a file, while waiting."""
        self._heard[file] = heard
        self._selector.register(file, selectors.EVENT_READ, None)

    def deafen(self, file: int) -> None:
        """Hear a file no longer."""
        if self._heard.pop(file, None):
            self._selector.unregister(file)

    def wait(self, seconds: float = TICK) -> Iterator[Child]:
        """Wait a moment at most and yield the children that have ended meanwhile."""
        closing = any(child.closed for child in self._running.values())  # about to end
        for key, _ in self._selector.select(min(seconds, 0.001) if closing else seconds):
            if key.data is None:
                self._heard[int(key.fd)]()
            elif not _drain(key.data):
                key.data.closed = True
                self._selector.unregister(key.fd)
        for child in list(self._running.values()):
            self._look_after(child)
            if _reap(child):
                self._forget(child)
                yield child

    def stop(self) -> list[Child]:
        """End all children at once and return them."""
        children = list(self._running.values())
        for child in children:
            child.stopped = child.stopped or "stop"
            processes.kill_session(child.process)
            while not _reap(child):
                time.sleep(TICK / 10)
            self._forget(child)
        return children

    def close(self) -> None:
        """End all children; whoever waits for orphans from now on is not this process."""
        self.stop()
        self._selector.close()
        processes.adopt_orphans(adopt=self._adopted)

    def _look_after(self, child: Child) -> None:
        """Hold a child to its limits: over time it is asked to stop, then made to; over memory made to."""
        now = time.monotonic()
        if child.limits.memory < float("inf"):
            child.peak = max(child.peak, processes.tree_memory(child.process) - child.baseline)
            if child.peak > child.limits.memory:
                child.stopped = "memory"
                processes.kill_session(child.process)
        if now >= child.deadline:
            with suppress(ProcessLookupError):
                if child.stopped:
                    processes.kill_session(child.process)
                else:
                    os.kill(child.process, signal.SIGINT)
            child.stopped, child.deadline = child.stopped or "time", now + GRACE

    def _forget(self, child: Child) -> None:
        """Take the rest of what a child sent, and end what it left behind."""
        _drain(child)
        with suppress(KeyError):
            self._selector.unregister(child.pipe)
        os.close(child.pipe)
        del self._running[child.process]
        processes.kill_session(child.process)
        processes.kill_strays({*self._running, *self._others})


def _drain(child: Child) -> bool:
    """Take what a child has sent so far; False once its end is closed."""
    while True:
        try:
            part = os.read(child.pipe, 1 << 20)
        except BlockingIOError:
            return True
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
            return False
        if not part:
            return False
        child.sent += part


def _reap(child: Child) -> bool:
    """Tell whether a child has ended, and note how."""
    process, status, usage = os.wait4(child.process, os.WNOHANG)
    if not process:
        return False
    _drain(child)
    child.seconds = usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    child.killed = code < 0
    if code == 0 and child.sent.endswith(len(_FINE).to_bytes(8, "big") + _FINE):
        child.ended = ""
    elif code < 0:
        child.ended = f"its process was killed by {signal.Signals(-code).name}"
    else:
        child.ended = f"its process ended with exit code {code}"
    return True


def _work(job: Callable[[Send], None], pipe: int, parent: int) -> NoReturn:
    """Do the job in the child and leave without a trace: no handlers, no buffers of the parent."""
    code = 1
    try:
        processes.settle(parent, keep=pipe)

        def send(message: bytes) -> None:
            """Send one message, however long."""
            data = memoryview(len(message).to_bytes(8, "big") + message)
            while data:
                data = data[os.write(pipe, data) :]

        job(send)
        send(_FINE)
        code = 0
    except BaseException:  # noqa: BLE001  (nothing may run on in a copy of the parent)
        with suppress(BaseException):
            traceback.print_exc()
    finally:
        os._exit(code)
