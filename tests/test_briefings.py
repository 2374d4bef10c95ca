"""Briefings as a reader gets them: one file, drawn, offline, safe."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from policybook import briefing
from policybook.batch.files import case_name, write
from policybook.batch.plan import case, cases
from policybook.batch.run import run
from policybook.briefing.prepare import clean
from policybook.cli import main
from policybook.problems import ParameterError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
MATRIX = ROOT / "notebooks" / "02-who-recommends-what.ipynb"
THEME = ROOT / "notebooks" / "06-one-theme-in-full.ipynb"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, shipped: Suite) -> dict[str, Path]:
    """A briefing of each shipped notebook, made once."""
    out = tmp_path_factory.mktemp("briefings")
    asked: list[tuple[Path, dict[str, Any]]] = [
        (MATRIX, {}),
        (THEME, {"theme": "pressure_egypt_uae"}),
    ]
    outcomes = [
        run(case(path, values, suite=shipped), suite=shipped, out=out) for path, values in asked
    ]
    assert [outcome.failure for outcome in outcomes] == ["", ""]
    return dict(zip(("matrix", "theme"), (o.page for o in outcomes), strict=True))


@pytest.mark.parametrize("name", ["matrix", "theme"])
def test_in_a_browser_without_a_network(pages: dict[str, Path], browser: Any, name: str) -> None:
    """A page opens offline: its charts are drawn, nothing is requested, nothing complains."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    requests: list[str] = []
    noise: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto(pages[name].as_uri())
    charts = page.locator("figure.chart svg")
    assert charts.count() >= 1
    box = charts.first.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 80
    assert page.locator("figure.chart svg text").count() > 5
    assert requests == [pages[name].as_uri()]
    assert noise == []
    context.close()


@pytest.mark.parametrize("name", ["matrix", "theme"])
@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_fits_its_screen(pages: dict[str, Path], browser: Any, name: str, width: int) -> None:
    """No page scrolls sideways, from a phone to a projector."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("name", ["matrix", "theme"])
def test_every_note_has_its_evidence(pages: dict[str, Path], name: str) -> None:
    """Every number leads to a passage of the same page, and no id stands twice."""
    text = pages[name].read_text("utf-8")
    links, ids = re.findall(r'href="#([^"]+)"', text), re.findall(r'\bid="([^"]+)"', text)
    assert set(links) <= set(ids)
    assert len(set(ids)) == len(ids)
    assert any(link.startswith("note-") for link in links)


@pytest.mark.parametrize("name", ["matrix", "theme"])
def test_says_who_coded(pages: dict[str, Path], name: str) -> None:
    """As long as machines coded it, a page says so and never "hand-coded"."""
    text = pages[name].read_text("utf-8")
    assert "no row confirmed by a person" in text
    assert "hand-coded" not in text


def test_quotes_are_verbatim(pages: dict[str, Path], shipped: Suite) -> None:
    """Every marked passage stands in an article of the suite to the letter."""
    import html

    texts = [shipped.text(article) for article in shipped.articles["id"]]
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", pages["theme"].read_text("utf-8"), re.DOTALL)
    marked = [re.sub(r"<a [^>]*></a>", "", one) for one in marked]  # where other notes lead
    assert marked
    assert all(any(html.unescape(m) in text for text in texts) for m in marked)


def test_same_in_same_out(pages: dict[str, Path], shipped: Suite, tmp_path: Path) -> None:
    """A second run makes the same notebook and the same page, byte for byte."""
    again = run(case(MATRIX, {}, suite=shipped), suite=shipped, out=tmp_path)
    for suffix in (".html", ".ipynb"):
        first, second = pages["matrix"].with_suffix(suffix), again.page.with_suffix(suffix)
        assert first.read_bytes() == second.read_bytes()


def test_a_wrong_parameter_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A parameter that is unknown or impossible ends with 2, says what is allowed, writes nothing."""
    out = tmp_path / "out"
    code = main(
        [
            "run",
            str(THEME),
            "-p",
            "theme=sanction",
            "-p",
            "colour=red",
            "--suite",
            str(ROOT),
            "--out",
            str(out),
        ]
    )
    assert code == 2
    assert not out.exists()
    shown = capsys.readouterr().err
    assert 'Did you mean "sanctions"?' in shown
    assert '"colour" is not a parameter of this notebook' in shown


