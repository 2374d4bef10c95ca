"""Change a table or another text file of a suite: the only way that anything is written into one.

What is not touched stays byte for byte: quoting, order, delimiter, line ends, byte-order mark.
The surprising rule: a file that somebody else changed since it was read is not written over;
both changes would look saved, and one would be gone.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from policybook import cells, pending
from policybook.problems import Problem, SuiteError, errors, printable, quoted


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was read: its bytes, and where they stand; `missing` where there was none."""

    path: Path
    name: str
    data: bytes
    missing: bool = False

    @property
    def before(self) -> bytes | None:
        """What was there."""
        return None if self.missing else self.data

    def write(self, data: bytes) -> None:
        """Replace the file's bytes by others, all or none.

        Raises `SuiteError` where the file is no longer what was read, or cannot be written.
        """
        write_all([(self, data)])


def open_file(path: Path, *, name: str = "", new: bool = False) -> Opened:
    """Return a file to be changed; SuiteError where it cannot be read.

    With `new` it need not be there yet.
    """
    shown = name or path.name
    try:
        return Opened(path, shown, path.read_bytes())
    except FileNotFoundError as error:
        if new:
            return Opened(path, shown, b"", missing=True)
        raise SuiteError([_failed(shown, "read", error)]) from None
    except OSError as error:
        raise SuiteError([_failed(shown, "read", error)]) from None


def write_all(changes: Sequence[tuple[Opened, bytes | None]], *, root: Path | None = None) -> None:
    """Replace the bytes of several files, all of them or none; None takes a file away.

    Everything is written beside first and then put in place, file by file; where one cannot be,
    those before it are put back. Where the machine stops between two files, a note in `root`
    says what is left to do, see `pending`; every file has its name within that folder.
    Raises `SuiteError` where a file is no longer what was read, or cannot be written.
    """
    todo = [(one, data) for one, data in changes if data != one.before]
    beside: list[Path | None] = []
    now = ""
    try:
        for one, data in todo:
            now = one.name
            beside.append(None if data is None else _beside(one.path, data))
        if wrong := [one.name for one, _ in todo if _bytes(one.path) != one.before]:
            raise SuiteError([_changed(name) for name in wrong])
        with pending.noted(root, _moves(todo, beside)) if root and todo else nullcontext():
            _exchange([one for one, _ in todo], beside)
    except OSError as error:
        raise SuiteError([_failed(now, "written", error)]) from None
    finally:
        for path in beside:
            if path:
                path.unlink(missing_ok=True)


def _moves(
    todo: Sequence[tuple[Opened, bytes | None]], beside: Sequence[Path | None]
) -> list[pending.Move]:
    """Return what is put in place of what."""
    pairs = zip(todo, beside, strict=True)
    digest = pending.sha256
    return [
        pending.Move(one.name, made.name if made else "", digest(one.before), digest(data))
        for (one, data), made in pairs
    ]


def _exchange(files: Sequence[Opened], beside: Sequence[Path | None]) -> None:
    """Put what was written beside in place, or put everything back."""
    done = []
    try:
        for one, made in zip(files, beside, strict=True):
            if made:
                made.replace(one.path.resolve())
            else:
                one.path.unlink()
            done.append(one)
    except BaseException as error:
        for one in done:
            if one.missing:
                one.path.unlink(missing_ok=True)
            else:
                _beside(one.path, one.data).replace(one.path.resolve())
        if isinstance(error, OSError):
            raise SuiteError([_failed(files[len(done)].name, "written", error)]) from None
        raise


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file, None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _failed(name: str, what: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not let be read or written."""
    code = "unreadable" if what == "read" else "unwritable"
    return Problem(name, None, None, code, f"cannot be {what}: {error.strerror}")


def _changed(name: str) -> Problem:
    """Return the problem of a file that somebody else changed meanwhile."""
    hint = "Nothing was written. Look at the change, then call again."
    return Problem(name, None, None, "changed-meanwhile", "was changed since it was read", (), hint)


def _beside(path: Path, data: bytes) -> Path:
    """Write bytes into a new file beside another, with its permissions; return it.

    A link is followed: what it points to is to be replaced, and it stays a link.
    """
    target = path.resolve()
    target.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o644
        Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


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

    Only the cells that are another are written anew, between quotation marks where they were.
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
        made.append(record if same else _rewritten(form, record, row, changed))
    if left:
        raise SuiteError([_no_row(opened, name, "is the id of no row") for name in left])
    return b"".join(made)


def _cells(form: Form, record: bytes) -> dict[str, str]:
    """Return a record's cells by their columns."""
    stream = io.StringIO(record.decode("utf-8"), newline="")
    row = next(csv.reader(stream, delimiter=form.delimiter), [])
    return dict(zip(form.header, row, strict=False))


def _rewritten(
    form: Form, record: bytes, row: Mapping[str, str], changed: Mapping[str, str]
) -> bytes:
    """Return a record with some other cells; the rest keeps its bytes, and its line end."""
    text = record.decode("utf-8")
    body = text.rstrip("\r\n")
    spans = _spans(body, form.delimiter)
    if len(spans) != len(form.header) or not changed.keys() <= set(form.header):
        line = form.line({**row, **changed}).decode("utf-8").removesuffix(form.line_end)
        return (line + text[len(body) :]).encode()
    style = [body[start:end].startswith('"') for start, end in spans]
    made, place = [], 0
    for nth, (start, end) in enumerate(spans):
        name = form.header[nth]
        if name in changed and changed[name] != row.get(name):
            others = all(style[:nth] + style[nth + 1 :])
            quotes = style[nth] and (others or not _needs(row.get(name, ""), form.delimiter))
            cell = _field(changed[name], form.delimiter, quotes=quotes)
            made += [body[place:start], cell]
            place = end
    return ("".join(made) + body[place:] + text[len(body) :]).encode()


def _spans(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Return where the cells of a record stand, quotation marks included.

    >>> _spans('a,"b,c",d', ",")
    [(0, 1), (2, 7), (8, 9)]
    """
    rest = f"[^{re.escape(delimiter)}]*"
    cell = re.compile(f'(?:"(?:[^"]|"")*")?{rest}')
    found, place = [], 0
    while match := cell.match(text, place):
        found.append(match.span())
        if match.end() == len(text):
            break
        place = match.end() + 1
    return found


def _needs(cell: str, delimiter: str) -> bool:
    """Tell whether a cell has to stand between quotation marks."""
    return any(mark in cell for mark in (delimiter, '"', "\r", "\n"))


def _field(cell: str, delimiter: str, *, quotes: bool) -> str:
    """Return a cell as it stands in a file."""
    inner = cell.replace('"', '""')
    return f'"{inner}"' if quotes or _needs(cell, delimiter) else cell


def _no_row(opened: Opened, name: str, why: str) -> Problem:
    """Return the problem of an id that names no single row."""
    return Problem(opened.name, None, "id", "no-row", f"{quoted(name)} {why}")
