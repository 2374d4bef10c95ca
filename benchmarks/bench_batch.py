"""Batches: how fast, what each stage costs, and how that grows with the number of cases.

The notebook is frozen beside this file: five charts of the shipped suite. Its cases draw pictures
of their own, or with `alike` the same five, which are drawn once, as where only a filter differs
that a chart does not show. Everything is measured in one run, start-up included, so figures can be
compared; seconds of the processor hardly change while others use the machine, those of the clock do.

    python benchmarks/bench_batch.py [--sizes 100 2000] [--loop 5] [--cluster]
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

HERE = Path(__file__).parent
ROOT = HERE.parent
NOTEBOOK = HERE / "five_charts.ipynb"
BIN = Path(sys.executable).parent
STAGES = ("run", "svg", "page", "write")
SCRIPTED = 20
"""Briefings that the plain script makes."""


@dataclass
class Cost:
    """What something cost: seconds of the clock and of the processor, bytes, and both by stage."""

    wall: float
    cpu: float
    memory: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    again: float = 0.0

    def each(self, number: int) -> Cost:
        """Return the cost of one of so many."""
        stages = {name: seconds / number for name, seconds in self.stages.items()}
        return Cost(self.wall / number, self.cpu / number, self.memory, stages, self.again)


def timed(*commands: list[str | Path], folder: Path) -> Cost:
    """Run commands one after the other and return what they cost together."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@contextmanager
def suite(number: int, *, alike: bool = False) -> Iterator[Path]:
    """Lay out the shipped suite with a plan of so many cases of the frozen notebook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("recommendations.csv", "codebook.toml", "seeds", "codings"):
            (folder / part).symlink_to(ROOT / part)
        shutil.copy(NOTEBOOK, folder)
        (folder / "plan.toml").write_text(
            f'[[notebook]]\nfile = "{NOTEBOOK.name}"\nvalues = {{ alike = {str(alike).lower()} }}\n'
            f"each = {{ number = {list(range(1, number + 1))} }}\n"
        )
        yield folder


def loop(number: int) -> Cost:
    """Return what a briefing costs by the two commands that people put into a loop."""
    with suite(1) as folder:
        commands: list[list[str | Path]] = []
        for n in range(number):
            made = folder / f"loop-{n}.ipynb"
            commands.append([BIN / "papermill", NOTEBOOK.name, made, "-p", "number", str(n)])
            commands.append([BIN / "jupyter", "nbconvert", "--to", "html", made])
        timed(*commands[:2], folder=folder)  # reads everything from the disk once
        return timed(*commands, folder=folder).each(number)


def cold() -> Cost:
    """Return what one briefing costs by `policybook run`: the best of three."""
    with suite(1) as folder:
        command: list[str | Path] = [
            BIN / "policybook", "run", NOTEBOOK.name, "--suite", ".", "--charts", "static",
            "-p", "number=1",
        ]  # fmt: skip
        return min((timed(command, folder=folder) for _ in range(3)), key=lambda cost: cost.wall)


def plain() -> float:
    """Return the processor's seconds a briefing by a script that makes tables and pictures, and no page."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    with suite(1) as folder:
        script = folder / "plain.py"
        script.write_text(PLAIN.format(code=code, number=SCRIPTED))
        told = subprocess.run(
            [sys.executable, script], cwd=folder, check=True, capture_output=True, text=True,
            env={**os.environ, "POLICYBOOK_CHARTS": "spec"},
        )  # fmt: skip
    return float(told.stdout.splitlines()[-1])


PLAIN = """
import ast, json, time
import vl_convert
import altair, policybook
from policybook import findings
from policybook.briefing.pictures import SPEC_BLOCK
from policybook.suite import lend, open_suite

def shown(source, names):
    body = ast.parse(source).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    made = eval(compile(last, "cell", "eval"), names) if last else None
    html = made._repr_mimebundle_()["text/html"] if hasattr(made, "_repr_mimebundle_") else ""
    pictures = [block["spec"] for block in SPEC_BLOCK.finditer(html)]
    for spec in pictures:
        vl_convert.vegalite_to_svg(json.loads(spec))
    return len(pictures)

def briefing(number):
    names = {{}}
    pictures = 0
    for source in {code}:
        pictures += shown(source, names)
        if "number" in source:
            names["number"] = number
    assert pictures == 5

opened = open_suite()
opened.load()
lend(opened)
briefing(0)
began = time.process_time()
for number in range(1, {number} + 1):
    briefing(number)
print((time.process_time() - began) / {number})
"""
"""The plain script: everything is imported, read and done once before the clock starts."""


