"""Change a table or another text file of a suite: the only way that anything is written into one.

Lines that are not touched stay byte for byte: quoting, order, delimiter, line ends, byte-order mark.
The surprising rule: a file that somebody else changed since it was read is not written over;
both changes would look saved, and one would be gone.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policybook import cells
from policybook.problems import Problem, SuiteError, errors, printable, quoted


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was read: its bytes, and where they stand."""

    path: Path
    name: str
    data: bytes

    def write(self, data: bytes) -> None:
        """Replace the file's bytes by others, all or none.

        Raises `SuiteError` where the file is no longer what was read, or cannot be written.
        """
        if data == self.data:
            return
        try:
            if self.path.read_bytes() != self.data:
                raise SuiteError([_changed(self.name)])
            _replace(self.path, data)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise SuiteError([Problem(self.name, None, None, "unwritable", message)]) from None


def open_file(path: Path, *, name: str = "") -> Opened:
    """Return a file to be changed; SuiteError where it cannot be read."""
    shown = name or path.name
    try:
        return Opened(path, shown, path.read_bytes())
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise SuiteError([Problem(shown, None, None, "unreadable", message)]) from None


def _changed(name: str) -> Problem:
    """Return the problem of a file that somebody else changed meanwhile."""
    hint = "Nothing was written. Look at the change, then call again."
    return Problem(name, None, None, "changed-meanwhile", "was changed since it was read", (), hint)


def _replace(path: Path, data: bytes) -> None:
    """Put other bytes in a file's place in one step, with the same permissions.

    A link is followed: what it points to is replaced, and it stays a link.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is written: its delimiter, its line ends, and its columns in order."""

    delimiter: str
    line_end: str
    header: tuple[str, ...]

    def line(self, row: Mapping[str, str]) -> bytes:
        """Return one row as the file writes rows; cells that are not given are empty.

        Raises `SuiteError` for a column that the table does not have.
        """
        if unknown := [name for name in row if name not in self.header]:
            known = (("allowed", ", ".join(map(printable, self.header))),)
            message = f"the table has no column {quoted(unknown[0])}"
            raise SuiteError([Problem("row", None, unknown[0], "column-unknown", message, known)])
        out = io.StringIO()
        # Its own line end is what makes the writer quote a cell: this one quotes either half.
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n")
        writer.writerow([row.get(name, "") for name in self.header])
        return (out.getvalue().removesuffix("\r\n") + self.line_end).encode()


def form_of(opened: Opened) -> Form:
    """Return how a table is written; SuiteError with its problems where it cannot be read whole."""
    read = cells.parse(opened.data, name=opened.name)
    if not read.complete or not read.header:
        raise SuiteError(errors(read.problems))
    first = next(record for record in records(opened.data) if record.strip())
    line_end = "\r\n" if first.endswith(b"\r\n") else "\n"
    return Form(read.delimiter, line_end, tuple(read.header))


def records(data: bytes, delimiter: str = ",") -> list[bytes]:
    r"""Return the records of CSV bytes with their line ends; joined they are the bytes again.

    >>> records(b'a,"b\nc"\nd\n')
    [b'a,"b\nc"\n', b'd\n']
    """
    # Each byte is one character of Latin-1, so that places are kept whatever the bytes mean.
    lines = list(io.StringIO(data.decode("latin-1"), newline=""))
    csv.field_size_limit(2**31 - 1)
    reader, found, start = csv.reader(iter(lines), delimiter=delimiter), [], 0
    for _ in reader:
        found.append("".join(lines[start : reader.line_num]).encode("latin-1"))
        start = reader.line_num
    return found


def appended(opened: Opened, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return a table's bytes with rows added at its end; what is there stays as it is.

    Raises `SuiteError` for a table that cannot be read and for a column that it does not have.
    """
    form = form_of(opened)
    data = opened.data
    if not data.endswith((b"\n", b"\r")):
        data += form.line_end.encode()
    return data + b"".join(form.line(row) for row in rows)


def replaced(opened: Opened, changes: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a table's bytes with cells of some rows changed, by the rows' ids and the columns.

    Only the records of these rows are written anew, and only where a cell is another.
    Raises `SuiteError` for a table that cannot be read, a column that it does not have,
    and an id that no row has, or that two have.
    """
    form, left, made = form_of(opened), dict(changes), []
    for record in records(opened.data, form.delimiter):
        row = _cells(form, record)
        name = row.get("id", "").strip()
        if name not in changes:
            made.append(record)
            continue
        if name not in left:
            raise SuiteError([_no_row(opened, name, "stands more than once")])
        changed = left.pop(name)
        same = all(row.get(column) == cell for column, cell in changed.items())
        made.append(record if same else _rewritten(form, record, {**row, **changed}))
    if left:
        raise SuiteError([_no_row(opened, name, "is the id of no row") for name in left])
    return b"".join(made)


def _cells(form: Form, record: bytes) -> dict[str, str]:
    """Return a record's cells by their columns."""
    stream = io.StringIO(record.decode("utf-8"), newline="")
    row = next(csv.reader(stream, delimiter=form.delimiter), [])
    return dict(zip(form.header, row, strict=False))


def _rewritten(form: Form, record: bytes, row: Mapping[str, str]) -> bytes:
    """Return a record with other cells and the line end that it had."""
    line = form.line(row).removesuffix(form.line_end.encode())
    return line + record[len(record.rstrip(b"\r\n")) :]


def _no_row(opened: Opened, name: str, why: str) -> Problem:
    """Return the problem of an id that names no single row."""
    return Problem(opened.name, None, "id", "no-row", f"{quoted(name)} {why}")
