"""Measure `policybook check`: its start, its growth with the suite, and its memory.

Everything is a whole process, as a coder waits for it, and every comparison is made in one run.
The suites are synthetic; they are written to a temporary folder, or kept in the one that is named.

    python benchmarks/bench_check.py [--folder DIR] [--sizes 100000 1000000]
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from synthetic import ROOT, write_suite

TABLE = "recommendations.csv"
ROWS_AN_ARTICLE = 10
STARTS = 7
"""Starts of a process, of which the fastest counts: the others met other work of the machine."""

MOST_RATIO, MOST_GIB = 11.0, 6.0
"""What ten times the rows may cost in time, and the largest suite in memory."""


class Run(NamedTuple):
    """What one process took: seconds by the clock and of the processor, GiB at its peak."""

    seconds: float
    processor: float
    gib: float


def run(command: Sequence[str], *, ends: int = 0) -> Run:
    """Run a command to its end; SystemExit with what it said where it ends with another code."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != ends:
            said.seek(0)
            raise SystemExit(said.read(2_000).decode("utf-8", "replace"))
    kib = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Run(seconds, used.ru_utime + used.ru_stime, kib / 1024**2)


def check(suite: Path) -> list[str]:
    """Return the command that checks a suite."""
    return [sys.executable, "-m", "policybook.cli", "check", "--suite", str(suite)]


def start() -> None:
    """Print what checking the shipped suite takes, beside a process that does nothing."""
    pairs = [(run([sys.executable, "-c", "pass"]), run(check(ROOT))) for _ in range(STARTS)]
    nothing, shipped = (min(one.seconds for one in runs) for runs in zip(*pairs, strict=True))
    print(f"shipped suite      {shipped:8.3f} s   {shipped / nothing:.1f} × `python -c pass`")


def growth(folder: Path, sizes: Sequence[int]) -> bool:
    """Print what checking suites of these sizes takes; tell whether it is within its bounds."""
    runs = [one_size(folder, rows) for rows in sizes]
    within = all(one.gib < MOST_GIB for one in runs)
    for (rows, one), (more, later) in pairwise(zip(sizes, runs, strict=True)):
        ratio, times = later.seconds / one.seconds, more / rows
        print(f"ratio              {ratio:8.1f} × for {times:g} × the rows")
        within &= ratio <= MOST_RATIO * times / 10
    return within


def one_size(folder: Path, rows: int) -> Run:
    """Write a suite of so many rows where there is none yet, check it, print what it took."""
    suite = folder / f"{rows}-rows"
    if not (suite / "codebook.toml").exists():  # it is written last
        write_suite(suite, articles=rows // ROWS_AN_ARTICLE, rows=rows)
    one = run(check(suite))
    took = f"{one.seconds:8.1f} s   {one.processor:.1f} s of processor   {one.gib:.2f} GiB"
    print(f"{rows:>9,} rows     {took}", flush=True)
    return one


def wrong(folder: Path, rows: int) -> None:
    """Print what checking takes where every quotation is wrong and every message proposes another."""
    sound, suite = folder / f"{rows}-rows", folder / f"{rows}-wrong"
    if not suite.exists():
        shutil.copytree(sound, suite)
    with (
        (sound / TABLE).open(encoding="utf-8", newline="") as source,
        (suite / TABLE).open("w", encoding="utf-8", newline="") as target,
    ):
        coded = csv.DictReader(source)
        table = csv.DictWriter(target, coded.fieldnames or (), lineterminator="\n")
        table.writeheader()
        table.writerows(row | {"quote": f"{row['quote'][:-6]} wrong"} for row in coded)
    one = run(check(suite), ends=1)
    print(f"{rows:>9,} wrong    {one.seconds:8.1f} s   {one.gib:.2f} GiB")


def measure(folder: Path, sizes: Sequence[int]) -> bool:
    """Print everything that depends on size; tell whether it is within its bounds."""
    within = growth(folder, sizes)
    wrong(folder, sizes[0])
    return within


def main() -> int:
    """Measure, print, and return 1 where a bound is exceeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where the suites are kept between runs")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    asked = parser.parse_args()
    start()
    if asked.folder:
        within = measure(asked.folder, asked.sizes)
    else:
        with tempfile.TemporaryDirectory() as folder:
            within = measure(Path(folder), asked.sizes)
    print("within bounds" if within else f"not within {MOST_RATIO} × and {MOST_GIB} GiB")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
