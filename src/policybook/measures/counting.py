"""The counting rule: what is one when recommendations are counted.

Articles repeat themselves and spell one course of action out in steps.
Counting rows would reward the longest and the most staccato article,
so measures count courses of action unless asked otherwise.
"""

from __future__ import annotations

import pandas as pd

RULES = {
    "courses": "courses of action",
    "recommendations": "distinct recommendations",
    "rows": "coded rows",
    "articles": "articles",
    "periods": "years",
}
"""What may be counted, in the words of a caption."""


def units(
    rows: pd.DataFrame, *, rule: str = "courses", years: pd.Series | None = None
) -> pd.Series:
    """Return, for each row, the key of the unit it belongs to; count distinct keys.

    `courses`: rows of one course, and repetitions of them, are one.
    `recommendations`: a row and its repetitions are one. `rows`: every row is one.
    `articles`: one for each article. `periods`: one for each year, given by `years` (index of rows).
    ValueError for any other rule.

    >>> rows = pd.DataFrame({"id": ["a", "b", "c"], "course": ["x", "x", "c"],
    ...                      "repeat_of": ["", "", "a"], "article": ["p", "p", "p"]})
    >>> [units(rows, rule=r).nunique() for r in ("courses", "recommendations", "rows", "articles")]
    [1, 2, 3, 1]
    """
    ids = rows["id"].astype(object)
    first = rows["repeat_of"].astype(object).where(rows["repeat_of"] != "", ids)
    if rule == "rows":
        return ids
    if rule == "recommendations":
        return first
    if rule == "courses":
        course = pd.Series(rows["course"].astype(object).to_numpy(), index=ids.to_numpy())
        own = rows["course"].astype(object).where(rows["course"] != rows["id"])
        return own.fillna(first.map(course[~course.index.duplicated()])).fillna(first)
    if rule == "articles":
        return rows["article"].astype(object)
    if rule == "periods" and years is not None:
        return years.loc[rows.index].astype(object)
    message = f"unknown counting rule {rule!r}: one of {', '.join(RULES)} (periods need years)"
    raise ValueError(message)


def tally(rows: pd.DataFrame, by: list[str], *, rule: str = "courses") -> pd.Series:
    """Return the number of units in each group that has one, indexed by the columns `by`.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "course": ["a", "b"], "repeat_of": ["", "a"],
    ...                      "article": ["p", "p"], "stance": ["supports", "supports"]})
    >>> tally(rows, ["stance"], rule="recommendations").to_dict()
    {'supports': 1}
    """
    counted = rows[by].assign(unit=units(rows, rule=rule))
    return counted.drop_duplicates().groupby(by, observed=True)["unit"].size()
