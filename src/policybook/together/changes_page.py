"""What a page on changes shows: which states, what became of the findings, and what did it.

The surprising rule: a cause is shown beside each finding, for it was tried: see `effects`.
"""

from __future__ import annotations

import re

import pandas as pd

from policybook.exhibits.evidence import more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import article_links, note_links
from policybook.exhibits.pieces import table
from policybook.exhibits.words import scope_line
from policybook.findings.finding import sentence
from policybook.suite import Selection
from policybook.together.changes import Changes, tally
from policybook.together.differences import Difference

MOST_LINES = 120
"""Lines of one table; the rest is counted."""


def changes_scope(selection: Selection, found: Changes) -> Exhibit:
    """Return the scope of the suite as it is now, and which two states are compared."""
    lines = [scope_line(selection)]
    lines += [_REVISION.sub("", _states(found))] if found.old else []
    html = tag("div", *(tag("p", line, class_="scope") for line in lines), class_="head")
    return Exhibit(html, "\n".join(lines))


_REVISION = re.compile(r" \([0-9a-f]{12}\)(?=\.)")
"""What names a revision exactly: it stands with the findings, and not on a first screen."""


def _states(found: Changes) -> str:
    """Return which two states are compared."""
    return f"Before: {found.old}. Now: {found.new}."


def changed_findings(selection: Selection, found: Changes) -> Exhibit:
    """Return the findings that differ: before, now, and what made the difference."""
    mine = found.of("finding")
    if not mine:
        words = f"Findings were {found.untold}" if found.untold else "No finding differs."
        made = _nothing(words)
    else:
        lines = [_finding(selection, found, one) for one in mine[:MOST_LINES]]
        made = _listed(selection, lines, len(mine), (f"Findings: {tally(mine)}", "findings"))
    states = tag("p", _states(found), class_="source") if found.old else ""
    return Exhibit(joined([states, made.html]), made.text)


def _finding(selection: Selection, found: Changes, one: Difference) -> dict[str, object]:
    """Return one finding as a line."""
    told = dict(detail.split(": ", 1) for detail in one.details)
    links = note_links(selection.suite, found.behind(one))
    before, now = (told.get(state, "not said") for state in ("before", "now"))
    first = joined([before, "" if "now" in told else links])
    return {
        "Before": first,
        "Now": joined([now, links if "now" in told else ""]),
        "Because of": one.cause,
    }


def changed_things(selection: Selection, found: Changes, kind: str) -> Exhibit:
    """Return what became of articles, rows or codes (`kind` is one of them), cell by cell."""
    mine = found.of(kind)
    if not mine:
        return _nothing(f"No {kind} differs." if found.old else "Nothing was compared.")
    lines = [_thing(selection, found, one) for one in mine[:MOST_LINES]]
    words = f"{sentence(kind)}s: {tally(mine)}", f"{kind}s"
    return _listed(selection, lines, len(mine), words)


def _thing(selection: Selection, found: Changes, one: Difference) -> dict[str, object]:
    """Return one article, row or code as a line."""
    details = joined(tag("div", detail) for detail in one.details)
    name = joined([one.name, note_links(selection.suite, found.behind(one))])
    return {"Name": name, "What": one.what, "How": details, "Because of": one.cause}


def _listed(
    selection: Selection, lines: list[dict[str, object]], total: int, words: tuple[str, str]
) -> Exhibit:
    """Return lines as a table under the notes of all articles, those left out counted.

    `words` are its caption, and what is listed.
    """
    caption = joined([words[0], article_links(selection.suite, selection.articles["id"])])
    made = table(pd.DataFrame(lines), caption=caption)
    return Exhibit(joined([made.html, more_of(total, len(lines), words[1])]), made.text)


def _nothing(text: str) -> Exhibit:
    """Return the sentence that stands in place of an empty exhibit."""
    return Exhibit(tag("p", text, class_="nothing"), text)
