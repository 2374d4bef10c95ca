"""Run functions in forked children of this process, some at a time.

A child starts with everything its parent has imported, in a few milliseconds,
and nothing it does reaches the parent or another child but the text it returns.
The surprising rule: fork only from a process without threads of its own at work;
whoever calls this does everything else in the one thread it has.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

AVAILABLE = hasattr(os, "fork")
"""Whether this system can fork; where it cannot, a kernel of its own runs each notebook."""

_FINE = b"\0"
"""Ends a result that is whole."""


class ChildError(Exception):
    """A child ended without a result; the text says how."""


@dataclass(slots=True)
class _Child:
    """A running child: its place among the jobs, its process, what it has sent so far."""

    place: int
    process: int
    pipe: int
    sent: bytearray = field(default_factory=bytearray)


def run(
    jobs: Sequence[Callable[[], str]], *, workers: int
) -> Iterator[tuple[int, str | ChildError]]:
    """Yield the place and the result of each job as it ends, at most `workers` at a time.

    While the caller works on a result the other children go on. A job that raises, exits
    or is killed yields a `ChildError`.
    """
    waiting, running = list(enumerate(jobs)), dict[int, _Child]()
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    child = _start(*waiting.pop(0))
                    running[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ)
                for key, _ in selector.select():
                    child = running[int(key.fd)]
                    if not _read(child):
                        selector.unregister(child.pipe)
                        del running[child.pipe]
                        yield child.place, _result(child)
        finally:
            _stop(running.values())


def _start(place: int, job: Callable[[], str]) -> _Child:
    """Fork a child that does one job and sends what it returns."""
    read, write = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        os.close(read)
        _work(job, write)
    os.close(write)
    return _Child(place, process, read)


def _work(job: Callable[[], str], pipe: int) -> NoReturn:
    """Do the job in the child and leave without a trace: no handlers, no buffers of the parent."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a batch stops
        with os.fdopen(pipe, "wb") as stream:
            stream.write(job().encode("utf-8", "surrogatepass") + _FINE)
        code = 0
    except BaseException:  # noqa: BLE001  (nothing may run on in a copy of the parent)
        traceback.print_exc()
    finally:
        os._exit(code)


def _read(child: _Child) -> bool:
    """Take what a child has sent; False once it has closed its end."""
    part = os.read(child.pipe, 1 << 20)
    child.sent += part
    return bool(part)


def _result(child: _Child) -> str | ChildError:
    """Return what an ended child sent, or how it ended."""
    os.close(child.pipe)
    _, status = os.waitpid(child.process, 0)
    if child.sent.endswith(_FINE):
        return child.sent[:-1].decode("utf-8", "surrogatepass")
    code = os.waitstatus_to_exitcode(status)
    how = (
        f"was killed by {signal.Signals(-code).name}"
        if code < 0
        else f"ended with exit code {code}"
    )
    return ChildError(f"its process {how}")


def _stop(children: object) -> None:
    """End the children that still run, when the caller stops early."""
    for child in list(children):  # type: ignore[call-overload]
        os.kill(child.process, signal.SIGKILL)
        os.close(child.pipe)
        os.waitpid(child.process, 0)