class Memory(threading.Thread):
    """Watches how much memory all that this process started take together (PSS)."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__(daemon=True)
        self.peak, self.over = 0, threading.Event()

    def run(self) -> None:
        """Look once a second."""
        while not self.over.wait(1.0):
            self.peak = max(self.peak, sum(map(_pss, psutil.Process().children(recursive=True))))


def _pss(process: psutil.Process) -> int:
    """Return a process's share of memory, nothing where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def batch(number: int, *more: str, alike: bool = False, again: bool = False) -> Cost:
    """Return what a batch of so many cases costs; with `again` also a second, unchanged one.

    `more` are further words of the command.
    """
    with suite(number, alike=alike) as folder:
        command: list[str | Path] = [
            BIN / "policybook", "batch", "plan.toml", "--suite", ".", "--json", *more,
        ]  # fmt: skip
        memory = Memory()
        memory.start()
        found = timed(command, folder=folder)
        memory.over.set()
        memory.join()
        log = (folder / "briefings" / "run.jsonl").read_text("utf-8").splitlines()
        seconds = [json.loads(line)["seconds"] for line in log]
        found.stages = {name: sum(one.get(name, 0.0) for one in seconds) for name in STAGES}
        found.memory = memory.peak
        found.again = timed(command, folder=folder).wall if again else 0.0
        return found


def on_a_cluster(number: int) -> Cost:
    """Return what a batch costs on a cluster of two workers on this machine, its start not included."""
    program = [sys.executable, str(ROOT / "tests" / "clusters.py")]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        return batch(number, "--cluster", one.stdout.readline().strip())


def shipped() -> tuple[int, Cost]:
    """Return how many briefings the shipped plan has, and what they cost."""
    with tempfile.TemporaryDirectory() as name:
        cost = timed([BIN / "policybook", "batch", "--out", name], folder=ROOT)
        return len(list(Path(name).glob("*.html"))) - 1, cost


def line(what: str, found: str, least: str = "", aim: str = "") -> None:
    """Print one figure beside what is promised."""
    print(f"{what:66} {found:>9} {least:>9} {aim:>7}", flush=True)


def against_the_loop(what: str, cost: Cost, by_loop: Cost) -> None:
    """Print how many times as fast as the loop a briefing is made, by the clock and by the processors."""
    line(f"{what}, by the clock", f"{by_loop.wall / cost.wall:.1f} x", ">= 40", "70")
    cores = os.cpu_count() or 1
    line(f"{what}, by {cores} processors", f"{by_loop.cpu / cost.cpu * cores:.1f} x")


def stages(what: str, cost: Cost, start: float, number: int) -> None:
    """Print the processor's seconds of each stage, a case."""
    shares = {"start": start / number, **cost.stages}
    rest = cost.cpu - sum(shares.values())
    told = ", ".join(f"{name} {seconds:.3f}" for name, seconds in (shares | {"rest": rest}).items())
    print(f"    {what}, CPU seconds a case: {cost.cpu:.3f} = {told}", flush=True)


def compare(number: int, many: int, by_loop: Cost) -> None:
    """Print all figures that batches of two sizes give."""
    one = batch(1)
    start = one.cpu - sum(one.stages.values())
    script = plain()
    own, alike = batch(number), batch(number, alike=True)
    for what, found in (("pictures of their own", own), ("the same pictures", alike)):
        against_the_loop(f"loop of commands, N = {number:,}, {what}", found.each(number), by_loop)
    line("plain script, per core, pictures of their own",
         f"{own.each(number).cpu / script:.2f} x", "<= 5", "2")  # fmt: skip
    for what, found in (("own", own), ("same", alike)):
        stages(f"N = {number:,}, {what}", found.each(number), start, number)
    print(f"    plain script, CPU seconds a briefing: {script:.3f}", flush=True)
    large = batch(many, alike=True, again=True)
    stages(f"N = {many:,}, same", large.each(many), start, many)
    line(f"second run of {many:,}, unchanged, hashed again", f"{large.again:.2f} s", "< 2", "1")
    growth = large.each(many).wall / alike.each(number).wall
    line(f"time a case, {many:,} against {number:,}", f"{growth:.2f} x", "<= 1.1", "1.0")
    grown = large.memory / alike.memory
    line(f"memory of the whole run, {many:,} against {number:,}", f"{grown:.2f} x", "<= 1.2")
    print(f"    {alike.memory / 2**20:.0f} MiB and {large.memory / 2**20:.0f} MiB", flush=True)
    clustered(number, own)


def clustered(number: int, here: Cost) -> None:
    """Print how fast a cluster of two workers is against this machine alone."""
    there = on_a_cluster(number)
    line(f"rate on a LocalCluster of two workers, N = {number:,}", f"{here.wall / there.wall:.2f} x", ">= 0.8")  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(100, 2000))
    parser.add_argument("--loop", type=int, default=5, help="briefings made by the loop")
    parser.add_argument("--cluster", action="store_true", help="only the cluster against none")
    options = parser.parse_args()
    number, many = options.sizes
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    line("against", "found", "at least", "aim")
    if options.cluster:
        clustered(number, batch(number))
        return
    by_loop, alone = loop(options.loop), cold()
    print(f"    loop: {by_loop.wall:.2f} s a briefing, CPU {by_loop.cpu:.2f} s", flush=True)
    line("one papermill and one nbconvert, `policybook run` cold",
         f"{by_loop.wall / alone.wall:.1f} x", ">= 2", "3.5")  # fmt: skip
    made, cost = shipped()
    against_the_loop(f"loop of commands, shipped plan of {made}", cost.each(made), by_loop)
    compare(number, many, by_loop)


if __name__ == "__main__":
    main()
