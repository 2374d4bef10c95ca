"""Make briefings in other processes, here or on other machines, and write what they hand back.

Whoever makes them has no way to the output folder: everything is written here, by one writer,
as if it had been made here. The surprising rule: only so many cases are asked for as can be made
soon, so that Ctrl-C has few to wait for and a lost worker few to lose.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from policybook.batch import parcel
from policybook.batch.files import put
from policybook.batch.frames import message, read
from policybook.batch.plan import Case
from policybook.batch.run import (
    ATTEMPTS,
    Outcome,
    Settings,
    Stopped,
    cannot_write,
    not_over_notebooks,
)
from policybook.batch.scheduler import knock, wrong
from policybook.problems import PolicybookError, Problem
from policybook.reads import held_once
from policybook.suite import Suite

AHEAD = 2
"""Cases asked for by each that can be made at a time: while one is made, the next is on its way."""


class Makers(Protocol):
    """Whoever makes cases elsewhere."""

    def give(self, parcel: bytes, /) -> None:
        """Give everyone who makes cases what is needed for it."""

    def lanes(self) -> int:
        """Return how many cases can be made at a time."""

    def ask(self, what: bytes, done: Callable[[bytes], object], /) -> None:
        """Have a case made; `done` hears the answer, in another thread."""

    def close(self) -> None:
        """Let go of them."""


def make(  # noqa: PLR0913  (all but the cases by keyword)
    cases: Sequence[Case], *, suite: Suite, out: Path, settings: Settings,
    done: Callable[[Outcome], object], heard: Sequence[int], state: str,
) -> None:  # fmt: skip
    """Make briefings elsewhere; as `run.make`. `state` is the suite's fingerprint."""
    not_over_notebooks(cases, out)
    makers = _cluster(settings.cluster)
    try:
        makers.give(parcel.packed(suite, cases, settings, state=state))
        out.mkdir(parents=True, exist_ok=True)
        _Asked(makers, cases, out, settings, done).all(heard)
    finally:
        makers.close()


def _cluster(address: str) -> Makers:
    """Return the workers of a cluster; `PolicybookError` where there is none or no Dask here."""
    knock(address)
    try:
        from policybook.batch.cluster import Cluster  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        if error.name != "distributed":
            raise
        hint = "Install it: pip install 'policybook[cluster]'."
        raise wrong("--cluster", "needs Dask's distributed", hint) from None
    return Cluster(address)


class _Asked:
    """The cases of one call: which wait, which were asked for, how often."""

    def __init__(
        self, makers: Makers, cases: Sequence[Case], out: Path, settings: Settings,
        done: Callable[[Outcome], object],
    ) -> None:  # fmt: skip
        """Begin with nothing asked."""
        self.makers, self.out, self.settings, self.done = makers, out, settings, done
        self.notebooks = parcel.notebooks(cases)
        self.waiting, self.asked = deque(cases), dict[str, Case]()
        self.attempts = dict.fromkeys((case.name for case in cases), 0)
        self.answers: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self.ends = time.monotonic() + settings.run_seconds

    def all(self, heard: Sequence[int]) -> None:
        """Ask for all cases and write what comes back until nothing is left or all is to stop."""
        left = False
        while self.waiting or self.asked:
            if heard:
                left = left or bool(self.waiting)
                self.waiting.clear()
            if len(heard) > 1:
                raise Stopped
            if time.monotonic() > self.ends:
                self._give_up()
                break
            lanes = self.makers.lanes()
            while self.waiting and len(self.asked) < AHEAD * lanes:
                self._ask(self.waiting.popleft())
            self._take()
        if left:
            raise Stopped

    def _ask(self, case: Case) -> None:
        """Ask for a case."""
        self.asked[case.name] = case
        self.attempts[case.name] += 1
        what = message({"case": case.name, "notebook": self.notebooks[case.notebook],
                        "values": dict(case.values), "changed": case.changed})  # fmt: skip
        self.makers.ask(what, lambda answer: self.answers.put((case.name, answer)))

    def _take(self) -> None:
        """Take an answer, if one comes soon."""
        try:
            name, answer = self.answers.get(timeout=0.1)
        except queue.Empty:
            return
        case, (told, files) = self.asked.pop(name), read(answer)
        if "unfit" in told:
            where, hint = told.get("where", "worker"), told.get("hint", "")
            raise PolicybookError([Problem(where, None, None, "worker", told["unfit"], (), hint)])
        if "lost" not in told:
            self._write(case, told, files)
        elif self.attempts[name] < ATTEMPTS:
            self.waiting.append(case)
        else:
            self._end(case, f"{told['lost']} {ATTEMPTS} times")

    def _write(self, case: Case, told: dict[str, Any], files: dict[str, bytes]) -> None:
        """Write the files of a case and tell what came of it."""
        try:
            outputs = put(self.out, case.name, files)
        except OSError as error:
            raise cannot_write(self.out, error) from None
        attempts = told["attempts"] + self.attempts[case.name] - 1
        self._end(
            case, told["failure"], outputs=outputs, reads=held_once(told["reads"]),
            seconds=told["seconds"], memory=told["memory"], attempts=attempts,
        )  # fmt: skip

    def _end(self, case: Case, failure: str, **more: Any) -> None:  # noqa: ANN401  (of `Outcome`)
        """Tell what came of a case."""
        self.done(Outcome(case, self.out / f"{case.name}.html", failure, **more))

    def _give_up(self) -> None:
        """Wait for nothing more, for the time of the whole run is over."""
        reason = f"not made within the {self.settings.run_seconds:g} seconds of the whole run"
        for case in (*self.asked.values(), *self.waiting):
            self._end(case, reason)
