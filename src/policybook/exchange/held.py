"""A suite as an export sees it: cells as they stand in the files, and where each quotation is.

The surprising rule: nothing is filled in; an empty cell is an empty cell, whatever it means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from policybook.cells import Cells
from policybook.codebook import Codebook, Column
from policybook.exchange.draft import ARTICLES, DIAGNOSES, ROWS
from policybook.exchange.losses import Losses
from policybook.exchange.markup import lawful
from policybook.material import CODEBOOK, Material
from policybook.problems import count
from policybook.tables import OWN_VOICES, SEPARATOR, split


@dataclass(frozen=True, slots=True)
class Passage:
    """One row of a table: its cells, and the spans of its quotations by their column."""

    cells: dict[str, str]
    spans: dict[str, tuple[int, int]]


@dataclass(slots=True)
class Held:
    """Everything of a suite that an export can take: articles, texts, rows, diagnoses, codebook."""

    material: Material
    book: Codebook
    articles: dict[str, dict[str, str]]
    texts: dict[str, str]
    tables: dict[str, list[Passage]]
    losses: Losses = field(default_factory=Losses)

    @property
    def name(self) -> str:
        """The name of the suite."""
        return self.book.name or "suite"

    @property
    def rows(self) -> list[Passage]:
        """The recommendations, drafts included."""
        return self.tables[ROWS]

    @property
    def diagnoses(self) -> list[Passage]:
        """The diagnoses, none where the suite has no such table."""
        return self.tables.get(DIAGNOSES, [])

    def leave(self, why: str, *, but: Collection[str]) -> None:
        """Name every file of the suite as dropped, but those an export takes."""
        counts = {name: len(table.cells) for name, table in self.material.tables.items()}
        counts = {ARTICLES: len(self.articles), "seeds": len(self.texts), **counts}
        for name, number in counts.items():
            if name not in but:
                noun = "text" if name == "seeds" else "row"
                self.losses.dropped(name, f"{count(number, noun)}: {why}")
        if CODEBOOK not in but:
            self.losses.dropped(CODEBOOK, why)

    def make_lawful(self) -> None:
        """Replace what XML cannot hold in every cell, naming each cell that is another for it."""
        lines = [(ARTICLES, facts) for facts in self.articles.values()]
        lines += [(file, row.cells) for file, rows in self.tables.items() for row in rows]
        for file, cells in lines:
            for column, cell in cells.items():
                if lawful(cell) != cell:
                    cells[column] = lawful(cell)
                    what = "characters that XML cannot hold became U+FFFD"
                    self.losses.changed(file, what, row=cells["id"], column=column)

    def speaker(self, cells: dict[str, str]) -> str:
        """Return who speaks in a row: its speaker, or that of its article in the author's voice."""
        own = (cells.get("voice", "").strip() or "author") in OWN_VOICES
        named = cells.get("speaker", "").strip()
        return named or (self.articles[cells["article"]].get("speaker", "") if own else "")

    def coder(self, cells: dict[str, str]) -> str:
        """Return who coded a row: its coder, or that of its article."""
        return cells.get("coder", "").strip() or self.articles[cells["article"]].get("coder", "")


def held(material: Material) -> Held:
    """Return what an export can take from a suite that passes its checks.

    White space around codes, and separators of lists, are as every table of a suite means them.
    """
    corpus, losses = material.corpus, Losses()
    columns = material.book.columns
    cells = corpus.cells
    lines = list(_lines(cells, columns.get("articles", {}), losses, ARTICLES))
    articles = {name: lines[row] for name, row in corpus.rows.items()}
    texts = {name: corpus.text(name) or "" for name in corpus.rows}
    made = {
        name: _passages(material, name, losses)
        for name in (ROWS, DIAGNOSES)
        if name in material.tables
    }
    return Held(material, material.book, articles, texts, made, losses)


def _lines(
    cells: Cells, columns: Mapping[str, Column], losses: Losses, file: str
) -> Iterator[dict[str, str]]:
    """Yield the rows of a table with plain codes, naming each cell that is another for it."""
    for row, name in enumerate(cells.column("id")):
        line = {}
        for column, values in cells.columns.items():
            line[column] = plain_cell(columns[column], values[row])
            if line[column] != values[row]:
                what = "white space around codes, separators of lists"
                losses.changed(file, what, row=name.strip(), column=column)
        yield line


def plain_cell(column: Column, cell: str) -> str:
    """Return a cell as a suite means it: words to the letter, codes without white space around."""
    if column.kind in {"text", "quote", "prefix"}:
        return cell
    return SEPARATOR.join(split(cell)) if column.kind == "codes" else cell.strip()


def _passages(material: Material, name: str, losses: Losses) -> list[Passage]:
    """Return the rows of a table."""
    table, places = material.tables[name], material.found.get(name, {})
    rows = []
    for row, line in enumerate(_lines(table.cells, table.columns, losses, name)):
        spans = {c: (f.start[row], f.end[row]) for c, f in places.items() if f.start[row] >= 0}
        rows.append(Passage(line, spans))
    return rows
