"""What is asked: which codes become which, and whether that can be.

The surprising rule: a code that the package itself knows by name stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policybook.checks.cells import is_date
from policybook.codebook import Codebook
from policybook.migrations import MERGE, RENAME, RETIRE, SPLIT, fate, number
from policybook.problems import ParameterError, Problem, did_you_mean, printable, quoted

CODED = ("code", "codes", "guesses")
"""Kinds of column that hold codes."""

STAYING = ("status", "voice", "author_attitude", "stance", "strength", "confidence", "basis",
           "coder", "article", "event")  # fmt: skip
"""Vocabularies that say how a row is to be read, and the names of things: no codes of a passage."""

KNOWN_BY_NAME = ("other", "unspecified", "precondition", "proviso")
"""Codes that rules and measures ask for, whatever the vocabulary."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_WHOLE = {RENAME: (1, 1), MERGE: (1, 1), SPLIT: (1, 2), RETIRE: (1, 0)}
"""The least number of codes before and after; two in all for a merger."""


@dataclass(frozen=True, slots=True)
class Call:
    """One change of codes: `old` become `new` in a vocabulary, with the next version."""

    kind: str
    vocabulary: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    version: str
    date: str
    note: str = ""

    @property
    def told(self) -> str:
        """What is done, in words; it goes into the changelog."""
        away = [code for code in self.old if code not in self.new]
        old = [f"{self.vocabulary}.{code}" for code in away]
        words = {
            RENAME: f"Renamed {old[0]} to {', '.join(self.new)}",
            MERGE: f"Merged {' and '.join(old)} into {', '.join(self.new)}",
            SPLIT: f"Split {old[0]} into {' and '.join(self.new)}",
            RETIRE: f"Retired {old[0]}",
        }
        return words[self.kind]

    def undefined(self, book: Codebook) -> list[str]:
        """Return the new codes that somebody has to define."""
        known = book.values(self.vocabulary)
        return [] if self.kind == RENAME else [code for code in self.new if code not in known]


def call(  # noqa: PLR0913  (one keyword for each option of the command)
    book: Codebook, kind: str, codes: Sequence[str], into: Sequence[str], *, date: str, note: str
) -> Call:
    """Return what is asked; `ParameterError` with everything that cannot be."""
    names = [code.partition(".") for code in codes]
    vocabulary = names[0][0] if names else ""
    new = tuple(dict.fromkeys(code.removeprefix(f"{vocabulary}.") for code in into))
    old = tuple(dict.fromkeys(name for _, _, name in names))
    if kind == MERGE and len(new) == 1 and new[0] in book.values(vocabulary):
        old = tuple(dict.fromkeys([*old, *new]))
    asked = Call(kind, vocabulary, old, new, _next(book.version), date, " ".join(note.split()))
    if wrong := list(_problems(book, asked, codes)):
        raise ParameterError(wrong)
    return asked


def _next(version: str) -> str:
    """Return the version after one whose codes no longer all hold: the first number is raised."""
    return f"{(number(version) or (0,))[0] + 1}.0.0"


def problem(column: str, message: str, hint: str = "") -> Problem:
    """Return a problem of the call."""
    return Problem("recode", None, column, f"recode-{column}", message, (), hint)


def _problems(book: Codebook, asked: Call, codes: Sequence[str]) -> Iterator[Problem]:
    """Yield what cannot be done."""
    kind, vocabulary = asked.kind, asked.vocabulary
    if not is_date(asked.date):
        yield problem("date", f"{quoted(asked.date)} is not a day", "Written as 2014-12-17.")
    least, after = _WHOLE[kind]
    enough = {RENAME: len(asked.old) == least, MERGE: len(asked.old) > least}
    if not enough.get(kind, len(asked.old) == least) or not _fits(len(asked.new), kind, after):
        yield problem("call", f"cannot {kind} that many codes", _EXAMPLES[kind])
        return
    if apart := [code for code in codes if code.partition(".")[0] != vocabulary]:
        hint = f"All are of one vocabulary, such as {vocabulary}.{asked.old[0]}."
        yield problem("code", f"{quoted(apart[0])} is of another vocabulary", hint)
        return
    if found := _no_vocabulary(book, vocabulary):
        yield found
        return
    for code in asked.old:
        if code not in asked.new:
            yield from _old(book, asked, code)
    for code in asked.new:
        yield from _new(book, asked, code)


def _fits(number_of_new: int, kind: str, least: int) -> bool:
    """Tell whether there are as many new codes as this kind of change makes."""
    return number_of_new >= least if kind == SPLIT else number_of_new == least


_EXAMPLES = {
    RENAME: "policybook recode rename instrument.elections --into vote",
    MERGE: "policybook recode merge instrument.elections instrument.ceasefire --into calm",
    SPLIT: "policybook recode split instrument.sanctions --into asset_freeze,travel_ban",
    RETIRE: "policybook recode retire instrument.elections",
}


def _no_vocabulary(book: Codebook, vocabulary: str) -> Problem | None:
    """Return what is wrong with a vocabulary: there is none such, or it stays as it is."""
    held = {
        column.values
        for columns in book.columns.values()
        for column in columns.values()
        if column.kind in CODED
    }
    may = [name for name in book.vocabularies if name in held and name not in STAYING]
    if vocabulary in may:
        return None
    if vocabulary in STAYING:
        message = f"the codes of {quoted(vocabulary)} stay: rules and measures know each by name"
    else:
        message = f"there is no vocabulary {quoted(vocabulary)} that a column holds"
    near = did_you_mean(vocabulary, may)
    allowed = (
        f"Name a code as the codebook does, such as instrument.sanctions. Of: {', '.join(may)}."
    )
    return problem("code", message, "\n".join(part for part in (near, allowed) if part))


def _old(book: Codebook, asked: Call, code: str) -> Iterator[Problem]:
    """Yield what is wrong with a code that is to become another."""
    vocabulary = asked.vocabulary
    known = book.values(vocabulary)
    if code not in known:
        became = fate(book.migrations, vocabulary, code)
        message = (
            f"{quoted(code)} {became}" if became else f"{quoted(code)} is not one of [{vocabulary}]"
        )
        yield problem("code", message, did_you_mean(code, list(known)))
    elif code in KNOWN_BY_NAME:
        message = f"{quoted(code)} stays: rules and measures know it by name"
        yield problem("code", message, "Its rows can be recoded one by one, in the table.")
    elif asked.kind == RETIRE and len(known) == 1:
        yield problem("code", f"{quoted(code)} is the only code of [{vocabulary}]")


def _new(book: Codebook, asked: Call, code: str) -> Iterator[Problem]:
    """Yield what is wrong with a code that is to come."""
    if not _ID.fullmatch(code):
        hint = "Letters, digits, hyphen, dot and underscore; no space."
        yield problem("into", f"{quoted(code)} is not an id", hint)
    elif code in book.taken.get(asked.vocabulary, ()):
        became = fate(book.migrations, asked.vocabulary, code)
        hint = "Old codings hold it with its old meaning: choose another id."
        yield problem("into", f"{quoted(code)} {became}", hint)
    elif asked.kind != MERGE and code in book.values(asked.vocabulary):
        hints = {
            RENAME: f"policybook recode merge {asked.vocabulary}.{asked.old[0]} --into {printable(code)}",
            SPLIT: "The parts of a code are new ones. To share its rows out among codes that there "
            f"are: policybook recode retire {asked.vocabulary}.{asked.old[0]}",
        }
        yield problem("into", f"{quoted(code)} is defined already", hints[asked.kind])
