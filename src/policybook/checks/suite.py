"""All checks of a suite, in the order in which a coder would mend what they find."""

from __future__ import annotations

import os

from policybook import pending
from policybook.checks import articles, book, cells, quotes, rows
from policybook.material import Material
from policybook.problems import Problem

_ORDER = {"error": 0, "warning": 1}


def check(material: Material) -> list[Problem]:
    """Return every problem of a suite: errors before warnings, then by file and line.

    A file that cannot be read stops the rules that would need it, not the others.
    """
    found = list(material.book.problems)
    if os.path.lexists(material.root / pending.FILE):
        found.append(pending.problem())
    found += book.check(material)
    found += articles.check(material)
    for name, table in material.tables.items():
        found += table.cells.problems
        if table.cells.header and table.columns:
            found += cells.check(material, name)
            found += rows.check(material, name)
            found += quotes.check(material, name)
    files = [material.book.file, material.corpus.cells.file, *material.tables]
    ranks = {name: rank for rank, name in enumerate(files)}
    return sorted(found, key=lambda problem: _place(problem, ranks))


def _place(problem: Problem, ranks: dict[str, int]) -> tuple[int, int, str, int]:
    """Return where a problem stands among the others: by severity, by file, then by line."""
    rank = ranks.get(problem.file, len(ranks))
    return _ORDER[problem.severity], rank, problem.file, problem.line or 0
