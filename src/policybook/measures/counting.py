"""The counting rule: what is one when recommendations are counted.

Articles repeat themselves and spell one course of action out in steps.
Counting rows would reward the longest and the most staccato article,
so measures count courses of action unless asked otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from policybook.tables import FIRST_YEAR

RULES = {
    "courses": "courses of action",
    "recommendations": "distinct recommendations",
    "rows": "coded rows",
    "articles": "articles",
    "periods": "years",
}
"""What may be counted, in the words of a caption."""

NUMBERS = {"id": "id_number", "course": "course_number", "repeat_of": "repeat_number"}
"""Columns of names that units are made of, and those of the numbers that `numbered` adds."""


def units(
    rows: pd.DataFrame, *, rule: str = "courses", years: pd.Series | None = None
) -> pd.Series:
    """Return, for each row, the key of the unit it belongs to; count distinct keys.

    `courses`: rows of one course, and repetitions of them, are one.
    `recommendations`: a row and its repetitions are one. `rows`: every row is one.
    `articles`: one for each article. `periods`: one for each year, given by `years` (index of rows)
    or else by the column `FIRST_YEAR`: where dates leave a year open, the first possible, a
    convention that orders and draws; how many years rows are of for certain tells `spread`.
    ValueError for any other rule, and for a period without a year. Keys are names; of rows that are `numbered`, numbers.

    >>> rows = pd.DataFrame({"id": ["a", "b", "c"], "course": ["x", "x", "c"],
    ...                      "repeat_of": ["", "", "a"], "article": ["p", "p", "p"]})
    >>> [units(rows, rule=r).nunique() for r in ("courses", "recommendations", "rows", "articles")]
    [1, 2, 3, 1]
    """
    if rule == "articles":
        return rows["article"].astype(object)
    if rule == "periods" and (years is not None or FIRST_YEAR in rows):
        return (rows[FIRST_YEAR] if years is None else years.loc[rows.index]).astype(object)
    if rule not in {"courses", "recommendations", "rows"}:
        message = f"unknown counting rule {rule!r}: one of {', '.join(RULES)} (periods need years)"
        raise ValueError(message)
    return _numbers(rows, rule) if is_numbered(rows) else _keys(rows, rule)


def _keys(rows: pd.DataFrame, rule: str) -> pd.Series:
    """Return the names of units that are made of names."""
    ids = rows["id"].astype(object)
    first = rows["repeat_of"].astype(object).where(rows["repeat_of"] != "", ids)
    if rule != "courses":
        return ids if rule == "rows" else first
    course = pd.Series(rows["course"].astype(object).to_numpy(), index=ids.to_numpy())
    own = rows["course"].astype(object).where(rows["course"] != rows["id"])
    return own.fillna(first.map(course[~course.index.duplicated()])).fillna(first)


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a number for each name that units are made of (see `NUMBERS`).

    Two names are equal where their numbers are. Counting then compares numbers, also of a part
    of these rows: it takes a tenth of the time, and the names are looked at only here.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "course": ["x", "b"], "repeat_of": ["", "a"]})
    >>> numbered(rows)[list(NUMBERS.values())].to_numpy().tolist()
    [[0, 2, 0], [1, 1, 0]]
    """
    ids, course, again = (rows[name].to_numpy(object) for name in NUMBERS)
    elsewhere, repeats = course != ids, again != ""
    codes, _ = pd.factorize(np.concatenate([ids, course[elsewhere], again[repeats]]))
    row, (of_course, of_first) = codes[: len(rows)], (codes[: len(rows)].copy() for _ in range(2))
    of_course[elsewhere] = codes[len(rows) : len(rows) + elsewhere.sum()]
    of_first[repeats] = codes[len(codes) - repeats.sum() :]
    return rows.assign(**dict(zip(NUMBERS.values(), (row, of_course, of_first), strict=True)))


def is_numbered(rows: pd.DataFrame) -> bool:
    """Tell whether rows have the numbers that `numbered` adds."""
    return NUMBERS["id"] in rows


def countable(rows: pd.DataFrame) -> list[str]:
    """Return the columns that `units` looks at: fewer to carry where only part of the rows counts."""
    known = [name for name in ("article", FIRST_YEAR) if name in rows]
    return [*(NUMBERS.values() if is_numbered(rows) else NUMBERS), *known]


def names_of_units(rows: pd.DataFrame, keys: pd.Series, kept: np.ndarray) -> np.ndarray:
    """Return the names of the units by courses of the rows kept; `keys` are what `units` returned."""
    wanted: np.ndarray = keys.to_numpy()[kept]
    if not is_numbered(rows):
        return wanted
    names: np.ndarray = rows["course"].to_numpy(object)[kept]
    missing = rows[NUMBERS["course"]].to_numpy()[kept] != wanted
    if missing.any():  # of a repetition whose first saying has another course, or is not here
        known: dict[int, str] = {}
        for name, number in reversed(NUMBERS.items()):
            some = rows[rows[number].isin(wanted[missing])]
            known |= dict(zip(some[number], some[name], strict=True))
        names[missing] = [known[number] for number in wanted[missing]]
    return names


def _numbers(rows: pd.DataFrame, rule: str) -> pd.Series:
    """Return what `units` does, in numbers."""
    row, course, first = (rows[number].to_numpy() for number in NUMBERS.values())
    if rule != "courses":
        return pd.Series(row if rule == "rows" else first, index=rows.index)
    known = np.full(1 + max(row.max(initial=-1), first.max(initial=-1)), -1)
    known[row[::-1]] = course[::-1]  # of rows with one id, the first counts
    inherited = np.where(known[first] < 0, first, known[first])
    return pd.Series(np.where(course != row, course, inherited), index=rows.index)


def each_cell(column: pd.Series, found: Callable[[str], object]) -> np.ndarray:
    """Return what a function finds in every cell of a column; each distinct cell is looked at once.

    >>> each_cell(pd.Series(["a", "bc", "a"]), len).tolist()
    [1, 2, 1]
    """
    codes, cells = pd.factorize(column)
    each = np.array([found(str(cell)) for cell in cells])
    return each[codes] if len(cells) else np.zeros(0, dtype=bool)


def stated(table: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Return a table that states by which rule its units were counted: `attrs["count"]`.

    >>> stated(pd.DataFrame(), "rows").attrs
    {'count': 'rows'}
    """
    table.attrs["count"] = rule
    return table


def tally(rows: pd.DataFrame, by: list[str], *, rule: str = "courses") -> pd.Series:
    """Return the number of units in each group that has one, indexed by the columns `by`.

    `attrs["count"]` is the rule.

    >>> rows = pd.DataFrame({"id": ["a", "b"], "course": ["a", "b"], "repeat_of": ["", "a"],
    ...                      "article": ["p", "p"], "stance": ["supports", "supports"]})
    >>> tally(rows, ["stance"], rule="recommendations").to_dict()
    {'supports': 1}
    """
    counted = rows[by].assign(unit=units(rows, rule=rule))
    found = counted.drop_duplicates().groupby(by, observed=True)["unit"].size()
    found.attrs["count"] = rule
    return found
