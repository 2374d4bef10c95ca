"""Rows that are printed to be pasted at the end of a table, as that very table writes rows.

The surprising rule: where the table's last line has no end, an empty line comes first:
what a shell appends would be glued to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook import editing
from policybook.suite import Suite


def pasted(suite: Suite, table: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as lines of a table, without the last line end; columns it lacks are left out.

    Of a table that is not there yet the header comes first: the codebook's columns.
    """
    path = suite.root / table
    if not path.exists():
        header = tuple(suite.material.book.columns.get(path.stem, ()))
        form, before = editing.Form(",", "\n", header), ",".join(header) + "\n"
    else:
        opened = editing.open_file(path, name=table)
        form = editing.form_of(opened)
        before = "" if opened.data.endswith((b"\n", b"\r")) else "\n"
    known = [{n: cell for n, cell in row.items() if n in form.header} for row in rows]
    lines = [form.line(row).decode() for row in known]
    return (before + "".join(lines)).removesuffix("\n").removesuffix("\r") if lines else ""


def next_number(names: Iterable[str], stem: str) -> int:
    """Return the number after the highest that follows a stem in any of these names.

    >>> next_number(["a-01", "a-07", "a-x", "b-99"], "a-")
    8
    """
    ends = (name.strip().removeprefix(stem) for name in names if name.strip().startswith(stem))
    return max((int(end) for end in ends if end.isdecimal()), default=0) + 1
