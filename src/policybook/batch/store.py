"""A batch whose output folder is a URL: made here, put there, and remembered there.

A process beside the batch does all the putting, for its library has threads, and a process that
has threads must not fork. The surprising rule: a case counts once its own object is in the store;
what was made here and not put there when a run was killed is made again.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from policybook.batch import forks, lock, processes
from policybook.batch.files import write
from policybook.batch.ledger import MANIFEST, Entry, Ledger
from policybook.problems import PolicybookError, Problem, printable

AT_A_TIME = 8
"""Cases that are put at the same time."""

WAITING = 32
"""Cases that wait to be put, at most: they are in memory."""

RENEWED = 20.0
"""Seconds after which the lock is renewed."""


ENDING = 5.0
"""Seconds that the process beside has to let go of the store."""


@contextmanager
def held(url: str) -> Iterator[StoredLedger]:
    """Hold a store and yield what is known of it; `PolicybookError` where it cannot be reached or held.

    The ledger's folder is one of this machine, which lasts as long as the batch.
    """
    store = _Store(url)
    try:
        with tempfile.TemporaryDirectory(prefix="policybook-", ignore_cleanup_errors=True) as name:
            known = store.ask("open", os.getpid())
            own = Path(name) / lock.NAME
            own.mkdir()
            (Path(name) / MANIFEST).write_bytes(known["manifest"])
            (own / "state.json").write_bytes(known["state"])
            lines = [json.dumps(entry) for entry in known["entries"]]
            (own / "journal.jsonl").write_text("\n".join(lines), "utf-8")
            ledger = StoredLedger.read(Path(name), own)
            ledger.store, ledger.whole = store, known["whole"]
            yield ledger
            store.ask("release")
    finally:
        store.close()


@dataclass
class StoredLedger(Ledger):
    """What is known of a store; its folder holds what is on its way there."""

    store: _Store = field(init=False)
    whole: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of every file that is there as it was put."""

    def intact(self, known: Mapping[str, str]) -> bool:
        """Tell whether files are in the store as they were put."""
        return all(self.whole.get(name) == digest for name, digest in known.items())

    def add(self, entry: Entry) -> None:
        """Take an entry; it and its files go to the store, of the page only its beginning stays."""
        from policybook.batch.index import HEAD  # noqa: PLC0415  (pages)

        self.entries[entry.case] = entry
        paths = [self.out / name for name in entry.outputs]
        files = {path.name: path.read_bytes() for path in paths}
        self.store.tell("case", asdict(entry), files)
        for path in paths:
            if path.suffix == ".html":
                os.truncate(path, min(HEAD, path.stat().st_size))
            else:
                path.unlink()

    def keep(self, name: str, text: str) -> str:
        """Write a file that belongs to no case; return its SHA-256."""
        digest = write(self.out / name, text)
        self.store.ask("keep", name, digest, (self.out / name).read_bytes())
        return digest

    def at_hand(self, pages: Sequence[Path]) -> None:
        """Have the beginnings of pages in the folder."""
        from policybook.batch.index import HEAD  # noqa: PLC0415  (pages)

        away = [page.name for page in pages if not page.exists()]
        for name, data in self.store.ask("heads", away, HEAD).items() if away else ():
            (self.out / name).write_bytes(data)

    def finish(self, names: Iterable[str], *, world: str, index: str) -> None:
        """Write the manifest of these cases and what they rest on; the cases' own objects go."""
        super().finish(names, world=world, index=index)
        state = (self.own / "state.json").read_bytes()
        self.store.ask("finish", (self.out / MANIFEST).read_bytes(), state)


