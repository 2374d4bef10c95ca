"""Sentences on who is asked to act: most often, never, nobody at all, and one article after another.

The surprising rule: that nobody is told to carry something out is judged before filters;
a filter takes no addressee away.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, listed, number, sentence
from policybook.findings.wording import (
    amount,
    asks,
    counted,
    naming,
    nothing_there,
    relayed,
    rule,
)
from policybook.measures import addressees
from policybook.measures.coverage import OWN
from policybook.suite import COUNTING, Selection, row_ids
from policybook.table import split

MOST_SHIFTS = 6
"""Instruments whose addressees are told one by one; the rest are counted."""


def who_is_asked(selection: Selection) -> list[Finding]:
    """Return who is addressed most, who is only acted upon, and what nobody is told to do."""
    if selection.articles.empty:
        return [nothing_selected()]
    if selection.rows.empty:
        return [nothing_there(selection)]
    return [*_most_asked(selection), *_only_upon(selection), *nobody_asked(selection)]


def _most_asked(selection: Selection) -> list[Finding]:
    """Return who is addressed most often, by the counting rule."""
    lines = addressees.flows(selection.rows, by=("addressee",), rule=rule(selection))
    lines = lines[lines["addressee"] != ""]
    if lines.empty:
        return []
    names = [
        f"{selection.book.label('actor', str(who))} ({number(int(n))})"
        for who, n in zip(lines["addressee"], lines["units"], strict=True)
    ]
    text = f"Most often addressed, counted in {COUNTING[rule(selection)]}: {few(names)}."
    top = set(map(str, lines.loc[lines["units"] == lines["units"].max(), "addressee"]))
    mine = naming(selection.rows, "addressee", top)
    caveat = "What names two addressees counts for each." if _several(selection) else ""
    claim = f"Most often addressed: {listed(sorted(top))}"
    return [Finding(text, row_ids(selection.rows[mine]), "asked-most", caveat, claim=claim)]


def _several(selection: Selection) -> bool:
    """Tell whether a recommendation names more than one addressee."""
    return any(len(split(cell)) > 1 for cell in map(str, selection.rows["addressee"].unique()))


def _only_upon(selection: Selection) -> list[Finding]:
    """Return upon whom something is to be done and who is never, by name, asked to act."""
    cells = map(str, selection.all_rows["addressee"].unique())
    asked = {one for cell in cells for one in split(cell)}
    lines = addressees.flows(selection.rows, by=("target",), rule=rule(selection))
    upon = [one for one in map(str, lines["target"]) if one and one not in asked]
    if not upon:
        return []
    shown = selection.rows[naming(selection.rows, "target", set(upon))]
    labels = few((selection.book.label("actor", one) for one in upon), most=6)
    text = f"Acted upon and never, by name, asked to act: {labels}."
    caveat = "A demand on a group that holds them is not counted."
    return [Finding(text, row_ids(shown), "asked-never", caveat)]


def unaddressed_rows(selection: Selection) -> pd.DataFrame:
    """Return the rows of recommendations that nobody is told to carry out, in their order.

    Computed once for a selection, for a sentence and a table ask for it.
    """
    known = selection.memo.get("unaddressed")
    if isinstance(known, pd.DataFrame):
        return known
    lines = addressees.unaddressed(
        selection.rows, all_rows=selection.all_rows, rule=rule(selection)
    )
    ids = {one for cell in lines["rows"] for one in split(cell)}
    found = selection.rows[selection.rows["id"].isin(ids)].reset_index(drop=True)
    selection.memo["unaddressed"] = found
    return found


def nobody_asked(selection: Selection) -> list[Finding]:
    """Return how many recommendations nobody is told to carry out, and what they are for."""
    rows = unaddressed_rows(selection)
    head = "Addressed to nobody"
    if rows.empty:
        text = f"{head}: none of {amount(selection, selection.rows)}."
        return [Finding(text, (), "asked-all")]
    text = (
        f"{head}: {number(counted(selection, rows))} of {amount(selection, selection.rows)}"
        f"{relayed(selection, rows)} – {asks(selection, rows)}."
    )
    return [Finding(text, row_ids(rows), "asked-nobody")]


def shift_rows(selection: Selection) -> pd.DataFrame:
    """Return whom each author asks to carry out each instrument, in order of time.

    Only what authors support in their own voice, and only instruments for which two articles
    or more name an addressee. Columns of `measures.addressees.asked_over_time`, and instrument.
    Computed once for a selection.
    """
    known = selection.memo.get("addressees over time")
    if isinstance(known, pd.DataFrame):
        return known
    rows = selection.rows
    own = rows[rows["voice"].isin(OWN) & (rows["stance"] == "supports") & (rows["addressee"] != "")]
    wide = own.groupby("instrument", observed=True)["article"].nunique()
    parts = [
        addressees.asked_over_time(
            own, name, articles=selection.articles, rule=rule(selection)
        ).assign(instrument=name)
        for name in selection.book.values("instrument")
        if wide.get(name, 0) > 1
    ]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    selection.memo["addressees over time"] = found
    return found


def addressees_over_time(selection: Selection) -> list[Finding]:
    """Return how the addressee of an instrument differs from article to article."""
    if selection.articles.empty:
        return [nothing_selected()]
    lines = shift_rows(selection)
    if lines.empty:
        text = "No instrument is asked of somebody by the authors of two articles."
        hidden = " Filters are set: what they hide is not compared." if selection.narrowed else ""
        return [Finding(text + hidden, (), "shift-none")]
    names = list(dict.fromkeys(lines["instrument"]))
    told = [_shift(selection, lines[lines["instrument"] == name]) for name in names[:MOST_SHIFTS]]
    rest = names[MOST_SHIFTS:]
    if not rest:
        return told
    labels = few((selection.book.label("instrument", name) for name in rest), most=12)
    return [*told, Finding(f"In the table alone: {labels}.", (), "shift-more")]


def _shift(selection: Selection, lines: pd.DataFrame) -> Finding:
    """Return whom one instrument is asked of, article by article."""
    facts = dict(zip(selection.articles["id"], selection.articles["label"], strict=True))
    asked: dict[str, list[str]] = {}
    for article, who in zip(lines["article"], map(str, lines["addressee"]), strict=True):
        asked.setdefault(facts[article], []).append(selection.book.label("actor", who))
    name = selection.book.label("instrument", str(lines["instrument"].iloc[0]))
    rows = tuple(dict.fromkeys(one for cell in lines["rows"] for one in split(cell)))
    if len({frozenset(each) for each in asked.values()}) == 1:
        same = listed(next(iter(asked.values())))
        text = f"{name}, asked of the same throughout: {same} – {few(asked)}."
        return Finding(sentence(text), rows, "shift-same", subject=name)
    parts = [f"{listed(each)} – {article}" for article, each in asked.items()]
    caveat = "Authors differ; nobody changed his mind." if len(set(lines["speaker"])) > 1 else ""
    text = f"{name}, asked of: {few(parts, most=6, mark=';')}."
    return Finding(sentence(text), rows, "shift", caveat, name)
