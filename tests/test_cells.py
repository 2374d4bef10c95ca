"""A table is read as it stands, and every row knows its physical line."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybook import cells

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
rows = st.lists(st.tuples(words, words | st.just('"a",\n"b"\r\n'), words).filter(any), max_size=8)
"""Rows in which something stands; one of nothing but delimiters is none."""


def written(content: list[tuple[str, str, str]]) -> str:
    """Return a table with every cell between quotation marks."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *content])
    return stream.getvalue()


@given(rows)
@settings(max_examples=300, deadline=None)
def test_cells_are_kept_to_the_letter(content: list[tuple[str, str, str]]) -> None:
    """Every cell comes back as it was written, white space, line ends and "NA" included."""
    table = cells.parse(written(content).encode(), name="t.csv")
    assert [p for p in table.problems if p.severity == "error"] == []
    assert list(zip(*table.columns.values(), strict=True)) == content
    assert table.header == ["a", "b", "c"]


@given(rows)
@settings(max_examples=300, deadline=None)
def test_lines_are_physical(content: list[tuple[str, str, str]]) -> None:
    """The line of a row is that on which an editor shows its beginning, after any multi-line cell."""
    table = cells.parse(written(content).encode(), name="t.csv")
    above = [written(content[:i]) for i in range(len(content))]
    assert table.lines == [len(re.findall(r"\r\n|\r|\n", text)) + 1 for text in above]


@given(st.binary(max_size=60) | st.text('ab,;"\r\n\t\0é', max_size=40).map(str.encode))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_a_table_or_a_problem(data: bytes) -> None:
    """Whatever the bytes, there is a table whose columns are equally long, or a reason why not."""
    table = cells.parse(data, name="t.csv")
    assert table.header or not table.complete
    assert {len(column) for column in table.columns.values()} <= {len(table)}
    assert all(1 <= line <= data.count(b"\n") + data.count(b"\r") + 1 for line in table.lines)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("a,b\n1,2\n3,4\n", [2, 3]),
        ("a,b\n\n1,2\n\n\n3,4", [3, 6]),
        ('a,b\n"1\n1\n1",2\n3,4\n', [2, 5]),
        ('a,b\r\n"1\r\n1",2\r\n3,4\r\n', [2, 4]),
        ('a,"b\nb"\n1,2\n', [3]),
        ('a,b\n"1"x,2\n3,4\n', [3]),
        ('a,b\n"1\n1"x,2\n3,4\n', [4]),
    ],
)
def test_lines_worked_by_hand(data: str, lines: list[int]) -> None:
    """Blank lines, cells of many lines and rows that are lost are counted."""
    assert cells.parse(data.encode(), name="t.csv").lines == lines


def test_words_for_nothing_are_words() -> None:
    """No cell is taken for a missing value, a number or a truth."""
    table = cells.parse(b"a,b\nNA, None \n007,TRUE\n", name="t.csv")
    assert table.columns == {"a": ("NA", "007"), "b": (" None ", "TRUE")}


def test_a_column_that_is_not_there_is_empty() -> None:
    """A column that the file lacks has one empty cell a row."""
    table = cells.parse(b"a,b\n1,2\n3,4\n", name="t.csv")
    assert table.column("a") == ("1", "3")
    assert table.column("c") == ("", "")


def test_rows_after_a_broken_one_are_read() -> None:
    """A broken row costs itself, and is named with its line."""
    table = cells.parse(b'a,b\n"1"x,2\n3,4\n"5"y,6\n7,8\n', name="t.csv")
    assert table.columns == {"a": ("3", "7"), "b": ("4", "8")}
    assert [(p.line, p.code) for p in table.problems] == [(2, "broken-row"), (4, "broken-row")]
    assert not table.complete


def test_a_ragged_row_is_kept() -> None:
    """A row with too few or too many cells is read as far as it fits, and loses nothing else."""
    table = cells.parse(b"a,b\n1\n2,3,4\n", name="t.csv")
    assert table.columns == {"a": ("1", "2"), "b": ("", "3")}
    assert [(p.line, p.code) for p in table.problems] == [(2, "ragged-row"), (3, "ragged-row")]
    assert table.complete


def test_empty_rows_are_passed_over() -> None:
    """Rows of nothing but delimiters, as spreadsheets leave them, cost a warning and no more."""
    table = cells.parse(b"a,b\n1,2\n,\n,,,\n3,4\n", name="t.csv")
    assert table.columns == {"a": ("1", "3"), "b": ("2", "4")}
    assert table.lines == [2, 5]
    assert [(p.line, p.severity) for p in table.problems] == [(3, "warning")]
    assert "2 empty rows" in table.problems[0].message


def test_rows_that_end_early() -> None:
    """Many rows short at their ends are read, as Excel writes them; a long one is still a mistake."""
    data = b"a,b,c\n" + b"1,2\n" * 8 + b"1,2,3\n1,2,3,4\n"
    table = cells.parse(data, name="t.csv")
    assert table.columns["c"] == ("",) * 8 + ("3", "3")
    assert [(p.line, p.code) for p in table.problems] == [(11, "ragged-row"), (2, "short-rows")]
    few = cells.parse(b"a,b,c\n" + b"1,2\n" * 7, name="t.csv")
    assert {p.code for p in few.problems} == {"ragged-row"}


def test_a_table_of_endless_columns_is_none() -> None:
    """A header of more columns than any table has is answered once, not column by column."""
    table = cells.parse(b",".join([b"a"] * (cells.MOST_COLUMNS + 1)) + b"\n", name="t.csv")
    assert [p.code for p in table.problems] == ["too-many-columns"]
    assert not table.complete


def test_an_endless_cell_is_read() -> None:
    """A cell may be longer than the reader of the standard library allows by itself."""
    assert cells.parse(b"a,b\n" + b"x" * 200_000 + b",1\n", name="t.csv").column("b") == ("1",)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file and a folder in its place are problems, not exceptions."""
    assert [p.code for p in cells.read(tmp_path / "t.csv").problems] == ["no-file"]
    assert [p.code for p in cells.read(tmp_path, name="t.csv").problems] == ["is-a-folder"]
    assert [p.file for p in cells.read(tmp_path, name="t.csv").problems] == ["t.csv"]
