"""Rules about single cells: known columns, required cells, allowed values, well-formed ids.

Columns are judged as sets of distinct cells, so that a million rows cost little;
only a cell that is wrong is looked up in its row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from policybook import migrations
from policybook.codebook import Codebook, Column
from policybook.material import CODEBOOK, DIAGNOSES, Material
from policybook.problems import Problem, Suggestions, did_you_mean, quoted, unknown_value
from policybook.tables import Table, split

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_FORMULA = re.compile(r"#(?:NAME\?|VALUE!|REF!|N/A|NUM!|DIV/0!|NULL!|NAME|WERT!|BEZUG!)|Err:\d{3}")
_AS_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}/\d{1,2}/\d{1,2}|[A-Z][a-zé]{2,3}[.-]{1,2}\d\d(?:\d\d)?"
)
_URL = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)


def check(material: Material, name: str) -> Iterator[Problem]:
    """Yield the problems of a table's cells."""
    table = material.tables[name]
    corpus = material.corpus
    yield from check_table(table, articles=list(corpus.rows) if corpus.complete else None)
    if name == DIAGNOSES:
        yield from _ids_of_others(table, material.recommendations)


def check_table(table: Table, *, articles: list[str] | None) -> Iterator[Problem]:
    """Yield the problems of a table's columns, cells and ids; `articles` is None if unknown."""
    yield from _columns(table)
    for column in table.columns.values():
        if column.name in table.cells.columns:
            yield from _required(table, column)
            yield from _allowed(table, column, articles)
            yield from _well_formed(table, column)
            yield from _computed(table, column)
    yield from _unique_ids(table)


def _turned(cell: str) -> str:
    """Return what a spreadsheet may have done to a cell, as a hint; nothing where it did not.

    >>> _turned("12/17/2014")[:38], _turned("mei-2014")
    ('A spreadsheet turned it into a date: i', '')
    """
    if _AS_DATE.fullmatch(cell.strip()):
        return (
            "A spreadsheet turned it into a date: import the column as text there, "
            "and type it again."
        )
    return ""


def _computed(table: Table, column: Column) -> Iterator[Problem]:
    """Yield free cells in which a spreadsheet left an error of its own in place of words."""
    if column.kind not in {"quote", "prefix", "text"}:
        return
    cells = table.cells.column(column.name)
    wrong = {cell for cell in set(cells) if _FORMULA.fullmatch(cell.strip())}
    for row, cell in _rows_where(cells, wrong):
        message = f"{quoted(cell)} is what a spreadsheet makes of words it takes for a formula"
        hint = "Type the words again, in a column imported as text."
        yield table.cells.problem("cell-computed", message, row=row, column=column.name, hint=hint)


def is_date(cell: str) -> bool:
    """Tell whether a cell is a day written as 2014-12-17."""
    try:
        return dt.date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


_FORMS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "id": (_ID.fullmatch, "an id", "letters, digits, hyphen, dot and underscore; no space"),
    "date": (is_date, "a date", "a day that exists, written as 2014-12-17"),
    "sha256": (_SHA256.fullmatch, "a SHA-256", "64 digits 0-9 a-f"),
    "version": (_VERSION.fullmatch, "a version", "three numbers, such as 1.0.0"),
    "url": (_URL.fullmatch, "an address", "one that begins with http:// or https://"),
}


def allowed_values(book: Codebook, column: Column, articles: list[str]) -> list[str]:
    """Return the values a column of codes may hold."""
    return articles if column.values == "article" else list(book.values(column.values))


def _columns(table: Table) -> Iterator[Problem]:
    """Yield columns that are unknown, doubled or missing."""
    cells, known = table.cells, list(table.columns)
    for name, times in Counter(cells.header).items():
        if times > 1:
            message = f"the column {quoted(name)} stands {times} times in the header"
            yield _header(table, "column-doubled", message, name, hint="Keep one of them.")
        if name not in known:
            what = f"a column of {table.kind}"
            message, evidence, hint = unknown_value(value=name, what=what, allowed=known)
            see = f"See {CODEBOOK}, [column.{table.kind}]."
            hint = "  ".join(part for part in (hint, see) if part)
            yield _header(table, "column-unknown", message, name, hint=hint, evidence=evidence)
    for name in known:
        if table.columns[name].required and name not in cells.header:
            message = f"the column {quoted(name)} is missing"
            misspelt = [one for one in cells.header if one not in known]
            hint = f"Add it to the header.  {did_you_mean(name, misspelt)}".rstrip()
            yield _header(table, "column-missing", message, name, hint=hint)


