"""How far two codings of the same articles agree: on what is a recommendation, and on its codes.

Units are matched one to one by overlapping passages of the same article, those with the same
instrument first, so that agreement on the instrument is at its most favourable. A row that only one coder has disagrees about the unit and enters no other column.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

COLUMNS = (
    "voice", "speaker", "author_attitude", "instrument", "stance", "strength", "condition_type",
    "means", "objective", "addressee", "target", "confidence",
)  # fmt: skip
"""Columns whose codes two coders can agree on; those a table lacks are left out."""


def matched(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the units of two codings: `first` and `second` are positions of rows, -1 for none.

    Greedy on (same instrument, shared code points over joint ones), ties by position,
    so that the result does not depend on which coding comes first or on luck.
    """
    candidates = sorted(_candidates(first, second), reverse=True)
    left, right, pairs = set(range(len(first))), set(range(len(second))), []
    for *_, minus_a, minus_b in candidates:
        if -minus_a in left and -minus_b in right:
            left.remove(-minus_a)
            right.remove(-minus_b)
            pairs.append((-minus_a, -minus_b))
    units = [*pairs, *((a, -1) for a in left), *((-1, b) for b in right)]
    return pd.DataFrame(sorted(units), columns=["first", "second"])


def _candidates(
    first: pd.DataFrame, second: pd.DataFrame
) -> Iterable[tuple[bool, float, int, int]]:
    """Yield pairs of rows of one article whose passages overlap, with how well they fit."""
    by_article: dict[str, list[int]] = {}
    for place, article in enumerate(second["article"].astype(str)):
        by_article.setdefault(article, []).append(place)
    spans = [
        list(zip(t["start"], t["end"], t["instrument"].astype(str), strict=True))
        for t in (first, second)
    ]
    for a, article in enumerate(first["article"].astype(str)):
        start, end, instrument = spans[0][a]
        for b in by_article.get(article, []):
            other_start, other_end, other_instrument = spans[1][b]
            shared = min(end, other_end) - max(start, other_start)
            if shared > 0:
                joint = max(end, other_end) - min(start, other_start)
                yield instrument == other_instrument, shared / joint, -a, -b


def agreement(
    first: pd.DataFrame, second: pd.DataFrame, *, columns: Sequence[str] = COLUMNS
) -> pd.DataFrame:
    """Return one line for the unit and each column: units, agreed, share, alpha.

    `alpha` is Krippendorff's for nominal data (see `nominal_alpha`), NaN where it is not defined.
    For the unit itself it is not given: text that nobody coded would inflate it.
    """
    units = matched(first, second)
    both = units[(units["first"] >= 0) & (units["second"] >= 0)]
    lines = [("unit", len(units), len(both), math.nan)]
    for name in columns:
        if name in first and name in second:
            pairs = list(
                zip(
                    _codes(first, name, both["first"]),
                    _codes(second, name, both["second"]),
                    strict=True,
                )
            )
            lines.append((name, len(pairs), sum(a == b for a, b in pairs), nominal_alpha(pairs)))
    table = pd.DataFrame(lines, columns=["column", "units", "agreed", "alpha"])
    share = [a / n if n else math.nan for a, n in zip(table["agreed"], table["units"], strict=True)]
    table.insert(3, "share", share)
    return table


def as_markdown(table: pd.DataFrame) -> str:
    """Return an agreement table as people read it: shares in per cent, alpha to three places."""
    lines = ["| column | units | agreed | per cent | alpha |", "|---|---:|---:|---:|---:|"]
    for name, units, agreed, share, alpha in table.itertuples(index=False, name=None):
        percent = "not defined" if math.isnan(share) else f"{100 * share:.0f}"
        shown = "not defined" if math.isnan(alpha) else f"{alpha:.3f}"
        lines.append(f"| {name} | {units} | {agreed} | {percent} | {shown} |")
    return "\n".join(lines)


def _codes(table: pd.DataFrame, name: str, places: pd.Series) -> list[str]:
    """Return a column's codes at some places; the order within a list does not count."""
    cells = table[name].astype(str).to_numpy()[places.to_numpy()]
    return ["; ".join(sorted(cell.split("; "))) for cell in cells]


def nominal_alpha(units: Sequence[Sequence[str | None]]) -> float:
    """Return Krippendorff's alpha for nominal data; NaN where nothing varies or nothing is paired.

    `units` holds, for each unit, the value of each coder, None where a coder has none.
    alpha = 1 - Do / De, observed over expected disagreement
    (Krippendorff, Content Analysis, 2004, chapter 11).

    >>> round(nominal_alpha([("a", "a"), ("a", "a"), ("b", "b"), ("a", "b")]), 3)
    0.533
    """
    kept = [[v for v in unit if v is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    totals = Counter(value for unit in kept for value in unit)
    n = sum(totals.values())
    expected = n * n - sum(c * c for c in totals.values())
    if not expected:
        return math.nan
    observed = sum(
        (len(unit) ** 2 - sum(c * c for c in Counter(unit).values())) / (len(unit) - 1)
        for unit in kept
    )
    return 1 - observed * (n - 1) / expected
