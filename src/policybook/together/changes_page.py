"""What a page on changes shows: which states, what became of the findings, and what did it.

The surprising rule: a cause is shown beside each finding, for it was tried: see `effects`.
"""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.pieces import table
from policybook.findings.finding import sentence
from policybook.together.changes import Changes, tally
from policybook.together.differences import Difference

MOST_LINES = 120
"""Lines of one table; the rest is counted."""


def changes_scope(found: Changes) -> Exhibit:
    """Return which two states are compared."""
    if not found.old:
        return Exhibit(Markup(""), "")
    text = f"Before: {found.old}. Now: {found.new}."
    return Exhibit(tag("p", text, class_="scope"), text)


def changed_findings(found: Changes) -> Exhibit:
    """Return the findings that differ: before, now, and what made the difference."""
    mine = found.of("finding")
    if not mine:
        words = f"Findings were {found.untold}" if found.untold else "No finding differs."
        return _nothing(words)
    lines = [_finding(one) for one in mine[:MOST_LINES]]
    return _listed(lines, len(mine), f"Findings: {tally(mine)}", "findings")


def _finding(one: Difference) -> dict[str, object]:
    """Return one finding as a line."""
    told = dict(detail.split(": ", 1) for detail in one.details)
    return {
        "Before": told.get("before", "not said"),
        "Now": told.get("now", "not said"),
        "Because of": one.cause,
    }


def changed_things(found: Changes, kind: str) -> Exhibit:
    """Return what became of articles, rows or codes (`kind` is one of them), cell by cell."""
    mine = found.of(kind)
    if not mine:
        return _nothing(f"No {kind} differs." if found.old else "Nothing was compared.")
    lines = [_thing(one) for one in mine[:MOST_LINES]]
    return _listed(lines, len(mine), f"{sentence(kind)}s: {tally(mine)}", f"{kind}s")


def _thing(one: Difference) -> dict[str, object]:
    """Return one article, row or code as a line."""
    details = joined(tag("div", detail) for detail in one.details)
    return {"Name": one.name, "What": one.what, "How": details, "Because of": one.cause}


def _listed(lines: list[dict[str, object]], total: int, caption: str, what: str) -> Exhibit:
    """Return lines as a table, those left out counted."""
    made = table(pd.DataFrame(lines), caption=caption)
    return Exhibit(joined([made.html, more_of(total, len(lines), what)]), made.text)


def _nothing(text: str) -> Exhibit:
    """Return the sentence that stands in place of an empty exhibit."""
    return Exhibit(tag("p", text, class_="nothing"), text)
