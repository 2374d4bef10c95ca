"""Sentences on one objective: which means, in what order, under which trigger, what first.

The surprising rule: the order of steps is the order of the sentences, the only one the words
give; a summary may stand before the steps it sums up, and the sentence says so.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.coverage import nothing_selected
from policybook.findings.finding import Finding, few, number, sentence
from policybook.findings.wording import (
    amount,
    asks,
    in_articles,
    nothing_there,
    relayed,
    rule,
    said_by,
)
from policybook.measures import means as measure
from policybook.measures.counting import units
from policybook.suite import Row, Selection, row_ids
from policybook.table import split

MOST = 3
"""So many courses or triggers are told in the answer; the rest are counted, and in the table."""

_ORDER = "The order is that of the sentences; a summary may stand before the steps it sums up."


def end_in_words(selection: Selection, objective: str, theme: str = "") -> str:
    """Return the end in words, and by way of which instrument where one is asked for."""
    name = f"“{selection.book.label('objective', objective)}”" if objective else "any end"
    by = f" by way of {selection.book.label('instrument', theme)}" if theme else ""
    return f"towards {name}{by}"


def means_rows(selection: Selection, objective: str, theme: str = "") -> pd.DataFrame:
    """Return the rows that serve an objective and use an instrument; empty means any."""
    return measure.toward(selection.rows, objective=objective, instrument=theme)


def which_means(selection: Selection, objective: str, theme: str = "") -> list[Finding]:
    """Return which means serve an end, in what order, under which trigger, and what must be first."""
    if selection.articles.empty:
        return [nothing_selected()]
    rows = means_rows(selection, objective, theme)
    every = measure.toward(selection.all_rows, objective=objective, instrument=theme)
    if every.empty:
        text = f"No recommendation of the selected articles is coded {end_in_words(selection, objective, theme)}."
        return [Finding(text, (), "means-none")]
    if rows.empty:
        return [nothing_there(selection, end_in_words(selection, objective, theme))]
    pro = rows[rows["stance"] == "supports"]
    orders = _orders(selection, objective, theme)
    return [
        *_head(selection, pro, end_in_words(selection, objective, theme)),
        *_by_which(selection, pro),
        *orders,
        *_triggers(selection, pro, told={row for finding in orders for row in finding.rows}),
        *_first(selection, objective, theme),
        *_rejected(selection, rows[rows["stance"] == "opposes"]),
    ]


def _head(selection: Selection, pro: pd.DataFrame, to: str) -> list[Finding]:
    """Return how many recommendations there are towards the end, and by whom."""
    if pro.empty:
        return []
    names = few(said_by(selection, pro), most=4)
    count = f"{amount(selection, pro)} {in_articles(pro)}{relayed(selection, pro)}"
    return [Finding(f"{sentence(to)}: {count} – {names}.", row_ids(pro), "means-head")]


def _by_which(selection: Selection, pro: pd.DataFrame) -> list[Finding]:
    """Return which means are named, each with its number, and how often none is."""
    if pro.empty:
        return []
    lines = measure.listed(pro.assign(unit=units(pro, rule=rule(selection))), "means",
                           none=measure.UNSPECIFIED)  # fmt: skip
    counted = measure.gather(lines, ["means"]).sort_values("units", ascending=False, kind="stable")
    named = counted[counted["means"] != measure.UNSPECIFIED]
    unsaid = counted.loc[counted["means"] == measure.UNSPECIFIED, "units"].sum()
    parts = [
        f"{selection.book.label('means', str(name))} ({number(int(n))})"
        for name, n in zip(named["means"], named["units"], strict=True)
    ]
    if not parts:
        return [Finding("By which means: not said.", row_ids(pro), "means-unsaid")]
    extra = f"; not said: {number(int(unsaid))}" if unsaid else ""
    several = counted["units"].sum() > lines["unit"].nunique()
    caveat = "What uses several means counts under each." if several else ""
    text = f"By which means: {few(parts, most=8)}{extra}."
    return [Finding(text, row_ids(pro), "means-which", caveat)]


def _orders(selection: Selection, objective: str, theme: str) -> list[Finding]:
    """Return the order of means in each course that names different ones."""
    steps = measure.courses(selection.rows, objective=objective, instrument=theme)
    steps = steps[steps["serves"] & (steps["stance"] == "supports")]
    found: list[Finding] = []
    for course, lines in steps.groupby("course", sort=False, observed=True):
        told = _told(selection, lines)
        if len(told) > 1:
            ids = lines["id"]
            mine = selection.rows[selection.rows["id"].isin(ids)]
            who = few(said_by(selection, mine), most=3)
            text = f"In the order of the text, {who}: {'; '.join(told)}."
            caveat = "" if found else _ORDER
            found.append(Finding(text, row_ids(mine), "means-order", caveat, str(course)))
    rest = [row for finding in found[MOST:] for row in finding.rows]
    if not rest:
        return found
    text = f"Further courses that name different means in turn: {number(len(found) - MOST)}."
    return [*found[:MOST], Finding(text, tuple(rest), "means-order-more")]


def _told(selection: Selection, lines: pd.DataFrame) -> list[str]:
    """Return the means of a course in order, with their triggers; what is said twice in a row, once."""
    told: list[str] = []
    for row in lines.to_dict("records"):
        named = _means(selection, row)
        words = f"{named} – {under(selection, row)}" if row["condition"] else named
        if named and told[-1:] != [words]:
            told.append(words)
    return told


def _means(selection: Selection, row: Row) -> str:
    """Return the means of a row in words, empty where it does not say them."""
    names = [one for one in split(str(row["means"])) if one != measure.UNSPECIFIED]
    return few(selection.book.label("means", one) for one in names)


def under(selection: Selection, row: Row) -> str:
    """Return under which condition a row stands: its kind and its words."""
    kind = selection.book.label("condition_type", str(row["condition_type"]))
    return f"{kind}: “{' '.join(str(row['condition']).split())}”"


def _triggers(selection: Selection, pro: pd.DataFrame, *, told: set[str]) -> list[Finding]:
    """Return under which conditions it is asked for; preconditions and what is told stand apart."""
    bound = pro[(pro["condition"] != "") & (pro["condition_type"] != measure.PRECONDITION)]
    if bound.empty:
        none = len(pro) and (pro["condition"] == "").all()
        return [Finding("Under a condition: none of it.", (), "means-untriggered")] if none else []
    bound = bound[~bound["id"].isin(told)]
    if bound.empty:
        return []
    parts = dict.fromkeys(
        f"{_means(selection, row) or selection.book.label('instrument', str(row['instrument']))}"
        f" – {under(selection, row)}"
        for row in bound.to_dict("records")
    )
    text = f"Under a condition: {few(parts, most=MOST, mark=';')}."
    return [Finding(text, row_ids(bound), "means-triggers")]


def _first(selection: Selection, objective: str, theme: str) -> list[Finding]:
    """Return what must be there first, or that nothing is named."""
    lines = measure.preconditions(selection.rows, objective=objective, instrument=theme)
    if lines.empty:
        every = measure.preconditions(selection.all_rows, objective=objective, instrument=theme)
        what = "hidden by the filters" if len(every) else "nothing is named"
        return [Finding(f"What must be there first: {what}.", (), "means-first-none")]
    rows = selection.rows[selection.rows["id"].isin(lines["id"])]
    parts = [
        f"“{' '.join(str(row['condition']).split())}”, {asks(selection, rows[rows['id'] == row['id']])}"
        for row in lines.to_dict("records")
    ]
    text = f"What must be there first: {few(parts, most=MOST, mark=';')}."
    return [Finding(text, row_ids(rows), "means-first")]


def _rejected(selection: Selection, con: pd.DataFrame) -> list[Finding]:
    """Return what is rejected for the sake of the end."""
    if con.empty:
        return []
    names = few(said_by(selection, con), most=4)
    text = f"Rejected for its sake: {amount(selection, con)} – {asks(selection, con)} – {names}."
    return [Finding(text, row_ids(con), "means-rejected")]
