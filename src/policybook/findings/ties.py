"""What a tie of a discourse network rests on: one time, the same terms, one target, or not.

The surprising rule: a tie is plain as soon as one pair of statements behind it is. A mark is given
only where it holds for every pair, so that nothing is marked of what was not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from policybook.findings.wording import DOUBTFUL
from policybook.findings.written import APART
from policybook.measures.agreement import ASPECTS, NO, OTHER, confront, demands
from policybook.measures.membership import LIMITS, limited
from policybook.suite import Selection
from policybook.tables import OWN_VOICES

Pair = tuple[str, str]

MOST_STATEMENTS = 40
"""Statements of one stance of one node on one thing that are looked at; beyond, nothing is marked."""

APART_IN_TIME, OTHER_TERMS, OTHER_TARGETS, IN_DOUBT = (
    "over a year apart",
    "not on the same terms",
    "upon different targets",
    "doubtful",
)
"""What keeps two statements on one instrument from being about one thing, or surely so."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What holds for every pair of statements behind a tie; `plain` where one pair has no flaw."""

    plain: bool
    marks: tuple[str, ...]


def ties(selection: Selection, pairs: Sequence[Pair], *, nodes: str, same: bool) -> list[Tie]:
    """Return what the ties between some pairs of nodes rest on.

    `same` for statements of one stance (congruence), else for those of opposite stances.
    Between instruments only time counts: they need no common target or terms.
    """
    across = "instrument" if nodes == "speaker" else "speaker"
    rows, names = selection.rows, {name for pair in pairs for name in pair}
    rows = rows[rows[nodes].isin(list(names)) & (rows["instrument"] != OTHER)]
    places = rows.groupby([nodes, across, "stance"], observed=True, sort=False).cumcount()
    cut = set(map(str, rows.loc[places >= MOST_STATEMENTS, nodes].unique()))
    table = _statements(selection, rows[places < MOST_STATEMENTS], nodes, across)
    sides = dict(iter(table.groupby("side", sort=False)))
    none = table.iloc[:0]
    return [
        _tie(selection, [sides.get(name, none) for name in pair], nodes, same=same, whole=not cut & {*pair})
        for pair in pairs
    ]  # fmt: skip


def _statements(selection: Selection, rows: pd.DataFrame, nodes: str, across: str) -> pd.DataFrame:
    """Return the statements of rows, each with its article's days, its voice and its doubt."""
    table = demands(limited(rows, selection.articles, book=selection.book), by=nodes)
    table["across"], table["article"] = rows[across].astype(str), rows["article"].astype(str)
    table["own"], table["doubt"] = rows["voice"].isin(OWN_VOICES), rows["confidence"] == DOUBTFUL
    days = selection.articles.set_index("id")[["earliest", "latest"]]
    return table.join(days, on="article")


def _tie(
    selection: Selection, sides: Sequence[pd.DataFrame], nodes: str, *, same: bool, whole: bool
) -> Tie:
    """Return what one tie rests on."""
    names = ["across", "stance", *ASPECTS, "own", "doubt", "earliest", "latest"]
    names += [LIMITS] if LIMITS in sides[0] else []
    met = confront(*(side[names] for side in sides), on=["across"], book=selection.book)
    met = met[(met["stance_a"] == met["stance_b"]) == same]
    gap = met[["earliest_a", "earliest_b"]].max(axis=1) - met[["latest_a", "latest_b"]].min(axis=1)
    flaws = pd.DataFrame({APART_IN_TIME: gap > APART})
    if nodes == "speaker":
        flaws[OTHER_TERMS], flaws[OTHER_TARGETS] = met["condition"] == NO, met["target"] == NO
    flaws[IN_DOUBT] = met["doubt_a"] | met["doubt_b"]
    plain = bool((~flaws).all(axis=1).any())
    if not whole or met.empty:
        return Tie(plain, ())
    relayed = ["both relayed"] if not met[["own_a", "own_b"]].any(axis=None) else []
    return Tie(plain, (*relayed, *flaws.columns[flaws.all()]))