def _header(  # noqa: PLR0913  (a problem has this many parts)
    table: Table, code: str, message: str, column: str, *, hint: str,
    evidence: tuple[tuple[str, str], ...] = (),
) -> Problem:  # fmt: skip
    """Return a problem of the header line."""
    return Problem(table.cells.file, table.cells.header_line, column, code, message, evidence, hint)


def _rows_where(cells: Iterable[str], wrong: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the rows that hold one of the wrong cells."""
    if wrong:
        yield from ((row, cell) for row, cell in enumerate(cells) if cell in wrong)


def _required(table: Table, column: Column) -> Iterator[Problem]:
    """Yield required cells that are empty."""
    if not column.required:
        return
    cells = table.cells.column(column.name)
    empty = {cell for cell in set(cells) if not cell.strip()}
    for row, _ in _rows_where(cells, empty):
        message = f"`{column.name}` is empty"
        hint = f"Fill it: {column.definition}"
        yield table.cells.problem("cell-required", message, row=row, column=column.name, hint=hint)


def _allowed(table: Table, column: Column, articles: list[str] | None) -> Iterator[Problem]:
    """Yield codes that the codebook does not have."""
    unknown = column.values == "article" and articles is None
    if column.kind not in {"code", "codes"} or unknown:
        return
    allowed = allowed_values(table.book, column, articles or [])
    known, cells = set(allowed), table.cells.column(column.name)
    if table.old:
        known |= table.book.taken.get(column.values, frozenset())
    parts = split if column.kind == "codes" else lambda cell: [cell.strip()] if cell.strip() else []
    wrong = {
        cell: bad for cell in set(cells) if (bad := [p for p in parts(cell) if p not in known])
    }
    see = f"See {CODEBOOK}, [{column.values}]."
    code, what = "value-unknown", f"a value of `{column.values}`"
    if column.values == "article":
        code, what, see = "article-unknown", "an article", "Articles stand in seeds/articles.csv."
    near = Suggestions().near
    told = {
        value: unknown_value(
            value=value, what=what, allowed=allowed, see=_fate(table, column, value) or see,
            suggest=near,
        )
        for value in set().union(*wrong.values())
    }  # fmt: skip
    for row, cell in _rows_where(cells, set(wrong)):
        for value in wrong[cell]:
            message, evidence, hint = told[value]
            hint = "  ".join(part for part in (_turned(value), hint) if part)
            yield table.cells.problem(
                code, message, row=row, column=column.name, evidence=evidence, hint=hint
            )


def _fate(table: Table, column: Column, value: str) -> str:
    """Return what became of a value that was taken away, nothing for any other."""
    became = migrations.fate(table.book.migrations, column.values, value)
    return f"It {became}." if became else ""


def _well_formed(table: Table, column: Column) -> Iterator[Problem]:
    """Yield ids, dates, fingerprints, versions and addresses that are none."""
    if column.kind not in _FORMS:
        return
    fits, what, form = _FORMS[column.kind]
    cells = table.cells.column(column.name)
    wrong = {cell for cell in set(cells) if cell.strip() and not fits(cell.strip())}
    for row, cell in _rows_where(cells, wrong):
        yield table.cells.problem(
            f"bad-{column.kind}",
            f"{quoted(cell)} is not {what}",
            row=row,
            column=column.name,
            evidence=(("allowed", form),),
            hint=_turned(cell) or "Correct the cell.",
        )


def _ids_of_others(table: Table, other: Table) -> Iterator[Problem]:
    """Yield ids that a row of another table has: notes and evidence name rows of both."""
    taken = set(other.codes("id"))
    for row, name in enumerate(table.codes("id")):
        if name and name in taken:
            line = other.cells.lines[other.codes("id").index(name)]
            yield table.cells.problem(
                "id-doubled",
                f"the id {quoted(name)} is taken",
                row=row,
                column="id",
                evidence=(("first", f"{other.cells.file}, line {line}"),),
                hint="Give this row an id that no row ever had.",
            )


def _unique_ids(table: Table) -> Iterator[Problem]:
    """Yield ids that an earlier row has."""
    ids = [cell.strip() for cell in table.cells.column("id")]
    if len(set(ids)) == len(ids):
        return
    first: dict[str, int] = {}
    for row, name in enumerate(ids):
        if name and first.setdefault(name, row) != row:
            yield table.cells.problem(
                "id-doubled",
                f"the id {quoted(name)} is taken",
                row=row,
                column="id",
                evidence=(("first", f"line {table.cells.lines[first[name]]}"),),
                hint="Give this row an id that no row ever had.",
            )