def test_a_failing_notebook_leaves_no_page(tmp_path: Path, shipped: Suite) -> None:
    """A notebook that fails is kept with its error, and no page of an earlier run stays behind."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    path = tmp_path / "broken.ipynb"
    nbformat.write(notebook, path)
    out = tmp_path / "out"
    out.mkdir()
    (out / "broken.html").write_text("old")
    outcome = run(case(path, {}, suite=shipped), suite=shipped, out=out)
    assert outcome.failure.startswith("ZeroDivisionError")
    assert not outcome.page.exists()
    assert "ZeroDivisionError" in (out / "broken.ipynb").read_text("utf-8")


def test_never_over_the_notebook_itself(tmp_path: Path, shipped: Suite) -> None:
    """A notebook is never overwritten by its own result."""
    shutil.copy(THEME, tmp_path)
    before = THEME.read_bytes()
    with pytest.raises(ParameterError, match="the folder of the notebook itself"):
        run(case(tmp_path / THEME.name, {}, suite=shipped), suite=shipped, out=tmp_path)
    assert (tmp_path / THEME.name).read_bytes() == before


def test_names_stay_in_their_folder() -> None:
    """No value can lead a file out of its folder or make a name too long."""
    for value in ("../../etc/passwd", "a/b", "\0", "..", "ü", "x" * 5000, "C:\\x", "con"):
        name = case_name("n", {"theme": value}, {"theme": ""})
        assert re.fullmatch(r"[a-z0-9-]+", name)
        assert len(name) < 100


def test_names_differ() -> None:
    """Two cases that differ in any value have different names."""
    names = {
        case_name("n", {"a": value}, {"a": ""})
        for value in ("x y", "x-y", "x_y", "X Y", ["x", "y"])
    }
    assert len(names) == 5


def test_plan_of_the_suite(shipped: Suite) -> None:
    """The shipped plan makes every notebook at its defaults and one briefing a theme."""
    planned = cases(ROOT / "notebooks" / "batch.toml", suite=shipped)
    names = {one.name for one in planned}
    assert {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")} <= names
    themes = [one.values["theme"] for one in planned if one.notebook == THEME]
    assert themes == list(shipped.book.values("instrument"))


def test_plan_names_what_is_wrong(tmp_path: Path, shipped: Suite) -> None:
    """A plan with a wrong value names the entry and what is allowed, and makes nothing."""
    shutil.copy(THEME, tmp_path)
    plan = tmp_path / "plan.toml"
    plan.write_text(f'[[notebook]]\nfile = "{THEME.name}"\nvalues = {{ theme = "x" }}\n')
    with pytest.raises(Exception, match=r"plan.toml:3:theme"):
        cases(plan, suite=shipped)


def test_write_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot be put in place the old one stays and nothing is left beside it."""
    path = tmp_path / "page.html"
    write(path, "old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        "<iframe src='https://example.org'></iframe>",
        '<p style="background:url(https://example.org/x)">x</p>',
        "<form action='https://example.org'><input></form>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    ],
)
def test_cleaned(hostile: str) -> None:
    """Whatever HTML a notebook hands over, nothing that runs or reaches out gets into the page."""
    cleaned = clean(f"<p>before</p>{hostile}<p>after</p>")
    assert "before" in cleaned
    assert not re.search(
        r"<script|onerror|onload|javascript:|<iframe|<form|style=|<svg|<img", cleaned
    )


def test_a_chart_that_cannot_be_drawn_says_so() -> None:
    """A broken specification leaves a sentence in its place, and the rest of the page whole."""
    from policybook.exhibits.figure import SPEC_TYPE

    block = f'<p>a</p><script type="{SPEC_TYPE}">{json.dumps({"mark": 3})}</script><p>b</p>'
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/html": block})]
    page = briefing.page(nbformat.v4.new_notebook(cells=[cell]))
    assert re.search(r"<p>a</p><p class=\"nothing\">This chart could not be drawn.*<p>b</p>", page)


def test_output_of_other_kinds_is_shown() -> None:
    """Plain output, printed lines and errors of a notebook reach the page as text."""
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="<b>printed</b>"),
        nbformat.v4.new_output("execute_result", {"text/plain": "<i>plain</i>"}),
    ]
    page = briefing.page(nbformat.v4.new_notebook(cells=[cell]))
    assert "&lt;b&gt;printed" in page
    assert "&lt;i&gt;plain" in page
