"""The log of what changes of codes did: codings/recodings.csv, a line for each place.

For readers it says who had which code before; the way back needs it. The surprising rule: lines
of another file than a table stand there with the line before and after them, to be found again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from policybook import cells, editing
from policybook.material import RECODINGS
from policybook.problems import SuiteError, errors
from policybook.together.recoding.rows import Changed

COLUMNS = ("id", "version", "file", "row", "line", "column", "before", "after", "coder", "note")


def added(opened: editing.Opened, version: str, changes: Sequence[Changed]) -> bytes:
    """Return the log with a line for each change of a version."""
    if opened.missing:
        header = f"{','.join(COLUMNS)}\n".encode()
        opened = editing.Opened(opened.path, opened.name, header)
    lines = [
        {
            "id": f"{version}-{number}", "version": version, "file": one.file, "row": one.row,
            "line": str(one.line), "column": one.column, "before": one.before, "after": one.after,
            "coder": one.coder, "note": one.note,
        }
        for number, one in enumerate(changes, start=1)
    ]  # fmt: skip
    return editing.appended(opened, lines)


def read(opened: editing.Opened, version: str) -> list[Changed]:
    """Return what the log says of a version; SuiteError where it cannot be read whole."""
    if opened.missing:
        return []
    log = cells.parse(opened.data, name=opened.name)
    if not log.complete:
        raise SuiteError(errors(log.problems))
    columns = [log.column(name) for name in COLUMNS]
    return [
        Changed(file, row, int(line) if line.isdecimal() and len(line) < 9 else 0, *rest)  # noqa: PLR2004  (no file has so many lines)
        for _, one, file, row, line, *rest in zip(*columns, strict=True)
        if one == version
    ]


def without(opened: editing.Opened, version: str) -> bytes | None:
    """Return the log without the lines of a version; None where nothing else is in it."""
    form = editing.form_of(opened)
    place = form.header.index("version")
    kept = []
    for record in editing.records(opened.data, form.delimiter):
        text = io.StringIO(record.decode("utf-8"), newline="")
        row = next(csv.reader(text, delimiter=form.delimiter), [])
        if row[place : place + 1] != [version]:
            kept.append(record)
    return b"".join(kept) if len(kept) > 1 else None


def opened(root: Path) -> editing.Opened:
    """Return the log of a suite, to be changed; it need not be there."""
    return editing.open_file(root / RECODINGS, name=RECODINGS, new=True)
