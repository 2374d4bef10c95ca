"""Sentences on one objective: which means, in what order, under which trigger, what first.

The surprising rule: the order of steps is the order of the sentences, the only one the words
give; a summary may stand before the steps it sums up, and the sentence says so.
"""

from __future__ import annotations

from itertools import groupby

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.arguments import checked
from policybook.findings.coverage import HIDDEN, nothing_selected
from policybook.findings.finding import Finding, cited, few, listed, number, numbers, sentence
from policybook.findings.rows import called, shown_rows, stepped_rows
from policybook.findings.wording import (
    ONE,
    YEARS,
    amount,
    amount_in,
    asks,
    bounded,
    conditions,
    counted,
    nothing_there,
    rule,
    sayers,
)
from policybook.measures import means as measure
from policybook.measures.counting import units
from policybook.suite import Selection, row_ids
from policybook.tables import split

MOST = 3
"""So many courses or triggers are told in the answer; the rest are counted, and in the table."""

_ORDER = "The order is that of the sentences; a summary may stand before the steps it sums up."


@checked(objective="objective", theme="theme")
def end_in_words(selection: Selection, objective: str, theme: str = "") -> str:
    """Return the end in words, and by way of which instrument where one is asked for.

    `ParameterError` for a code of neither.
    """
    name = f"“{selection.book.label('objective', objective)}”" if objective else "any end"
    name = "an end that is not said" if objective == measure.UNSPECIFIED else name
    by = f" by way of {selection.book.label('instrument', theme)}" if theme else ""
    return f"towards {name}{by}"


@checked(objective="objective", theme="theme")
def means_rows(selection: Selection, objective: str, theme: str = "") -> pd.DataFrame:
    """Return the rows that serve an objective and use an instrument; empty means any.

    `ParameterError` for a code of neither.
    """
    return measure.toward(shown_rows(selection), objective=objective, instrument=theme)


