"""Texts that mean harm, in every field of a suite: on a page they are words, and nothing else.

Each page is opened beside its harmless twin, which differs by nothing but the characters that
mean something to a machine. The surprising rule: a text counts only once a page has shown it
to the letter, so no check here passes for want of harm.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import hostile
from batches import soak
from policybook import params
from policybook.batch.index import index
from policybook.batch.plan import Case, case
from policybook.batch.rerun import rerun
from policybook.batch.run import Outcome, Settings
from policybook.briefing import Options
from policybook.problems import ParameterError, PolicybookError
from policybook.suite import Suite, open_suite
from watched import CANARY, Seen, Watch

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WORD = "10-every-sentence-with-a-word"
CHARTS = ("static", "interactive")

FEW = [hostile.STRINGS[name] for name in (
    "end-of-script", "end-of-attribute", "svg-style", "braces", "vega-end", "override",
    "markdown-link", "spreadsheet",
)]  # fmt: skip
"""The texts of `make test`; `make soak` takes all."""

PAGE = re.compile(r"a href [a-z0-9-]+\.html\Z")
"""A link of the index: what data may choose of it is a name of plain letters."""

Asked = tuple[str, Mapping[str, Any]]
ONE: dict[str, list[Asked]] = {
    "static": [("07-one-article-in-full", {})],
    "interactive": [("02-who-recommends-what", {})],
}
MORE: list[Asked] = [
    *(("06-one-theme-in-full", {"theme": theme}) for theme in ("sanctions", "exclude_haftar")),
    *(("07-one-article-in-full", {"article": name}) for name in hostile.RENAMED.values()),
    ("08-one-actor-in-full", {"actor": "egypt"}),
]
ALL: list[Asked] = [*((path.stem, {}) for path in sorted(NOTEBOOKS.glob("*.ipynb"))), *MORE]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@dataclass
class Campaign:
    """Pages of harm beside pages without: what came of them, and which texts of which fields were seen."""

    watch: Watch
    reached: set[tuple[str, str]] = field(default_factory=set)
    pages: int = 0

    def compare(self, pages: Sequence[Path], twins: Sequence[Path]) -> list[Seen]:
        """Open pages and their twins in turn; none may differ from its twin but by its words."""
        shown = []
        for page, twin in zip(pages, twins, strict=True):
            seen, plain = self.watch.see(page), self.watch.see(twin)
            assert harm(seen, plain) == {}, page.name
            assert seen.place == page.as_uri()
            self.pages += 1
            shown += [seen, plain]
        return shown


def harm(seen: Seen, twin: Seen) -> dict[str, Any]:
    """Return what a page did or became that its harmless twin did not; empty where all is well."""
    found = {
        "noise": seen.noise,
        "globals": sorted({*seen.names} ^ {*twin.names}),
        "canary": [seen.canary] if seen.canary != CANARY else [],
        "handlers": sorted({*seen.handlers} ^ {*twin.handlers}),
        "addresses": sorted(a for a in {*seen.addresses} - {*twin.addresses} if not PAGE.match(a)),
        "lost links": seen.lost,
        "in pictures": sorted({*seen.pictures} ^ {*twin.pictures}),
        "in tips": sorted({*seen.in_tips} ^ {*twin.in_tips}),
        "elements": sorted((Counter(seen.elements) - Counter(twin.elements)).items()),
        "elements lost": sorted((Counter(twin.elements) - Counter(seen.elements)).items()),
    }
    return {name: what for name, what in found.items() if what}


def built(asked: Sequence[Case], suite: Suite, out: Path, charts: str) -> list[Path]:
    """Return the pages of some cases and their index; none may fail."""
    options = Options(charts=charts, full_text=charts == "interactive")  # type: ignore[arg-type]
    settings = Settings(workers=2, options=options)
    result = rerun(asked, suite=suite, out=out, settings=settings)
    assert {one.case.name: one.failure for one in result.failed} == {}
    return [*(one.page for one in result.outcomes), out / "index.html"]


def cases(asked: Sequence[Asked], suite: Suite) -> list[Case]:
    """Return the cases of some notebooks, each once."""
    found = [case(NOTEBOOKS / f"{name}.ipynb", values, suite=suite) for name, values in asked]
    return list({one.name: one for one in found}.values())


def campaign(
    browser: Any, folder: Path, strings: Sequence[str], asked: Sequence[Asked], charts: str
) -> tuple[Campaign, hostile.Filler]:
    """Build every page with texts in every field, and with their twins, and open all."""
    texts = {"hostile": strings, "harmless": [hostile.harmless(text) for text in strings]}
    fillers, pages = {}, {}
    for kind, mine in texts.items():
        fillers[kind] = hostile.write(folder / kind, mine)
        suite = open_suite(folder / kind)
        pages[kind] = built(cases(asked, suite), suite, folder / f"{kind}-{charts}", charts)
    ran = Campaign(Watch(browser))
    own = {hostile.harmless(text): text for text in strings}
    shown = ran.compare(pages["hostile"], pages["harmless"])
    for seen, twin in zip(shown[::2], shown[1::2], strict=True):
        found = [
            hostile.found("\n".join([one.text, one.title, *one.tips]), fillers[kind])
            for kind, one in (("hostile", seen), ("harmless", twin))
        ]
        # What the twin shows, the page shows to the letter.
        assert {(name, own[text]) for name, text in found[1]} <= found[0]
        ran.reached |= found[0]
    return ran, fillers["hostile"]


@pytest.mark.parametrize("charts", CHARTS)
def test_texts_stay_texts(tmp_path: Path, browser: Any, charts: str) -> None:
    """Whatever the words of a suite hold, its pages and index show them to the letter and run nothing."""
    ran, _ = campaign(browser, tmp_path, FEW, ONE[charts], charts)
    assert ran.pages == 2  # and the index
    shown = Counter(text for _, text in ran.reached)
    assert min(shown[text] for text in FEW) > 20


@soak
@pytest.mark.parametrize("charts", CHARTS)
def test_every_text_in_every_field(
    tmp_path: Path, browser: Any, charts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nearly a hundred texts in every field, on every shipped notebook's page: words, all of them."""
    strings = list(hostile.STRINGS.values())
    ran, filler = campaign(browser, tmp_path, strings, ALL, charts)
    shown = Counter(text for _, text in ran.reached)
    seen = {name for name, _ in ran.reached}
    with capsys.disabled():
        print(f"\n{charts}: {ran.pages} pages beside their twins, {len(filler.fields)} fields,")
        print(f"{len(shown)} of {len(strings)} texts shown, {len(seen)} fields shown,")
        print(f"{len(ran.reached):,} pairs of text and field; each text in {min(shown.values())}+")
        print(f"not on a page: {', '.join(sorted({*filler.fields} - seen))}")
    assert min(shown[text] for text in strings) >= 20
    assert len(seen) >= 32  # every field that any page shows: the others are printed above


