"""Live work in JupyterLab: charts are drawn without a network."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
CHARTS = ("matrix", "ladder", "timeline", "heatmap", "flow", "firmness", "ties")
"""What draws a chart in a notebook."""

WITH_CHARTS = [p for p in NOTEBOOKS if any(f"pb.{c}(" in p.read_text("utf-8") for c in CHARTS)]
LIVE = WITH_CHARTS if os.environ.get("POLICYBOOK_SOAK") else WITH_CHARTS[:1]
"""Notebooks that are opened in JupyterLab; `make soak` opens all with a chart."""

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the suite, for JupyterLab saves what it runs."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("seeds", "codings", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def lab(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab server of this environment; yields its address."""
    port = free_port()
    home = tmp_path_factory.mktemp("home")
    clean = {k: v for k, v in os.environ.items() if k != "POLICYBOOK_CHARTS"}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
               f"--ServerApp.root_dir={suite}"]  # fmt: skip
    server = subprocess.Popen(
        command,
        env={**clean, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1).close()  # noqa: S310
            break
        except OSError:
            time.sleep(0.25)
    yield address
    server.terminate()
    server.wait(20)


@pytest.mark.parametrize("path", LIVE, ids=lambda p: p.stem)
def test_live_charts(lab: str, browser: Any, path: Path) -> None:
    """Run in JupyterLab with every outside request blocked, a notebook draws its charts, and nobody is asked about news."""
    page = browser.new_page(viewport={"width": 1500, "height": 3000})
    outside: list[str] = []

    def gate(route: Any) -> None:
        if route.request.url.startswith((lab, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", gate)
    page.goto(f"{lab}/lab/tree/notebooks/{path.name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # The kernel has to be there: a run before that asks for one in a dialogue.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    chart = page.locator(".vega-embed canvas, .vega-embed svg").first
    try:
        chart.wait_for(state="visible", timeout=90_000)
    finally:
        if shots := os.environ.get("POLICYBOOK_SHOTS"):
            page.screenshot(path=f"{shots}/lab-{path.stem}.png")
    box = chart.bounding_box()
    assert box["width"] > 200
    assert box["height"] > 60
    assert (
        page.get_by_text("Would you like to get notified about official Jupyter news").count() == 0
    )
    assert outside == []
    page.close()


def test_the_form_of_a_live_chart(shipped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a live notebook a chart is a widget and a page at once; in a batch only the page's form."""
    from policybook import exhibits

    monkeypatch.setenv("POLICYBOOK_CHARTS", "spec")
    batch = exhibits.matrix(shipped.select())._repr_mimebundle_()
    assert set(batch) == {"text/html", "text/plain"}
    assert json.loads(batch["text/html"].split('v6+json">')[1].split("</script>")[0])["layer"]


def test_a_click_shows_the_quotations(lab: str, browser: Any, shipped: Any) -> None:
    """A click on a cell of the matrix shows the quotations behind it, another click others, all without a network."""
    page = browser.new_page(viewport={"width": 1500, "height": 4000})
    outside: list[str] = []

    def gate(route: Any) -> None:
        if route.request.url.startswith((lab, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", gate)
    page.goto(f"{lab}/lab/tree/notebooks/explore.ipynb?reset")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    hint = page.locator(".widget-html").get_by_text("Click a cell of the matrix")
    hint.wait_for(state="visible", timeout=90_000)
    signs = page.locator(".vega-embed svg text").filter(has_text=re.compile(r"^[+−±]$"))
    shown = page.locator(".widget-html blockquote")
    assert shown.count() == 0
    read = []
    for sign in (signs.first, signs.last):
        sign.click(force=True)  # the tile beneath takes the click
        shown.first.wait_for(state="visible", timeout=30_000)
        page.wait_for_function(
            "before => document.querySelector('.widget-html').innerText !== before",
            arg=read[-1] if read else "",
        )
        read.append(page.locator(".widget-html").inner_text())
    if shots := os.environ.get("POLICYBOOK_SHOTS"):
        page.screenshot(path=f"{shots}/lab-explore.png")
    quotes = [f"“{shipped.passage(row)}”" for row in shipped.rows.to_dict("records")]
    behind = [{quote for quote in quotes if quote in text} for text in read]
    assert all(behind)
    assert not behind[0] & behind[1]
    assert outside == []
    page.close()
