"""What can be wrong with a suite or a call, and the errors that carry it.

A problem says where, what, what is allowed and what to do next.
It is data first; `str(problem)` is the one text that the command line,
a notebook and the tests all show.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

LONGEST_SHOWN = 300
"""Characters of hostile or endless text that a message shows before it is cut."""

MANY_ALLOWED = 30
"""A longer list of allowed values is not printed; the codebook is named instead."""

MANY_COMPARED = 2000
"""Allowed values compared for a did-you-mean; each costs microseconds, and each wrong cell asks."""


def printable(text: str) -> str:
    r"""Return the text as one safe line: no control, no bidirectional override, no endless cell.

    >>> printable("a\x1b[31mb\nc")
    'a\\x1b[31mb\\nc'
    """
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)"
    return _escaped(text)


def _escaped(text: str) -> str:
    """Return the text with every character that could move, hide or reorder others written out."""
    if text.isprintable():  # almost always so, and a hundred times as fast to see
        return text
    return "".join(
        c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(c)[1:-1]
        for c in text
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, the evidence, and the next step.

    `line` is the physical line of the file, counted from 1, and None where a whole file is meant.
    `evidence` holds pairs of a label and a text, printed beneath the message.
    """

    file: str
    line: int | None
    column: str | None
    code: str
    message: str
    evidence: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return the text that people see, without a line break at its end."""
        place = ":".join(
            printable(str(part)) for part in (self.file, self.line, self.column) if part is not None
        )
        warning = "warning: " if self.severity == "warning" else ""
        width = max((len(label) for label, _ in self.evidence), default=0) + 2
        lines = [
            f"{place}  {warning}{self.message}",
            *(f"    {label + ':':{width}} {text}" for label, text in self.evidence),
            *(f"    {line}" for line in self.hint.splitlines()),
        ]
        # Ids, file names and definitions stand in the texts, and anybody may have written them.
        return "\n".join(map(_escaped, lines))


def quoted(value: str) -> str:
    """Return a value as messages show it: printable and between straight quotation marks."""
    return f'"{printable(value)}"'


def did_you_mean(value: str, allowed: Sequence[str]) -> str:
    """Return `Did you mean "x"?`, or nothing where no allowed value is near.

    >>> did_you_mean("suport", ["supports", "opposes"])
    'Did you mean "supports"?'
    """
    near = difflib.get_close_matches(value[:100], allowed[:MANY_COMPARED], n=1, cutoff=0.6)
    return f"Did you mean {quoted(near[0])}?" if near else ""


@dataclass(slots=True)
class Suggestions:
    """`did_you_mean` for a rule that may meet a hundred thousand wrong values: seconds, not hours."""

    left: int = 30_000
    """Comparisons still to be made, about half a second of them; then no more is suggested."""

    def near(self, value: str, allowed: Sequence[str]) -> str:
        """Return `Did you mean "x"?`, nothing once the comparisons are used up."""
        if self.left <= 0:
            return ""
        self.left -= min(len(allowed), MANY_COMPARED)
        return did_you_mean(value, allowed)


def unknown_value(
    *,
    value: str,
    what: str,
    allowed: Sequence[str],
    see: str = "",
    suggest: Callable[[str, Sequence[str]], str] = did_you_mean,
) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return message, evidence and hint for a value that is not among the allowed ones."""
    message = f"{quoted(value)} is not {what}"
    evidence = (("allowed", ", ".join(map(printable, allowed[:MANY_ALLOWED])) or "nothing yet"),)
    if len(allowed) > MANY_ALLOWED:
        evidence = (
            ("allowed", f"{', '.join(map(printable, allowed[:8]))} … ({len(allowed):,} in all)"),
        )
    hint = "  ".join(part for part in (suggest(value, allowed), see) if part)
    return message, evidence, hint


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a suite from being used."""
    return [problem for problem in problems if problem.severity == "error"]


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the plural where it is not one.

    >>> count(1, "row"), count(78, "row")
    ('1 row', '78 rows')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def report(problems: Sequence[Problem], *, rows: int) -> str:
    """Return all problems as the text that `policybook check` prints, with a tally at its end."""
    wrong = len(errors(problems))
    warnings = len(problems) - wrong
    parts = [count(wrong, "problem")] if wrong else []
    parts += [count(warnings, "warning")] if warnings else []
    tally = f"{' and '.join(parts) or 'No problems'} in {count(rows, 'row')}."
    return "\n\n".join([*map(str, problems), tally])


class PolicybookError(Exception):
    """An error that carries problems; its text is theirs."""

    def __init__(self, problems: Sequence[Problem], *, rows: int | None = None) -> None:
        """Keep the problems; `rows` adds the tally that `policybook check` prints."""
        self.problems = tuple(problems)
        text = "\n\n".join(map(str, problems)) if rows is None else report(problems, rows=rows)
        super().__init__(text)

    def _render_traceback_(self) -> list[str]:
        """Show the problems instead of a traceback when a notebook meets them."""
        return str(self).splitlines()


class SuiteError(PolicybookError):
    """The suite cannot be used as it stands."""


class ParameterError(PolicybookError):
    """A parameter or an argument is unknown or impossible."""
