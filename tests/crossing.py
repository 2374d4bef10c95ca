"""Compare two suites cell by cell, and take away every difference that a loss report names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from policybook import cells
from policybook.exchange import Loss

Place = tuple[str, str, str]
"""A file, a row and a column; of the codebook: a table and an entry of it."""


def table(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of a table by their id."""
    read = cells.read(path)
    return {
        name: {column: values[row] for column, values in read.columns.items()}
        for row, name in enumerate(read.column("id"))
    }


def places(root: Path) -> dict[Place, Any]:
    """Return everything a suite holds by its place: cells, texts, entries of the codebook."""
    found: dict[Place, Any] = {}
    files = [
        root / "recommendations.csv",
        root / "seeds" / "articles.csv",
        *sorted((root / "codings").glob("*.csv")),
    ]
    for path in files:
        name = path.relative_to(root).as_posix()
        for row, line in table(path).items() if path.is_file() else ():
            found |= {(name, row, column): cell for column, cell in line.items() if cell}
    for article, line in table(root / "seeds" / "articles.csv").items():
        found["seeds", article, "text"] = (root / "seeds" / line["file"]).read_bytes()
    for key, entries in tomllib.loads((root / "codebook.toml").read_text("utf-8")).items():
        if isinstance(entries, dict) and key not in {"codebook", "unit", "column"}:
            for value, said in entries.items():
                found |= {
                    ("codebook.toml", f"{key}.{value}", part): words for part, words in said.items()
                }
        else:
            found["codebook.toml", key, ""] = entries
    return found


def unnamed(before: Path, after: Path, losses: Iterable[Loss]) -> list[Place]:
    """Return every place whose content is not the same after, and that no loss names."""
    old, new = places(before), places(after)
    tables = [name for name, _, _ in old if name.endswith(".csv")]
    added = [key for key in new if key not in old and key[0] in tables]
    changed = [key for key, content in old.items() if new.get(key) != content]
    named = {(loss.where, loss.row, loss.column) for loss in losses}
    return [key for key in [*changed, *added] if not covers(named, key)]


def covers(named: set[Place], place: Place) -> bool:
    """Tell whether a loss names a place: an empty row or column stands for all of them."""
    where, row, column = place
    return bool(
        {(where, row, column), (where, row, ""), (where, "", column), (where, "", "")} & named
    )