@dataclass(frozen=True)
class Odd:
    """What became of one text in one field: refused, or shown harmlessly."""

    name: str
    refused: list[str]
    shown: int = 0


def odd(name: str, text: str, folder: Path, watch: Watch, asked: Sequence[Asked]) -> Odd:
    """Put a text into one field of a suite of plain words, and see what becomes of it."""
    filler = hostile.write(folder / "suite", ["plain words"], odd=(name, text))
    try:
        suite = open_suite(folder / "suite")
    except PolicybookError as error:
        return Odd(name, [str(problem) for problem in error.problems])
    shown = 0
    for page in built(cases(asked, suite), suite, folder / "out", "interactive"):
        if "alert(1)</" not in html.unescape(page.read_text("utf-8")):
            continue  # this page does not show the field
        seen = watch.see(page)
        assert (seen.noise, seen.lost, seen.canary) == ([], [], CANARY)
        assert {one.partition(" ")[2] for one in seen.handlers} <= {"style"}  # vega's own
        assert not {"script", "iframe", "img"} & {*seen.pictures, *seen.in_tips}
        shown += (name, text) in hostile.found("\n".join([seen.text, *seen.tips]), filler)
    return Odd(name, [], shown)


IN_TABLES = ("row.quote", "row.note", "diagnosis.note", "article.title", "reader-a.note",
             "ruling.reason")  # fmt: skip
"""A field of each table of a suite."""

ELSEWHERE = ("codebook.name", "instrument.label", "actor.label", "text.after")
"""Fields of files that are no tables; TOML has no half characters."""


@pytest.mark.parametrize("text", hostile.REFUSED.values(), ids=hostile.REFUSED)
@pytest.mark.parametrize("name", IN_TABLES)
def test_no_text_at_all(tmp_path: Path, name: str, text: str) -> None:
    """What is no text (NUL, half a character) is refused in every table, with its line."""
    hostile.write(tmp_path / "suite", ["plain words"], odd=(name, text))
    with pytest.raises(PolicybookError, match=r"\.csv:3  (holds NUL|is not UTF-8)"):
        open_suite(tmp_path / "suite")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/x"])
def test_no_address(tmp_path: Path, address: str) -> None:
    """An article's address that could run or open anything but a page of the web is refused."""
    hostile.write(tmp_path, ["plain words"])
    table = tmp_path / "seeds" / "articles.csv"
    text = re.sub(r"https://evil.example/[^,]*", address, table.read_text("utf-8"))
    table.write_text(text, "utf-8")
    with pytest.raises(PolicybookError, match=r"articles\.csv:2:url .* is not an address"):
        open_suite(tmp_path)


