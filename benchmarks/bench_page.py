"""Pages: ours beside the page that `jupyter nbconvert --to html` makes of the same executed notebook.

Each page is opened in Chromium with the network cut: how large it is, what it asks the network for,
when its first chart is drawn (the median of several openings), and what axe-core finds.
The surprising rule: a request counts when it is made, for cut off from the network none succeeds.

    python benchmarks/bench_page.py [NOTEBOOK…]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, sync_playwright

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ("02-who-recommends-what", "05-what-changed-over-time", "13-appendix-networks")
BIN = Path(sys.executable).parent
OPENINGS = 5
PATIENCE = 10_000
"""Milliseconds that a page has to draw a chart."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

DRAWN = """() => {
  const wide = ({ width, height }) => width + height > 0;
  const marks = [...document.querySelectorAll("svg path, svg text, canvas.marks")];
  return marks.some((mark) => wide(mark.getBoundingClientRect())) && performance.now();
}"""
"""A chart is drawn when a mark of it takes room on the page."""


def pages(notebook: str, folder: Path) -> dict[str, Path]:
    """Run a notebook and return its pages: ours of both sizes, and nbconvert's."""
    made = {}
    for charts in ("static", "interactive"):
        out = folder / charts
        command = [BIN / "policybook", "run", f"notebooks/{notebook}.ipynb", "--charts", charts]
        _quietly([*command, "--out", out], ROOT)
        made[f"policybook, {charts}"] = out / f"{notebook}.html"
    executed = folder / "static" / f"{notebook}.ipynb"
    _quietly([BIN / "jupyter", "nbconvert", "--to", "html", executed, "--output-dir", folder], ROOT)
    return {**made, "jupyter nbconvert": folder / f"{notebook}.html"}


def _quietly(command: list[Any], folder: Path) -> None:
    """Run a command."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def first_chart(browser: Browser, path: Path) -> tuple[float | None, int]:
    """Open a page; return the milliseconds to its first chart, and what it asked the network for."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri(), wait_until="commit")
    try:
        drawn = page.wait_for_function(DRAWN, timeout=PATIENCE, polling="raf").json_value()
    except Error:
        drawn = None
    page.wait_for_load_state("load")
    context.close()
    return drawn, len([url for url in asked if not url.startswith(("file:", "data:", "blob:"))])


def findings(browser: Browser, path: Path) -> dict[str, int]:
    """Return what axe-core finds on a page: how many elements break each rule."""
    axe = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(path.as_uri())
    page.evaluate(f"{axe};0")
    told = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    context.close()
    return {rule["id"]: len(rule["nodes"]) for rule in told["violations"]}


def report(browser: Browser, name: str, path: Path) -> None:
    """Print the figures of one page."""
    seen = [first_chart(browser, path) for _ in range(OPENINGS)]
    times = [time for time, _ in seen if time is not None]
    drawn = f"{statistics.median(times):5.0f} ms" if times else "    never"
    broken = findings(browser, path)
    print(f"  {name:25} {path.stat().st_size:>9,} bytes, {max(n for _, n in seen)} requests, "
          f"first chart {drawn}, axe {sum(broken.values())}")  # fmt: skip
    if broken:
        print("      " + ", ".join(f"{rule} {count}" for rule, count in sorted(broken.items())))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", default=NOTEBOOKS)
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("bench_page.py: there is no Chromium on this machine. apt install chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for notebook in parser.parse_args().notebooks:
            print(f"{notebook}, opened offline {OPENINGS} times each")
            for kind, path in pages(notebook, Path(name) / notebook).items():
                report(browser, kind, path)
        browser.close()


if __name__ == "__main__":
    main()
