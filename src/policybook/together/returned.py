"""Read a second coder's table back: the checks of the suite's own tables, errors by sheet cell.

The surprising rule: nothing is written unless the whole table checks, and never over a file.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policybook import cells, material
from policybook.checks import check
from policybook.exchange import workbook
from policybook.material import CODINGS
from policybook.problems import ParameterError, Problem, SuiteError, errors, quoted

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}", re.ASCII)
_ADDED = ("id", "coder")


@dataclass(frozen=True, slots=True)
class Returned:
    """Where a second coding was written, how many rows it has, and what it warns of."""

    path: Path
    rows: int
    warnings: list[Problem]


def take(root: Path, file: Path, *, coder: str) -> Returned:
    """Write a filled workbook as codings/CODER.csv of a suite.

    Raises `SuiteError` with every problem by its sheet cell, `ParameterError` for a coder whose
    name is no file name or whose table is there.
    """
    target = new_table(root, coder)
    filled = workbook.read(file)
    data = _table(filled, coder)
    name = f"{CODINGS}/{coder}.csv"
    found = filled.problems + _problems(root, name, data, filled, file.name)
    if errors(found):
        raise SuiteError(found, rows=len(filled.rows))
    write(target, data)
    return Returned(target, len(filled.rows), found)


def new_table(root: Path, coder: str) -> Path:
    """Return where a coder's table is to be; `ParameterError` for no name and where it is there."""
    target = root / CODINGS / f"{coder}.csv"
    if not _NAME.fullmatch(coder):
        hint = "Small letters, digits and hyphens; it names the file too."
        raise ParameterError([_call(f"{quoted(coder)} is no id of a coder", hint)])
    if target.exists() or target.is_symlink():
        hint = "Move it away first: a coding is never written over."
        raise ParameterError([_call(f"{CODINGS}/{coder}.csv is there already", hint)])
    return target


def write(target: Path, data: bytes) -> None:
    """Write a coder's table that is not there yet, all of it or nothing, and over no other."""
    target.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        os.link(name, target)  # unlike a renaming it fails where somebody else was faster
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise SuiteError([Problem(target.name, None, None, "unwritable", message)]) from None
    finally:
        Path(name).unlink(missing_ok=True)


def _table(filled: workbook.Filled, coder: str) -> bytes:
    """Return a filled table as the suite's tables are written, a row without an id named by its place."""
    rest = [name for name in filled.header if name and name not in _ADDED]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["id", *rest, "coder"])
    for number, row in filled.rows:
        own = row.get("id", "").strip() or f"{row.get('article', '').strip()}-r{number:03}"
        writer.writerow([own, *(row[name] for name in rest), coder])
    return out.getvalue().replace("\r\n", "\n").encode("utf-8", "replace")


def _problems(
    root: Path, name: str, data: bytes, filled: workbook.Filled, file: str
) -> list[Problem]:
    """Return what the suite's checks say of the table, by the cells of the sheet."""
    found = material.read(root)
    table = cells.parse(data, name=name)
    found.tables[name] = material.table(name, table, found.book)
    numbers = {line: row[0] for line, row in zip(table.lines, filled.rows, strict=False)}
    mine = [problem for problem in check(found) if problem.file == name]
    return [_in_sheet(problem, numbers, filled.header, file) for problem in mine]


def _in_sheet(
    problem: Problem, numbers: dict[int, int], header: Sequence[str], file: str
) -> Problem:
    """Return a problem at the cell of the sheet, or at its row where no column is meant."""
    number = numbers.get(problem.line or 0)
    if number is None:
        return replace(problem, file=file, line=None)
    known = problem.column in header
    place = workbook.letters(header.index(problem.column)) if known and problem.column else ""
    return replace(problem, file=f"{file}:{workbook.SHEET}!{place}{number}", line=None)


def _call(message: str, hint: str) -> Problem:
    """Return a problem of the call."""
    return Problem("kit", None, "coder", "coder", message, hint=hint)
