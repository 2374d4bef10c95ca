"""The page itself: nothing reaches out, notes lead both ways, on paper as on a screen."""

import base64
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from batches import texts
from made import tries
from policybook import briefing
from policybook.batch.plan import case
from policybook.batch.run import Settings, run
from policybook.briefing import Options, engine, live, pictures, printing
from policybook.briefing.prepare import clean
from policybook.cli import main
from policybook.exhibits.figure import figure
from policybook.exhibits.html import tag
from policybook.problems import PolicybookError
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
THEME = ROOT / "notebooks" / "06-one-theme-in-full.ipynb"
ASKED = {"theme": "pressure_egypt_uae"}
CHARTS = ("static", "interactive")
SOAK = bool(os.environ.get("POLICYBOOK_SOAK"))

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory, shipped: Suite) -> Path:
    """The notebook of one theme, run."""
    out = tmp_path_factory.mktemp("out")
    outcome = run(case(THEME, ASKED, suite=shipped), suite=shipped, out=out)
    assert outcome.failure == ""
    return outcome.page.with_suffix(".ipynb")


@pytest.fixture(scope="module")
def pages(executed: Path) -> dict[str, Path]:
    """Its page, static and interactive."""
    made = {}
    for charts in CHARTS:
        made[charts] = executed.with_name(f"{charts}.html")
        notebook = nbformat.read(executed, as_version=4)
        made[charts].write_text(briefing.page(notebook, Options(charts=charts)), "utf-8")  # type: ignore[arg-type]
    return made


def of(*outputs: object) -> nbformat.NotebookNode:
    """Return a notebook whose cells show these exhibits."""
    cells = []
    for shown in outputs:
        cell = nbformat.v4.new_code_cell("x")
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/html": str(shown)})]
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


def opened(browser: Any, path: Path, **context: Any) -> tuple[Any, list[str]]:
    """Open a page without a network; return it, and what it requested or complained of."""
    page = browser.new_context(offline=True, **context).new_page()
    noise: list[str] = []
    page.on("request", lambda request: noise.append(request.url))
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("dialog", lambda dialog: noise.append(dialog.message))
    page.goto(path.as_uri())
    return page, noise


@pytest.mark.parametrize("charts", CHARTS)
def test_nothing_leaves_the_page(pages: dict[str, Path], browser: Any, charts: str) -> None:
    """Static or interactive, a page asks for nothing but itself and its console stays empty."""
    page, noise = opened(browser, pages[charts])
    if charts == "interactive":
        page.wait_for_selector(".picture.drawn .live svg")
    assert noise == [pages[charts].as_uri()]
    page.context.close()


