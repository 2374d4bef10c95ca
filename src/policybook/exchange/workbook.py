"""An empty table as a workbook with values to choose from, and a filled one read back.

The surprising rule: every cell is text. What a spreadsheet turned into a date, a formula or an
error is named by its cell and never guessed back.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybook.exchange.losses import ExchangeError, refusal
from policybook.exchange.sheets import needed
from policybook.problems import Problem, printable, quoted

SHEET, VALUES = "coding", "values"

ROWS = 1_000
"""Rows that offer values to choose from."""

LARGEST, LARGEST_OPENED = 20_000_000, 200_000_000
"""Bytes of a workbook that is read, packed and unpacked; a coder's table has some ten thousand."""

MOST_COLUMNS = 256

MOST_ROWS = 20_000
"""Rows that are read; beyond them a sheet is refused, for a hostile one claims a million."""

_HELP = 250
"""Characters that a spreadsheet shows beside a cell."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A column of the table: its name, its help, and the values it may have, if they are a list.

    With `several` a cell may hold more than one, so that the values are offered and not enforced.
    """

    name: str
    help: str = ""
    values: Sequence[str] = ()
    several: bool = False


@dataclass(slots=True)
class Filled:
    """A filled table: its rows as texts with the sheet's row of each, and what is wrong in cells."""

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def written(columns: Sequence[Offered], *, title: str) -> bytes:
    """Return a workbook with an empty table of these columns."""
    writer = needed("xlsxwriter", "XLSX")
    stream = io.BytesIO()
    with writer.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  (fixed: equal files)
        sheet, values = book.add_worksheet(SHEET), book.add_worksheet(VALUES)
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            wide = 60 if column.name == "quote" else 20
            sheet.set_column(place, place, wide, text)
            sheet.write_string(0, place, column.name, bold)
            for row, value in enumerate([column.name, *column.values] if column.values else ()):
                values.write_string(row, place, value)
            sheet.data_validation(1, place, ROWS, place, _offer(column, place))
    return stream.getvalue()


def _offer(column: Offered, place: int) -> dict[str, Any]:
    """Return what a spreadsheet offers and allows in the cells of a column."""
    told = {"input_title": column.name[:32], "input_message": column.help[:_HELP] or column.name}
    if not column.values:
        return {"validate": "any", **told}
    letter = letters(place)
    source = f"={VALUES}!${letter}$2:${letter}${len(column.values) + 1}"
    stop = {"show_error": not column.several, "error_message": "Choose one of the values."}
    return {"validate": "list", "source": source, **told, **stop}


def letters(place: int) -> str:
    """Return the letters of a column, counted from nought.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def read(path: Path) -> Filled:
    """Return the filled table of a workbook; raises `ExchangeError` for a file that is none."""
    library = needed("openpyxl", "reading XLSX")
    data = _bytes(path)
    try:
        book = library.load_workbook(io.BytesIO(data), read_only=True)
    except Exception as error:  # noqa: BLE001  (the library raises whatever its parsers do)
        raise _none(path, f"is no workbook: {printable(str(error))}") from None
    if SHEET not in book.sheetnames:
        raise _none(path, f"has no sheet {quoted(SHEET)}")
    filled, sheet = Filled(), book[SHEET]
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    try:
        for cells in sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS):
            filled.header = _header(cells)
        for number, cells in enumerate(_rows(path, sheet, len(filled.header)), start=2):
            _take(filled, number, cells, path.name)
    except ExchangeError:
        raise
    except Exception as error:  # noqa: BLE001  (as above: sheets are parsed as they are read)
        raise _none(path, f"is a broken workbook: {printable(str(error))}") from None
    return filled


def _bytes(path: Path) -> bytes:
    """Return the bytes of a workbook that is not too large, packed or unpacked."""
    try:
        if not path.is_file():
            raise _none(path, "is no file")
        if path.stat().st_size > LARGEST:
            raise _none(path, f"has more than {LARGEST:,} bytes")
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_OPENED:
                raise _none(path, f"unpacks to more than {LARGEST_OPENED:,} bytes")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise _none(path, f"is no workbook: {printable(str(error))}") from None
    return data


def _rows(path: Path, sheet: Any, width: int) -> Iterator[Sequence[Any]]:  # noqa: ANN401  (openpyxl's)
    """Yield the rows under the header; raises `ExchangeError` for too many."""
    for place, cells in enumerate(sheet.iter_rows(min_row=2, max_col=max(1, width))):
        if place >= MOST_ROWS:
            raise _none(path, f"has more than {MOST_ROWS:,} rows")
        yield cells


def _header(cells: Sequence[Any]) -> list[str]:
    """Return the names of the columns, empty ones at the end left out."""
    names = [str(cell.value or "").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _take(filled: Filled, number: int, cells: Sequence[Any], file: str) -> None:
    """Take one row of the sheet; an empty one is passed over."""
    row = {}
    for place, name in enumerate(filled.header):
        cell = cells[place] if place < len(cells) else None
        text, wrong = _text(cell)
        if wrong:
            filled.problems.append(at(file, number, place, name, wrong))
        row[name] = text
    if any(value.strip() for value in row.values()):
        filled.rows.append((number, row))


def at(file: str, row: int, place: int, column: str, message: str) -> Problem:
    """Return a problem at a cell of the sheet."""
    hint = "Format the cell as text and type the words again."
    return Problem(f"{file}:{SHEET}!{letters(place)}{row}", None, column, "cell", message, (), hint)


def _text(cell: Any) -> tuple[str, str]:  # noqa: ANN401  (a cell of openpyxl, or none)
    """Return a cell as text, and what is wrong with it, if anything."""
    value = getattr(cell, "value", None)
    if value is None:
        return "", ""
    kind = cell.data_type
    if kind == "f":
        return "", f"holds a formula: {quoted(str(value))}"
    if kind == "e":
        return "", f"holds an error of the spreadsheet: {quoted(str(value))}"
    if kind == "d":
        return "", f"was turned into a date: {quoted(str(value))}"
    if kind == "b":
        return "", f"was turned into a truth value: {quoted(str(value).upper())}"
    if kind == "n":
        return (str(int(value)) if value == int(value) else repr(value)), ""
    return str(value), ""


def _none(path: Path, why: str) -> ExchangeError:
    """Return the error for a file that is no workbook of a coding."""
    return refusal(path.name, "no-workbook", why, hint="Save it as an Excel workbook (.xlsx).")
