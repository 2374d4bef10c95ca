"""Who is compared with whom, and who is in no comparison, and why.

The surprising rule: rows coded `other` share a code and no demand, so they enter no pair;
they are counted apart, and never read as silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from policybook.findings.finding import Finding, few, names_of, number
from policybook.measures.agreement import KINDS, OTHER, agreement, heat
from policybook.measures.counting import units
from policybook.measures.coverage import OWN
from policybook.measures.membership import limited
from policybook.suite import Selection, row_ids

MOST_COMPARED = 50
"""Articles compared pair by pair; of more, those that prescribe under most headings."""

MOST_MET = 200_000
"""Pairs of demands of speakers set against each other; a speaker with whom there were more is not compared."""

AGREE, CONTRADICT, MIXED, DIFFERENT, ONE_SIDED = KINDS

SPEAKER = "speaker"
"""What is compared where it is not articles."""

ASPECTS = {
    "objective": "the purpose",
    "target": "upon whom",
    "condition": "the condition",
}
"""What two demands can differ in, or leave unsaid, in a sentence's words."""


def name_of(selection: Selection, side: str) -> str:
    """Return how sentences name an article or a speaker that is compared."""
    if selection.by == SPEAKER:
        return selection.book.label("actor", side)
    return selection.labels[side]


def own_rows(selection: Selection, *, by: str = "") -> pd.DataFrame:
    """Return the selected rows that are compared, of the theme if there is one.

    Those in which authors prescribe themselves; of speakers all, whoever relays them.
    """
    by = by or selection.by
    known = selection.memo.get(f"own rows {by}")
    if isinstance(known, pd.DataFrame):
        return known
    rows = selection.rows
    rows = rows if by == SPEAKER else rows[rows["voice"].isin(OWN)]
    found = rows[rows["instrument"] == selection.theme] if selection.theme else rows
    selection.memo[f"own rows {by}"] = found
    return found


def headed_rows(selection: Selection) -> pd.DataFrame:
    """Return those of `own_rows` that stand under a heading: `other` is none that two can share."""
    rows = own_rows(selection)
    return rows[rows["instrument"] != OTHER]


