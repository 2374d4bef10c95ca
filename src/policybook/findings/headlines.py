"""The findings that a reader would quote first: who asks for what, what recurs, who agrees."""

from __future__ import annotations

from policybook.findings.agreement import where_they_agree
from policybook.findings.coverage import who_recommends_what
from policybook.findings.finding import Finding
from policybook.findings.headings import most_shared
from policybook.findings.time import recurrence
from policybook.suite import Selection

AROUND = ("agreement-", "one-voice", "alike", "outside")
"""How the codes begin of those sentences on agreement that only lead to the others."""


def headlines(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return the sentences that answer the first questions, each once.

    `strict` compares only demands under the same condition, as `where_they_agree` does.
    """
    found = [
        *_first(selection),
        *(one for one in _agreed(selection, strict=strict) if not one.code.startswith(AROUND)),
    ]
    return list({finding.text: finding for finding in found}.values())


def _first(selection: Selection) -> list[Finding]:
    """Return who asks for what, and what recurs; told once for a selection.

    None of it depends on the counting rule: see `rows.varied`.
    """
    known = selection.memo.get("headlines")
    if isinstance(known, list):
        return known
    parts = (who_recommends_what, most_shared, recurrence)
    selection.memo["headlines"] = found = [one for part in parts for one in part(selection)]
    return found


def _agreed(selection: Selection, *, strict: bool) -> list[Finding]:
    """Return who agrees with whom; told once for a selection, whatever the counting rule."""
    key = f"agreement told {strict}"
    known = selection.memo.get(key)
    if isinstance(known, list):
        return known
    selection.memo[key] = found = where_they_agree(selection, strict=strict)
    return found


def headlines_loosely(selection: Selection) -> list[Finding]:
    """Return the same, with demands compared whatever their conditions."""
    return headlines(selection, strict=False)