@pytest.mark.parametrize("charts", CHARTS)
def test_policy(pages: dict[str, Path], charts: str) -> None:
    """The page's policy names its style and its script by their hashes and allows nothing else."""
    text = pages[charts].read_text("utf-8")
    policy = re.search(r'<meta content="([^"]*)" http-equiv="Content-Security-Policy"/>', text)
    assert policy
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    script = re.search(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    parts = ["default-src 'none'", f"style-src {_hash(style)}"]
    parts += [f"script-src {_hash(script)}"] if charts == "interactive" else []
    assert policy[1] == "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])
    assert ' style="' not in text.replace(script[0] if script else "", "")


def _hash(match: re.Match[str] | None) -> str:
    """Return the hash of an element's text as a policy names it."""
    assert match
    digest = hashlib.sha256(match[1].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_no_globals(pages: dict[str, Path], browser: Any) -> None:
    """The script of an interactive page leaves no name behind in the page."""
    names = "Object.keys(window).filter((name) => !['0'].includes(name)).sort()"
    still, _ = opened(browser, pages["static"])
    live_page, _ = opened(browser, pages["interactive"])
    live_page.wait_for_selector(".picture.drawn")
    assert live_page.evaluate(names) == still.evaluate(names)


def test_a_pointer_is_told(pages: dict[str, Path], browser: Any) -> None:
    """Over a mark of a chart stands what it is, in words that stand in the chart's table as well."""
    page, _ = opened(browser, pages["interactive"], viewport={"width": 1280, "height": 900})
    page.wait_for_selector(".picture.drawn")
    mark = page.locator(".live .mark-symbol path").first
    mark.scroll_into_view_if_needed()  # scrolling hides the words, and is told a frame later
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    mark.hover()
    page.wait_for_selector("#tip", state="visible", timeout=5000)
    told = page.locator("#tip span").all_inner_texts()
    cells = page.evaluate(
        "[...document.querySelectorAll('figure.chart :is(td, th)')].map((cell) =>"
        " [...cell.childNodes].filter((one) => one.localName !== 'sup')"
        ".map((one) => one.textContent).join(''))"
    )
    assert len(told) == 5
    assert set(told) <= set(cells)
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()


def test_hostile_tips(tmp_path: Path, browser: Any) -> None:
    """What a pointer reveals is shown to the letter, whatever markup the data holds."""
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    data = pd.DataFrame({"who": [hostile], "n": [1]})
    chart = alt.Chart(data).mark_bar().encode(x="n:Q", tooltip=["who:N"])
    shown = figure(chart, description="d", data=data, caption="c")
    path = tmp_path / "page.html"
    path.write_text(briefing.page(of(shown.html), Options(charts="interactive")), "utf-8")
    page, noise = opened(browser, path)
    page.wait_for_selector(".picture.drawn")
    page.locator(".live .mark-rect path").first.hover()
    assert page.locator("#tip span").inner_text() == hostile
    assert page.locator("#tip img, #tip script").count() == 0
    assert noise == [path.as_uri()]


def test_without_scripts_and_on_paper(pages: dict[str, Path], browser: Any) -> None:
    """Without JavaScript and in print an interactive page shows the picture that stands in it."""
    page, _ = opened(browser, pages["interactive"], java_script_enabled=False)
    assert page.locator(".picture > svg").first.is_visible()
    page, _ = opened(browser, pages["interactive"])
    page.wait_for_selector(".picture.drawn")
    assert not page.locator(".picture > svg").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".picture > svg").first.is_visible()
    assert not page.locator(".picture .live").first.is_visible()


def test_notes_lead_both_ways(pages: dict[str, Path]) -> None:
    """Each number leads to its note, and each note back to every place that cites it."""
    soup = BeautifulSoup(pages["static"].read_text("utf-8"), "html.parser")
    cited: dict[str, list[str]] = {}
    for link in soup.select('main sup a[href^="#note-"]'):
        cited.setdefault(link["href"][1:], []).append(link["id"])
        assert link.get_text() == link["href"].removeprefix("#note-")
    notes = {f"note-{note['value']}": note for note in soup.select(".evidence li")}
    assert cited.keys() == notes.keys()
    for name, places in cited.items():
        back = notes[name].select(".back a")
        assert [link["href"][1:] for link in back] == places
        assert [link.get_text() for link in back[:3]] == ["a", "b", "c"][: len(places)]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_number_lands_on_the_words_it_promises(
    pages: dict[str, Path], browser: Any, width: int
) -> None:
    """Whoever follows a number sees the marked words, and they stand out from the other marks."""
    still = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    page, _ = opened(browser, pages["static"], **still)
    names = page.eval_on_selector_all("main sup a[href^='#note-']", "all => all.map(a => a.hash)")
    assert len(set(names)) > 10
    look = """hash => { location.hash = hash; const one = document.querySelector(hash);
      const on = one.closest("mark, li"), box = on.getBoundingClientRect();
      return [on.tagName, box.top >= 0 && box.top < innerHeight - 60,
              on.tagName === "LI" || getComputedStyle(on).boxShadow !== "none"]; }"""
    landed = {name: page.evaluate(look, name) for name in names}
    assert {name: one for name, one in landed.items() if not all(one[1:])} == {}
    assert "MARK" in {tag for tag, *_ in landed.values()}


def test_every_quotation_and_row_has_a_note(pages: dict[str, Path]) -> None:
    """No quotation and no line of the recommendations stands without the number of its passage."""
    soup = BeautifulSoup(pages["static"].read_text("utf-8"), "html.parser")
    quoted = soup.select("figure.quotation blockquote")
    table = next(t for t in soup.select("table") if "ecommendation" in t.caption.get_text())
    assert len(quoted) > 5
    assert len(table.select("tbody tr")) > 5
    for place in [*quoted, *table.select("tbody tr")]:
        assert place.select('sup a[href^="#note-"]'), place.get_text()


def test_on_paper_links_are_numbers(pages: dict[str, Path], browser: Any) -> None:
    """In print the numbers and their notes stand; links back, contents and closed tables do not."""
    page, _ = opened(browser, pages["static"])
    page.emulate_media(media="print")
    assert page.locator("sup a").first.is_visible()
    assert page.locator(".evidence li").first.is_visible()
    for gone in (".back", ".contents", "details"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == (
        "table-header-group"
    )
    assert page.locator("figure.chart").first.evaluate("e => getComputedStyle(e).breakInside") == (
        "avoid"
    )


def test_on_paper_every_note_is_found(pages: dict[str, Path]) -> None:
    """Read from top to bottom, every note stands in its place or a line says under which one it does."""
    soup = BeautifulSoup(pages["static"].read_text("utf-8"), "html.parser")
    top, found = 0, []
    for place in soup.select(".evidence > :not(p.source)"):  # how dates are known comes first
        numbers = [int(note["value"]) for note in place.select("li")]
        numbers = numbers or [int(n) for n in re.findall(r"(\d+) stands under", place.get_text())]
        assert numbers[0] == top + 1
        run = next((k for k, n in enumerate(numbers) if n != numbers[0] + k), len(numbers))
        top = numbers[run - 1]
        found += numbers[:run]
    assert found == list(range(1, len(soup.select(".evidence li")) + 1))


def test_full_text(tmp_path: Path, shipped: Suite) -> None:
    """With --full-text every paragraph of every cited article stands in the page, by its number."""
    whole = Settings(options=Options(full_text=True))
    outcome = run(case(THEME, ASKED, suite=shipped), suite=shipped, out=tmp_path, settings=whole)
    soup = BeautifulSoup(outcome.page.read_text("utf-8"), "html.parser")
    cited = {str(row["article"]) for row in shipped.rows_called(_rows(soup))}
    shown = [p.get_text() for p in soup.select(".whole .paragraph")]
    wanted = [
        f"{number} {line.rstrip()}"
        for article in sorted(cited)
        for number, line in enumerate(
            (line for line in shipped.text(article).splitlines() if line.strip()), start=1
        )
    ]
    assert len(cited) > 1
    assert sorted(shown) == sorted(wanted)
    assert soup.select(".whole mark")


def _rows(soup: BeautifulSoup) -> list[str]:
    """Return the ids of the rows that a page's notes name."""
    return [code.get_text() for code in soup.select(".evidence li code")]


def test_no_code_unless_asked_for(executed: Path) -> None:
    """A page holds no code, and with --with-code each cell folded away."""
    notebook = nbformat.read(executed, as_version=4)
    assert "pb.evidence" not in briefing.page(notebook)
    shown = BeautifulSoup(briefing.page(notebook, Options(with_code=True)), "html.parser")
    cells = [c for c in notebook.cells if c.cell_type == "code" and c.source]
    assert [c.get_text() for c in shown.select("details.code code")] == [c.source for c in cells]
    assert not shown.select("details.code[open]")


def test_the_ordinary_way(executed: Path, pages: dict[str, Path], tmp_path: Path) -> None:
    """`jupyter nbconvert --to html --template briefing` makes the same page to the byte."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "briefing",
               f"--output-dir={tmp_path}", "--output=page", str(executed)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / "page.html").read_bytes() == pages["static"].read_bytes()


def test_the_ordinary_way_with_options(executed: Path, pages: dict[str, Path]) -> None:
    """Nbconvert's own exporter takes our options by name, and its page is the same as well."""
    config = Config(Prepare={"charts": "interactive"})
    exporter = HTMLExporter(template_name="briefing", config=config)
    text, _ = exporter.from_notebook_node(nbformat.read(executed, as_version=4))
    assert text == pages["interactive"].read_text("utf-8")


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)


@given(TEXTS, TEXTS)
@settings(max_examples=tries(100), deadline=None)
def test_settled(text: str, value: str) -> None:
    """Whatever stands in texts and attributes, nbconvert's second reading of a page changes nothing."""
    shown = tag("p", text, tag("br"), tag("b", "x", title=value, aria_label=text), class_="c  d")
    cleaned = clean(str(shown))
    assert str(BeautifulSoup(cleaned, "html.parser")) == cleaned


def test_pictures_are_whole(executed: Path) -> None:
    """The picture in the page shows the same words and as many marks as the one vega draws."""
    import vl_convert

    from policybook.briefing.pictures import NAMELESS, SPEC_BLOCK, draw
    from policybook.briefing.slim import slim

    spec = next(SPEC_BLOCK.finditer(json.dumps(nbformat.read(executed, 4)).replace('\\"', '"')))
    text = spec["spec"].replace("\\\\", "\\")
    small, vega = draw(text, live=True)
    drawn = vl_convert.vega_to_svg(json.loads(vega))
    assert slim(drawn, name=NAMELESS) == small
    assert draw(text, live=False) == (small, "")
    before, after = (BeautifulSoup(svg, "html.parser") for svg in (drawn, small))
    words = [t.get_text() for t in before.select("text")]
    assert [t.get_text() for t in after.select("text")] == words
    assert len(words) > 5
    assert len(after.select("line")) == len(before.select("line"))
    assert len(small) < 0.6 * len(drawn)


def test_ids_of_two_pictures() -> None:
    """Two pictures of one page share no id, and theirs depend on nothing drawn before."""
    data = pd.DataFrame({"a": ["x", "y"], "n": [1.0, 2.0]})
    chart = alt.Chart(data).mark_rect().encode(x="a:N", color="n:Q")  # its legend has a gradient
    shown = figure(chart, description="d", data=data, caption="c")
    made = []
    for _ in range(2):
        pictures.draw.cache_clear()
        made.append(briefing.page(of(shown.html, shown.html)))
    ids = re.findall(r' id="(chart-[^"]+)"', made[0])
    assert len(ids) == len(set(ids)) == 2
    assert {f"url(#{n})" for n in ids} == set(re.findall(r"url\(#[^)]+\)", made[0]))
    assert made[1] == made[0]


def test_a_place_for_a_picture_cannot_be_forged() -> None:
    """A text of the data that names the place of a picture stays a text."""
    data = pd.DataFrame({"a": ['<i id="policybook-picture-0"></i>'], "n": [1]})
    shown = figure(
        alt.Chart(data).mark_bar().encode(x="n:Q"), description="d", data=data, caption="c"
    )
    page = briefing.page(of(tag("p", data["a"][0]), shown.html))
    assert page.count("<svg") == 1
    assert html.escape(data["a"][0], quote=False) in page


def test_a_link_to_nowhere_is_words() -> None:
    """A link to a place that the page does not have stands as its words, any other as a link."""
    page = briefing.page(
        of(tag("p", tag("a", "lost", href="#x"), tag("a", "kept", href="#y"), id="y"))
    )
    assert '<p id="y">lost<a href="#y">kept</a></p>' in page


def test_the_script_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script is put together once and then kept; a damaged copy is not used."""
    monkeypatch.setenv("POLICYBOOK_CACHE", str(tmp_path))
    live.script.cache_clear()
    first = live.script()
    (kept,) = tmp_path.iterdir()
    monkeypatch.setattr(live, "_bundled", lambda _: "made anew")
    live.script.cache_clear()
    assert live.script() == first
    kept.write_bytes(kept.read_bytes()[:-1])
    live.script.cache_clear()
    assert live.script() == "made anew"
    live.script.cache_clear()


def test_pdf(pages: dict[str, Path], browser: Any) -> None:
    """--pdf prints the page beside itself, on A4."""
    del browser  # where there is none, there is nothing to print with
    assert printing.print_page(pages["static"]) == ""
    printed = pages["static"].with_suffix(".pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}


def test_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a Chromium --pdf says what to install before anything is run or written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(printing, "BROWSERS", ("chromium",))
    asked = ["run", str(THEME), "--suite", str(ROOT), "--out", str(tmp_path / "out"), "--pdf"]
    assert main(asked) == 1
    told = capsys.readouterr().err
    assert "there is no Chromium on this machine" in told
    assert "apt install chromium" in told
    assert not (tmp_path / "out").exists()


def test_a_browser_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """POLICYBOOK_CHROMIUM names the browser; one that is none or fails is reported in words."""
    monkeypatch.setenv(printing.OVERRIDE, str(tmp_path / "nothing"))
    with pytest.raises(PolicybookError, match=r"names .*nothing, which is no program"):
        printing.find_browser()
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho out of paper >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv(printing.OVERRIDE, str(broken))
    (tmp_path / "page.html").write_text("<style></style>")
    assert printing.print_page(tmp_path / "page.html") == (
        "no PDF: the browser ended with 3: out of paper\\n"
    )
    broken.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(printing, "PATIENCE", 0.2)
    assert "did not end within" in printing.print_page(tmp_path / "page.html")
    assert not (tmp_path / "page.pdf").exists()


PLACES = {
    "America/Los_Angeles": ("C", 0),
    "Asia/Tokyo": ("tr_TR.UTF-8", 30),
    "Pacific/Kiritimati": ("ar_EG.UTF-8", 400),  # a day or two later than in Los Angeles
}
"""Time zones with a locale, and the days by which the clock is ahead there."""

LATER = """
import os, time
now, ahead = time.time, 86_400 * int(os.environ["DAYS_AHEAD"])
time.time = lambda: now() + ahead
"""
"""What a Python runs at its start where the clock is ahead; `date.today` asks `time.time` as well."""


def elsewhere(folder: Path, zone: str, plan: str) -> "subprocess.Popen[str]":
    """Copy the suite, begin a batch in another place, on another day, and return its process."""
    locale, days = PLACES[zone]
    place = folder / locale / f"a földer {days}"
    for name in ("codings", "seeds", "notebooks"):
        shutil.copytree(ROOT / name, place / name, copy_function=shutil.copyfile)
    for name in ("recommendations.csv", "codebook.toml"):
        shutil.copyfile(ROOT / name, place / name)
    (place / "notebooks" / "batch.toml").write_text(plan, "utf-8")
    (place / "sitecustomize.py").write_text(LATER, "utf-8")
    own = {"TZ": zone, "LC_ALL": locale, "DAYS_AHEAD": str(days), "PYTHONHASHSEED": str(days),
           "PYTHONPATH": f"{place}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
           "POLICYBOOK_CACHE": str(place / "cache")}  # fmt: skip
    command = [sys.executable, "-m", "policybook.cli", "batch", "--out", str(folder / zone)]
    return subprocess.Popen(
        command, env={**os.environ, **own}, cwd=place, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_the_same_everywhere_and_always(
    executed: Path, pages: dict[str, Path], tmp_path: Path
) -> None:
    """In any time zone, locale and folder, on any day, notebooks, pages and index are the same bytes."""
    plan = (
        (ROOT / "notebooks" / "batch.toml").read_text("utf-8")
        if SOAK
        else '[[notebook]]\nfile = "06-one-theme-in-full.ipynb"\n'
        f"values = {{ theme = {json.dumps(ASKED['theme'])} }}\n"
    )
    zones = [*PLACES] if SOAK else [*PLACES][::2]
    for process in [elsewhere(tmp_path, zone, plan) for zone in zones]:
        told = process.communicate()[0]
        assert process.returncode == 0, told
    made = [
        {one.name: one.read_bytes() for end in ("html", "ipynb") for one in out.glob(f"*.{end}")}
        for out in (tmp_path / zone for zone in zones)
    ]
    assert made[0].keys() >= {"index.html", executed.name}
    assert all(one == made[0] for one in made)
    assert made[0][executed.name] == executed.read_bytes()
    assert made[0][executed.with_suffix(".html").name] == pages["static"].read_bytes()


LOADS = {
    "a picture": "engine.ask('vegalite_to_vega', POINT)",
    "altair": "import altair, io; altair.Chart.from_dict(POINT).save(io.StringIO(), 'svg')",
    "a widget of altair": "import altair; altair.JupyterChart.enable_offline()",
}
"""What loads the engine into a process: drawing for a page, and what altair does by itself."""

FORKED = """
import os, sys
from policybook.batch import processes
from policybook.briefing import engine
POINT = {{"mark": "point", "data": {{"values": [{{}}]}}}}
{load}
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
processes.settle(os.getppid(), keep=1)
try:
    engine.ask("vegalite_to_vega", {{"mark": 3}})
    os._exit(3)
except ValueError as refused:
    assert "TypeError" in str(refused), refused
print(engine.ask("vega_to_svg", engine.ask("vegalite_to_vega", POINT)), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
def test_drawn_in_a_fork(load: str) -> None:
    """A process forked from one that has loaded the engine draws as well, the same, where it would hang."""
    program = [sys.executable, "-c", FORKED.format(load=load)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    vega = engine.ask("vegalite_to_vega", {"mark": "point", "data": {"values": [{}]}})
    assert done.stdout.strip() == engine.ask("vega_to_svg", vega)


@pytest.mark.parametrize(
    "program", ["", "import time; time.sleep(60)", "print('[]'[:1], flush=True)"]
)
def test_an_engine_that_breaks(
    tmp_path: Path, shipped: Suite, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """It fails the briefing, with the reason, and never makes a page that lacks a chart."""
    import vl_convert  # noqa: F401  (so that forks ask the process beside them)

    monkeypatch.setattr(engine, "_PROGRAM", program)
    monkeypatch.setattr(engine, "PATIENCE", 1.0)
    outcome = run(case(THEME, ASKED, suite=shipped), suite=shipped, out=tmp_path)
    assert "could not be made: RuntimeError: the engine that draws charts ended" in outcome.failure
    assert not outcome.page.exists()


def test_a_page_on_no_article_is_short(tmp_path: Path, shipped: Suite) -> None:
    """It says that nothing is selected and what was left out; no section tells how to read nothing."""
    notebook = ROOT / "notebooks" / "05-what-changed-over-time.ipynb"
    full = run(case(notebook, {}, suite=shipped), suite=shipped, out=tmp_path / "full")
    none = run(case(notebook, {"from_date": "2030"}, suite=shipped), suite=shipped, out=tmp_path)
    heads = []
    for page in (full.page, none.page):
        soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        heads.append([one.get_text() for one in soup.select("main h2")])
        assert [one.get_text() for one in soup.select(".contents a")] == heads[-1]
    assert len(heads[0]) > 8
    assert heads[1] == [*heads[0][-3:-2], heads[0][-1]]
    assert "Left out: " in none.page.read_text("utf-8")


def test_a_theme_that_nobody_takes_up_is_short(tmp_path: Path, shipped: Suite) -> None:
    """Where no author prescribes anything and nobody is relayed, no section tells how to read nothing."""
    notebook = ROOT / "notebooks" / "06-one-theme-in-full.ipynb"
    heads = {}
    for theme in ("elections", "military_action"):  # on the other one positions are relayed
        made = run(
            case(notebook, {"theme": theme}, suite=shipped), suite=shipped, out=tmp_path / theme
        )
        soup = BeautifulSoup(made.page.read_text("utf-8"), "html.parser")
        heads[theme] = [one.get_text() for one in soup.select("main h2")]
    assert heads["elections"] == ["Before you quote this", "The evidence", "How this page was made"]
    assert {"What exactly is asked for?", "What are the words?"} <= {*heads["military_action"]}


def test_an_answer_given_in_full_has_no_rest(tmp_path: Path, shipped: Suite) -> None:
    """Where the first screen says all, no heading asks what else there is; where it does not, one does."""
    notebook, heading = (
        ROOT / "notebooks" / "06-one-theme-in-full.ipynb",
        "What else is to be said?",
    )
    for theme, more in (("accountability", False), ("sanctions", True)):
        one = case(notebook, {"theme": theme}, suite=shipped)
        made = run(one, suite=shipped, out=tmp_path / theme)
        assert ("There is no more to the answer." in texts(made.page.with_suffix(".ipynb"))) != more
        assert (f">{heading}<" in made.page.read_text("utf-8")) == more
