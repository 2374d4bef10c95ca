"""Sentences on headings: which most articles share, what two mean by one, what one alone names.

The surprising rule: the instrument `other` is no heading anybody shares or names alone.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.absence import as_far_as_coded
from policybook.findings.agreement import MOST_NAMED
from policybook.findings.comparable import (
    AGREE,
    ASPECTS,
    DIFFERENT,
    ONE_SIDED,
    SPEAKER,
    hidden,
    label_of,
    lines,
    name_of,
    own_rows,
)
from policybook.findings.coverage import HIDDEN, nothing_selected, states
from policybook.findings.finding import (
    NOT_AGAINST,
    Finding,
    cited,
    few,
    listed,
    names_of,
    number,
    sentence,
)
from policybook.findings.independence import caveat, voice_groups
from policybook.findings.rows import called
from policybook.findings.speakers import said_by_one_speaker
from policybook.findings.wording import asks
from policybook.measures.agreement import OTHER, UNSAID
from policybook.measures.coverage import OWN
from policybook.measures.independence import voices
from policybook.suite import Row, Selection, row_ids
from policybook.tables import split

SAID = ("supports", "opposes", "both")
"""States of a cell in which its article takes a position."""

NOBODY = {"objective": "none said", "target": "nobody named", "condition": "none"}
"""What stands where a demand leaves an aspect unsaid."""


@as_far_as_coded
def most_shared(selection: Selection) -> list[Finding]:
    """Return the instruments that most articles support in their author's voice, where two do.

    How far that can be seen, past filters and articles not coded, stands in the sentence.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    cells = states(selection)
    cells = cells[cells["instrument"] != OTHER]
    mine = cells[cells["supports"] > 0].astype({"article": str, "instrument": str})
    counts = mine.groupby("instrument", sort=False).size()
    within = _as_far_as(cells)
    if counts.max() < 2 or counts.empty:  # noqa: PLR2004
        claim = "No instrument is supported by two articles"
        return [Finding(f"{claim}{within}.", (), "shared-none", claim=claim)]
    top = list(counts[counts == counts.max()].index)
    labels = listed(label_of(selection, name) for name in top)
    rows = selection.rows
    shown = rows["instrument"].isin(top) & rows["voice"].isin(OWN) & (rows["stance"] == "supports")
    ids = list(dict.fromkeys(mine.loc[mine["instrument"].isin(top), "article"]))
    table = voice_groups(selection, ids)
    most = voices(ids, table).number
    few_voices = f", at most {number(most)} independent voice{'s' * (most > 1)}"
    by = few_voices if len(top) == 1 and most < len(ids) else ""
    text = f"Most widely supported{within}, by {number(int(counts.max()))} articles{by}: {labels}."
    doubts = [caveat(selection, ids, table), _not_the_same(selection, top)]
    doubt = " ".join(part for part in doubts if part)
    return [Finding(text, row_ids(rows[shown]), "shared", doubt, claim=listed(top))]


def _not_the_same(selection: Selection, instruments: list[str]) -> str:
    """Return that demands under some headings are not known to be the same in every pair of articles."""
    found = lines(selection)
    found = found[found["instrument"].isin(instruments) & (found["kind"] != ONE_SIDED)]
    agreed = (found["kind"] == AGREE) & (found["loose"] == "")
    if agreed.all():
        return ""
    which = "Not every two of them are" if agreed.any() else "No two of them are"
    where = "it" if len(instruments) == 1 else "one of these headings"
    return f"{which} known to demand the same under {where}."


def _as_far_as(cells: pd.DataFrame) -> str:
    """Return what limits the view of some cells, as a clause; empty where nothing does."""
    limits = [
        words
        for words, there in (
            ("the filters show", cells["hidden"].any()),
            ("is coded", (cells["state"] == "not coded").any()),
        )
        if there
    ]
    return f", as far as {listed(limits)}" if limits else ""


@as_far_as_coded
def said_by_one(selection: Selection) -> list[Finding]:
    """Return the instruments on which one article alone takes a position, article by article.

    An instrument is left out where a filter hides a position on it; where some article
    is not coded for it, the sentence says so.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    if selection.by == SPEAKER:
        return said_by_one_speaker(selection)
    if len(selection.articles) < 2:  # noqa: PLR2004  (nobody is alone in an empty room)
        text = "Only one article is selected: nothing can be said by one of several alone."
        return [Finding(text, (), "alone-too-few")]
    cells = states(selection)
    cells = cells[cells["instrument"] != OTHER]
    if selection.theme:
        cells = cells[cells["instrument"] == selection.theme]
    mine = _held_alone(cells)
    if mine.empty:
        text = "Instruments on which one author alone is known to prescribe anything: none."
        return [Finding(text, (), "alone-none", hidden(selection))]
    most = mine.groupby("article", sort=False, observed=True).size()
    order = most.sort_values(ascending=False, kind="stable").index
    firsts = _firsts(selection, mine)
    told = [
        _alone(selection, cells, mine[mine["article"] == name], firsts)
        for name in order[:MOST_NAMED]
    ]
    if rest := len(order) - len(told):
        text = f"Further articles that alone prescribe something: {number(rest)}."
        told.append(Finding(text, (), "alone-others"))
    return told


def _held_alone(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of instruments that one article of several holds, none being hidden."""
    shown = cells[cells["state"].isin(SAID)]
    holders = shown["instrument"].astype(str).value_counts()
    unseen = cells.loc[cells["state"] == "filtered out", "instrument"].astype(str)
    alone = set(holders[holders == 1].index) - set(unseen)
    return shown[shown["instrument"].isin(list(alone))]


