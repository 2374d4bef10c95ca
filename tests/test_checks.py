"""What `policybook check` says of a suite, situation by situation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policybook import material
from policybook.checks import check
from policybook.problems import Problem, SuiteError, report
from policybook.suite import open_suite

SUITES = Path(__file__).parent / "suites"
SITUATIONS = sorted(folder.name for folder in SUITES.iterdir() if folder.name != "base")
LayOut = Callable[[str], Path]


def checked(root: Path) -> list[Problem]:
    """Return the problems of a suite."""
    return check(material.read(root))


def reported(root: Path) -> str:
    """Return what `policybook check` prints of a suite."""
    content = material.read(root)
    return report(check(content), rows=len(content.recommendations.cells))


def expected(situation: str) -> str:
    """Return what was worked by hand for a situation."""
    return (SUITES / situation / "expected.txt").read_text("utf-8").removesuffix("\n")


def test_the_base_has_no_problem(base: Path) -> None:
    """A sound suite is told so, with the number of its rows."""
    assert reported(base) == "No problems in 6 rows."


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation(situation: str, lay_out: LayOut) -> None:
    """Every mistake is answered with its place, the evidence and the next step, and nothing else."""
    assert reported(lay_out(situation)) == expected(situation)


def test_every_situation_says_what_it_is(made_of_bytes: set[str]) -> None:
    """Every situation has its working, its expected text, and bytes only where a folder names them."""
    for situation in SITUATIONS:
        files = {file.name for file in (SUITES / situation).iterdir()}
        assert {"change.toml", "expected.txt"} <= files, situation
    assert made_of_bytes <= set(SITUATIONS)


@pytest.mark.parametrize("situation", ["everything-at-once", "no-file", "ragged-rows"])
def test_a_broken_suite_is_not_opened(situation: str, lay_out: LayOut) -> None:
    """A notebook that opens a broken suite stops with the text that `policybook check` prints."""
    with pytest.raises(SuiteError) as stopped:
        open_suite(lay_out(situation))
    assert str(stopped.value) == expected(situation)
    assert stopped.value._render_traceback_() == expected(situation).splitlines()


@pytest.mark.parametrize(
    "situation", ["draft", "byte-order-mark", "windows-line-ends", "semicolons", "example-denied"]
)
def test_a_warning_stops_nobody(situation: str, lay_out: LayOut) -> None:
    """A suite that has warnings opens, and keeps them."""
    suite = open_suite(lay_out(situation))
    assert report(suite.warnings, rows=6) == expected(situation)


def test_a_draft_enters_no_measure(lay_out: LayOut) -> None:
    """A row in work is not among the rows of an opened suite."""
    assert sorted(open_suite(lay_out("draft")).rows["id"]) == [
        "a-01",
        "a-02",
        "a-03",
        "b-01",
        "b-02",
    ]


@pytest.mark.parametrize(
    "situation", ["semicolons", "tabs", "byte-order-mark", "windows-line-ends"]
)
def test_odd_forms_are_read_alike(situation: str, base: Path, lay_out: LayOut) -> None:
    """A table that a spreadsheet wrote holds the same rows as one written by hand."""
    before = material.read(base).recommendations.cells
    after = material.read(lay_out(situation)).recommendations.cells
    assert after.columns == before.columns
    assert after.lines == before.lines == [2, 3, 4, 5, 6, 7]


def test_errors_come_before_warnings(lay_out: LayOut) -> None:
    """What stops a suite is printed before what does not, whatever file it stands in."""
    problems = checked(lay_out("everything-at-once"))
    assert [p.severity for p in problems] == ["error"] * 8 + ["warning"]


def test_problems_are_data(lay_out: LayOut) -> None:
    """A problem names file, line, column and code, for whoever wants to sort or count them."""
    first = next(
        p for p in checked(lay_out("everything-at-once")) if p.file == "recommendations.csv"
    )
    assert (first.line, first.column, first.code) == (5, "stance", "value-unknown")
    assert (first.severity, first.hint.split("  ")[0]) == ("error", 'Did you mean "supports"?')


def test_checking_changes_nothing(lay_out: LayOut) -> None:
    """Checking writes no file and alters none."""
    root = lay_out("everything-at-once")
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    checked(root)
    assert {file: file.read_bytes() for file in root.rglob("*") if file.is_file()} == before


def rows_like(root: Path, cells: list[str]) -> None:
    """Add rows to the table of recommendations."""
    with (root / "recommendations.csv").open("a", encoding="utf-8") as table:
        table.writelines(f"{cell}\n" for cell in cells)


def test_the_search_for_the_closest_passage_is_bounded(base: Path) -> None:
    """A table full of wrong quotations is answered in seconds: at some point none is proposed."""
    words = [
        "no",
        "one",
        "ever",
        "wrote",
        "so",
        "many",
        "words",
        "about",
        "dams",
        "gates",
        "or",
        "water",
    ]
    quotes = [" ".join(words[i % 12 :] + 8 * words) + f" {i}" for i in range(60)]
    rows_like(
        base,
        [f"w-{i},averna-2031,,{q},,,,,talks,supports,should,,,,," for i, q in enumerate(quotes)],
    )
    found = [dict(p.evidence)["closest"] for p in checked(base) if p.code == "quote-not-found"]
    assert len(found) == 60
    assert not found[0].startswith("not sought")
    assert found[-1] == "not sought: too many quotations are wrong"


def test_the_article_that_holds_the_words_is_named(base: Path) -> None:
    """Words from another article are traced to that one, to its last words, among many articles."""
    facts = (base / "seeds/articles.csv").read_text("utf-8").splitlines()[3]
    with (base / "seeds/articles.csv").open("a", encoding="utf-8") as table:
        for i in range(40):
            text = f"Report number {i:02}.\n\nThe end of report {i:02}\n"
            (base / f"seeds/r{i:02}.txt").write_text(text, "utf-8", newline="")
            line = facts.replace("tolm-2033", f"r-{i:02}").replace("tolm.txt", f"r{i:02}.txt")
            seal = hashlib.sha256(text.encode()).hexdigest()
            table.write(re.sub("[0-9a-f]{64}", seal, line) + "\n")
    wrong = [f"The end of report {i:02}" for i in range(40)]
    rows_like(
        base,
        [f"w-{i},tolm-2033,,{q},,,,,talks,supports,should,,,,," for i, q in enumerate(wrong)],
    )
    named = [dict(p.evidence)["found in"] for p in checked(base)]
    assert named == [f"seeds/r{i:02}.txt (r-{i:02})" for i in range(40)]


def test_a_place_is_noted_only_where_there_is_one(lay_out: LayOut) -> None:
    """A quotation that stands twice has no place, rather than the first of two."""
    content = material.read(lay_out("quote-found-twice"))
    found = content.found["recommendations.csv"]["quote"]
    assert list(found.hits) == [1, 1, 2, 1, 1, 1]
    assert (found.start[2], found.end[2]) == (-1, -1)
    text = content.corpus.text("belmar-2032") or ""
    assert text[found.start[4] : found.end[4]] == "Belmar should not open the gates"


def test_a_long_chain_of_repetitions_is_followed_once(base: Path) -> None:
    """A chain of thousands of repetitions is traced to its first row without walking it anew each time."""
    rows = [
        f"c-{i},averna-2031,,Nobody gains,,,,,talks,supports,should,,,c-{i - 1},,"
        for i in range(1, 4000)
    ]
    rows_like(base, ["c-0,averna-2031,,Nobody gains,,,,,talks,supports,should,,,,,", *rows])
    hints = [p.hint for p in checked(base) if p.code == "repeat-chain"]
    assert hints == ['Name the first row: "c-0".'] * 3998


def test_a_way_into_a_circle_is_shown_up_to_five_rows(base: Path) -> None:
    """A long circle is shown by its first steps only."""
    rows = [
        f"c-{i},averna-2031,,Nobody gains,,,,,talks,supports,should,,,c-{(i + 1) % 7},,"
        for i in range(7)
    ]
    rows_like(base, rows)
    circles = [p.message for p in checked(base) if p.code == "repeat-circle"]
    assert len(circles) == 7
    assert circles[0] == "repeats itself: c-0 → c-1 → c-2 → c-3 → c-4 …"


@pytest.mark.parametrize(
    ("file", "text", "codes"),
    [
        ("codebook.toml", "[codebook]\nn = " + "9" * 5000, ["not-toml"]),
        ("codebook.toml", "x = " + "[" * 100_000, ["not-toml"]),
        ("codebook.toml", "# nothing\n", ["empty-file"]),
    ],
)
def test_a_codebook_that_breaks_its_reader(
    base: Path, file: str, text: str, codes: list[str]
) -> None:
    """A codebook that no reader of TOML survives is a problem of the suite, not of the program."""
    (base / file).write_text(text, "utf-8")
    assert [p.code for p in checked(base)] == codes


def test_a_changelog_of_lists(base: Path) -> None:
    """An entry of the codebook that is a list where a text belongs is reported."""
    book = base / "codebook.toml"
    text = book.read_text("utf-8").replace('version = "1.0.0"\ndate', 'version = ["1.0.0"]\ndate')
    book.write_text(text, "utf-8")
    codes = ["version-unexplained", "bad-version", *["version-unknown"] * 3]
    assert [p.code for p in checked(base)] == codes


def test_a_lost_row_accuses_no_other(base: Path) -> None:
    """What points to a row that a broken table lost is not called dangling."""
    text = (base / "recommendations.csv").read_text("utf-8")
    broken = text.replace("a-01,averna-2031,,Both", 'a-01,averna-2031,,"Both" or')
    (base / "recommendations.csv").write_text(broken, "utf-8")
    assert [(p.line, p.code) for p in checked(base)] == [(2, "broken-row")]


def test_a_broken_list_of_articles_accuses_no_row(base: Path) -> None:
    """Rows of an article whose line in articles.csv is broken are not blamed, nor is its file."""
    text = (base / "seeds/articles.csv").read_text("utf-8")
    broken = text.replace("Belmar Herald", '"Belmar" Herald')
    (base / "seeds/articles.csv").write_text(broken, "utf-8")
    assert [(p.line, p.code) for p in checked(base)] == [(3, "broken-row")]
