"""Batches: how fast, what each stage costs, and how that grows with the number of cases.

Prints the rate against a loop of `papermill` and `jupyter nbconvert` commands on the same notebook,
the time of a second run in which nothing changed, time and memory at two sizes,
and the rate on a Dask cluster of two workers on this machine.
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
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

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


def cold(folder: Path) -> float:
    """Return the seconds that one briefing takes by `policybook run`."""
    command = [str(BIN / "policybook"), "run", NOTEBOOK.name, "--suite", ".", "--out", "cold",
               "--charts", "static", "-p", "number=0"]  # fmt: skip
    return min(timed(command, folder)[0] for _ in range(3))


def plain(folder: Path, number: int) -> float:
    """Return the processor's seconds a briefing by a script that makes tables and pictures, and no page."""
    code = [
        "".join(cell["source"])
        for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    script = folder / "plain.py"
    script.write_text(PLAIN.format(code=code, number=number))
    told = subprocess.run(
        [sys.executable, script], cwd=folder, check=True, capture_output=True, text=True,
        env={**os.environ, "POLICYBOOK_CHARTS": "spec"},
    )  # fmt: skip
    return float(told.stdout.splitlines()[-1])


PLAIN = """
import ast, json, time
import vl_convert
from policybook import open_suite, matrix, ladder, timeline, heatmap, flow
from policybook.briefing.pictures import SPEC_BLOCK

def shown(source, names):
    body = ast.parse(source).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    made = eval(compile(last, "cell", "eval"), names) if last else None
    html = made._repr_html_() if hasattr(made, "_repr_html_") else ""
    for block in SPEC_BLOCK.finditer(html):
        vl_convert.vegalite_to_svg(json.loads(block["spec"]))

def briefing(number):
    names = {{}}
    for source in {code}:
        shown(source, names)

briefing(0)
began = time.process_time()
for number in range({number}):
    briefing(number)
print((time.process_time() - began) / {number})
"""
"""The plain script: everything is imported and done once before the clock starts."""


class Memory(threading.Thread):
    """Watches how much memory all that this process started take together (PSS)."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__(daemon=True)
        self.peak, self.over = 0, threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self.over.wait(0.5):
            seen = 0
            for one in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    seen += one.memory_full_info().pss
            self.peak = max(self.peak, seen)


def shipped() -> tuple[int, float]:
    """Return how many briefings the shipped plan has, and the seconds they take."""
    with tempfile.TemporaryDirectory() as name:
        command = [str(BIN / "policybook"), "batch", "--out", name]
        wall, _ = timed(command, ROOT)
        return len(list(Path(name).glob("*.html"))) - 1, wall


def batch(number: int, *more: str, again: bool = False) -> dict[str, float]:
    """Return what a batch of so many cases costs; with `again` also a second, unchanged one.

    `more` are further words of the command.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [
            str(BIN / "policybook"),
            "batch",
            str(suite(folder, number)),
            "--suite",
            name,
            "--json",
            *more,
        ]
        memory = Memory()
        memory.start()
        wall, used = timed(command, folder)
        memory.over.set()
        lines = [
            json.loads(line)
            for line in (folder / "briefings" / "run.jsonl").read_text().splitlines()
        ]
        stages = {stage: sum(line["seconds"][stage] for line in lines) for stage in ("run", "page")}
        found = {"wall": wall, "cpu": used, "memory": memory.peak, **stages}
        if again:
            found["again"] = timed(command, folder)[0]
        return found


def clustered(number: int) -> float:
    """Return how fast a cluster of two workers on this machine is, start-up included, against none."""
    program = [sys.executable, str(ROOT / "tests" / "clusters.py")]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        address = one.stdout.readline().strip()
        there = batch(number, "--cluster", address)["wall"]
    here = batch(number)["wall"]
    print(f"{number:,} cases on a LocalCluster of two workers: {there:.1f} s, here {here:.1f} s: "
          f"{here / there:.2f} times as fast")  # fmt: skip
    return here / there


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(100, 2000))
    parser.add_argument("--loop", type=int, default=5, help="briefings made by the loop")
    parser.add_argument("--cluster", action="store_true", help="only the cluster against none")
    options = parser.parse_args()
    if options.cluster:
        clustered(options.sizes[0])
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        suite(Path(name), 1)
        loop(Path(name), 1)
        by_loop = loop(Path(name), options.loop)
        alone, script = cold(Path(name)), plain(Path(name), 20)
    print(
        f"one briefing, cold: {alone:.2f} s, {by_loop / alone:.1f} times as fast as the two commands"
    )
    many, took = shipped()
    each = took / many
    print(
        f"shipped plan, {many} briefings: {each:.3f} s each, {by_loop / each:.0f} times as fast as the loop"
    )
    small, large = batch(options.sizes[0]), batch(options.sizes[1], again=True)
    for number, found in zip(options.sizes, (small, large), strict=True):
        each = found["wall"] / number
        print(
            f"{number:,} cases: {each:.3f} s each, {by_loop / each:.0f} times as fast as the loop ({by_loop:.2f} s)"
        )
        rest = found["cpu"] - found["run"] - found["page"]
        print(f"    CPU a case: {found['cpu'] / number:.3f}, {found['cpu'] / number / script:.1f} times "
              f"the plain script's ({script:.3f})")  # fmt: skip
        print(f"    of it: run {found['run'] / number:.3f}, page {found['page'] / number:.3f}, "
              f"start, SVG and write {rest / number:.3f}")  # fmt: skip
    growth = (large["wall"] / options.sizes[1]) / (small["wall"] / options.sizes[0])
    print(f"memory, {options.sizes[1]:,} against {options.sizes[0]:,}: {large['memory'] / small['memory']:.2f} times "
          f"({large['memory'] / 2**20:.0f} MiB)")  # fmt: skip
    print(f"time a case, {options.sizes[1]:,} against {options.sizes[0]:,}: {growth:.2f} times")
    clustered(options.sizes[0])
    print(f"second run of {options.sizes[1]:,}, nothing changed: {large['again']:.2f} s")


if __name__ == "__main__":
    main()
