"""Measure the notebooks on large suites: opening, searches of the texts, then what each one shows.

A suite is opened once, and its texts are searched as the notebooks search them, the first time
and again. Every shipped notebook is then run against it in this process,
and timed from the opened suite on: selections, findings, tables, quotations, specifications of
charts. Growth is the ratio of the same work at ten times the rows.

    python benchmarks/bench_tables.py [--folder DIR] [--sizes 100000 1000000]
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from synthetic import ROOT, write_suite

ROWS_AN_ARTICLE = 10
MOST_SECONDS, MOST_GIB, MOST_ONCE = 15.0, 6.0, 180.0
ONCE = ("opening", "tables of the suite", "text searches, first time")
"""What is done once: all of it together has `MOST_ONCE` seconds, everything else `MOST_SECONDS`."""

WORD = "embargo"
"""What the notebook on a word looks for by default."""

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def run(notebook: Path, names: dict[str, Any]) -> float:
    """Run the cells of a notebook and return the seconds they and their pages took."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    started = time.perf_counter()
    for cell in cells:
        if cell["cell_type"] == "code":
            body = ast.parse("".join(cell["source"])).body
            last = (
                ast.Expression(body.pop().value)
                if body and isinstance(body[-1], ast.Expr)
                else None
            )
            exec(compile(ast.Module(body, []), notebook.name, "exec"), names)  # noqa: S102  (our own)
            if last is not None:
                shown = eval(compile(last, notebook.name, "eval"), names)  # noqa: S307  (our own)
                getattr(shown, "_repr_mimebundle_", getattr(shown, "_repr_html_", str))()
    return time.perf_counter() - started


def child(folder: Path) -> None:
    """Open a suite, run every notebook against it, and print the figures as JSON."""
    os.environ["POLICYBOOK_CHARTS"] = "spec"
    from policybook import exhibits, findings, suite  # noqa: F401, PLC0415  (imports are not measured)
    from policybook.charts import matrix  # noqa: F401, PLC0415

    started = time.perf_counter()
    opened = suite.open_suite(folder)
    seconds = {"opening": time.perf_counter() - started}
    started = time.perf_counter()
    _ = opened.articles, opened.rows, opened.diagnoses, opened.facts
    seconds["tables of the suite"] = time.perf_counter() - started
    seconds[ONCE[-1]] = search(opened)
    seconds["text searches, again"] = search(opened)
    suite.open_suite = lambda *_: opened  # type: ignore[assignment]  # the notebooks open this one
    for notebook in NOTEBOOKS:
        opened.notes.clear()
        defaults = known_values(notebook, opened)
        seconds[notebook.stem] = run(defaults, {})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "gib": peak}))


def search(opened: Any) -> float:  # noqa: ANN401  (a suite)
    """Return the seconds that the searches of all texts take which the notebooks ask for."""
    from policybook.findings import coverage, reading, words  # noqa: PLC0415

    selection = opened.select()
    coverage.states(selection)  # no search, but made on the way
    started = time.perf_counter()
    reading.sizes(selection)
    reading.silences(selection)
    words.word_rows(selection, WORD)
    return time.perf_counter() - started


def known_values(notebook: Path, opened: Any) -> Path:  # noqa: ANN401  (a suite)
    """Return the notebook with defaults that the suite has: another suite has other articles."""
    from policybook import params  # noqa: PLC0415

    text = notebook.read_text("utf-8")
    for parameter in params.declared(notebook):
        known = opened.choices(parameter.vocabulary) if parameter.vocabulary else None
        default = parameter.default
        if known and isinstance(default, str) and default and default not in known:
            text = text.replace(
                json.dumps(f'"{default}"')[1:-1], json.dumps(f'"{known[len(text) % 7]}"')[1:-1]
            )
    copy = Path(tempfile.mkdtemp()) / notebook.name
    copy.write_text(text, "utf-8")
    return copy


def measured(folder: Path, rows: int) -> dict[str, Any]:
    """Write a suite unless it is there, and return what a fresh process measures on it."""
    if not (folder / "recommendations.csv").exists():
        write_suite(folder, articles=rows // ROWS_AN_ARTICLE, rows=rows)
    command = [sys.executable, __file__, "--child", str(folder)]
    with tempfile.TemporaryDirectory() as cache:  # nothing is remembered from before
        own = {**os.environ, "POLICYBOOK_CACHE": cache}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=own)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Print the figures of each size and their growth; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return 0
    folder = options.folder or Path(tempfile.mkdtemp())
    found = {rows: measured(folder / str(rows), rows) for rows in options.sizes}
    print("seconds".ljust(36), *(f"{rows:>12,}" for rows in options.sizes), "      growth")
    for name in next(iter(found.values()))["seconds"]:
        values = [found[rows]["seconds"][name] for rows in options.sizes]
        print(name.ljust(36), *(f"{v:12.2f}" for v in values), f"{values[-1] / values[0]:12.1f}")
    print("GiB at the peak".ljust(36), *(f"{found[rows]['gib']:12.2f}" for rows in options.sizes))
    last = found[options.sizes[-1]]
    slow = [n for n, s in last["seconds"].items() if n not in ONCE and s > MOST_SECONDS]
    slow += ["once"] if sum(last["seconds"][name] for name in ONCE) > MOST_ONCE else []
    slow += ["memory"] if last["gib"] > MOST_GIB else []
    print("too much:" if slow else "within bounds", *slow)
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
