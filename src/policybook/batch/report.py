"""Run a plan in front of a person: a bar while it runs, the paths to open at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from policybook.batch.files import write
from policybook.batch.index import index
from policybook.batch.plan import Case
from policybook.batch.run import run_all
from policybook.problems import count
from policybook.suite import Suite


def run_with_progress(
    cases: Sequence[Case], *, suite: Suite, out: Path, workers: int | None = None
) -> int:
    """Run all cases, write the index, print what to open; return 1 if any case failed."""
    out.mkdir(parents=True, exist_ok=True)
    with tqdm(total=len(cases), desc="Briefings", unit="page", file=sys.stderr) as bar:
        outcomes = run_all(
            cases, root=suite.material.root, out=out, workers=workers, done=lambda _: bar.update()
        )
    write(out / "index.html", index(outcomes, suite=suite))
    failed = [outcome for outcome in outcomes if outcome.failure]
    for outcome in failed:
        print(f"failed: {outcome.case.name}: {outcome.failure}", file=sys.stderr)
    print(f"{count(len(outcomes) - len(failed), 'briefing')} in {out}")
    print(f"Open {out / 'index.html'}")
    return 1 if failed else 0