def _firsts(selection: Selection, mine: pd.DataFrame) -> pd.Series:
    """Return the id of the first row of each article on each of these instruments."""
    rows = own_rows(selection)
    rows = rows[rows["instrument"].isin(mine["instrument"].unique())]
    rows = rows.drop_duplicates(["article", "instrument"])
    keys = [rows["article"].astype(str), rows["instrument"].astype(str)]
    return pd.Series(rows["id"].to_numpy(), index=pd.MultiIndex.from_arrays(keys))


def _alone(
    selection: Selection, cells: pd.DataFrame, mine: pd.DataFrame, firsts: pd.Series
) -> Finding:
    """Return what one article alone says, with one row for each instrument."""
    article = str(mine["article"].iloc[0])
    instruments = [str(one) for one in mine["instrument"]]
    beside = cells[cells["instrument"].isin(instruments)]
    uncoded = names_of(selection.articles, beside.loc[beside["state"] == "not coded", "article"])
    doubt = [f"Not coded for all of it: {few(uncoded)}."] if uncoded else []
    doubt += [HIDDEN] if mine["hidden"].any() else []
    own = own_rows(selection)
    own = own[(own["article"] == article) & own["instrument"].isin(instruments)]
    known = "As far as coded, prescribed" if uncoded else "Prescribed"
    text = f"{known} by {selection.labels[article]} alone – {asks(selection, own, most=21)}."
    rows = tuple(str(firsts[article, one]) for one in instruments)
    return Finding(text, rows, "alone", " ".join([*doubt, NOT_AGAINST]), article)


@as_far_as_coded
def same_words(selection: Selection, *, strict: bool = True) -> list[Finding]:
    """Return for each pair under one heading with different demands what the nearest two differ in.

    One of each heading first, in the codebook's order; of very many the rest is counted.
    """
    if selection.articles.empty:
        return [nothing_selected()]
    found = lines(selection, strict=strict)
    mine = found[found["kind"] == DIFFERENT]
    if mine.empty:
        text = (
            f"Headings that two of these {selection.by}s share while their demands are neither the same "
            "nor opposite: none."
        )
        return [Finding(text, (), "same-words-none", hidden(selection))]
    order = {name: place for place, name in enumerate(selection.book.values("instrument"))}
    mine = mine.assign(
        turn=mine.groupby("instrument").cumcount(), place=mine["instrument"].map(order)
    ).sort_values(["turn", "place"], kind="stable")
    told = [differing(selection, line) for line in mine.iloc[: 2 * MOST_NAMED].to_dict("records")]
    if rest := len(mine) - len(told):
        text = f"Further pairs that share a heading and not the demand: {number(rest)}."
        told.append(Finding(text, (), "same-words-others"))
    return told


def differing(selection: Selection, line: Row) -> Finding:
    """Return a line of `lines` as a sentence: what its nearest two rows differ in, side by side."""
    duo = [str(one) for one in line["decided_by"][0]]
    rows = {str(row["id"]): row for row in called(selection, duo).to_dict("records")}
    told = [rows[one] for one in duo]
    parts = [
        f"{ASPECTS[aspect]}: {' / '.join(said(selection, row, aspect) for row in told)}"
        for aspect in split(str(line["differ"]))
    ]
    sides = [str(line[side]) for side in ("a", "b")]
    names = " / ".join(name_of(selection, side) for side in sides)
    label = sentence(label_of(selection, str(line["instrument"])))
    text = f"{label}, {names} – {'; '.join(parts)}."
    about = " ".join([*sides, str(line["instrument"])])
    return Finding(text, tuple(duo), "same-words", subject=about)


def said(selection: Selection, row: Row, aspect: str) -> str:
    """Return what a row says of an aspect, in the words of the codebook or the article."""
    if aspect == "condition":
        words = selection.suite.passage(row, "condition")
        return cited(words) if words else NOBODY[aspect]
    vocabulary = {"target": "actor"}.get(aspect, aspect)
    codes = [code for code in split(str(row[aspect])) if code != UNSAID]
    labels = [selection.book.label(vocabulary, code) for code in codes]
    return few(map(cited, labels) if aspect == "objective" else labels, most=6) or NOBODY[aspect]
