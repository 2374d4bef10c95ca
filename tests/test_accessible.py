"""Shipped pages in everybody's hands: by ear, by keyboard, on a phone, in the dark, in the mail."""

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

from by_axe import axe_on
from policybook import briefing, cli, params
from policybook.batch.plan import case, cases
from policybook.batch.run import Outcome, Settings, make
from policybook.briefing import Options
from policybook.briefing.pictures import SPEC_BLOCK
from policybook.suite import Suite

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
SOAK = bool(os.environ.get("POLICYBOOK_SOAK"))

STATIC_MOST, INTERACTIVE_MOST = 150_000, 1_300_000
"""Bytes that a page may have."""

LIGHT, DARK = ("light", 1280), ("dark", 390)
"""How a page is looked at: its colours, and the pixels across."""

WITH_SCRIPTS = ("02-who-recommends-what", "13-appendix-networks")
"""Notebooks whose interactive pages axe looks at in `make test`."""


def looks(name: str) -> list[tuple[str, tuple[str, int]]]:
    """Return how axe looks at the pages of a notebook: one look each, in turn; in `make soak` every."""
    if SOAK:
        both = [(charts, look) for charts in ("static", "interactive") for look in (LIGHT, DARK)]
        return [*both, ("interactive", ("dark", 1280))]
    first = ("static", (LIGHT, DARK)[NAMES.index(name) % 2])
    return [first, *([("interactive", ("dark", 1280))] if name in WITH_SCRIPTS else [])]


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, shipped: Suite) -> list[Outcome]:
    """Every shipped notebook, run at its defaults; in `make soak` every case of the plan."""
    out = tmp_path_factory.mktemp("shipped")
    planned = cases(ROOT / "notebooks" / "batch.toml", suite=shipped) if SOAK else []
    among = {one.notebook.stem for one in planned}
    planned += [case(path, {}, suite=shipped) for path in NOTEBOOKS if path.stem not in among]
    done: list[Outcome] = []
    shipped.load()  # as a batch does: what is read later, a notebook would read
    make(planned, suite=shipped, out=out, settings=Settings(workers=2), done=done.append)
    assert [one.failure for one in done if one.failure] == []
    return done


@pytest.fixture(scope="module")
def executed(made: list[Outcome]) -> dict[str, list[nbformat.NotebookNode]]:
    """The executed notebooks by the names of those they come from."""
    found: dict[str, list[nbformat.NotebookNode]] = {name: [] for name in NAMES}
    for one in made:
        path = one.page.with_suffix(".ipynb")
        notebook = nbformat.read(path, as_version=4)
        found[one.case.notebook.stem].append(notebook)
        PAGES[id(notebook), "static"] = one.page.read_text("utf-8")
    assert all(found.values())
    return found


PAGES: dict[tuple[int, str], str] = {}


def html_of(notebook: nbformat.NotebookNode, charts: str) -> str:
    """Return the page of a notebook: the static one as it was delivered, the other made once."""
    key = (id(notebook), charts)  # `executed` keeps them all
    if key not in PAGES:
        PAGES[key] = briefing.page(notebook, Options(charts=charts))  # type: ignore[arg-type]
    return PAGES[key]


@pytest.mark.parametrize("name", NAMES)
def test_small_enough_to_mail(executed: dict[str, Any], name: str) -> None:
    """A page has at most 150 KB, an interactive one at most 1.3 MB."""
    for notebook in executed[name]:
        assert len(html_of(notebook, "static").encode()) <= STATIC_MOST
        assert len(html_of(notebook, "interactive").encode()) <= INTERACTIVE_MOST


@pytest.mark.parametrize("name", NAMES)
def test_nothing_for_axe_to_find(
    executed: dict[str, Any], browser: Any, tmp_path: Path, name: str
) -> None:
    """axe-core (WCAG 2.2 AA and best practices) finds nothing, light or dark, wide or narrow."""
    for notebook in executed[name]:
        for charts, (scheme, width) in looks(name):
            (tmp_path / "page.html").write_text(made := html_of(notebook, charts), "utf-8")
            if charts == "interactive" and 'type="module"' not in made:
                continue  # without a chart it is the same page
            context = browser.new_context(
                offline=True, color_scheme=scheme, viewport={"width": width, "height": 800}
            )
            page = context.new_page()
            page.goto((tmp_path / "page.html").as_uri())
            if charts == "interactive":
                page.wait_for_function(
                    "document.querySelectorAll('.picture').length =="
                    " document.querySelectorAll('.picture.drawn').length"
                )
            told = axe_on(page)
            found = [(v["id"], v["nodes"][0]["html"][:200]) for v in told["violations"]]
            assert found == [], (charts, scheme, width)
            assert len(told["passes"]) > 10  # axe has looked
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            context.close()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_pointer_reveals_stands_in_the_table(executed: dict[str, Any], name: str) -> None:
    """Every word that a chart tells a pointer stands in the chart's table."""
    for notebook in executed[name]:
        outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
        for shown in (o.get("data", {}).get("text/html", "") for o in outputs):
            for block in re.findall(r'<figure class="chart">.*?</figure>', shown, re.DOTALL):
                soup, spec = BeautifulSoup(block, "html.parser"), SPEC_BLOCK.search(block)
                assert spec
                told = _told(json.loads(spec["spec"]))
                for number in soup.select("sup"):
                    number.decompose()
                cells = {cell.get_text().strip() for cell in soup.select("th, td")}
                assert len(told) > 3
                assert told <= cells


