"""Everything a suite's folder holds, read once: codebook, articles, tables, found quotations.

Judges nothing and never raises for content; `checks` and `suite` both start from it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from policybook import anchors, cells, codebook, corpus
from policybook.codebook import Codebook
from policybook.corpus import Corpus
from policybook.table import Table

RECOMMENDATIONS = "recommendations.csv"
CODEBOOK = "codebook.toml"
SEEDS = "seeds"
CODINGS = "codings"
DIAGNOSES = "codings/diagnoses.csv"
ADJUDICATION = "codings/adjudication.csv"


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
        tables = {name: t for name, t in self.tables.items() if _quote_columns(t)}
        found = {
            name: {column: Found.nothing(len(table.cells)) for column in _quote_columns(table)}
            for name, table in tables.items()
        }
        rows = {name: _rows_by_article(table) for name, table in tables.items()}
        for article in self.corpus.rows:
            if any(article in by_article for by_article in rows.values()):
                text = self.corpus.text(article)
                prepared = anchors.prepare(text) if text is not None else None
                for name, table in tables.items():
                    if prepared:
                        _locate(table, rows[name].get(article, []), prepared, found[name])
        return found


def read(root: Path) -> Material:
    """Return everything in a suite's folder, whatever state it is in."""
    book = codebook.read(root / CODEBOOK)
    articles = corpus.read(root / SEEDS, name=f"{SEEDS}/{corpus.ARTICLES}")
    material = Material(root, book, articles)
    for name in _table_names(root):
        material.tables[name] = Table(_kind(name), cells.read(root / name, name=name), book)
    return material


def _table_names(root: Path) -> Iterator[str]:
    """Yield the tables of a suite: the recommendations first, then whatever codings holds."""
    yield RECOMMENDATIONS
    folder = root / CODINGS
    if folder.is_dir():
        yield from sorted(f"{CODINGS}/{path.name}" for path in folder.glob("*.csv"))


def _kind(name: str) -> str:
    """Return the kind of table a file holds, by its name."""
    if name == ADJUDICATION:
        return "adjudication"
    return "diagnoses" if name.endswith("diagnoses.csv") else "recommendations"


def _quote_columns(table: Table) -> list[str]:
    """Return the columns of a table that hold quotations."""
    return [name for name, column in table.columns.items() if column.kind == "quote"]


def _rows_by_article(table: Table) -> dict[str, list[int]]:
    """Return the rows of each article."""
    rows: dict[str, list[int]] = {}
    for row, article in enumerate(table.codes("article")):
        rows.setdefault(article, []).append(row)
    return rows


def _locate(
    table: Table, rows: list[int], text: anchors.Text, found: dict[str, Found]
) -> None:
    """Find the quotations of one article's rows and note the places."""
    for column, places in found.items():
        quotes, prefixes = table.cells.column(column), table.cells.column(prefix_of(table, column))
        for row in rows:
            if quotes[row]:
                spans = anchors.locate(quotes[row], text, prefix=prefixes[row])
                places.hits[row] = len(spans)
                if len(spans) == 1:
                    places.start[row], places.end[row] = spans[0]


def prefix_of(table: Table, column: str) -> str:
    """Return the column that holds the words before a quotation, or an empty name."""
    named = (n for n, c in table.columns.items() if c.kind == "prefix" and c.of == column)
    return next(named, "")
