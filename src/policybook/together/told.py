"""Differences between two states as text, kind by kind, each with its cause.

The surprising rule: where a state does not check, its findings cannot be compared;
articles, rows and codes are, and the text says what stands in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policybook import material
from policybook.problems import SuiteError, count, errors, printable
from policybook.together.differences import APPEARED, VANISHED, Difference, compare
from policybook.together.effects import effects
from policybook.together.states import State

_MARKS = {APPEARED: "+", VANISHED: "-"}
_KINDS = ("article", "row", "code")


def told(old: State, new: State, *, scratch: Path) -> str:
    """Return what differs between two states, and what became of the findings."""
    found = compare(material.read(old.root), material.read(new.root))
    parts = [f"Old: {old.words}\nNew: {new.words}"]
    parts += [_kind(kind, [one for one in found if one.kind == kind]) for kind in _KINDS]
    try:
        parts.append(_kind("finding", effects(old, new, scratch=scratch)))
    except SuiteError as error:
        wrong = count(len(errors(error.problems)), "problem")
        parts.append(f"Findings: not compared, for one of the two states has {wrong}.")
    return "\n\n".join(parts)


def _kind(kind: str, found: Sequence[Difference]) -> str:
    """Return the differences of one kind under their tally."""
    head = f"{kind.capitalize()}s"
    if not found:
        return f"{head}: no difference."
    tally = ", ".join(
        f"{sum(one.what == what for one in found):,} {what}"
        for what in dict.fromkeys(one.what for one in found)
    )
    return "\n".join([f"{head}: {tally}.", *map(_lines, found)])


def _lines(one: Difference) -> str:
    """Return one difference with its details, as safe lines."""
    mark = _MARKS.get(one.what, "~")
    lines = [f"  {mark} {printable(one.name)}  ({printable(one.cause)})"]
    return "\n".join([*lines, *(f"      {printable(detail)}" for detail in one.details)])