def _told(spec: dict[str, Any]) -> set[str]:
    """Return every word that a specification tells a pointer."""
    fields = {field for one in _found(spec, "tooltip") for field in _found(one, "field")}
    rows = [row for data in spec["datasets"].values() for row in data]
    return {str(row[field]) for row in rows for field in fields if row.get(field, "") != ""}


def _found(part: Any, key: str) -> list[Any]:
    """Return every value under a key, however deep; data is left out."""
    if isinstance(part, list):
        return [one for item in part for one in _found(item, key)]
    if not isinstance(part, dict):
        return []
    deeper = [one for k, v in part.items() if k not in {key, "datasets"} for one in _found(v, key)]
    return [part[key], *deeper] if key in part else deeper


@pytest.mark.parametrize("name", NAMES)
def test_charts_have_words(executed: dict[str, Any], name: str) -> None:
    """Every chart has a name, a description in words and its data as a table with a caption."""
    for notebook in executed[name]:
        soup = BeautifulSoup(html_of(notebook, "static"), "html.parser")
        for chart in soup.select("figure.chart"):
            picture = chart.select_one(".picture")
            assert picture
            assert picture["role"] == "img"
            assert len(str(picture["aria-label"]).split()) > 2
            assert len(chart.figcaption.get_text()) > 60
            assert chart.select_one("details table caption")
            assert all(svg["aria-hidden"] == "true" for svg in chart.select("svg"))


WITH_GRID = {"04", "05", "06", "07", "08", "09"}
"""Notebooks about a pair, a theme, an article, an actor or an end."""

FIRST_SCREEN = """() => {
  const bottom = (one) => one.getBoundingClientRect().bottom + scrollY;
  const opening = document.querySelector(".opening");
  const parts = ["h1", ".scope", ".answer", ".grid", ".two", ".aside", ".opening > .caveat"];
  const found = parts.map((one) => document.querySelector(`main ${one}`));
  const answer = opening.querySelector(".answer").cloneNode(true);
  for (const number of answer.querySelectorAll("sup")) number.remove();
  return {
    missing: parts.filter((_, n) => !found[n]),
    sorted: found.filter(Boolean).every((one, n, all) => !n || bottom(one) > bottom(all[n - 1])),
    most: Math.max(...found.filter(Boolean).map(bottom)),
    words: answer.textContent, text: opening.innerText,
    strange: opening.querySelectorAll("svg, code, pre, details, h2").length,
  };
}"""
HALF_OF_A4 = (148.5 - 12) * 96 / 25.4
"""Pixels of the upper half of a page below its margin."""


@pytest.mark.parametrize("name", NAMES)
def test_first_screen(executed: dict[str, Any], browser: Any, tmp_path: Path, name: str) -> None:
    """The first screen, and the upper half of an A4 page, hold all parts of the opening in their order."""
    for notebook in executed[name]:
        (tmp_path / "page.html").write_text(text := html_of(notebook, "static"), "utf-8")
        if 'class="opening"' not in text:
            assert name == "candidates"
            continue
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto((tmp_path / "page.html").as_uri())
        seen = page.evaluate(FIRST_SCREEN)
        assert seen["most"] <= 800
        assert seen["sorted"]
        assert seen["strange"] == 0
        assert "the grid" not in seen["text"] or ".grid" not in seen["missing"]
        nothing = 'class="quotation"' not in text
        assert {*seen["missing"]} <= ({".grid", ".two"} if nothing else {".grid"})
        assert nothing or (".grid" not in seen["missing"]) == (name[:2] in WITH_GRID)
        assert len(re.findall(r"[^\s–—]*\w[^\s–—]*", seen["words"])) <= 60
        assert not re.search(r"[0-9a-f]{12}", seen["text"])
        page.emulate_media(media="print")
        page.set_viewport_size({"width": round((210 - 32) * 96 / 25.4), "height": 1000})
        assert page.evaluate(FIRST_SCREEN)["most"] <= HALF_OF_A4
        page.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_leads_to_its_proof(executed: dict[str, Any], name: str) -> None:
    """Each finding, quotation and line of a table has the number of a note, and each note leads back."""
    for notebook in executed[name]:
        soup = BeautifulSoup(html_of(notebook, "static"), "html.parser")
        claims = soup.select(
            "ul.answer > li, .aside, figure.quotation, table:not(.grid *) tbody tr"
        )
        assert [one.get_text()[:80] for one in claims if not _numbered(one)] == []
        ids = {one["id"]: one for one in soup.select("[id]")}
        assert {a["href"][1:] for a in soup.select('a[href^="#"]')} <= ids.keys()
        notes = {f"note-{note['value']}": note for note in soup.select(".evidence li")}
        cited = {link["href"][1:] for link in soup.select('main sup a[href^="#note-"]')}
        assert notes.keys() == cited
        for one, note in notes.items():
            back = note.select(".back a")
            assert back
            assert {ids[a["href"][1:]]["href"] for a in back} == {f"#{one}"}


