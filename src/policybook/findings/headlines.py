"""The findings that a reader would quote first: who asks for what, what recurs, who agrees."""

from __future__ import annotations

from policybook.findings.agreement import where_they_agree
from policybook.findings.coverage import most_shared, who_recommends_what
from policybook.findings.finding import Finding
from policybook.findings.time import recurrence
from policybook.suite import Selection

AROUND = ("agreement-", "one-voice", "alike", "outside")
"""How the codes begin of those sentences on agreement that only lead to the others."""


def headlines(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return the sentences that answer the first questions, each once.

    `strict` compares only demands under the same condition, as `where_they_agree` does.
    """
    agreed = where_they_agree(selection, strict=strict)
    found = [
        *who_recommends_what(selection),
        *most_shared(selection),
        *recurrence(selection),
        *(finding for finding in agreed if not finding.code.startswith(AROUND)),
    ]
    return list({finding.text: finding for finding in found}.values())


def headlines_loosely(selection: Selection) -> list[Finding]:
    """Return the same, with demands compared whatever their conditions."""
    return headlines(selection, strict=False)
