"""Export the tables of a suite as XLSX, Parquet or JSON Lines, every cell as the text it is.

The surprising rule: no cell becomes a number, a date, a link or a formula, in any of them.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
from collections.abc import Mapping
from types import ModuleType

from policybook.cells import Cells
from policybook.exchange.datapackage import tables
from policybook.exchange.held import Held
from policybook.exchange.losses import ExchangeError, refusal
from policybook.material import CODEBOOK, SEEDS

LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""

MOST_ROWS = 1_048_575
"""Rows of a sheet beneath its header."""

_ENTRIES = ("label", "definition", "include", "exclude", "example")


def export_jsonl(held: Held) -> dict[str, bytes]:
    """Return a file of JSON lines for each table: one object a row, keys as in the header."""
    made = {}
    for name, cells in _taken(held).items():
        rows = zip(*cells.columns.values(), strict=True)
        lines = [
            json.dumps(dict(zip(cells.columns, row, strict=True)), ensure_ascii=False)
            for row in rows
        ]
        made[f"{name}.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
    return made


def export_parquet(held: Held) -> dict[str, bytes]:
    """Return a Parquet file for each table, all columns strings."""
    core, arrow = needed("arro3.core", "Parquet"), needed("arro3.io", "Parquet")
    text = core.DataType.string()
    made = {}
    for name, cells in _taken(held).items():
        columns = {c: core.Array(values, type=text) for c, values in cells.columns.items()}
        stream = io.BytesIO()
        arrow.write_parquet(core.Table.from_pydict(columns), stream)
        made[f"{name}.parquet"] = stream.getvalue()
    return made


def export_xlsx(held: Held) -> bytes:
    """Return a workbook with a sheet for each table, and one for the values of the codebook."""
    writer = needed("xlsxwriter", "XLSX")
    taken = _taken(held, codebook=True)
    stream = io.BytesIO()
    with writer.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": held.name, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  (fixed: equal files)
        bold = book.add_format({"bold": True})
        for name, cells in {**taken, "codebook": _values(held)}.items():
            sheet = book.add_worksheet(_sheet_name(name))
            sheet.freeze_panes(1, 1)
            _refuse_long(name, cells)
            for place, column in enumerate(cells.columns):
                sheet.write_string(0, place, column, bold)
                for row, value in enumerate(_cut(held, name, column, cells), start=1):
                    sheet.write_string(row, place, value)
    return stream.getvalue()


def _refuse_long(name: str, cells: Cells) -> None:
    """Raise `ExchangeError` for a table that has more rows than a sheet."""
    if len(cells) > MOST_ROWS:
        message = f"has {len(cells):,} rows, a sheet {MOST_ROWS:,}"
        raise refusal(name, "too-many-rows", message, hint="Export it as Parquet or JSON Lines.")


def _cut(held: Held, name: str, column: str, cells: Cells) -> list[str]:
    """Return a column's cells as long as a sheet holds, naming what was cut."""
    values = cells.columns[column]
    for row, value in enumerate(values):
        if len(value) > LONGEST_CELL:
            what = f"cut to {LONGEST_CELL:,} characters of {len(value):,}"
            held.losses.changed(f"{name}.csv", what, row=cells.column("id")[row], column=column)
    return [value[:LONGEST_CELL] for value in values]


def _sheet_name(name: str) -> str:
    """Return the name of a sheet: the last part of a path, at most 31 letters."""
    return name.rpartition("/")[2][:31]


def _taken(held: Held, *, codebook: bool = False) -> Mapping[str, Cells]:
    """Return the tables by their path without `.csv`, naming what is no table."""
    held.losses.items.clear()  # cells travel as they stand in the files
    for article in held.articles:
        what = "the text of the article: the tables name its file and its fingerprint"
        held.losses.dropped(SEEDS, what, row=article)
    what = "columns, relations, referents and the changelog" if codebook else "all of it"
    held.losses.dropped(CODEBOOK, f"{what}: only tables travel")
    return {name.removesuffix(".csv"): cells for name, (_, cells) in tables(held).items()}


def _values(held: Held) -> Cells:
    """Return the values of the codebook as a table."""
    lines = [
        (vocabulary, value.id, *(getattr(value, entry) for entry in _ENTRIES))
        for vocabulary, values in held.book.vocabularies.items()
        for value in values.values()
    ]
    columns = zip(*lines, strict=True) if lines else ((),) * (len(_ENTRIES) + 2)
    named = dict(zip(("vocabulary", "id", *_ENTRIES), columns, strict=True))
    return Cells(CODEBOOK, columns=named, lines=[0] * len(lines))


def needed(module: str, what: str) -> ModuleType:
    """Return a library that only exchange needs. Raises `ExchangeError` where it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise _missing(module, what) from None


def _missing(module: str, what: str) -> ExchangeError:
    """Return the error for a library that is not installed."""
    message = f"{what} needs the library {module.partition('.')[0]}, which is not installed"
    hint = 'Install it with: python -m pip install "policybook[exchange]"'
    return refusal("policybook", "library-missing", message, hint=hint)