def _numbered(claim: Any) -> bool:
    """Tell whether a claim has the number of a note: of itself, of its table, or of its columns.

    A list on how firm the page's own sentences are leads to their tally instead.
    """
    if claim.name != "tr":
        of_the_page = claim.name == "li" and claim.parent.select('sup a[href="#firmness"]')
        return bool(claim.select('sup a[href^="#note-"]') or of_the_page)
    table = claim.find_parent("table")
    heads = table.select("thead th")  # an empty first one is no heading
    return bool(claim.select("sup a") or table.select("caption sup a")) or all(
        head.select("sup a") for head in heads
    )


def test_the_certificate_tells_how(made: list[Outcome], shipped: Suite) -> None:
    """The command in a page's certificate is a call that makes this very page."""
    for one in made:
        soup = BeautifulSoup(one.page.read_text("utf-8"), "html.parser")
        (told,) = [code.get_text() for code in soup.select(".colophon code.again")]
        called = cli._parser().parse_args(shlex.split(told)[1:])
        again = case(ROOT / called.notebook, params.asked(called.parameters), suite=shipped)
        assert again == one.case
        assert called.charts == "static"
        shown = {t.get_text().removeprefix("Parameter ") for t in soup.select(".colophon dt")}
        assert {*one.case.values} <= shown


def test_shipped_notebooks_read_nothing_else(
    made: list[Outcome], shipped: Suite, tmp_path: Path
) -> None:
    """Every shipped notebook, also as its last case in the plan, reads data through the suite and in no other way."""
    planned = {one.notebook: one for one in cases(ROOT / "notebooks" / "batch.toml", suite=shipped)}
    known = [one.case for one in made]
    done = [one for one in made if one.case.notebook in planned]
    rest = [one for one in planned.values() if one not in known]
    make(rest, suite=shipped, out=tmp_path, settings=Settings(workers=2), done=done.append)
    assert {one.name for one in planned.values()} <= {one.case.name for one in done}
    for outcome in done:
        assert outcome.failure == ""
        beyond = [key for key in outcome.reads if key[0] not in {"suite", "selection", "book"}]
        assert (outcome.case.name, beyond) == (outcome.case.name, [])
        assert "suite" in {key[0] for key in outcome.reads}
        assert ("suite", "recommendations.csv", "material") not in outcome.reads


def test_by_keyboard(executed: dict[str, Any], browser: Any, tmp_path: Path) -> None:
    """Tab reaches everything that can be used, in the order of the page, and the focus is seen."""
    path = tmp_path / "page.html"
    path.write_text(html_of(executed["06-one-theme-in-full"][0], "interactive"), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri())
    page.wait_for_selector(".picture.drawn")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    wanted = page.evaluate("document.querySelectorAll('a, summary, [tabindex=\"0\"]').length")
    hidden = page.locator("details:not([open]) [tabindex], details:not([open]) a").count()
    for _ in range(1, wanted - hidden):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => s.outlineStyle + s.outlineWidth)(getComputedStyle(document.activeElement))"
        )
        assert style == "solid3px"
    last = page.evaluate("[...document.querySelectorAll('a, summary, [tabindex=\"0\"]')].at(-1) ==="
                         " document.activeElement")  # fmt: skip
    assert last
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("figure.chart table").first.is_visible()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_as_the_reader_has_it(executed: dict[str, Any], browser: Any, tmp_path: Path) -> None:
    """Reduced motion and forced colours are respected; the contents stay in reach."""
    path = tmp_path / "page.html"
    path.write_text(html_of(executed["02-who-recommends-what"][0], "static"), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(path.as_uri())
    scrolls = "getComputedStyle(document.documentElement).scrollBehavior"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(scrolls) == "smooth"
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    assert page.evaluate(scrolls) == "auto"
    marked = "(e => getComputedStyle(e).backgroundColor)(document.querySelector('mark'))"
    assert page.evaluate(marked) != "rgba(0, 0, 0, 0)"
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        box = page.locator(".contents a").first.bounding_box()
        assert 0 <= box["y"] < 800
    page.close()
