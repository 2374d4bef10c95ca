"""What a problem looks like, wherever it is shown."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybook import material
from policybook.checks import check
from policybook.problems import (
    PolicybookError,
    Problem,
    count,
    did_you_mean,
    errors,
    printable,
    quoted,
    report,
    unknown_value,
)

UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
HOSTILE = "\x1b[2J\u202e\u2066\u200f\x07\r\x9b\u2028\x00"


def safe(text: str) -> bool:
    """Tell whether a line holds nothing that could move, hide or reorder what a terminal shows."""
    return not any(unicodedata.category(char) in UNSAFE for char in text)


def test_a_problem_reads_as_promised() -> None:
    """Place, message, evidence in a column, next step: the shape of every problem."""
    problem = Problem(
        "recommendations.csv",
        14,
        "quote",
        "quote-not-found",
        "not found in seeds/a.txt",
        (("coded", '"favouritism"'), ("closest", '"favoritism"   (line 17)')),
        "Copy the words from the article,\nor correct `article`.",
    )
    assert str(problem) == (
        "recommendations.csv:14:quote  not found in seeds/a.txt\n"
        '    coded:    "favouritism"\n'
        '    closest:  "favoritism"   (line 17)\n'
        "    Copy the words from the article,\n"
        "    or correct `article`."
    )


@pytest.mark.parametrize(
    ("line", "column", "severity", "text"),
    [
        (3, "quote", "error", "t.csv:3:quote  is wrong"),
        (3, None, "error", "t.csv:3  is wrong"),
        (None, None, "error", "t.csv  is wrong"),
        (None, "relation", "error", "t.csv:relation  is wrong"),
        (3, None, "warning", "t.csv:3  warning: is wrong"),
    ],
)
def test_a_place_is_as_exact_as_it_can_be(
    line: int | None, column: str | None, severity: str, text: str
) -> None:
    """A problem of a whole file has no line, one of a whole row no column."""
    assert str(Problem("t.csv", line, column, "x", "is wrong", severity=severity)) == text  # type: ignore[arg-type]


def problem_of(text: str, severity: str = "error") -> Problem:
    """Return a problem that shows a text in each of its parts."""
    return Problem(text, 1, text, "x", text, (("coded", text),), text, severity)  # type: ignore[arg-type]


@given(st.text() | st.text(HOSTILE, min_size=1))
def test_no_text_reaches_a_terminal_raw(text: str) -> None:
    """Control characters and bidirectional overrides are written out, wherever they come from."""
    assert all(safe(line) for line in str(problem_of(text)).split("\n"))
    assert safe(printable(text))


def test_a_message_holds_its_lines() -> None:
    """A text with line ends does not pretend to be another problem."""
    lines = str(problem_of("x\nt.csv:1:y  all is well")).split("\n")
    assert len(lines) == 4
    assert lines[1] == "    coded:  x\\nt.csv:1:y  all is well"


def test_letters_of_all_languages_are_shown() -> None:
    """What is no trick is shown as it is."""
    for text in ("Müller’s “Größe” — ça", "ليبيا", "利比亚", "a\u0301", "🙂", "\u00a0"):
        assert printable(text) == text


def test_an_endless_text_is_cut() -> None:
    """A cell of a million letters does not fill the screen; its length is told."""
    assert printable("x" * 1_000_000) == "x" * 300 + "… (1,000,000 characters)"
    assert printable("x" * 300) == "x" * 300
    assert quoted("a") == '"a"'


def hostile_suite(root: Path) -> None:
    """Put characters that a terminal obeys into every cell and many names of a suite."""
    for table in ("recommendations.csv", "seeds/articles.csv", "codings/reader-a.csv"):
        path = root / table
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        with path.open("w", encoding="utf-8", newline="") as stream:
            bad = [[cell + HOSTILE.replace("\x00", "") for cell in row] for row in rows]
            csv.writer(stream, lineterminator="\n").writerows(bad)
    book = root / "codebook.toml"
    text = book.read_text("utf-8").replace('"How firmly."', '"How \\u001b[2J\\u202e firmly."')
    text = text.replace("[instrument.other]", '[instrument."\\u001b[2J"]')
    book.write_text(text.replace("Averna’s engineers", "\\u202e"), "utf-8")
    (root / "seeds" / "\u202etxt.exe\x1b[2J.txt").write_text("x", "utf-8")


def test_a_hostile_suite_cannot_drive_a_terminal(base: Path) -> None:
    """Whatever stands in tables, codebook and file names, the report is plain text."""
    hostile_suite(base)
    problems = check(material.read(base))
    assert len(problems) > 20
    lines = report(problems, rows=6).split("\n")
    assert [line for line in lines if not safe(line)] == []


def test_a_hostile_id_is_not_listed_raw(base: Path) -> None:
    """Allowed values come from files, and are shown as safely as wrong ones."""
    articles = base / "seeds/articles.csv"
    articles.write_text(
        articles.read_text("utf-8").replace("tolm-2033", "to\x1b[2Jlm\u202e"), "utf-8"
    )
    wrong = [p for p in check(material.read(base)) if p.file == "codings/diagnoses.csv"]
    assert "allowed:  averna-2031, belmar-2032, to\\x1b[2Jlm\\u202e" in str(wrong[0])


@pytest.mark.parametrize(
    ("severities", "rows", "tally"),
    [
        ([], 78, "No problems in 78 rows."),
        (["error"], 1, "1 problem in 1 row."),
        (["error", "error"], 78, "2 problems in 78 rows."),
        (["warning"], 1234, "1 warning in 1,234 rows."),
        (["error", "warning", "warning"], 0, "1 problem and 2 warnings in 0 rows."),
    ],
)
def test_the_tally_counts(severities: list[str], rows: int, tally: str) -> None:
    """The last line says how much is wrong, in how many rows."""
    problems = [problem_of("x", severity) for severity in severities]
    assert report(problems, rows=rows).split("\n\n")[-1] == tally
    assert len(report(problems, rows=rows).split("\n\n")) == len(severities) + 1


def test_errors_are_what_stops_a_suite() -> None:
    """Warnings are no errors."""
    problems = [problem_of("a"), problem_of("b", "warning")]
    assert errors(problems) == problems[:1]


@pytest.mark.parametrize(
    ("value", "allowed", "hint"),
    [
        ("suport", ["supports", "opposes"], 'Did you mean "supports"?'),
        ("oposes", ["supports", "opposes"], 'Did you mean "opposes"?'),
        ("weather", ["supports", "opposes"], ""),
        ("", ["supports"], ""),
        ("supports", [], ""),
    ],
)
def test_did_you_mean(value: str, allowed: list[str], hint: str) -> None:
    """The nearest allowed value is proposed where one is near, and none where none is."""
    assert did_you_mean(value, allowed) == hint


def test_an_unknown_value_is_answered_with_the_known() -> None:
    """The allowed values are listed; of very many, the first and their number."""
    assert unknown_value(value="x", what="a stance", allowed=["a", "b"], see="See y.") == (
        '"x" is not a stance',
        (("allowed", "a, b"),),
        "See y.",
    )
    assert unknown_value(value="x", what="a stance", allowed=[])[1] == (("allowed", "nothing yet"),)
    many = [f"v{i}" for i in range(1, 1001)]
    told = "v1, v2, v3, v4, v5, v6, v7, v8 … (1,000 in all)"
    assert unknown_value(value="?", what="a stance", allowed=many)[1] == (("allowed", told),)


def test_a_count_is_said_in_words() -> None:
    """One is singular, everything else plural, thousands are grouped."""
    said = [count(0, "row"), count(1, "row"), count(2000, "row"), count(2, "entry", "entries")]
    assert said == ["0 rows", "1 row", "2,000 rows", "2 entries"]


def test_an_error_says_its_problems() -> None:
    """An error's text is that of its problems; in a notebook no traceback hides it."""
    error = PolicybookError([problem_of("a"), problem_of("b")])
    assert str(error) == f"{problem_of('a')}\n\n{problem_of('b')}"
    assert error._render_traceback_() == str(error).splitlines()
    assert error.problems == (problem_of("a"), problem_of("b"))
    assert str(PolicybookError([problem_of("a")], rows=2)) == report([problem_of("a")], rows=2)
