"""Sentences on what one speaker alone prescribes, in whosever article he is heard.

The surprising rule: a speaker that a filter hides is heard all the same before anybody is called
alone, and speakers that may be one voice are still two names here, so that nobody is called alone
beside his double.
"""

from __future__ import annotations

import pandas as pd

from policybook.findings.comparable import SPEAKER, headed_rows, hidden, name_of
from policybook.findings.finding import NOT_AGAINST, Finding, few, number
from policybook.findings.wording import asks
from policybook.measures.agreement import OTHER
from policybook.suite import Selection, row_ids

MOST_NAMED = 6
"""Speakers told one by one; the rest are counted."""


def said_by_one_speaker(selection: Selection) -> list[Finding]:
    """Return the instruments on which one speaker alone prescribes anything, speaker by speaker.

    An instrument is left out where a filter hides another who does.
    """
    rows, every = headed_rows(selection), selection.all_rows
    if every[SPEAKER].nunique() < 2:  # noqa: PLR2004  (nobody is alone in an empty room)
        coded = "As far as coded, fewer" if _uncoded(selection) else "Fewer"
        text = f"{coded} than two speakers prescribe anything: nothing can be said by one of several alone."
        return [Finding(text, (), "alone-too-few")]
    every = every[every["instrument"] != OTHER]
    held = every[["instrument", SPEAKER]].drop_duplicates()["instrument"].astype(str)
    alone = held[~held.duplicated(keep=False)]
    mine = rows[rows["instrument"].isin(list(alone))]
    if mine.empty:
        left = " that the filters leave" if hidden(selection) else ""
        text = f"Instruments on which one speaker alone is known to prescribe anything: none{left}."
        return [Finding(text, (), "alone-none")]
    most = (
        mine[["instrument", SPEAKER]]
        .drop_duplicates()[SPEAKER]
        .astype(str)
        .value_counts(sort=False)
    )
    order = list(most.sort_values(ascending=False, kind="stable").index)
    told = [_alone(selection, mine[mine[SPEAKER] == one], one) for one in order[:MOST_NAMED]]
    if rest := len(order) - len(told):
        text = f"Further speakers that alone prescribe something: {number(rest)}."
        told.append(Finding(text, (), "alone-others"))
    return told


def _alone(selection: Selection, mine: pd.DataFrame, speaker: str) -> Finding:
    """Return what one speaker alone says, with one row for each instrument."""
    uncoded = _uncoded(selection)
    doubt = [f"Not coded: {few(uncoded)}."] if uncoded else []
    known = "As far as coded, prescribed" if uncoded else "Prescribed"
    text = f"{known} by {name_of(selection, speaker)} alone – {asks(selection, mine, most=21)}."
    rows = row_ids(mine.drop_duplicates("instrument"))
    return Finding(text, rows, "alone", " ".join([*doubt, NOT_AGAINST]), speaker)


def _uncoded(selection: Selection) -> list[str]:
    """Return the names of the selected articles that nobody has coded."""
    articles = selection.articles
    names: list[str] = articles.loc[articles["coder"] == "", "label"].tolist()
    return names