class _Store:
    """The process that puts files, and the line to it."""

    def __init__(self, url: str) -> None:
        """Start it."""
        if not hasattr(os, "fork"):
            raise _failed(url, "needs a system that can fork", "Name a folder with --out.")
        self.url = url
        self.line, its = multiprocessing.Pipe()
        parent = os.getpid()
        self.process = os.fork()
        if self.process == 0:
            _serve(its, parent, url)
        its.close()

    def tell(self, what: str, *arguments: object) -> None:
        """Have something done; whether it went well is heard later, at the latest by `ask`."""
        if self.line.poll():
            self._heard()
        self._send(False, what, arguments)

    def ask(self, what: str, *arguments: object) -> Any:  # noqa: ANN401  (as `Remote` answers)
        """Have something done after everything before it, and return the answer."""
        self._send(True, what, arguments)
        return self._heard()

    def _send(self, *message: object) -> None:
        """Send one message."""
        try:
            self.line.send(message)
        except OSError:
            self._heard()  # what it said before it ended

    def _heard(self) -> Any:  # noqa: ANN401  (as `Remote` answers)
        """Return the next answer; `PolicybookError` where it tells of a failure."""
        try:
            how, told = self.line.recv()
        except (EOFError, OSError):
            how, told = "failed", "the process that writes there has ended"
        if how == "held":
            raise lock.taken(self.url, told)
        if how == "failed":
            hint = "Everything put there so far is kept; see to it and call again to go on."
            raise _failed(self.url, f"cannot be used: {printable(told)}", hint)
        return told

    def close(self) -> None:
        """End the process."""
        self.line.close()
        with suppress(ChildProcessError):
            for _ in range(int(ENDING / forks.TICK)):
                if os.waitpid(self.process, os.WNOHANG)[0]:
                    return
                time.sleep(forks.TICK)
            processes.kill_session(self.process)
            os.waitpid(self.process, 0)


def _failed(url: str, what: str, hint: str) -> PolicybookError:
    """Return the error of a store that cannot be used."""
    return PolicybookError([Problem(url, None, None, "store", what, (), hint)])


def _serve(line: Connection, parent: int, url: str) -> NoReturn:
    """Do what is asked for until the line is closed."""
    try:
        processes.settle(parent, keep=line.fileno())
        _Desk(line).serve(url)
    finally:
        os._exit(0)


class _Desk:
    """The side of the store's own process."""

    def __init__(self, line: Connection) -> None:
        """Begin with nothing asked."""
        self.line, self.lock, self.failed = line, threading.Lock(), False
        self.pool = ThreadPoolExecutor(AT_A_TIME)
        self.pending: list[Future[None]] = []

    def serve(self, url: str) -> None:
        """Do what is asked for until the line is closed."""
        try:
            from policybook.batch.remote import Remote  # noqa: PLC0415  (an extra, with threads)

            remote = Remote(url)
        except Exception as error:  # noqa: BLE001  (whatever a store's library raises)
            self._fail(error)
            return
        with suppress(EOFError):
            while True:
                wanted, what, arguments = self.line.recv()
                if wanted:
                    self._answer(remote, what, arguments)
                else:
                    self.pending.append(self.pool.submit(getattr(remote, what), *arguments))
                    self._look(WAITING)
        remote.release()

    def _answer(self, remote: Any, what: str, arguments: Sequence[object]) -> None:  # noqa: ANN401
        """Do what is asked for and say what came of it, once all before it is done."""
        try:
            self._look(0)
            told = getattr(remote, what)(*arguments)
        except Exception as error:  # noqa: BLE001  (whatever a store's library raises)
            self._fail(error)
            return
        if what == "open":
            self._renew(remote)
        self._send("answer", told)

    def _look(self, most: int) -> None:
        """Wait until at most so many cases wait; tell of one that could not be put."""
        while len(self.pending) > most or (self.pending and self.pending[0].done()):
            if error := self.pending.pop(0).exception():
                self._fail(error)

    def _renew(self, remote: Any) -> None:  # noqa: ANN401  (`Remote`, late)
        """Renew the lock now and then."""
        try:
            remote.renew()
        except Exception as error:  # noqa: BLE001  (whatever a store's library raises)
            self._fail(error)
            return
        timer = threading.Timer(RENEWED, self._renew, (remote,))
        timer.daemon = True
        timer.start()

    def _fail(self, error: BaseException) -> None:
        """Tell of a failure, and of the first one only."""
        if self.failed:
            return
        self.failed = True
        if type(error).__name__ == "Held":
            self._send("held", str(error))
        elif isinstance(error, ImportError):
            self._send("failed", f"{error}; install it: pip install 'policybook[remote]'")
        else:
            self._send("failed", f"{type(error).__name__}: {error}")

    def _send(self, how: str, told: object) -> None:
        """Send one message."""
        with self.lock, suppress(OSError):
            self.line.send((how, told))
