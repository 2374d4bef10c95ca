"""Read the articles: their facts from articles.csv, their texts from the files beside it.

A text is the file's bytes as UTF-8, untouched: no line end, space or mark is changed,
so that a span found in it holds for the file.
The surprising rule: a file name is a bare name; anything else is never opened.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from policybook import cells as csv_cells
from policybook.cells import Cells

ARTICLES = "articles.csv"
_BARE_NAME = re.compile(r"\w[\w .()+,'-]*")
_GUESS = re.compile(r"\s*([\w.-]+)\s*\(\s*([\w-]+)\s*,\s*(0?\.\d+|0|1|1\.0+)\s*\)\s*", re.ASCII)


@dataclass(slots=True)
class Corpus:
    """The articles of a folder: their facts as cells, their texts on demand."""

    folder: Path
    cells: Cells
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Tell whether every article is known: only then can one be missing."""
        return self.cells.complete and "id" in self.cells.columns

    def facts(self, article: str) -> dict[str, str]:
        """Return what articles.csv says of an article; KeyError where it lists none such."""
        row = self.rows[article]
        return {name: column[row].strip() for name, column in self.cells.columns.items()}

    def fact(self, article: str, name: str) -> str:
        """Return one fact, an empty text where it is not given."""
        column = self.cells.columns.get(name)
        return column[self.rows[article]].strip() if column else ""

    def uncoded(self) -> list[str]:
        """Return the articles that nobody has coded; none where the table has no such column."""
        coders = self.cells.columns.get("coder")
        return (
            [name for name, row in self.rows.items() if name and not coders[row].strip()]
            if coders
            else []
        )

    def path(self, article: str) -> Path | None:
        """Return the file of an article; None where the name is no bare file name."""
        name = self.fact(article, "file")
        return self.folder / name if is_bare_name(name) else None

    def data(self, article: str) -> bytes | None:
        """Return the bytes of an article; None where there is no such file."""
        path = self.path(article)
        try:
            return path.read_bytes() if path and path.is_file() else None
        except OSError:
            return None

    def text(self, article: str) -> str | None:
        """Return the text of an article; None where it cannot be read as UTF-8."""
        data = self.data(article)
        return None if data is None else decoded(data)

    def files(self) -> Iterator[str]:
        """Yield the names of the files in the folder that could be articles, in order."""
        try:
            with os.scandir(self.folder) as entries:
                names = sorted(entry.name for entry in entries if entry.is_file())
        except OSError:
            return
        yield from (name for name in names if name != ARTICLES and not name.startswith("."))


def read(folder: Path, *, name: str = "") -> Corpus:
    """Return the articles of a folder; problems of articles.csv stand in `cells.problems`."""
    cells = csv_cells.read(folder / ARTICLES, name=name or ARTICLES)
    rows: dict[str, int] = {}
    for row, article in enumerate(cells.column("id")):
        rows.setdefault(article.strip(), row)
    return Corpus(folder, cells, rows)


def is_bare_name(name: str) -> bool:
    """Tell whether a name is a plain file name that cannot leave its folder.

    >>> is_bare_name("000_fc92.txt"), is_bare_name("../x.txt"), is_bare_name("C:x")
    (True, False, False)
    """
    return bool(_BARE_NAME.fullmatch(name)) and not name.endswith((".", " "))


def decoded(data: bytes) -> str | None:
    """Return bytes as UTF-8 text; None where they are none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def sha256(data: bytes) -> str:
    """Return the fingerprint of an article's bytes."""
    return hashlib.sha256(data).hexdigest()


def guesses(cell: str) -> list[tuple[str, str, float]] | None:
    """Return (actor, basis, share) of each possible author; None where the cell is malformed.

    >>> guesses("jason-pack (inferred, 0.85)")
    [('jason-pack', 'inferred', 0.85)]
    """
    found = [_GUESS.fullmatch(part) for part in cell.split(";") if part.strip()]
    if any(match is None for match in found):
        return None
    return [(m[1], m[2], float(m[3])) for m in found if m]