def compared(selection: Selection, *, by: str = "") -> list[str]:
    """Return the ids of the articles, or speakers, that are compared, in order of time.

    Those that prescribe something within the filters; of more than `MOST_COMPARED`
    those with most instruments, the earlier first.
    """
    by = by or selection.by
    known = selection.memo.get(f"compared {by}")
    if isinstance(known, list):
        return known
    rows = own_rows(selection, by=by)
    # Of appearance, and of time.
    order = pd.factorize(rows[by])[0] if by == SPEAKER else rows["order"].to_numpy("int64")
    kind = pd.factorize(rows["instrument"])[0]
    kinds = kind.max(initial=0) + 1
    said = np.bincount(pd.unique(order * kinds + kind) // kinds, minlength=1)
    most = np.argsort(-said, kind="stable")[:MOST_COMPARED]
    most = _within_bounds(rows, order, most) if by == SPEAKER else most
    firsts = np.unique(order, return_index=True)[1]
    shown = firsts[np.isin(order[firsts], most)]
    found = list(rows[by].iloc[shown].astype(str))
    selection.memo[f"compared {by}"] = found
    return found


_DEMAND = ["stance", "objective", "target", "condition"]


def _within_bounds(rows: pd.DataFrame, order: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return those of some speakers, in their rank, whose demands are at most `MOST_MET` pairs."""
    mine = np.isin(order, most)
    table = rows.loc[mine, ["instrument", *_DEMAND]].assign(side=order[mine]).drop_duplicates()
    kinds = pd.factorize(table["instrument"])[0]
    counts = np.zeros((len(order) and int(order.max()) + 1, kinds.max(initial=0) + 1))
    np.add.at(counts, (table["side"].to_numpy(), kinds), 1)
    met, left, found = np.zeros(counts.shape[1]), float(MOST_MET), list[int]()
    for side in map(int, most[: len(counts)]):
        cost = float(met @ counts[side])
        if cost <= left:
            found.append(side)
            met, left = met + counts[side], left - cost
    return np.array(found, dtype="int64")


def lines(
    selection: Selection, *, strict: bool = True, pair: tuple[str, str] | None = None
) -> pd.DataFrame:
    """Return what the compared articles are to each other, as `measures.agreement`.

    One line for each pair and instrument; only the line of the theme if there is one.
    The rows behind each are told for one `pair` only. Computed once for a selection.
    """
    key = f"agreement {strict} {pair}"
    known = selection.memo.get(key)
    if isinstance(known, pd.DataFrame):
        return known
    pairs = [pair] if pair else list(combinations(compared(selection), 2))
    rows, sides = headed_rows(selection), {side for both in pairs for side in both}
    rows = rows[rows[selection.by].isin(sides)]
    rows = limited(rows, selection.articles, book=selection.book)
    found = agreement(
        rows, pairs, book=selection.book, by=selection.by, strict=strict, behind=pair is not None
    )
    selection.memo[key] = found
    return found


def pair_counts(selection: Selection, *, strict: bool = True) -> pd.DataFrame:
    """Return for each pair of compared articles how many headings they share, and what is behind them.

    Columns: a, b, shared (instruments that the two have in common), same and opposite (with such a
    demand behind them), same_open and opposite_open (with one that is so only as far as said),
    mixed (with both, and counted in both), different. All but mixed sum up to shared and mixed.
    """
    ids = compared(selection)
    table = heat(headed_rows(selection), by=selection.by, sides=ids)[["a", "b", "shared"]]
    kinds = lines(selection, strict=strict)
    same, opposite = (kinds["kind"].isin((one, MIXED)) for one in (AGREE, CONTRADICT))
    same_open, opposite_open = kinds["loose_agreed"] != "", opposite & (kinds["loose"] != "")
    flags = {
        "same": same & ~same_open, "same_open": same_open,
        "opposite": opposite & ~opposite_open, "opposite_open": opposite_open,
        "mixed": kinds["kind"] == MIXED, "different": kinds["kind"] == DIFFERENT,
    }  # fmt: skip
    counted = kinds[["a", "b"]].assign(**flags).groupby(["a", "b"], sort=False)[[*flags]].sum()
    found = table.merge(counted.reset_index(), on=["a", "b"], how="left")
    return found.fillna(dict.fromkeys(flags, 0)).astype(dict.fromkeys(flags, "int64"))


def hidden(selection: Selection) -> str:
    """Return what must be said where filters hide recommendations that were compared; else nothing."""
    every = (*OWN, "reported") if selection.by == SPEAKER else OWN
    before, after = (
        int(rows["voice"].isin(every).sum()) if selection.narrowed else 0
        for rows in (selection.all_rows, selection.rows)
    )
    return "What the filters hide is not compared." if after < before else ""


def none_or(count: int) -> str:
    """Return a number as it stands after a colon.

    >>> none_or(0), none_or(2)
    ('none', 'two')
    """
    return number(count) if count else "none"


def label_of(selection: Selection, instrument: str) -> str:
    """Return an instrument's label."""
    return selection.book.label("instrument", instrument)


def outside(
    selection: Selection, ids: Sequence[str] = (), *, rows: pd.DataFrame | None = None
) -> list[Finding]:
    """Return how many recommendations stand outside the list of instruments, and so in no pair.

    Of the articles `ids`, by default of all that are selected; `rows` stands in for `own_rows`.
    """
    rows = own_rows(selection) if rows is None else rows
    rows = rows[(rows["instrument"] == OTHER) & (rows["article"].isin(ids) | (len(ids) == 0))]
    if rows.empty:
        return []
    many = units(rows, rule="recommendations").nunique()
    noun = "recommendation" if many == 1 else "recommendations"
    names = few(_names(selection, rows))
    text = f"Not compared: {number(many)} {noun} outside the list of instruments, of {names}."
    return [Finding(text, row_ids(rows), "outside")]


def _names(selection: Selection, rows: pd.DataFrame) -> list[str]:
    """Return the names of the articles, or speakers, of some rows, in order of time."""
    if selection.by == SPEAKER:
        return [name_of(selection, str(one)) for one in rows[SPEAKER].unique()]
    return names_of(selection.articles, rows["article"].astype(str))


def not_compared(selection: Selection, ids: list[str]) -> list[Finding]:
    """Return which articles, or speakers, are in no pair, and why, those that prescribe nothing apart."""
    by, rows, articles = selection.by, selection.all_rows, selection.articles
    mine = rows["voice"].isin(OWN) | (by == SPEAKER)
    mine &= (rows["instrument"] == selection.theme) if selection.theme else True
    visible = own_rows(selection)[by].unique()
    unseen = _names(selection, rows[mine & ~rows[by].isin(visible)])
    beyond = len(visible) - len(ids)
    prescribes = articles["id"].isin(rows.loc[mine, "article"].unique())
    uncoded = articles.loc[(articles["coder"] == "") & ~prescribes, "label"].tolist()
    found = []
    if unseen:
        text = f"Hidden by the filters, and not compared: every recommendation of {few(unseen)}."
        found.append(Finding(text, (), "agreement-hidden"))
    if beyond > 0:
        which = f"the {number(len(ids))} articles with most instruments"
        if by == SPEAKER:
            which = f"{number(len(ids))} of the speakers, those with most instruments first"
        text = f"Compared pair by pair are {which}; not compared: {number(beyond)}."
        found.append(Finding(text, (), "agreement-beyond"))
    if uncoded:
        text = f"Not coded, and not compared: {few(uncoded)}."
        found.append(Finding(text, (), "agreement-uncoded"))
    return found