@checked(objective="objective", theme="theme")
@as_far_as_coded
def which_means(selection: Selection, objective: str, theme: str = "") -> list[Finding]:
    """Return which means serve an end, in what order, under which trigger, and what must be first.

    `objective` and `theme` are codes of the codebook's objectives and instruments, empty for any;
    `ParameterError` for any other.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    rows = means_rows(selection, objective, theme)
    every = _hidden(selection, objective, theme) if selection.narrowed else rows
    if every.empty:
        text = f"No recommendation of the selected articles is coded {end_in_words(selection, objective, theme)}."
        return [Finding(text, (), "means-none")]
    if rows.empty:
        return [nothing_there(selection, end_in_words(selection, objective, theme))]
    asked, hidden = rows["stance"] == "supports", len(every) > len(rows)
    pro, con = rows[asked], rows[~asked]
    orders = _orders(selection, objective, theme)
    return [
        *_head(selection, pro, con, end_in_words(selection, objective, theme), hidden=hidden),
        *_by_which(selection, pro),
        *orders,
        *_triggers(selection, pro, con, told={row for finding in orders for row in finding.rows}),
        *_first(selection, objective, theme),
        *_rejected(selection, con, objective),
    ]


def _hidden(selection: Selection, objective: str, theme: str) -> pd.DataFrame:
    """Return what `means_rows` would without filters on voices, speakers and confidence."""
    return measure.toward(selection.all_rows, objective=objective, instrument=theme)


def _head(
    selection: Selection, pro: pd.DataFrame, con: pd.DataFrame, to: str, *, hidden: bool
) -> list[Finding]:
    """Return how many recommendations there are towards the end, and by whom; how many only reject."""
    if pro.empty:
        return []
    names = sayers(selection, pro, most=4)
    head, rest = sentence(to), ""
    if len(con):
        head = f"{head}, for something"
        rest = f"; against something: {amount(selection, con)}"
    text, doubt = f"{head}: {amount_in(selection, pro)} – {names}{rest}.", HIDDEN if hidden else ""
    return [Finding(text, row_ids(pro), "means-head", doubt, claim=names)]


def _by_which(selection: Selection, pro: pd.DataFrame) -> list[Finding]:
    """Return which means are named, each with its number, and how often none is.

    Where years are counted, what names none is counted in articles.
    """
    if pro.empty:
        return []
    by = rule(selection)
    unit = units(pro, rule="articles" if by == YEARS else by)
    lines = measure.listed(pro.assign(unit=unit), "means", none=measure.UNSPECIFIED)
    silent = lines["means"] == measure.UNSPECIFIED
    unsaid = len(set(lines.loc[silent, "unit"]) - set(lines.loc[~silent, "unit"]))
    named = _named(selection, lines[~silent])
    parts = [
        f"{selection.book.label('means', str(name))} ({numbers(*span)})"
        for name, *span in zip(named["means"], named["least"], named["most"], strict=True)
    ]
    if not parts:
        return [Finding("By which means: not said.", row_ids(pro), "means-unsaid")]
    within = f"in {number(unsaid)} article{'s' if unsaid > 1 else ''}"
    extra = f"; none named at all: {within if by == YEARS else number(unsaid)}" if unsaid else ""
    every = counted(selection, lines[~silent])[0] if by == YEARS else unit.nunique() - unsaid
    several = len(parts) > 1 and named["most"].sum() > every
    caveat = f"One {ONE[by]} can count under several of these." if several else ""
    text = f"By which means: {few(parts, most=8)}{extra}."
    claim = listed(map(str, named["means"]))
    return [Finding(text, row_ids(pro), "means-which", caveat, claim=claim)]


def _named(selection: Selection, lines: pd.DataFrame) -> pd.DataFrame:
    """Return each means of some lines and how many units it has, at least and at most."""
    table = measure.gather(lines, ["means"]).sort_values("units", ascending=False, kind="stable")
    of = lines.groupby("means", observed=True)["article"].unique()
    return bounded(selection, table, (of[name] for name in table["means"]))


def _orders(selection: Selection, objective: str, theme: str) -> list[Finding]:
    """Return the order of means in each course that names different ones, or one in two cases."""
    steps = measure.courses(stepped_rows(selection), objective=objective, instrument=theme)
    steps = steps[steps["serves"] & (steps["stance"] == "supports")]
    steps = steps.assign(words=_told(selection, steps))
    steps = steps[steps["words"] != ""]
    turns = steps[steps.groupby("course", observed=True)["words"].transform("nunique") > 1]
    names = list(turns["course"].unique())
    found: list[Finding] = []
    parts = [turns[turns["course"] == course] for course in names[:MOST]]
    who = [sayers(selection, called(selection, lines["id"])) for lines in parts]
    for place, (course, lines) in enumerate(zip(names, parts, strict=False)):
        told = [one for one, _ in groupby(lines["words"])]
        mine = called(selection, lines["id"])
        again = (
            f" (course {who[: place + 1].count(who[place])})" if who.count(who[place]) > 1 else ""
        )
        text = f"In the order of the text, {who[place]}{again}: {'; '.join(told)}."
        caveat = "" if found else _ORDER
        found.append(Finding(text, row_ids(mine), "means-order", caveat, str(course)))
    if len(names) <= MOST:
        return found
    rest = turns[turns["course"].isin(names[MOST:])]
    text = f"Further courses that name different means in turn: {number(len(names) - MOST)}."
    return [*found, Finding(text, row_ids(rest), "means-order-more")]


def _told(selection: Selection, rows: pd.DataFrame) -> pd.Series:
    """Return the means of each row in words, with its condition; empty where none is named."""
    cells = rows["means"].astype(object)
    known = {cell: _means(selection, str(cell)) for cell in cells.unique()}
    bound = conditions(selection, rows)
    words = cells.map(known).astype(str)
    return words.where((bound == "") | (words == ""), words + " – " + bound)


def _means(selection: Selection, cell: str) -> str:
    """Return the means of a cell in words, empty where it does not say them."""
    names = [one for one in split(cell) if one != measure.UNSPECIFIED]
    return few(selection.book.label("means", one) for one in names)


def _triggers(
    selection: Selection, pro: pd.DataFrame, con: pd.DataFrame, *, told: set[str]
) -> list[Finding]:
    """Return under which conditions it is asked for; preconditions and what is told stand apart."""
    bound = pro[(pro["condition"] != "") & (pro["condition_type"] != measure.PRECONDITION)]
    if bound.empty:
        none = len(pro) and (pro["condition"] == "").all()
        what = "what is asked for" if (con["condition"] != "").any() else "it"
        text = f"Under a condition: none of {what}."
        return [Finding(text, (), "means-untriggered")] if none else []
    bound = bound[~bound["id"].isin(told)]
    if bound.empty:
        return []
    words = _told(selection, bound)
    names = [selection.book.label("instrument", str(one)) for one in bound["instrument"]]
    plain = pd.Series(names, index=bound.index, dtype=object) + " – " + conditions(selection, bound)
    parts = list(words.where(words != "", plain).unique())
    text = f"Under a condition: {few(parts, most=MOST, mark=';')}."
    return [Finding(text, row_ids(bound), "means-triggers")]


def _first(selection: Selection, objective: str, theme: str) -> list[Finding]:
    """Return what must be there first, or that nothing is named."""
    lines = measure.preconditions(stepped_rows(selection), objective=objective, instrument=theme)
    if lines.empty:
        every = measure.preconditions(selection.all_rows, objective=objective, instrument=theme)
        what = "hidden by the filters" if len(every) else "nothing is named"
        return [Finding(f"What must be there first: {what}.", (), "means-first-none")]
    rows = called(selection, lines["id"])
    words = (cited(" ".join(str(one).split())) for one in lines["condition"])
    sides = zip(words, lines["stance"], lines["instrument"], strict=True)
    parts = [
        f"{condition}, {'for' if stance == 'supports' else 'against'}"
        f" {selection.book.label('instrument', str(instrument))}"
        for condition, stance, instrument in sides
    ]
    text = f"What must be there first: {few(parts, most=MOST, mark=';')}."
    return [Finding(text, row_ids(rows), "means-first")]


def _rejected(selection: Selection, con: pd.DataFrame, objective: str) -> list[Finding]:
    """Return what is rejected for the sake of the end."""
    if con.empty:
        return []
    names = sayers(selection, con, most=4)
    head = "Rejected" if objective in {"", measure.UNSPECIFIED} else "Rejected for its sake"
    what = f"{asks(selection, con)} – {names}"
    text = f"{head}: {amount(selection, con)} – {what}."
    return [Finding(text, row_ids(con), "means-rejected", claim=what)]
