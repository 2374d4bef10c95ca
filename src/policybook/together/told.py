"""Differences between two states as text, kind by kind, each with its cause."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.problems import printable
from policybook.together.changes import KINDS, Changes
from policybook.together.differences import APPEARED, VANISHED, Difference

_MARKS = {APPEARED: "+", VANISHED: "-"}


def told(found: Changes) -> str:
    """Return what differs between two states, and what became of the findings."""
    parts = [f"Old: {found.old}\nNew: {found.new}"]
    for kind in KINDS:
        untold = found.untold if kind == "finding" else ""
        parts.append(f"Findings: {untold}" if untold else _kind(kind, found.of(kind)))
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
