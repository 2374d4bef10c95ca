"""Run a plan in front of a person or a program: how far it is, what failed, what to open.

A bar where there is a terminal, a line now and then where there is none, JSON lines for machines.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from policybook.batch.plan import Case
from policybook.batch.rerun import INDEX, Result, rerun
from policybook.batch.run import Outcome, Settings
from policybook.problems import Problem, count, printable
from policybook.suite import Suite

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""

PATIENTLY = 0.5
"""Seconds a bar waits before it redraws itself."""


@dataclass
class Progress:
    """Tells how far a batch is, in one of three ways: "bar", "lines" or "json"."""

    total: int
    how: str
    made: int = 0
    unchanged: int = 0
    failed: int = 0
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def __post_init__(self) -> None:
        """Begin the bar, where there is one."""
        form = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
        self.bar = tqdm(
            total=self.total, desc="Briefings", file=sys.stderr, bar_format=form,
            disable=self.how != "bar", mininterval=PATIENTLY, leave=False,
        )  # fmt: skip

    def __call__(self, outcome: Outcome) -> None:
        """Hear what came of one case."""
        self.unchanged += outcome.unchanged
        self.failed += bool(outcome.failure)
        self.made += not (outcome.unchanged or outcome.failure)
        self.bar.set_postfix_str(self.words(), refresh=False)
        self.bar.update()
        if self.how == "json":
            status = (
                "failed" if outcome.failure else "unchanged" if outcome.unchanged else "delivered"
            )
            _say_json(event="case", case=outcome.case.name, status=status, reason=outcome.failure)
        elif self.how == "lines":
            self._line()

    def words(self) -> str:
        """Return how many cases are done, unchanged and failed, how fast, and how long it will take.

        What is unchanged costs nothing, so it says nothing of those that are still to be made.
        """
        rate = (self.made + self.failed) / max(time.monotonic() - self.began, 0.001)
        rest = self.total - self.made - self.unchanged - self.failed
        left = tqdm.format_interval(rest / rate) if rate else "?"
        counted = f"{self.made:,} made, {self.unchanged:,} unchanged, {self.failed:,} failed"
        return f"{counted}, {rate:.1f} a second, {left} left"

    def _line(self) -> None:
        """Print a line, but not too often."""
        now, done = time.monotonic(), self.made + self.unchanged + self.failed
        if now - (self.told or self.began) > EVERY and done < self.total:
            self.told = now
            print(f"{done:,} of {self.total:,}: {self.words()}", file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()


def run_with_progress(  # noqa: PLR0913  (all but the cases by keyword)
    cases: Sequence[Case],
    *,
    suite: Suite,
    out: Path | str,
    settings: Settings,
    skipped: Sequence[Problem] = (),
    force: bool = False,
    as_json: bool = False,
) -> int:
    """Make all briefings, tell what came of them; return 0, 1 if any failed, 130 after Ctrl-C.

    `skipped` are the problems of cases that are left out.
    """
    how = "json" if as_json else "bar" if sys.stderr.isatty() else "lines"
    progress = Progress(len(cases), how)
    try:
        result = rerun(cases, suite=suite, out=out, settings=settings, force=force, tell=progress)
    finally:
        progress.close()
    if as_json:
        _say_json(
            event="end", made=progress.made, unchanged=progress.unchanged, failed=progress.failed,
            skipped=len(skipped), stopped=result.stopped, index=f"{out}/{INDEX}",
        )  # fmt: skip
    else:
        _tell(result, progress, out, skipped)
    if result.stopped:
        return INTERRUPTED
    return 1 if result.failed or skipped else 0


def _tell(result: Result, progress: Progress, out: Path | str, skipped: Sequence[Problem]) -> None:
    """Print the failures as a table, what was left out, and what to open."""
    width = max((len(outcome.case.name) for outcome in result.failed), default=0)
    for outcome in result.failed:
        print(f"failed  {outcome.case.name:{width}}  {printable(outcome.failure)}", file=sys.stderr)
    tell_skipped(skipped)
    if result.stopped:
        print(f"Stopped; {count(progress.made, 'new briefing')} in {out}. Call again to go on.")
        return
    same = f", {progress.unchanged:,} of them unchanged" if progress.unchanged else ""
    print(f"{count(progress.made + progress.unchanged, 'briefing')} in {out}{same}")
    print(f"Open {out}/{INDEX}")


def tell_skipped(skipped: Sequence[Problem]) -> None:
    """Print why cases are left out."""
    for problem in skipped:
        print(f"skipped  {problem}", file=sys.stderr)


def _say_json(**facts: object) -> None:
    """Print one event as a line of JSON."""
    print(json.dumps(facts), flush=True)
