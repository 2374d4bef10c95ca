"""What a format could not hold: each loss named, summed up for the terminal, written as a CSV.

The surprising rule: an empty `row` or `column` of a loss stands for all of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from policybook.problems import Problem, SuiteError, printable

Kind = Literal["dropped", "changed", "guessed"]

KINDS: tuple[Kind, ...] = ("dropped", "changed", "guessed")
COLUMNS = ("kind", "where", "row", "column", "what")

MOST_LINES = 24
"""Lines of a summary; the CSV holds everything."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes a cell for a formula."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that did not pass as it was: the file, the row, the column, what, and how."""

    where: str
    row: str
    column: str
    what: str
    kind: Kind


@dataclass(slots=True)
class Losses:
    """The losses of one import or export, in the order in which they were met."""

    items: list[Loss] = field(default_factory=list)

    def __iter__(self) -> Iterator[Loss]:
        """Yield the losses in their order."""
        return iter(self.items)

    def __len__(self) -> int:
        """Return the number of losses."""
        return len(self.items)

    def dropped(self, where: str, what: str, *, row: str = "", column: str = "") -> None:
        """Note that something did not pass at all."""
        self.items.append(Loss(where, row, column, what, "dropped"))

    def changed(self, where: str, what: str, *, row: str = "", column: str = "") -> None:
        """Note that something passed in another form."""
        self.items.append(Loss(where, row, column, what, "changed"))

    def guessed(self, where: str, what: str, *, row: str = "", column: str = "") -> None:
        """Note that something was filled in which the source does not say."""
        self.items.append(Loss(where, row, column, what, "guessed"))

    def summary(self, file: Path) -> str:
        """Return the losses as lines for a terminal; `file` is where they all stand."""
        if not self.items:
            return f"Nothing was lost; {file.name} says so."
        tally = ", ".join(
            f"{count:,} {kind}"
            for kind in KINDS
            if (count := sum(loss.kind == kind for loss in self.items))
        )
        groups: dict[tuple[str, str, str], list[Loss]] = {}
        for loss in self.items:
            groups.setdefault((loss.kind, loss.where, loss.column), []).append(loss)
        lines = [f"  {_line(group)}" for group in groups.values()]
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"  … and {len(lines) - MOST_LINES:,} kinds more"]
        return "\n".join([f"{tally}; each stands in {file.name}:", *lines])

    def table(self) -> bytes:
        """Return the losses as a CSV that no spreadsheet takes for formulas."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for loss in self.items:
            writer.writerow([safe_cell(str(getattr(loss, name))) for name in COLUMNS])
        return stream.getvalue().encode("utf-8", "backslashreplace")


def _line(group: list[Loss]) -> str:
    """Return one line for losses of one kind, file and column: how many, and the first of them."""
    first = group[0]
    place = ":".join(part for part in (first.where, first.column) if part)
    row = f"{first.row}: " if first.row else ""
    times = f" ({len(group):,} times, the first: {row}{first.what})"
    said = f" ({row}{first.what})" if len(group) == 1 else times
    return printable(f"{first.kind}  {place}{said}")


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute.

    >>> safe_cell("=1+1"), safe_cell("plain")
    ("'=1+1", 'plain')
    """
    shown = printable(text)
    return f"'{shown}" if text.startswith(_FORMULA) else uncomputed(shown)


def uncomputed(text: str) -> str:
    """Return a text whole, with a mark before it where a spreadsheet would take it for a formula.

    >>> uncomputed("-1"), uncomputed("plain")
    ("'-1", 'plain')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def beside(path: Path) -> Path:
    """Return where the losses of an output are written: beside it, by its name."""
    return path.with_name(f"{path.name}.losses.csv")


class ExchangeError(SuiteError):
    """A file cannot be taken in, or a suite not be given out."""


def refusal(
    file: str, code: str, message: str, *, hint: str = "", allowed: str = ""
) -> ExchangeError:
    """Return the error for a file that cannot be taken in at all."""
    evidence = (("allowed", allowed),) if allowed else ()
    return ExchangeError([Problem(file, None, None, code, message, evidence, hint)])
