"""Read the raw cells of a CSV file, whatever its bytes: cells and their physical lines out.

Nothing is interpreted: "NA" is a word, an empty cell an empty string.
The surprising rule: a file that cannot be read yields no rows and a problem, never an exception,
and a row's line is the physical line on which it starts, also after cells of many lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from policybook.problems import Problem, count, printable, quoted

_BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_SAVE_AS = 'Save it as "CSV UTF-8".'

MOST_COLUMNS = 256
"""Columns beyond which a file is no table of a suite; every row would have to be filled up to it."""

_HEADER = 100_000
"""Bytes of a header, at most, that say what it is delimited by."""

_MANY_SHORT = 8
"""Rows that are short at their ends from which a program and not a slip of the pen left cells out."""

_CHUNK = 500
"""Rows turned into columns at once: fewer than wake the garbage collector, twice as fast for it."""

_FEW = 4_096
"""Different cells of a column that are known at once, to share the memory of equal ones."""


@dataclass(slots=True)
class Cells:
    """A table as text: `columns[name][i]` is the cell of row i, `lines[i]` its physical line."""

    file: str
    header: list[str] = field(default_factory=list)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    header_line: int = 1
    delimiter: str = ","

    @property
    def complete(self) -> bool:
        """Tell whether no row was lost: what points into this table can be judged."""
        return all(p.severity == "warning" or p.code == "ragged-row" for p in self.problems)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column; one empty cell a row where the file has no such column."""
        return self.columns.get(name) or ("",) * len(self.lines)

    def problem(  # noqa: PLR0913  (a problem has this many parts; all but three by keyword)
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        evidence: tuple[tuple[str, str], ...] = (),
        hint: str = "",
        warning: bool = False,
    ) -> Problem:
        """Return a problem of this file at a row and a column."""
        line = None if row is None else self.lines[row]
        severity = "warning" if warning else "error"
        return Problem(self.file, line, column, code, message, evidence, hint, severity)  # type: ignore[arg-type]


def read(path: Path, *, name: str = "") -> Cells:
    """Return the cells of a CSV file with every problem of its form; never raises for its content.

    `name` is the name that problems show, by default the file's own.
    """
    cells = Cells(name or path.name)
    if path.is_dir():
        return _unreadable(cells, "is-a-folder", "is a folder, not a file", "Put the table there.")
    if path.exists() and not path.is_file():  # a pipe or a device would be waited for
        return _unreadable(cells, "unreadable", "is no ordinary file", "Put the table there.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _unreadable(
            cells, "no-file", "there is no such file", "Create it, or name the suite."
        )
    except OSError as error:
        return _unreadable(cells, "unreadable", f"cannot be read: {error.strerror}", "")
    return parse(data, name=cells.file)


def parse(data: bytes, *, name: str) -> Cells:
    """Return the cells of CSV bytes with every problem of their form."""
    cells = Cells(name)
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        _warn(cells, "bom", "starts with a byte-order mark", "Harmless; editors can leave it out.")
    if not _decodes(cells, data):
        return cells
    if b"\r" in data:
        _warn(
            cells, "crlf", "has Windows or old Mac line ends", "Harmless; git compares LF better."
        )
    _fill(cells, data)
    return cells


def _unreadable(cells: Cells, code: str, message: str, hint: str) -> Cells:
    """Return cells that hold nothing but the reason."""
    cells.problems.append(cells.problem(code, message, hint=hint))
    return cells


def _warn(cells: Cells, code: str, message: str, hint: str) -> None:
    """Note something that stops nobody."""
    cells.problems.append(cells.problem(code, message, hint=hint, warning=True))


def _decodes(cells: Cells, data: bytes) -> bool:
    """Tell whether the bytes are UTF-8 text with something in it; note why not."""
    if not data.strip():
        _unreadable(cells, "empty-file", "is empty", "The first line names the columns.")
        return False
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            _unreadable(cells, "not-utf8", f"is {encoding}, not UTF-8", _SAVE_AS)
            return False
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        message = "holds NUL bytes: it is UTF-16, or no text file"
        cells.problems.append(Problem(cells.file, line, None, "nul-byte", message, hint=_SAVE_AS))
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        cells.problems.append(_not_utf8(cells.file, data, error.start))
        return False
    return True


def _not_utf8(file: str, data: bytes, place: int) -> Problem:
    """Return the problem of bytes that are not UTF-8, with what they would be in Latin-1."""
    near = data[max(0, place - 20) : place + 20].decode("cp1252", "replace")
    return Problem(
        file,
        data.count(b"\n", 0, place) + 1,
        None,
        "not-utf8",
        f"is not UTF-8: byte 0x{data[place]:02x}",
        (("as Windows", quoted(near)),),
        _SAVE_AS,
    )