@soak
@pytest.mark.parametrize("name", ELSEWHERE)
def test_nul_elsewhere(tmp_path: Path, browser: Any, name: str) -> None:
    """In the codebook and in an article NUL is refused, or shown with a mark in its place."""
    came = odd(name, hostile.REFUSED["nul"], tmp_path, Watch(browser), ONE["interactive"])
    assert came.refused or came.shown


@soak
def test_a_megabyte_in_every_field(
    tmp_path: Path, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A megabyte of scripts in any one field is shown as words or refused in words."""
    names = [*hostile.write(tmp_path / "names", ["plain words"]).fields]
    came, watch = [], Watch(browser)
    for nth, name in enumerate(names):
        came.append(odd(name, hostile.LONG, tmp_path / str(nth), watch, ONE["interactive"]))
    with capsys.disabled():
        print(f"\na megabyte in {len(came)} fields: shown of {sum(o.shown > 0 for o in came)},")
        print(f"refused in {[o.name for o in came if o.refused]}")
    assert sum(o.shown > 0 for o in came) > 5


def _words(text: str) -> str:
    """Return a word to look for, such that no article holds it."""
    return f"{text} qqq"


def _by_word(
    strings: Sequence[str], browser: Any, suite: Suite, folder: Path, charts: str
) -> tuple[Campaign, list[Seen]]:
    """Look for each text as a word, and for its twin; open the pages, the index last."""
    pages = {}
    for kind, become in (("hostile", str), ("harmless", hostile.harmless)):
        asked = [(WORD, {"word": _words(become(text))}) for text in strings]
        pages[kind] = built(cases(asked, suite), suite, folder / f"{kind}-{charts}", charts)
    ran = Campaign(Watch(browser))
    return ran, ran.compare(pages["hostile"], pages["harmless"])[::2]


def _look_for(strings: Sequence[str], browser: Any, suite: Suite, folder: Path, charts: str) -> int:
    """Check that each text is shown where it was looked for, and in the index; return the pages."""
    ran, seen = _by_word(strings, browser, suite, folder, charts)
    for text, page in zip(strings, seen, strict=False):
        wanted = hostile.folded(hostile.as_shown(_words(text))).strip()
        assert wanted in hostile.folded(page.text)
        assert wanted in hostile.folded(seen[-1].text)
    return ran.pages


def test_parameters_stay_texts(tmp_path: Path, browser: Any, shipped: Suite) -> None:
    """A word to look for is shown to the letter, on its page and in the index, whatever it holds."""
    assert _look_for(FEW[:1], browser, shipped, tmp_path, "static") == 2


@soak
@pytest.mark.parametrize("charts", CHARTS)
def test_every_text_as_a_parameter(
    tmp_path: Path, browser: Any, shipped: Suite, charts: str
) -> None:
    """Every text is a word to look for, and one of a megabyte as well."""
    strings = [*hostile.STRINGS.values(), hostile.LONG]
    assert _look_for(strings, browser, shipped, tmp_path, charts) == len(strings) + 1


def _refused(strings: Sequence[str], suite: Suite) -> int:
    """Check that every parameter but a word to look for refuses every text; return how many did."""
    asked = [
        (path, parameter.name, text)
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for parameter in params.declared(path)
        for text in strings
        if parameter.name != "word"
    ]
    for path, name, text in asked:
        with pytest.raises(ParameterError, match=name):
            case(path, {name: text}, suite=suite)
    return len(asked)


def test_no_parameter_is_a_text(shipped: Suite) -> None:
    """Any other parameter has its own values; a text that is none of them is refused in words."""
    assert _refused(FEW[:3], shipped) > 3 * 100


@soak
def test_no_parameter_is_any_text(shipped: Suite) -> None:
    """Every text is refused by every parameter of every notebook."""
    strings = [*hostile.STRINGS.values(), *hostile.REFUSED.values(), hostile.LONG]
    assert _refused(strings, shipped) > 10_000


def test_reasons_stay_texts(tmp_path: Path, browser: Any, shipped: Suite) -> None:
    """In the index a reason why a briefing failed, and a value that it had, are words as well."""
    pages = []
    for kind, become in (("hostile", str), ("harmless", hostile.harmless)):
        (tmp_path / kind).mkdir()
        pages.append(tmp_path / kind / "index.html")
        texts = [become(text) for text in hostile.STRINGS.values()]
        made = [
            Outcome(
                Case(f"x{nth}", Path(f"{kind}.ipynb"), {"theme": text, "word": text}, ("word",)),
                tmp_path / f"x{nth}.html",
                failure=text,
            )
            for nth, text in enumerate(texts)
        ]
        pages[-1].write_text(index(made, suite=shipped), "utf-8")
    seen, twin = map(Watch(browser).see, pages)
    assert harm(seen, twin) == {}
    for text in hostile.STRINGS.values():
        wanted = hostile.folded(hostile.as_shown(text))
        assert hostile.folded(seen.text).count(wanted) >= 2
