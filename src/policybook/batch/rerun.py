"""Make the briefings of a plan, and only those that are not there as they should be.

Every case is in the ledger as soon as its files are; a call that was killed is gone on with
by calling again. The surprising rule: the index and the sorted manifest are written at the end,
from what is known then, so they are the same however often the way there was cut short.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from policybook.batch import changes, lock, store
from policybook.batch.changes import Changes
from policybook.batch.files import clear_parts
from policybook.batch.ledger import RUN_LOG, Ledger
from policybook.batch.plan import Case
from policybook.batch.run import (
    Outcome,
    Settings,
    Stopped,
    cannot_write,
    interrupts,
    make,
    not_over_notebooks,
)
from policybook.suite import Suite

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of every case, in the plan's order; `stopped` tells that some are still to be made."""

    outcomes: Sequence[Outcome]
    stopped: bool = False

    @property
    def failed(self) -> list[Outcome]:
        """The cases without a page."""
        return [outcome for outcome in self.outcomes if outcome.failure]


def rerun(  # noqa: PLR0913  (all but the cases by keyword)
    cases: Sequence[Case],
    *,
    suite: Suite,
    out: Path | str,
    settings: Settings,
    force: bool = False,
    tell: Callable[[Outcome], object] = lambda _: None,
) -> Result:
    """Make the briefings of all cases that are new, changed, failed or damaged; `force` makes all.

    `tell` hears of every case, also of those that are unchanged. Raises as `run.make` does,
    but for Ctrl-C, and `PolicybookError` where another batch holds the folder.
    `out` is a folder, or the URL of one in a store.
    """
    if isinstance(out, Path):
        not_over_notebooks(cases, out)
    try:
        with (
            _held(out) if isinstance(out, Path) else store.held(out) as ledger,
            interrupts() as heard,
        ):
            return _Rerun(suite, settings, ledger, tell).all(cases, force=force, heard=heard)
    except OSError as error:
        raise cannot_write(out, error) from error


@contextmanager
def _held(out: Path) -> Iterator[Ledger]:
    """Hold a folder and yield what is known of it."""
    with lock.held(out) as own:
        _clear(out, own)
        try:
            yield Ledger.read(out, own)
        finally:  # a process that was stopped may have been at work on a file
            _clear(out, own)


def _clear(*folders: Path) -> None:
    """Remove from folders what was not finished."""
    for folder in folders:
        clear_parts(folder)


class _Rerun:
    """One call: what is known, what has changed, what came of each case so far."""

    def __init__(
        self, suite: Suite, settings: Settings, ledger: Ledger, tell: Callable[[Outcome], object]
    ) -> None:
        """Begin with nothing made."""
        self.out, self.settings, self.ledger, self.tell = ledger.out, settings, ledger, tell
        self.changes = Changes(suite, settings.options, settings.engine)
        self.outcomes: dict[str, Outcome] = {}

    def all(self, cases: Sequence[Case], *, force: bool, heard: Sequence[int]) -> Result:
        """Make what has to be made and write down what is true then."""
        self.changes.note(case.notebook for case in cases)
        known = {} if force else self.changes.unchanged(cases, self.ledger)
        for case in cases:
            if case.name in known:
                page, outputs = self.out / f"{case.name}.html", dict(known[case.name].outputs)
                self._take(Outcome(case, page, unchanged=True, outputs=outputs, attempts=0))
        rest = [case for case in cases if case.name not in known]
        stopped = False
        try:
            if rest:
                self._make(rest, heard)
        except Stopped:
            stopped = True
        ended = [self.outcomes[case.name] for case in cases if case.name in self.outcomes]
        self._log(ended)
        if stopped:
            self.ledger.stop()
        else:
            self._finish(ended, anything=bool(rest))
        return Result(ended, stopped)

    def _make(self, cases: Sequence[Case], heard: Sequence[int]) -> None:
        """Make some cases, here or where the settings say."""
        maker = make
        if self.settings.cluster:
            from policybook.batch import elsewhere  # noqa: PLC0415  (few have a cluster)

            maker = functools.partial(elsewhere.make, state=self.changes.files)
        suite = self.changes.suite
        maker(
            cases, suite=suite, out=self.out, settings=self.settings, done=self._made, heard=heard
        )

    def _made(self, outcome: Outcome) -> None:
        """Write down what came of a case."""
        self.ledger.add(
            changes.entry(
                outcome.case, self.changes, reads=outcome.reads, reason=outcome.failure,
                outputs=outcome.outputs,
            )
        )  # fmt: skip
        self._take(outcome)

    def _take(self, outcome: Outcome) -> None:
        """Keep an outcome and pass it on."""
        self.outcomes[outcome.case.name] = outcome
        self.tell(outcome)

    def _log(self, outcomes: Sequence[Outcome]) -> None:
        """Write what this call did and what it cost; no two calls write the same."""
        lines = [
            {
                "case": one.case.name, "unchanged": one.unchanged, "attempts": one.attempts,
                "seconds": {stage: round(s, 3) for stage, s in one.seconds.items()},
                "memory": one.memory, "failed": one.failure,
            }
            for one in outcomes
        ]  # fmt: skip
        self.ledger.keep(RUN_LOG, "".join(f"{json.dumps(line)}\n" for line in lines))

    def _finish(self, outcomes: Sequence[Outcome], *, anything: bool) -> None:
        """Write the index and the manifest, unless both are there as they would be."""
        names, ledger, world = [one.case.name for one in outcomes], self.ledger, self.changes.world
        anything = anything or bool(ledger.unended)
        same = set(names) == set(ledger.entries) and ledger.world == world and not anything
        if same and ledger.index and ledger.intact({INDEX: ledger.index}):
            return
        from policybook.batch.index import index  # noqa: PLC0415  (an unchanged folder needs no pages)

        ledger.at_hand([one.page for one in outcomes if not one.failure])
        page = ledger.keep(INDEX, index(outcomes, suite=self.changes.suite))
        ledger.finish(names, world=world, index=page)
