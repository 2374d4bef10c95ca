"""Charts become pictures in long-lived processes beside the forks.

The surprising rule: they are a help, never a need. What they do not draw, for it cannot be drawn
because it takes too long, or because one of them died, is left to whoever makes the page.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from policybook.batch import processes
from policybook.batch.forks import Children, Limits

KEPT = 256
"""Pictures that are kept for the next page that shows the same."""

LIVES = 3
"""How often in a row drawing processes are started again that died with nothing drawn."""

Done = Callable[[str, str, float], None]
"""Takes a specification, its drawing (see `pictures.draw`) as JSON, empty where there is none,
and the seconds of the processor that it took now."""


@dataclass
class _Drawer:
    """One drawing process: the line to it, what it draws now, what it has sent so far."""

    process: int
    line: socket.socket
    spec: str = ""
    began: float = 0.0
    baseline: int = 0
    sent: bytearray = field(default_factory=bytearray)


class Drawing:
    """Draws charts in some processes; answers come while their `Children` are waited for."""

    def __init__(self, children: Children, number: int, *, limits: Limits, live: bool) -> None:
        """Start the processes; each loads its engine when it first draws.

        `limits` are of one chart; `live` is what the pages will be.
        """
        self._children, self._limits, self._live = children, limits, live
        self._idle: list[_Drawer] = []
        self._all: list[_Drawer] = []
        self._known: OrderedDict[str, str] = OrderedDict()
        self._wanted: dict[str, list[Done]] = {}
        self._waiting: deque[str] = deque()
        self._lives = LIVES
        for _ in range(number):
            self._start()

    def ask(self, spec: str, done: Done) -> None:
        """Have a chart drawn, or have it from memory; `done` is told, perhaps at once."""
        if spec in self._known:
            self._known.move_to_end(spec)
            done(spec, self._known[spec], 0.0)
        elif not self._all:
            done(spec, "", 0.0)
        elif spec in self._wanted:
            self._wanted[spec].append(done)
        else:
            self._wanted[spec] = [done]
            self._waiting.append(spec)
            self._next()

    def look_after(self) -> None:
        """Do without processes that draw beyond the limits."""
        for drawer in [one for one in self._all if one.spec]:
            grown = processes.memory(drawer.process) - drawer.baseline
            late = time.monotonic() - drawer.began > self._limits.seconds
            if late or grown > self._limits.memory:
                self._died(drawer)

    def stop(self) -> None:
        """End the processes."""
        for drawer in list(self._all):
            self._end(drawer)

    def _start(self) -> None:
        """Start one process."""
        mine, its = socket.socketpair()
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            _serve(its, parent, live=self._live)
        its.close()
        drawer = _Drawer(process, mine)
        self._children.spare(process)
        self._children.hear(mine.fileno(), lambda: self._heard(drawer))
        self._all.append(drawer)
        self._idle.append(drawer)

    def _next(self) -> None:
        """Give what waits to whoever is idle."""
        while self._waiting and self._idle:
            drawer = self._idle.pop()
            drawer.spec, drawer.began = self._waiting.popleft(), time.monotonic()
            drawer.baseline = processes.memory(drawer.process)
            try:
                _send(drawer.line, drawer.spec)
            except OSError:
                self._died(drawer)

    def _heard(self, drawer: _Drawer) -> None:
        """Take what a process has sent."""
        part = b""
        with suppress(OSError):
            part = drawer.line.recv(1 << 20)
        drawer.sent += part
        if not part:
            self._died(drawer)
        elif len(drawer.sent) >= 4 and len(drawer.sent) >= 4 + _size(drawer.sent):  # noqa: PLR2004
            seconds, _, picture = bytes(drawer.sent[4:]).decode().partition(" ")
            spec, drawer.spec, self._lives = drawer.spec, "", LIVES
            drawer.sent.clear()
            self._idle.append(drawer)
            self._tell(spec, picture, float(seconds))
            self._next()

    def _tell(self, spec: str, picture: str, seconds: float = 0.0) -> None:
        """Keep a picture and hand it to all who want it; the first of them is told what it cost."""
        self._known[spec] = picture
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        for done in self._wanted.pop(spec, []):
            done(spec, picture, seconds)
            seconds = 0.0

    def _died(self, drawer: _Drawer) -> None:
        """Do without a process, or start another in its place; its chart is left to the page."""
        self._end(drawer)
        if drawer.spec:
            self._tell(drawer.spec, "")
        if self._lives:
            self._lives -= 1
            self._start()
        if self._all:
            self._next()
        while self._waiting and not self._all:
            self._tell(self._waiting.popleft(), "")

    def _end(self, drawer: _Drawer) -> None:
        """End a process and forget it."""
        self._children.deafen(drawer.line.fileno())
        drawer.line.close()
        self._all.remove(drawer)
        if drawer in self._idle:
            self._idle.remove(drawer)
        processes.kill_session(drawer.process)
        with suppress(ChildProcessError):
            os.waitpid(drawer.process, 0)


def _serve(line: socket.socket, parent: int, *, live: bool) -> None:
    """Draw what is asked for until the line is closed; never returns."""
    try:
        processes.settle(parent, keep=line.fileno())
        from policybook.briefing.pictures import draw  # noqa: PLC0415  (starts an engine)

        while spec := _receive(line):
            began, picture = time.process_time(), ""
            with suppress(ValueError):  # the page says so, in its own words
                picture = json.dumps(draw(spec, live=live))
            _send(line, f"{time.process_time() - began:.4f} {picture}")
    finally:
        os._exit(0)


def _send(line: socket.socket, text: str) -> None:
    """Send one text, its length before it."""
    data = text.encode("utf-8", "surrogatepass")
    line.sendall(struct.pack(">I", len(data)) + data)


def _receive(line: socket.socket) -> str:
    """Return the next text, an empty one where the line is closed."""
    head = line.recv(4, socket.MSG_WAITALL)
    return line.recv(_size(head), socket.MSG_WAITALL).decode() if len(head) == 4 else ""  # noqa: PLR2004


def _size(head: bytes | bytearray) -> int:
    """Return the length that stands before a text."""
    return int(struct.unpack(">I", head[:4])[0])
