"""Export a suite as a data package: its files, and a descriptor made from the codebook.

The surprising rule: every cell is text; a list of codes has a pattern where a single one has an
enum. Source: Data Package and Table Schema, specs.frictionlessdata.io, version 1.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policybook.cells import Cells
from policybook.codebook import Codebook, Column
from policybook.corpus import sha256
from policybook.exchange.draft import ARTICLES
from policybook.exchange.held import Held, plain_cell
from policybook.exchange.names import slug
from policybook.material import CODEBOOK, SEEDS

MOST_LISTED = 500
"""Values of a list beyond which a pattern of all of them would help nobody."""

_PATTERNS = {"id": r"[A-Za-z0-9][A-Za-z0-9_.-]*", "sha256": "[0-9a-f]{64}",
             "version": r"\d+\.\d+\.\d+"}  # fmt: skip


def tables(held: Held) -> dict[str, tuple[str, Cells]]:
    """Return every table of a suite by its path: what kind it is, and its cells."""
    material = held.material
    found = {ARTICLES: ("articles", material.corpus.cells)}
    return found | {name: (table.kind, table.cells) for name, table in material.tables.items()}


def export(held: Held) -> dict[str, bytes]:
    """Return the files of a data package: datapackage.json, the tables, the articles, the codebook."""
    held.losses.items.clear()  # all tables travel, and each names what it changes
    files: dict[str, bytes] = {}
    resources = []
    for name, (kind, cells) in tables(held).items():
        files[name] = _table(held, name, kind, cells)
        resources.append(_resource(held, name, kind, cells, files[name]))
    for article, facts in held.articles.items():
        files[f"{SEEDS}/{facts['file']}"] = held.texts[article].encode()
    files[CODEBOOK] = held.book.text.encode()
    resources += [_file(name, data) for name, data in files.items() if not name.endswith(".csv")]
    described = {
        "profile": "data-package",
        "name": slug(held.name.lower()) or "suite",
        "title": held.name,
        "version": held.book.version,
        "resources": resources,
    }
    return {"datapackage.json": _json(described), **files}


def _json(data: object) -> bytes:
    """Return data as JSON that people can read."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _file(name: str, data: bytes) -> dict[str, Any]:
    """Return the description of a file that is no table."""
    return {
        "name": _name(name),
        "path": name,
        "profile": "data-resource",
        "mediatype": "text/plain" if name.startswith(SEEDS) else "application/toml",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
    }


def _name(path: str) -> str:
    """Return the name of a resource: small letters, digits, hyphens, dots, by its path."""
    return re.sub(r"[^a-z0-9._-]+", "-", path.lower()).strip("-")


def _columns(held: Held, kind: str, cells: Cells) -> dict[str, Column]:
    """Return what the codebook says of a table's columns; one it does not have holds text."""
    known = held.book.columns.get(kind, {})
    return {name: known.get(name) or Column(name, name) for name in cells.columns}


def _resource(held: Held, name: str, kind: str, cells: Cells, data: bytes) -> dict[str, Any]:
    """Return the description of a table."""
    columns = _columns(held, kind, cells)
    table = held.material.tables.get(name)
    old = held.book.taken if table and table.old else {}
    fields = [_field(held.book, held, column, old) for column in columns.values()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if "id" in cells.columns:
        schema["primaryKey"] = ["id"]
    if keys := _foreign(cells, columns):
        schema["foreignKeys"] = keys
    return {
        "name": _name(name.removesuffix(".csv")),
        "path": name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
        "schema": schema,
    }


def _field(
    book: Codebook, held: Held, column: Column, old: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """Return the description of a column; `old` are codes of older versions that it may hold."""
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.kind == "id":
        constraints["unique"] = True
    if column.kind in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.kind]
    values = list(held.articles if column.values == "article" else book.values(column.values))
    values += sorted(old.get(column.values, ()))
    if column.kind == "code" and values:
        constraints["enum"] = values
    if column.kind == "codes" and 0 < len(values) <= MOST_LISTED:
        one = f"({'|'.join(map(re.escape, values))})"
        constraints["pattern"] = f"{one}(; {one})*"
    described = {
        "name": column.name,
        "title": column.label,
        "description": " ".join(filter(None, (column.definition, column.include))),
        "type": "date" if column.kind == "date" else "string",
    }
    return described | ({"constraints": constraints} if constraints else {})


def _foreign(cells: Cells, columns: dict[str, Column]) -> list[dict[str, Any]]:
    """Return what a table's columns point to: articles, and rows of its own."""
    keys = []
    for column in cells.columns:
        kind, values = columns[column].kind, columns[column].values
        if kind == "code" and values == "article":
            keys.append((column, _name(ARTICLES.removesuffix(".csv"))))
        if kind == "row":
            keys.append((column, ""))
    return [
        {"fields": [field], "reference": {"resource": resource, "fields": ["id"]}}
        for field, resource in keys
    ]


def _table(held: Held, name: str, kind: str, cells: Cells) -> bytes:
    """Return a table as CSV, codes stripped and lists with one separator."""
    columns = _columns(held, kind, cells)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(cells.columns)
    plain = [_plain(held, name, columns[c], values) for c, values in cells.columns.items()]
    writer.writerows(zip(*plain, strict=True))
    return stream.getvalue().encode()


def _plain(held: Held, name: str, column: Column, cells: Sequence[str]) -> list[str]:
    """Return the cells of a column, naming those that change."""
    plain = [plain_cell(column, cell) for cell in cells]
    if plain != list(cells):
        held.losses.changed(
            name, "white space around codes, separators of lists", column=column.name
        )
    return plain
