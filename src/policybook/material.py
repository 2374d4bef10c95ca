"""Everything a suite's folder holds, read once: codebook, articles, tables, found quotations.

Judges nothing and never raises for content; `checks` and `suite` both start from it.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from policybook import anchors, cells, codebook, corpus
from policybook.codebook import Codebook
from policybook.corpus import Corpus
from policybook.tables import Table

RECOMMENDATIONS = "recommendations.csv"
CODEBOOK = "codebook.toml"
SEEDS = "seeds"
CODINGS = "codings"
DIAGNOSES = "codings/diagnoses.csv"
ADJUDICATION = "codings/adjudication.csv"
RECODINGS = "codings/recodings.csv"
KEPT = (RECOMMENDATIONS, DIAGNOSES, ADJUDICATION)
"""Tables that follow when codes change; every other coding stays as its coder left it."""

READERS = {"reader_a": "reader-a", "reader_b": "reader-b"}
"""Columns of the adjudication log that name rows, and whose rows they are unless a cell says."""


@dataclass(slots=True)
class Found:
    """Where the quotations of one column stand: `hits[i]` is 0, 1, or 2 for more than one place.

    `start` and `end` are code points of the article's text; -1 where nothing was found or sought.
    """

    start: array[int]
    end: array[int]
    hits: array[int]

    @classmethod
    def nothing(cls, rows: int) -> Found:
        """Return places for a number of rows, none of them found."""
        return cls(array("q", [-1]) * rows, array("q", [-1]) * rows, array("b", [0]) * rows)


@dataclass
class Material:
    """The content of a suite's folder; `tables` are named by their path within it."""

    root: Path
    book: Codebook
    corpus: Corpus
    tables: dict[str, Table] = field(default_factory=dict)

    @property
    def recommendations(self) -> Table:
        """The table of recommendations."""
        return self.tables[RECOMMENDATIONS]

    @cached_property
    def found(self) -> dict[str, dict[str, Found]]:
        """The places of all quotations: by table, then by column."""
        found = {
            name: {column: Found.nothing(len(table.cells)) for column in quote_columns(table)}
            for name, table in self.tables.items()
            if quote_columns(table)
        }
        rows = {name: _rows_by_article(self.tables[name]) for name in found}
        sought = {name: _sought(self.tables[name], places) for name, places in found.items()}
        for article in self.corpus.rows:
            wanted: _Wanted = {}
            for name, columns in sought.items():
                _add_wanted(wanted, columns, rows[name].get(article, []))
            text = self.corpus.text(article) if wanted else None
            if text is not None:
                _locate(anchors.prepare(text), wanted)
        return found


def read(root: Path) -> Material:
    """Return everything in a suite's folder, whatever state it is in."""
    book = codebook.read(root / CODEBOOK)
    articles = corpus.read(root / SEEDS, name=f"{SEEDS}/{corpus.ARTICLES}")
    material = Material(root, book, articles)
    for name in _table_names(root):
        material.tables[name] = table(name, cells.read(root / name, name=name), book)
    return material


def table(name: str, content: cells.Cells, book: Codebook) -> Table:
    """Return the table that a file of a suite is, by its name."""
    return Table(_kind(name), content, book, old=name not in {*KEPT, RECODINGS})


def _table_names(root: Path) -> Iterator[str]:
    """Yield the tables of a suite: the recommendations first, then whatever codings holds."""
    yield RECOMMENDATIONS
    try:
        names = os.listdir(root / CODINGS)  # noqa: PTH208  (names, not paths)
    except OSError:
        return
    yield from sorted(f"{CODINGS}/{name}" for name in names if name.endswith(".csv"))


def _kind(name: str) -> str:
    """Return the kind of table a file holds, by its name."""
    if name in {ADJUDICATION, RECODINGS}:
        return Path(name).stem
    return "diagnoses" if name.endswith("diagnoses.csv") else "recommendations"


def coding_called(name: str, column: str) -> tuple[str, str]:
    """Return the coding and the id by which a cell of the adjudication log names a row.

    The id is empty where that coding has no row: `anna:` alone, or nothing at all.

    >>> coding_called("anna:mei-2014-r003", "reader_b"), coding_called("mei-2014-03", "reader_a")
    (('anna', 'mei-2014-r003'), ('reader-a', 'mei-2014-03'))
    """
    coding, _, row = name.rpartition(":")
    return coding.strip() or READERS[column], row.strip()


def tables_of(coding: str) -> tuple[str, str]:
    """Return the tables of recommendations and of diagnoses that a coding by its short name has."""
    if coding == Path(RECOMMENDATIONS).stem:
        return RECOMMENDATIONS, DIAGNOSES
    return f"{CODINGS}/{coding}.csv", f"{CODINGS}/{coding}-{Path(DIAGNOSES).name}"


def short_name(table: str) -> str:
    """Return the short name of the coding that a table belongs to.

    >>> short_name("codings/anna-diagnoses.csv"), short_name("codings/diagnoses.csv")
    ('anna', 'recommendations')
    """
    if table in {RECOMMENDATIONS, DIAGNOSES}:
        return Path(RECOMMENDATIONS).stem
    return Path(table).stem.removesuffix(f"-{Path(DIAGNOSES).stem}")


def quote_columns(table: Table) -> list[str]:
    """Return the columns of a table that hold quotations."""
    return [name for name, column in table.columns.items() if column.kind == "quote"]


def _rows_by_article(table: Table) -> dict[str, list[int]]:
    """Return the rows of each article."""
    rows: dict[str, list[int]] = {}
    for row, article in enumerate(table.codes("article")):
        rows.setdefault(article, []).append(row)
    return rows


_Sought = tuple[Sequence[str], Sequence[str], Found]
"""A column's quotations, the words before each, and where to note the places."""

_Wanted = dict[tuple[str, str], list[tuple[Found, int]]]
"""Each quotation with the words before it, and the rows that want its place."""


def _sought(table: Table, found: dict[str, Found]) -> list[_Sought]:
    """Return what is to be sought in a table, column by column."""
    column = table.cells.column
    return [(column(name), prefixes_of(table, name), places) for name, places in found.items()]


def _add_wanted(wanted: _Wanted, columns: list[_Sought], rows: list[int]) -> None:
    """Add the quotations of some rows to those that are wanted."""
    for quotes, prefixes, found in columns:
        for row in rows:
            if quotes[row]:
                wanted.setdefault((quotes[row], prefixes[row]), []).append((found, row))


def _locate(text: anchors.Text, wanted: _Wanted) -> None:
    """Find the quotations of one article, each once, and note the places."""
    ready = ready_for(text, wanted)
    for (quote, prefix), rows in wanted.items():
        spans = anchors.locate(quote, ready, prefix=prefix)
        for found, row in rows:
            found.hits[row] = len(spans)
            if len(spans) == 1:
                found.start[row], found.end[row] = spans[0]


def ready_for(text: anchors.Text, pairs: Collection[tuple[str, str]]) -> anchors.Text:
    """Return a text ready for so many quotations, each with the words before it."""
    if len(pairs) < anchors.MANY:
        return text
    return anchors.indexed(text, (n for pair in pairs for n in anchors.needles(*pair)))


def prefix_of(table: Table, column: str) -> str:
    """Return the column that holds the words before a quotation, or an empty name."""
    named = (n for n, c in table.columns.items() if c.kind == "prefix" and c.of == column)
    return next(named, "")


def prefixes_of(table: Table, column: str) -> Sequence[str]:
    """Return the words before each quotation of a column, empty where the table has none."""
    name = prefix_of(table, column)
    return table.cells.column(name) if name else ("",) * len(table.cells)