def _fill(cells: Cells, data: bytes) -> None:
    """Split the bytes into header, columns and lines."""
    csv.field_size_limit(2**31 - 1)
    cells.delimiter = _delimiter(cells, data)
    # TextIOWrapper and not StringIO: the latter keeps a copy of four bytes a character.
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    records = _records(cells, csv.reader(stream, delimiter=cells.delimiter, strict=True))
    cells.header_line, header = next(records, (1, []))
    if not cells.complete:  # the header itself is broken, and no row can stand in for it
        return
    cells.header = [name.strip() for name in header]
    if not any(cells.header):
        cells.header = []
        _unreadable(cells, "no-header", "has no header", "The first line names the columns.")
        return
    if len(cells.header) > MOST_COLUMNS:
        message = f"has {len(cells.header):,} columns"
        cells.header = []
        hint = f"A table has at most {MOST_COLUMNS}; is it the right file?"
        _unreadable(cells, "too-many-columns", message, hint)
        return
    columns = _columns(_even(cells, records), len(cells.header))
    for name, column in zip(cells.header, columns, strict=True):
        cells.columns.setdefault(name, column)


def _even(cells: Cells, records: Iterator[tuple[int, list[str]]]) -> Iterator[list[str]]:
    """Yield rows as long as the header, noting the line of each, and which was not.

    Rows of nothing but delimiters are passed over. Where many rows are short at their ends, a
    spreadsheet left out empty cells, as Excel does sixteen rows at a time: they are read.
    """
    width, empty, ragged = len(cells.header), list[int](), list[tuple[int, list[str]]]()
    for line, row in records:
        if not any(row):
            empty.append(line)
            continue
        cells.lines.append(line)
        if len(row) != width:
            ragged.append((line, row))
            row = (row + [""] * width)[:width]  # noqa: PLW2901  (what is read of it)
        yield row
    short = [line for line, row in ragged if len(row) < width]
    left_out = len(short) >= _MANY_SHORT
    cells.problems += [
        _ragged(cells, *one) for one in ragged if not left_out or len(one[1]) > width
    ]
    if left_out:
        what = f"{count(len(short), 'row')} end early, the first on this line"
        _warn_at(
            cells,
            short[0],
            "short-rows",
            what,
            "Read with empty cells; a spreadsheet left them out.",
        )
    if empty:
        what = f"{count(len(empty), 'empty row')}, the first on this line"
        _warn_at(
            cells, empty[0], "empty-rows", what, "Passed over; delete them in the spreadsheet."
        )


def _warn_at(cells: Cells, line: int, code: str, message: str, hint: str) -> None:
    """Note something at a line that stops nobody."""
    cells.problems.append(Problem(cells.file, line, None, code, message, (), hint, "warning"))


def _columns(rows: Iterator[list[str]], width: int) -> Iterator[tuple[str, ...]]:
    """Return the columns of rows; cells that many rows near each other repeat are kept once.

    A column whose cells are mostly different is not asked any more whether they are. They are
    tuples because the garbage collector passes over a tuple of texts, and over no list.
    """
    columns: list[list[str]] = [[] for _ in range(width)]
    shared: list[dict[str, str] | None] = [{} for _ in range(width)]
    while chunk := list(islice(rows, _CHUNK)):
        for nth, cells in enumerate(zip(*chunk, strict=True)):
            known = shared[nth]
            columns[nth].extend(cells if known is None else _shared(cells, known))
            if known is not None and len(known) > _FEW:
                shared[nth] = {} if len(known) < len(columns[nth]) / 2 else None
    while columns:
        yield tuple(columns.pop(0))


def _shared(cells: Iterable[str], known: dict[str, str]) -> list[str]:
    """Return the same cells, equal ones as one object."""
    return [known.setdefault(cell, cell) for cell in cells]


def _delimiter(cells: Cells, data: bytes) -> str:
    """Return the delimiter of the first line; anything but a comma is noted."""
    first = data.lstrip()[:_HEADER].splitlines()[0]
    best = max(",;\t", key=lambda mark: (first.count(mark.encode()), mark == ","))
    if best != ",":
        shown = '";"' if best == ";" else "a tab"
        _warn(cells, "delimiter", f"is delimited by {shown}", "It is read; a comma is the custom.")
    return best


def _records(cells: Cells, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it starts on, going on after one that is broken."""
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells.problems.append(_broken(cells, start, str(error)))
        else:
            if record and record != [""]:
                yield start, record
        start = reader.line_num + 1  # type: ignore[attr-defined]


def _broken(cells: Cells, line: int, error: str) -> Problem:
    """Return the problem of a record that is no CSV."""
    if "unexpected end" in error:
        message = "a quotation mark opened in this row is never closed"
        hint = 'Close it, and double every quotation mark inside a cell: "".'
        return Problem(cells.file, line, None, "unclosed-quote", message, hint=hint)
    hint = 'Put the whole cell between quotation marks, and double those inside it: "".'
    message = f"is no row of a table: {printable(error)}"
    return Problem(cells.file, line, None, "broken-row", message, hint=hint)


def _ragged(cells: Cells, line: int, row: list[str]) -> Problem:
    """Return the problem of a row with too few or too many cells."""
    message = f"has {count(len(row), 'cell')}, the header {len(cells.header)}"
    evidence = (("begins", quoted(" | ".join(row[:3]))),)
    hint = "A cell that holds a comma stands between quotation marks."
    return Problem(cells.file, line, None, "ragged-row", message, evidence, hint)
