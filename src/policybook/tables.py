"""Turn the cells of a table into typed columns, defaults filled in; judge nothing.

Codes are stripped of white space around them, quotations are kept to the letter.
A list cell ("egypt; uae") keeps its order and becomes "egypt; uae" with one separator.
In an old coding a code that was renamed or merged since is read as what it is called now.
The surprising rule: what is wrong in a cell is passed on as it stands; `checks` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policybook.cells import Cells
from policybook.codebook import Codebook, Column

if TYPE_CHECKING:
    import pandas as pd

SEPARATOR = "; "
DRAFT = "draft"
OWN_VOICES = ("author", "coauthored")
"""Voices that count as the author's own."""
FIRST_YEAR = "first_year"
"""Column of an opened table: the year of the first day on which each row's article can have been published.

A convention for orders, tables and charts: sentences say how far dates leave the year open.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells with the columns the codebook gives them; `kind` is the codebook's name for them.

    `old` tells that nobody edits it when codes change: it may hold those of older versions.
    """

    kind: str
    cells: Cells
    book: Codebook
    old: bool = False

    @property
    def columns(self) -> dict[str, Column]:
        """The columns the codebook defines for this kind of table."""
        return self.book.columns.get(self.kind, {})

    def codes(self, name: str) -> list[str]:
        """Return a column's codes, stripped, the codebook's default where a cell is empty."""
        cells, column = self.cells.column(name), self.columns.get(name)
        if self.old or (column and column.kind == "codes"):
            return list(map(self.meanings(name).__getitem__, cells))
        default = column.default if column else ""
        return [cell.strip() or default for cell in cells]

    def meanings(self, name: str) -> dict[str, str]:
        """Return the code of each different cell of a column: a million cells repeat each other."""
        column = self.columns.get(name)
        default = column.default if column else ""
        several = column is not None and column.kind == "codes"
        now = self.book.successors.get(column.values, {}) if self.old and column else {}
        return {
            cell: (
                SEPARATOR.join(_now(split(cell), now)) if several else _now([cell.strip()], now)[0]
            )
            or default
            for cell in set(self.cells.column(name))
        }


def _now(codes: list[str], called: Mapping[str, str]) -> list[str]:
    """Return codes by what they are called now, each once."""
    return list(dict.fromkeys(called.get(code, code) for code in codes)) if called else codes


def span(column: str) -> tuple[str, str]:
    """Return the columns in which words of a row begin and end in its article."""
    return ("start", "end") if column == "quote" else (f"{column}_start", f"{column}_end")


def split(cell: str) -> list[str]:
    """Return the parts of a list cell, stripped, without empty ones and repetitions.

    >>> split("egypt;uae; egypt")
    ['egypt', 'uae']
    """
    return list(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def frame(table: Table, *, articles: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Return a table as a DataFrame, one row a coded row, in the order of the file.

    Codes are ordered categoricals in the codebook's order; everything else is text.
    `articles` gives `speaker` and `coder` of each article, the defaults of those columns.
    Adds `line`, the physical line in the file.
    """
    import pandas as pd  # noqa: PLC0415  (half a second that `check` and `--help` do without)

    data: dict[str, pd.Series] = {}
    for name, column in table.columns.items():
        cells = _with_defaults(table, name, articles)
        data[name] = pd.Series(_typed(table, column, cells), name=name)
    data["line"] = pd.Series(table.cells.lines, dtype="int64")
    return pd.DataFrame(data)


def _with_defaults(table: Table, name: str, articles: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a column's cells with the defaults that depend on the row."""
    column = table.columns[name]
    if column.kind in {"text", "quote", "prefix"}:
        return list(table.cells.column(name))
    codes = table.codes(name)
    if name in {"speaker", "coder"} and table.kind in {"recommendations", "diagnoses"}:
        own = {article: facts.get(name, "") for article, facts in articles.items()}
        rows = zip(codes, table.codes("article"), strict=True)
        return [code or own.get(article, "") for code, article in rows]
    if name == "course":
        return [code or row for code, row in zip(codes, table.codes("id"), strict=True)]
    if name == "author_attitude":
        rows = zip(codes, table.codes("voice"), strict=True)
        return [code or ("neutral" if voice == "reported" else "") for code, voice in rows]
    return codes


def _typed(table: Table, column: Column, cells: list[str]) -> pd.Categorical[Any] | pd.Series:
    """Return cells as ordered categories where they are single codes, else as text."""
    import pandas as pd  # noqa: PLC0415  (see `frame`)

    if column.kind != "code" or column.values == "article":  # noqa: PD011
        kind = "category" if column.kind in {"code", "codes"} else "str"
        return pd.Series(cells, dtype=kind)
    known = list(table.book.values(column.values))
    rest = sorted(set(cells) - set(known))
    return pd.Categorical(cells, categories=known + rest, ordered=True)
