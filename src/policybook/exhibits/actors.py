"""Actors: what concerns one of them, line by line, and who is asked, how often and by whom."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from policybook.exhibits.evidence import more_of
from policybook.exhibits.html import Exhibit, joined, tag
from policybook.exhibits.notes import note_links
from policybook.exhibits.pieces import answer, asking, remark, table
from policybook.exhibits.words import article_facts, dated, labels, quoted_words, speaker
from policybook.findings.actors import actor_rows, cannot_be_had_together
from policybook.findings.arguments import checked
from policybook.findings.asked import MOST_SHOWN, shift_rows
from policybook.findings.finding import sentence
from policybook.findings.rows import shown_rows
from policybook.findings.wording import TELLING, asks_apart, counted_in, rule, sayers
from policybook.measures.addressees import flows
from policybook.suite import COUNTING, Row, Selection, row_ids
from policybook.tables import split

MOST_LINES = 60
"""Lines of one table; more are counted beneath it. A page must not grow with the table."""

_CAPTIONS = {
    "asked of it": "Asked of {}",
    "to be done to it": "Aimed at {}",
    "said by it": "Said by {}",
}


@checked(actor="actor")
def dossier(selection: Selection, actor: str) -> Exhibit:
    """Return everything that concerns an actor in three tables, a sentence for an empty one.

    What names the actor comes first, then what names a group that holds it, then parts of it.
    `actor` is a code of the codebook's actors; `ParameterError` for any other.
    Empty means nobody. See `measures.dossier`.
    Nothing is counted here by the rule of the selection, and each caption says what a line is.
    """
    label = selection.book.label("actor", actor) if actor else "nobody"
    lines = actor_rows(selection, actor)
    shown = [
        _concerning(selection, lines[lines["relation"] == relation], caption.format(label))
        for relation, caption in _CAPTIONS.items()
    ]
    return Exhibit(joined(one.html for one in shown), "\n".join(one.text for one in shown))


@checked(actor="actor")
def conflicts(selection: Selection, actor: str) -> Exhibit:
    """Return who wants what cannot be had together, under a heading for each two instruments.

    `actor` is a code of the codebook's actors; `ParameterError` for any other.
    See `findings.cannot_be_had_together`.
    """
    found = cannot_be_had_together(selection, actor)
    if not found[0].subject:
        return answer(selection, found)
    label = selection.book.label
    parts: list[Markup] = []
    texts: list[str] = []
    for subject in dict.fromkeys(finding.subject for finding in found):
        mine = [finding for finding in found if finding.subject == subject]
        first, second = (label("instrument", one) for one in split(subject))
        shown = answer(selection, [replace(finding, caveat="") for finding in mine])
        heading = sentence(f"{first} – or {second}")
        parts += [tag("h3", heading), tag("p", mine[0].caveat, class_="caveat"), shown.html]
        texts += [heading, shown.text]
    return Exhibit(joined(parts), "\n".join(texts))


def _concerning(selection: Selection, lines: pd.DataFrame, caption: str) -> Exhibit:
    """Return the lines of one relation as a table."""
    records = [_line(selection, row) for row in lines.head(MOST_LINES).to_dict("records")]
    if records:
        caption += ", each coded row a line"
    shown = table(pd.DataFrame(records), caption=caption)
    more = more_of(len(lines), len(records), "rows")
    return Exhibit(joined([shown.html, more]), shown.text)


def _line(selection: Selection, row: Row) -> dict[str, object]:
    """Return one row that concerns an actor as a line of a table."""
    suite = selection.suite
    when = dated(article_facts(suite, str(row["article"])))
    note = note_links(suite, (str(row["id"]),))
    named = labels(suite, "actor", row["through"]) or "itself"
    named += " (dates leave open whether it was so then)" if row["perhaps"] else ""
    return {
        "Who and when": joined([sentence(f"{speaker(suite, row)}, {when}"), note]),
        "Asks": asking(suite.book, row),
        "Of whom": labels(suite, "actor", row["addressee"]) or "nobody named",
        "Upon whom": labels(suite, "actor", row["target"]) or "nobody named",
        "Named as": f"{named}, but see the condition" if row["way"] == "proviso" else named,
        "Under which condition": quoted_words(suite, row, "condition", "none"),
        "Remark": remark(row),
    }


def addressed(selection: Selection) -> Exhibit:
    """Return who is asked to act: how often, by whom, and to do what; most often first."""
    rows = shown_rows(selection)
    lines = flows(rows, by=("addressee",), rule=rule(selection), ids=False)
    heading = sentence(COUNTING[rule(selection)])
    records = []
    for line in lines.head(MOST_LINES).to_dict("records"):
        mine = rows[TELLING].iloc[line["rows"]]
        who = str(line["addressee"])
        name = selection.book.label("actor", who) if who else "nobody named"
        records.append({
            "Who is to act": joined([sentence(name), note_links(selection.suite, row_ids(mine))]),
            heading: line["units"],
            "Asked by": sayers(selection, mine, most=4),
            "What is asked": asks_apart(selection, mine, most=6),
        })  # fmt: skip
    caption = f"Who is asked to act, counted in {counted_in(selection)}"
    shown = table(pd.DataFrame(records), caption=caption, numbers=[heading])
    more = more_of(len(lines), len(records), "addressees")
    return Exhibit(joined([shown.html, more]), shown.text)


_ASKED = {
    "first": "by no earlier article here",
    "again": "by an earlier article as well",
    "unclear": "dates do not tell which was first",
}

_HIDDEN = {
    "again": "by an earlier article, but hidden by the filters",
    "unclear": "perhaps by an earlier article, but hidden by the filters",
}
"""What is told of an address by what `asked` would be without filters, where they change it."""


def asked_over_time(selection: Selection) -> Exhibit:
    """Return whom each author asks to carry out each instrument, in order of time."""
    shifts = shift_rows(selection)
    records = [
        {
            "Instrument": sentence(selection.book.label("instrument", str(line["instrument"]))),
            "Who asks": _noted(selection, sentence(selection.labels[line["article"]]), line),
            "Whom": selection.book.label("actor", str(line["addressee"])),
            "Asked of them already": (_ASKED if line["asked"] == line["before"] else _HIDDEN)[
                str(line["before"])
            ],
        }
        for line in shifts.lines.head(MOST_SHOWN).to_dict("records")
    ]
    caption = "Whom each author asks, where two articles or more name somebody"
    shown = table(pd.DataFrame(records), caption=caption)
    more = more_of(shifts.total, len(records), "lines")
    return Exhibit(joined([shown.html, more]), shown.text)


def _noted(selection: Selection, name: str, line: Row) -> Markup:
    """Return a name with the notes of a line."""
    return joined([name, note_links(selection.suite, tuple(split(str(line["rows"]))))])
