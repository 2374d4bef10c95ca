"""The same cases on a Dask cluster: each worker gets the suite once and keeps a station for it.

A worker has threads and cannot fork, so it only passes on; see `station`. The surprising rule:
Dask itself pickles what it sends, so whoever reaches a scheduler's port can run code on its
workers, and a scheduler on whoever asks it: name a cluster only that you trust as yourself.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import distributed
from distributed import Client, Worker, WorkerPlugin

from policybook.batch.frames import message
from policybook.batch.parcel import unpacked
from policybook.batch.post import LOST, Post
from policybook.batch.scheduler import PATIENCE, START, wrong
from policybook.problems import printable

EMPTY = 60.0
"""Seconds for which a cluster may be without any worker, as while it grows."""


class Cluster:
    """The workers of one Dask cluster, for one batch."""

    def __init__(self, address: str) -> None:
        """Reach the scheduler at an address; `PolicybookError` where nobody answers in time."""
        self.address, self._run = address, f"policybook-{uuid.uuid4().hex}"
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it would print tracebacks
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            said = printable(str(error) or type(error).__name__)
            raise wrong(address, f"no scheduler answers: {said}", START) from None
        self._looked, self._lanes, self._well = 0.0, 0, time.monotonic()

    def give(self, parcel: bytes) -> None:
        """Give every worker the parcel, now or when it joins."""
        try:
            self._client.register_plugin(_Plugin(self._run, parcel))
        except Exception as error:  # noqa: BLE001  (whatever goes wrong on a worker comes here)
            hint = "Install policybook with the same lock on all machines, and see to their disks."
            raise wrong(
                self.address, f"a worker cannot take the suite: {_said(error)}", hint
            ) from None

    def lanes(self) -> int:
        """Return how many cases can be made at a time; `PolicybookError` where for long none can."""
        now = time.monotonic()
        if now - self._looked < 1.0:
            return self._lanes
        self._looked, self._lanes = now, 0
        if self._client.status == "running":
            with suppress(OSError, TimeoutError):
                self._lanes = sum(self._client.nthreads().values())
        self._well = now if self._lanes else self._well
        if now - self._well > EMPTY:
            raise wrong(self.address, f"has had no worker for {EMPTY:g} seconds", START)
        return max(self._lanes, 1)

    def ask(self, what: bytes, done: Callable[[bytes], object]) -> None:
        """Have a case made; `done` hears the answer, in another thread."""
        task = self._client.submit(make, self._run, what, key=f"{self._run}-{uuid.uuid4().hex}")
        task.add_done_callback(lambda one: done(_answer(one)))

    def close(self) -> None:
        """Leave the cluster as it was: nothing of this batch stays on its workers."""
        with suppress(Exception):  # it may be gone, and there is nothing left to lose
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._run)
        with suppress(Exception):
            self._client.close(timeout=PATIENCE)


def _answer(task: distributed.Future[bytes]) -> bytes:
    """Return the answer of a task that has ended; `LOST` where its worker was lost too often."""
    try:
        return bytes(task.result(timeout=PATIENCE * 10))
    except BaseException as error:  # noqa: BLE001  (Dask cancels with what is no Exception)
        if isinstance(error, distributed.KilledWorker | OSError | TimeoutError):
            return LOST
        lost = "Cancelled" in type(error).__name__
        what = "the scheduler was lost" if lost else f"a worker cannot do this: {_said(error)}"
        return message({"unfit": what, "where": "cluster", "hint": "Call again to go on."})


def _said(error: BaseException) -> str:
    """Return an error in words."""
    return printable(f"{type(error).__name__}: {error}")


_HERE: dict[str, _Station] = {}
"""The stations of this worker, by the batches that they serve."""


class _Station:
    """A worker's station for one batch, started again where it was lost."""

    def __init__(self, folder: Path, workers: int) -> None:
        """Start it."""
        self.folder, self.workers, self.lock = folder, workers, threading.Lock()
        self.post = Post(folder, workers)

    def ask(self, what: bytes) -> bytes:
        """Return the answer to what was asked."""
        with self.lock:
            if self.post.gone:
                self.post = Post(self.folder, self.workers)
        return self.post.ask(what).result()

    def close(self) -> None:
        """End it and remove the parcel."""
        self.post.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def make(run: str, what: bytes) -> bytes:
    """Make a case on this worker; `LOST` where it has not been given the parcel.

    The thread only waits, so the worker is told to begin the next case meanwhile: its station
    runs that one while this one is drawn. How many it is given at most, the asking decides.
    """
    station = _HERE.get(run)
    if station is None:
        return LOST
    distributed.secede()
    return station.ask(what)


class _Plugin(WorkerPlugin):
    """Brings the parcel to a worker, and takes away what came of it."""

    def __init__(self, run: str, parcel: bytes) -> None:
        """Keep the parcel of a batch."""
        self.name, self.parcel = run, parcel

    def setup(self, worker: Worker) -> None:
        """Lay out the parcel and start a station."""
        folder = Path(tempfile.mkdtemp(prefix="policybook-", dir=worker.local_directory))
        unpacked(self.parcel, folder)
        _HERE[self.name] = _Station(folder, worker.state.nthreads)

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002  (Dask's)
        """End the station."""
        if station := _HERE.pop(self.name, None):
            station.close()
