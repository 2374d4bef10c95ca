"""Batches: how fast, what each stage costs, and how that grows with the number of cases.

Prints the rate against a loop of `papermill` and `jupyter nbconvert` commands on the same notebook,
the time of a second run in which nothing changed, and time and memory at two sizes.
The notebook is frozen beside this file: five charts of the shipped suite.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
NOTEBOOK = HERE / "five_charts.ipynb"
BIN = Path(sys.executable).parent


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command and return its seconds by the clock and its processor's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used


def suite(folder: Path, number: int) -> Path:
    """Lay out the shipped suite with a plan of so many cases of the frozen notebook."""
    for name in ("recommendations.csv", "codebook.toml", "seeds", "codings"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(NOTEBOOK, folder)
    numbers = list(range(number))
    plan = folder / "plan.toml"
    plan.write_text(f'[[notebook]]\nfile = "{NOTEBOOK.name}"\neach = {{ number = {numbers} }}\n')
    return plan


def loop(folder: Path, number: int) -> float:
    """Return the seconds a briefing by the two commands that people put into a loop."""
    began = time.perf_counter()
    for n in range(number):
        made = folder / f"loop-{n}.ipynb"
        subprocess.run([BIN / "papermill", NOTEBOOK.name, made, "-p", "number", str(n)],
                       cwd=folder, check=True, capture_output=True)  # fmt: skip
        subprocess.run([BIN / "jupyter", "nbconvert", "--to", "html", made],
                       cwd=folder, check=True, capture_output=True)  # fmt: skip
    return (time.perf_counter() - began) / number


def batch(number: int, *, again: bool = False) -> dict[str, float]:
    """Return what a batch of so many cases costs; with `again` also a second, unchanged one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [
            str(BIN / "policybook"),
            "batch",
            str(suite(folder, number)),
            "--suite",
            name,
            "--json",
        ]
        wall, used = timed(command, folder)
        lines = [
            json.loads(line)
            for line in (folder / "briefings" / "run.jsonl").read_text().splitlines()
        ]
        stages = {stage: sum(line["seconds"][stage] for line in lines) for stage in ("run", "page")}
        found = {"wall": wall, "cpu": used, **stages}
        if again:
            found["again"] = timed(command, folder)[0]
        return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(100, 2000))
    parser.add_argument("--loop", type=int, default=5, help="briefings made by the loop")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        suite(Path(name), 1)
        loop(Path(name), 1)
        by_loop = loop(Path(name), options.loop)
    small, large = batch(options.sizes[0]), batch(options.sizes[1], again=True)
    for number, found in zip(options.sizes, (small, large), strict=True):
        each = found["wall"] / number
        print(
            f"{number:,} cases: {each:.3f} s each, {by_loop / each:.0f} times as fast as the loop ({by_loop:.2f} s)"
        )
        rest = found["cpu"] - found["run"] - found["page"]
        print(f"    CPU a case: run {found['run'] / number:.3f}, page {found['page'] / number:.3f}, "
              f"start, SVG and write {rest / number:.3f}")  # fmt: skip
    growth = (large["wall"] / options.sizes[1]) / (small["wall"] / options.sizes[0])
    print(f"time a case, {options.sizes[1]:,} against {options.sizes[0]:,}: {growth:.2f} times")
    print(f"second run of {options.sizes[1]:,}, nothing changed: {large['again']:.2f} s")


if __name__ == "__main__":
    main()
