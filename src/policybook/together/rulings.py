"""Rulings of the adjudication log: which reading of a disagreement stands, and why.

The surprising rule: a ruling is between codings. That one reader's row was ruled on against a
second one's says nothing of a third one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policybook.material import ADJUDICATION, READERS, coding_called, short_name, tables_of
from policybook.suite import Suite
from policybook.tables import split

UNIT = "unit"
"""What differs where not all have a row."""

Place = tuple[str, str]
"""A row by its coding, a path within the suite, and its id."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One line of the log: its id, what differed, which reading stands, why, and who ruled.

    `codings` are the short names of those that differed.
    """

    id: str
    differed: tuple[str, ...]
    ruling: str
    reason: str
    coder: str
    codings: frozenset[str]


class Log:
    """The adjudication log of a suite, asked by rows."""

    def __init__(self, suite: Suite) -> None:
        """Read every ruling; a suite without a log has none."""
        self.by_row: dict[Place, list[Ruling]] = {}
        self.ids: list[str] = []
        names = ("id", "differed", "ruling", "reason", "coder", *READERS)
        for line in suite.lines(ADJUDICATION, *names):
            self._take([cell.strip() for cell in line])

    def _take(self, line: list[str]) -> None:
        """Take one line of the log."""
        name, differed, ruling, reason, coder, *cells = line
        readers = zip(cells, READERS, strict=True)
        named = [coding_called(one, c) for cell, c in readers for one in split(cell) or [""]]
        codings = frozenset(coding for coding, _ in named)
        one = Ruling(name, tuple(split(differed)), ruling, reason, coder, codings)
        self.ids.append(name)
        for coding, row in named:
            for table in tables_of(coding):
                self.by_row.setdefault((table, row), []).append(one)

    def about(self, places: Iterable[Place], codings: Iterable[str]) -> list[Ruling]:
        """Return the rulings on any of these rows between these codings, each once."""
        compared = {short_name(table) for table in codings}
        found = dict.fromkeys(one for place in places for one in self.by_row.get(place, ()))
        return [one for one in found if one.codings <= compared]


def unruled(differed: Sequence[str], found: Sequence[Ruling]) -> list[str]:
    """Return what of a disagreement no ruling is about.

    A ruling on its codes rules on the unit too: whoever ruled held two rows to be one unit.
    """
    ruled = {name for one in found for name in one.differed} | ({UNIT} if found else set())
    return [name for name in differed if name not in ruled]
