"""Bring tables of an older codebook to a newer one, by what its changes of codes did elsewhere.

The surprising rule: a row that the log does not know follows a change that has one answer, and
keeps a code that was split or retired: what it would have become nobody decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policybook import editing, material
from policybook.migrations import MERGE, RENAME, Migration
from policybook.together.recoding import log, rows
from policybook.together.recoding.propose import staged


def carry(root: Path, migrations: Sequence[Migration], *, by: Path) -> None:
    """Write the tables of a suite as changes of codes leave them; `by` is a suite with the log.

    Only tables whose cells are others are written.
    """
    suite, kept, made = material.read(root), log.opened(by), dict[str, bytes]()
    for one in migrations:
        known = {(c.file, c.row, c.column): c for c in log.read(kept, one.version)}
        for name in rows.tables(suite):
            cells_of: dict[str, dict[str, str]] = {}
            for place in rows.places(suite, one.vocabulary, one.old):
                if place.file == name:
                    noted = known.get((name, place.row, place.column.name))
                    after = _after(place, noted, one)
                    cells_of.setdefault(place.row, {})[place.column.name] = after
            if cells_of:
                opened = editing.Opened(
                    root / name, name, made.get(name, (root / name).read_bytes())
                )
                made[name] = editing.replaced(opened, cells_of)
                suite = staged(suite, name, made[name])
    for name, data in made.items():
        editing.open_file(root / name, name=name).write(data)


def _after(place: rows.Place, noted: rows.Changed | None, one: Migration) -> str:
    """Return what becomes of a cell."""
    if noted and noted.before == place.cell:
        return noted.after
    become = dict.fromkeys(one.old, one.new) if one.kind in {RENAME, MERGE} else {}
    return rows.recoded(place.cell, become)
